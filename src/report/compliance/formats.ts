import type { ComplianceModel, RegisterRow } from '../../compliance/model.ts';
import { populationCsv, populationJsonLines } from '../../compliance/population-file.ts';
import { type ComplianceFormat, isMachineFormat } from '../format-names.ts';
import { machineChunks } from '../formats/machine.ts';
import { sheetOfCompliance } from '../formats/sheet-of-compliance.ts';
import type { TemplatePlace } from '../template/files.ts';
import { render } from '../template/handlebars.ts';
import { type Chunks, inPieces } from '../text/chunks.ts';
import { eachOf, jsonChunks, LongList } from '../text/json-chunks.ts';
import { visibleJson } from '../text/visible.ts';
import { jsonValue } from '../text/value-text.ts';
import type { Value } from '../../model/value.ts';
import { withProvenance } from './provenance-text.ts';
import { complianceView } from './view.ts';

/**
 * Renders a format, piece by piece where it can become large. Pages carry what they were made with, so that they can be made
 * again. Errors: E_TEMPLATE.
 */
export function renderCompliance(format: ComplianceFormat, model: ComplianceModel, templates: TemplatePlace): Chunks {
  if (isMachineFormat(format)) return machineChunks(format, sheetOfCompliance(model));
  if (format === 'json') return modelJson(model);
  if (format === 'csv') return inPieces(populationCsv(ofPeriod(model)));
  if (format === 'jsonl') return inPieces(populationJsonLines(ofPeriod(model)));
  return [withProvenance(render(templates, 'compliance/report', format, complianceView(model)), model.provenance)];
}

function* modelJson(model: ComplianceModel): Generator<string> {
  const register = new LongList(eachOf(model.register, (row) => jsonValue(row as unknown as Value)));
  for (const piece of jsonChunks({ ...model, register }, 2)) yield visibleJson(piece);
  yield '\n';
}

function ofPeriod({ register }: ComplianceModel): RegisterRow[] {
  return register.filter((row) => !row.carriedOver);
}
