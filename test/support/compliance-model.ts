import { complianceModel } from '../../src/compliance/assemble.ts';
import { frameworkById } from '../../src/compliance/frameworks.ts';
import type { ComplianceModel } from '../../src/compliance/model.ts';
import { policyOf } from '../../src/compliance/policy-engine.ts';
import type { LedgerCover, Provenance } from '../../src/compliance/provenance.ts';
import type { Entry } from '../../src/model/entry.ts';
import { LEDGER, TOOL } from './entry-samples.ts';

/** What a test wants to be otherwise than a plain report of a sample ledger. */
export interface Wanted {
  readonly from?: string;
  readonly to?: string;
  readonly end?: string;
  readonly generatedAt?: string;
  readonly workspaces?: readonly string[];
  readonly modules?: readonly string[];
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
  readonly sample?: number;
  readonly seed?: string;
  readonly frameworks?: readonly string[];
  readonly thresholds?: Provenance['thresholds'];
  readonly ledger?: Partial<LedgerCover>;
}

const policy = await policyOf([]);

/** The model of a report over entries, with the built-in policy. */
export function modelOf(entries: readonly Entry[], wanted: Wanted = {}): ComplianceModel {
  return complianceModel(entries, provenanceOf(wanted), policy);
}

function provenanceOf(wanted: Wanted = {}): Provenance {
  const {
    from = null,
    to = null,
    generatedAt = '2026-03-14T08:22:00.000Z',
    frameworks = ['soc2', 'nist-800-53'],
  } = wanted;
  const {
    workspaces = [],
    modules = [],
    accounts = [],
    regions = [],
    sample = null,
    seed = null,
    thresholds = {},
    ledger = {},
  } = wanted;
  return {
    tool: TOOL,
    generatedAt,
    arguments: { from, to, end: wanted.end ?? to ?? generatedAt, workspaces, modules, accounts, regions, seed, sample },
    thresholds,
    rules: [],
    frameworks: frameworks.map(frameworkById),
    ledger: { ...LEDGER, trustedKeys: 'own', anchors: 0, erased: 0, ...ledger },
  };
}
