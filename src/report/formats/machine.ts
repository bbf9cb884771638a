import type { MachineFormat } from '../format-names.ts';
import { type Chunks, whole } from '../text/chunks.ts';
import { gitlab } from './gitlab.ts';
import { junit } from './junit.ts';
import { ocsf } from './ocsf.ts';
import { oscalResults } from './oscal-ar.ts';
import { oscalPlan } from './oscal-poam.ts';
import { sarif } from './sarif.ts';
import type { Sheet } from './sheet.ts';
import { slack } from './slack.ts';

const FORMATS: Readonly<Record<MachineFormat, (sheet: Sheet) => string | Chunks>> = {
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
  return whole(machineChunks(format, sheet));
}

/** The same, piece by piece where a format can become large. */
export function machineChunks(format: MachineFormat, sheet: Sheet): Chunks {
  const text = FORMATS[format](sheet);
  return typeof text === 'string' ? [text] : text;
}
