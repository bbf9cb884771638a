import { populationFiles } from '../../compliance/population-file.ts';
import type { ComplianceModel } from '../../compliance/model.ts';
import { type ComplianceFormat, isMachineFormat } from '../format-names.ts';
import { renderMachine } from '../formats/machine.ts';
import { sheetOfCompliance } from '../formats/sheet-of-compliance.ts';
import type { TemplatePlace } from '../template/files.ts';
import { render } from '../template/handlebars.ts';
import { visibleJson } from '../text/visible.ts';
import { jsonValue } from '../text/value-text.ts';
import type { Value } from '../../model/value.ts';
import { withProvenance } from './provenance-text.ts';
import { complianceView } from './view.ts';

/** Renders a format. Pages carry what they were made with, so that they can be made again. Errors: E_TEMPLATE. */
export function renderCompliance(format: ComplianceFormat, model: ComplianceModel, templates: TemplatePlace): string {
  if (isMachineFormat(format)) return renderMachine(format, sheetOfCompliance(model));
  if (format === 'json') return `${visibleJson(JSON.stringify(jsonValue(model as unknown as Value), undefined, 2))}\n`;
  if (format === 'csv' || format === 'jsonl') {
    return populationFiles(model.register.filter((row) => !row.carriedOver))[format];
  }
  return withProvenance(render(templates, 'compliance/report', format, complianceView(model)), model.provenance);
}
