import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ComplianceOptions, complianceView } from '../../src/report/compliance/view.ts';
import { renderCompliance } from '../../src/report/compliance/formats.ts';
import { renderIncident } from '../../src/report/incident/formats.ts';
import { incidentView, type IncidentOptions } from '../../src/report/incident/view.ts';
import { LEDGER, LEDGERS, TOOL } from './entry-samples.ts';

export const PACKAGE_ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const TEMPLATES = { packageRoot: PACKAGE_ROOT };

const COMMON = { ledger: LEDGER, tool: TOOL, generatedAt: '2026-03-14T08:22:00.000Z' };

export type Story = keyof typeof LEDGERS;

export function compliance(story: Story, format: 'markdown' | 'html', more: Partial<ComplianceOptions> = {}): string {
  return renderCompliance(format, complianceView(LEDGERS[story], { ...COMMON, ...more }), TEMPLATES);
}

export function incident(story: Story, format: 'markdown' | 'html', more: Partial<IncidentOptions> = {}): string {
  return renderIncident(format, incidentView(LEDGERS[story], { ...COMMON, ...more }), TEMPLATES);
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
