import { complianceModel } from '../../src/compliance/assemble.ts';
import { FRAMEWORK_IDS, frameworkById } from '../../src/compliance/frameworks.ts';
import type { ComplianceModel } from '../../src/compliance/model.ts';
import { policyOf } from '../../src/compliance/policy-engine.ts';
import type { Provenance } from '../../src/compliance/provenance.ts';
import type { Entry } from '../../src/model/entry.ts';
import { LEDGER, TOOL } from './entry-samples.ts';

const END = '2026-03-15T00:00:00Z';

/** A report over a sample ledger, judged against every framework, with thresholds that some of it breaks. */
export async function modelOf(entries: readonly Entry[]): Promise<ComplianceModel> {
  const provenance: Provenance = {
    tool: TOOL,
    generatedAt: END,
    arguments: { from: '2026-03-09T00:00:00Z', to: END, end: END, workspaces: [], modules: [], seed: 's', sample: 3 },
    thresholds: { cadenceHours: 24, coverage: 0.9, outOfBandRate: 0.1, slaHours: { high: 24, critical: 4 } },
    rules: [],
    frameworks: FRAMEWORK_IDS.map(frameworkById),
    ledger: { ...LEDGER, trustedKeys: 'given', anchors: 1, erased: 0 },
  };
  return complianceModel(entries, provenance, await policyOf([]));
}
