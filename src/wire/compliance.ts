import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { complianceModel } from '../compliance/assemble.ts';
import { checkFramework, type Framework, parseFramework } from '../compliance/framework.ts';
import { FRAMEWORK_IDS, frameworkById } from '../compliance/frameworks.ts';
import type { ComplianceModel } from '../compliance/model.ts';
import { policyOf } from '../compliance/policy-engine.ts';
import type { LedgerCover, Provenance } from '../compliance/provenance.ts';
import { loadConfig } from '../config.ts';
import { rangeHashes } from '../ledger/tiles.ts';
import type { Entry } from '../model/entry.ts';
import { DriftbomError, messageOf } from '../model/error.ts';
import { heldAgainst } from '../report/compliance/difference.ts';
import { renderCompliance } from '../report/compliance/formats.ts';
import { provenanceIn } from '../report/compliance/provenance-text.ts';
import type { ReportCheck } from '../report/compliance/check.ts';
import type { ComplianceFormat } from '../report/format-names.ts';
import type { TemplatePlace } from '../report/template/files.ts';
import type { Chunks } from '../report/text/chunks.ts';
import { asReadNow } from './as-read-now.ts';
import { readGiven } from './given-file.ts';
import { ledgerFactsOf } from './ledger-facts.ts';
import { wireVerifiedEntries } from './verified-entries.ts';
import type { Verified, VerifyRequest } from './verify.ts';
import type { WireIo } from './io.ts';

/** What a report may be confined by. */
export type ScopeKind = 'workspace' | 'module' | 'account' | 'region';

export interface ComplianceRequest extends VerifyRequest {
  readonly templateDir?: string;
  /** RFC 3339. */
  readonly from?: string;
  readonly to?: string;
  /** Ids of frameworks that come with driftbom, or JSON files. */
  readonly framework?: readonly string[];
  /** Globs, each with what it speaks of. */
  readonly scope?: readonly { readonly kind: ScopeKind; readonly glob: string }[];
  readonly seed?: string;
  readonly sample?: number;
  /** RFC 3339; the newest entry's time where left out. */
  readonly generatedAt?: string;
}

type ComplianceIo = WireIo & { readonly packageRoot: string };

/**
 * Reads and verifies the ledger, computes the model of a compliance report, and gives the function that renders it. Where
 * an entry is not what the log holds there is no report; where something else does not verify, the report says so first.
 * Errors: E_LEDGER_MISSING, E_LEDGER_CORRUPT, E_KEY, E_CONFIG, E_NOT_FOUND, E_TEMPLATE.
 */
export async function wireCompliance(
  request: ComplianceRequest,
  io: ComplianceIo,
): Promise<(format: ComplianceFormat) => Chunks> {
  const config = await loadConfig(request.config && resolve(io.cwd, request.config), [io.cwd]);
  const frameworks = await Promise.all((request.framework ?? []).map((name) => frameworkOf(name, io)));
  const { verified, entries } = await wireVerifiedEntries(request, io);
  const newest = entries.at(-1);
  const generatedAt = request.generatedAt ?? (newest === undefined ? io.clock().toISOString() : recordedAt(newest));
  const { from = null, to = null, scope = [], seed = null, sample = null } = request;
  const globs = (kind: ScopeKind): string[] => scope.filter((one) => one.kind === kind).map((one) => one.glob);
  const provenance: Provenance = {
    tool: { name: 'driftbom', version: io.version },
    generatedAt,
    arguments: {
      from,
      to,
      // A period that is over ends when it ends; of one that is not, nothing is known beyond the newest entry.
      end: to !== null && Date.parse(to) <= io.clock().getTime() ? to : generatedAt,
      workspaces: globs('workspace'),
      modules: globs('module'),
      accounts: globs('account'),
      regions: globs('region'),
      seed,
      sample,
    },
    thresholds: config.compliance ?? {},
    rules: config.severity ?? [],
    frameworks,
    ledger: coverOf(verified),
  };
  const model = await modelOf(entries, provenance);
  return (format) => renderCompliance(format, model, templatesOf(request, io));
}

/**
 * Makes a report again from the ledger, with what it says it was made with, and holds the bytes of both against each
 * other. Errors: E_USAGE (no report that can be checked), E_LEDGER_MISSING, E_LEDGER_CORRUPT, E_KEY, E_TEMPLATE.
 */
export async function wireReportCheck(
  file: string,
  request: VerifyRequest & { readonly templateDir?: string },
  io: ComplianceIo,
): Promise<ReportCheck> {
  const given = await readGiven(file, 'E_USAGE', io);
  const { format, provenance } = provenanceIn(given);
  const { verified, entries: all } = await wireVerifiedEntries(request, io);
  const { size, root, keys } = provenance.ledger;
  const faults: string[] = [];
  if (!verified.verification.ok)
    faults.push(`the ledger does not verify: ${verified.verification.failures[0]?.message ?? ''}`);
  const here = verified.verification.size;
  if (size > here) faults.push(`the report was made from ${size} entries; this ledger holds ${here}`);
  else if ((await rootAt(verified, size)) !== root)
    faults.push(`the first ${size} entries of this ledger have another root than the report says`);
  const known = new Set(coverOf(verified).keys.map(({ id }) => id));
  for (const { id } of keys)
    if (!known.has(id)) faults.push(`the report names the key ${id}, which is none of those you trust`);
  const entries = size > here ? [] : all.filter((entry) => entry.index < size);
  const again = await madeAgain(entries, provenance, format, templatesOf(request, io));
  const { digest, difference } = heldAgainst(given, again);
  return {
    file,
    faults,
    digests: { given: createHash('sha256').update(given).digest('hex'), again: digest },
    difference,
    size,
    root,
    tool: { made: provenance.tool.version, here: io.version },
    rules: provenance.rules.map(({ id }) => id),
    thresholds: provenance.thresholds as ReportCheck['thresholds'],
    frameworks: provenance.frameworks.map((framework) => ({ id: framework.id, own: !isBuiltIn(framework) })),
    said: { trustedKeys: provenance.ledger.trustedKeys, anchors: provenance.ledger.anchors },
  };
}

/** What stands in a file is hostile until shown otherwise: where it makes no report, that is one clear error. */
async function madeAgain(
  entries: readonly Entry[],
  provenance: Provenance,
  format: ComplianceFormat,
  templates: TemplatePlace,
): Promise<Chunks> {
  try {
    const frameworks = provenance.frameworks.map((one) => checkFramework(one, 'the framework in the report'));
    return renderCompliance(format, await modelOf(entries, { ...provenance, frameworks }), templates);
  } catch (cause) {
    if (cause instanceof DriftbomError && cause.code !== 'E_CONFIG') throw cause;
    throw new DriftbomError(
      'E_USAGE',
      `what the report says it was made with makes none: ${messageOf(cause).split('\n').slice(0, 2).join(' ')}`,
      'Ask whoever made it for the file as driftbom wrote it.',
      { cause },
    );
  }
}

async function modelOf(entries: readonly Entry[], provenance: Provenance): Promise<ComplianceModel> {
  const policy = await policyOf(provenance.rules);
  return complianceModel(asReadNow(entries, provenance.arguments.to ?? undefined), provenance, policy);
}

function coverOf(verified: Verified): LedgerCover {
  const { verification, trustedKeys } = verified;
  return {
    ...ledgerFactsOf(verified),
    trustedKeys,
    anchors: verification.continues.length + (verification.witnessed?.by.length ?? 0),
    erased: verification.checked.erased,
  };
}

/** Root of the first `size` entries, standard base64. */
async function rootAt({ reader, verification }: Verified, size: number): Promise<string> {
  if (size === verification.size) return Buffer.from(verification.root ?? '', 'hex').toString('base64');
  const [root = new Uint8Array()] = await rangeHashes(reader, [{ start: 0, end: size }], verification.size);
  return Buffer.from(root).toString('base64');
}

async function frameworkOf(name: string, io: ComplianceIo): Promise<Framework> {
  if (!/[./\\]/.test(name)) return frameworkById(name);
  return parseFramework((await readGiven(name, 'E_CONFIG', io)).toString('utf8'), name);
}

function isBuiltIn(framework: Framework): boolean {
  return (
    FRAMEWORK_IDS.includes(framework.id) && JSON.stringify(frameworkById(framework.id)) === JSON.stringify(framework)
  );
}

function templatesOf({ templateDir }: { readonly templateDir?: string }, io: ComplianceIo): TemplatePlace {
  return { packageRoot: io.packageRoot, templateDir: templateDir && resolve(io.cwd, templateDir) };
}

function recordedAt(entry: Entry): string {
  return entry.kind === 'scan' ? entry.statement.predicate.recordedAt : entry.statement.predicate.when.recordedAt;
}
