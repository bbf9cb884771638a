import type { MachineFormat } from '../format-names.ts';
import { gitlab } from './gitlab.ts';
import { junit } from './junit.ts';
import { ocsf } from './ocsf.ts';
import { oscalResults } from './oscal-ar.ts';
import { oscalPlan } from './oscal-poam.ts';
import { sarif } from './sarif.ts';
import type { Sheet } from './sheet.ts';
import { slack } from './slack.ts';

const FORMATS: Readonly<Record<MachineFormat, (sheet: Sheet) => string>> = {
  junit,
  sarif,
  ocsf,
  gitlab,
  slack,
  oscal: oscalResults,
  'oscal-poam': oscalPlan,
};

/** Renders a sheet into the text of one machine format. Same sheet, same bytes. */
export function renderMachine(format: MachineFormat, sheet: Sheet): string {
  return FORMATS[format](sheet);
}
