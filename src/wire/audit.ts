import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AuditLog, AuditWindow } from '../attribution/port.ts';
import type { PipelineIdentities } from '../attribution/who/pipeline.ts';
import { parseDigestKeys } from '../attribution/cloudtrail/digest-keys.ts';
import { AuditFiles } from '../attribution/cloudtrail/files.ts';
import { AuditLookup } from '../attribution/cloudtrail/lookup.ts';
import { TrailBucket } from '../attribution/cloudtrail/trail-bucket.ts';
import { declaringFile, readWhySources } from '../attribution/why/git-and-files.ts';
import type { WhySources } from '../attribution/why/sources.ts';
import type { Config } from '../config.ts';
import { runProgram } from '../declared/directory-run.ts';
import { driftKey, fingerprint } from '../ledger/fingerprint.ts';
import { whereabouts } from '../ledger/last-look.ts';
import type { Recalled } from '../ledger/recall.ts';
import type { StatedReason } from '../ledger/recall-answers.ts';
import { DriftbomError, fileFault } from '../model/error.ts';
import type { Drift } from '../model/drift.ts';
import { workspaceKeys } from '../model/scan.ts';
import type { Value } from '../model/value.ts';
import { type AttributedScan, attributeScan } from '../scan/attribution.ts';
import type { Scanned } from '../scan/scan.ts';
import { cacheDir } from './cache.ts';
import type { WireIo } from './io.ts';

/** What the command line says of audit logs. */
export interface AuditRequest {
  /** Files, folders and globs; or one `s3://...`; or `lookup`. */
  readonly cloudtrail: readonly string[];
  readonly cloudtrailKeys?: string;
  /** Whether what is fetched from a bucket is kept for the next time. */
  readonly cloudtrailCache?: boolean;
}

/** How far back a log in AWS is read where no scan bounds a change; LookupEvents reaches no further. */
const LOOK_BACK_MS = 90 * 86_400_000;
/** CloudTrail delivers within five minutes on average, and is given three times as long. */
const SETTLE_MINUTES = 15;

/** The audit log that the user named; undefined where none was. Errors: E_USAGE, E_AUDIT_LOG for the keys' file. */
export async function auditLog(request: AuditRequest, io: WireIo): Promise<AuditLog | undefined> {
  const { cloudtrail: named } = request;
  const [first] = named;
  if (first === undefined) return undefined;
  const keys = await digestKeys(request.cloudtrailKeys, io);
  const now = (): number => io.clock().getTime();
  const remote = named.filter(isRemote);
  if (remote.length === 0) return new AuditFiles({ paths: named, cwd: io.cwd, keys, now });
  if (named.length > 1) {
    throw new DriftbomError(
      'E_USAGE',
      `--cloudtrail ${remote[0]} stands for a whole log and goes with no other`,
      'Give files and folders, or one s3://BUCKET/PREFIX, or lookup.',
    );
  }
  if (first === 'lookup') return new AuditLookup({ env: io.env, now });
  const kept = request.cloudtrailCache === true ? { cacheDir: join(cacheDir(io), 'cloudtrail') } : {};
  return new TrailBucket({ url: first, env: io.env, keys, now, ...kept });
}

function isRemote(named: string): boolean {
  return named === 'lookup' || named.startsWith('s3://');
}

async function digestKeys(
  file: string | undefined,
  io: WireIo,
): Promise<ReturnType<typeof parseDigestKeys> | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(resolve(io.cwd, file), 'utf8').catch((cause: unknown) => {
    const message = `cannot read ${file}: ${fileFault(cause)}`;
    throw new DriftbomError('E_AUDIT_LOG', message, 'Check --cloudtrail-keys.', { cause });
  });
  return parseDigestKeys(text, file);
}

/** From when on a log is read where no scan bounds a change: files to their beginning, AWS for 90 days. */
export function lookBackFrom({ name }: AuditLog, now: number): string | null {
  return isRemote(name) ? new Date(now - LOOK_BACK_MS).toISOString() : null;
}

/** How the user's own pipeline shows; without configuration, nothing is taken for it. */
export function pipelineOf(config: Config): PipelineIdentities {
  const { roles = [], subjects = [], users = [], userAgents = [] } = config.attribution?.pipeline ?? {};
  return { roles, subjects, users, userAgents };
}

interface Attributing {
  readonly log: AuditLog;
  readonly scanned: Scanned;
  readonly recalled: Recalled;
  readonly config: Config;
  readonly redact: (secret: Value) => string;
}

/**
 * Where reasons may stand outside of the log. Without configuration, the history of the repository around us is looked in,
 * where there is one.
 */
export async function whySources(
  { attribution = {} }: Config,
  recorded: readonly StatedReason[],
  { from: since, to: until }: AuditWindow,
  io: WireIo,
): Promise<WhySources> {
  const reading = { cwd: io.cwd, env: io.env, run: runProgram, since, until, recorded };
  if (attribution.gitRepositories !== undefined) return readWhySources(attribution, reading);
  const sources = await readWhySources({ ...attribution, gitRepositories: [{ path: '.' }] }, reading);
  return sources.unread.has('git history') ? { ...sources, commits: undefined, unread: new Map() } : sources;
}

/** Asks the log about a scan's drifts. Errors: E_AUDIT_LOG, E_REASONS, E_LEDGER_CORRUPT. */
export async function attributed(attributing: Attributing, io: WireIo): Promise<AttributedScan> {
  const { log, scanned, recalled, config, redact } = attributing;
  const { scan, answers, providers } = scanned;
  const keyOf = workspaceKeys(scan.inputs);
  const places = scan.drifts.map(({ drift: { resource } }) => ({
    workspaceKey: keyOf(resource.workspace),
    address: resource.address,
  }));
  const known = await recalled.answers();
  const looks = await recalled.looks(places);
  const open = new Map(known.open.map((one) => [one.drift.driftKey, one]));
  const boundsOf = (drift: Drift): { readonly notBefore: string | null; readonly notAfter: string | null } => {
    const { workspace, address } = drift.resource;
    const workspaceKey = keyOf(workspace);
    // An open drift was there when it was last looked at: what bounds it is the look before its first sight.
    const before = open.get(driftKey(workspaceKey, address));
    if (before === undefined)
      return { notBefore: looks.get(whereabouts({ workspaceKey, address })) ?? null, notAfter: null };
    const same = before.drift.fingerprint === fingerprint(drift);
    return { notBefore: before.notBefore, notAfter: same ? before.notAfter : null };
  };
  const now = Date.parse(scan.finishedAt);
  return attributeScan({
    log,
    scan,
    answers,
    providers,
    defaultRegion: io.env.AWS_REGION ?? io.env.AWS_DEFAULT_REGION,
    earlier: {
      boundsOf,
      accountedTo: recalled.reconciledTo ?? recalled.lastScanAt,
      events: known.events,
    },
    pipeline: pipelineOf(config),
    oldest: lookBackFrom(log, now),
    settleMs: (config.attribution?.settleMinutes ?? SETTLE_MINUTES) * 60_000,
    redact,
    why: (window) => whySources(config, known.stated, window, io),
    declaredIn: ({ resource }) => declaringFile(resource.ref.workspace, resource.config?.location),
  });
}
