import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderCompliance } from '../../src/report/compliance/formats.ts';
import { whole } from '../../src/report/text/chunks.ts';
import { renderIncident } from '../../src/report/incident/formats.ts';
import { incidentView } from '../../src/report/incident/view.ts';
import { incidentOf } from '../../src/incident/incident.ts';
import type { Stated } from '../../src/incident/rank/question.ts';
import { stateGraph } from '../../src/incident/state-graph.ts';
import type { ComplianceFormat } from '../../src/report/format-names.ts';
import { modelOf, type Wanted } from './compliance-model.ts';
import { LEDGER, LEDGERS, TOOL } from './entry-samples.ts';

export const PACKAGE_ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const TEMPLATES = { packageRoot: PACKAGE_ROOT };

export type Story = keyof typeof LEDGERS;

export function compliance(story: Story, format: ComplianceFormat, more: Wanted = {}): string {
  return whole(renderCompliance(format, modelOf(LEDGERS[story], more), TEMPLATES));
}

export function incident(story: Story, format: 'markdown' | 'html' | 'json', stated: Stated = {}): string {
  const brief = incidentOf({ entries: LEDGERS[story], events: [], graph: stateGraph([]), stated });
  const naming = { mode: 'full', teams: new Map(), digest: () => '' } as const;
  return renderIncident(format, incidentView(brief, { ledger: LEDGER, tool: TOOL, naming, inputs: [] }), TEMPLATES);
}

/**
 * What a golden file under fixtures/rendered holds. With UPDATE_GOLDEN=1 it is written first: the change then shows in
 * the diff for review.
 */
export function golden(name: string, rendered: string): string {
  const file = fileURLToPath(new URL(`../../fixtures/rendered/${name}`, import.meta.url));
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, rendered);
  }
  return existsSync(file) ? readFileSync(file, 'utf8') : `(no golden file ${name})`;
}
