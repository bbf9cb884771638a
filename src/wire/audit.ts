import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AuditLog, AuditWindow } from '../attribution/port.ts';
import type { PipelineIdentities } from '../attribution/who/pipeline.ts';
import type { TrailLog } from '../attribution/cloudtrail/answer.ts';
import { parseDigestKeys } from '../attribution/cloudtrail/digest-keys.ts';
import { AuditFiles } from '../attribution/cloudtrail/files.ts';
import { AuditLookup } from '../attribution/cloudtrail/lookup.ts';
import { AuditTogether, type LogPart } from '../attribution/cloudtrail/together.ts';
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
  /** Files, folders and globs, `s3://...`, `lookup`; any of them together. */
  readonly cloudtrail: readonly string[];
  readonly cloudtrailKeys?: string;
  /** Whether what is fetched from a bucket is kept for the next time. */
  readonly cloudtrailCache?: boolean;
}

/** How far back a log in AWS is read where no scan bounds a change; LookupEvents reaches no further. */
const LOOK_BACK_MS = 90 * 86_400_000;
/** CloudTrail delivers within five minutes on average, and is given three times as long. */
const SETTLE_MINUTES = 15;

/** The audit log that the user named, several as one; undefined where none was. Errors: E_AUDIT_LOG for the keys' file. */
export async function auditLog(request: AuditRequest, io: WireIo): Promise<NamedLog | undefined> {
  const named = [...new Set(request.cloudtrail)];
  if (named.length === 0) return undefined;
  const keys = await digestKeys(request.cloudtrailKeys, io);
  const now = (): number => io.clock().getTime();
  const kept = request.cloudtrailCache === true ? { cacheDir: join(cacheDir(io), 'cloudtrail') } : {};
  const back = new Date(now() - LOOK_BACK_MS).toISOString();
  const paths = named.filter((one) => one !== LOOKUP && !isBucket(one));
  const remote = (log: TrailLog): LogPart => ({ log, oldest: back, needed: false });
  const parts: LogPart[] = [
    ...(paths.length === 0
      ? []
      : [{ log: new AuditFiles({ paths, cwd: io.cwd, keys, now }), oldest: null, needed: true }]),
    ...named.filter(isBucket).map((url) => remote(new TrailBucket({ url, env: io.env, keys, now, ...kept }))),
    ...(named.includes(LOOKUP) ? [remote(new AuditLookup({ env: io.env, now }))] : []),
  ];
  const [only, ...others] = parts as [LogPart, ...LogPart[]];
  const oldest = parts.some((part) => part.oldest === null) ? null : back;
  return { log: others.length === 0 ? only.log : new AuditTogether(parts), oldest };
}

/** An audit log, and from when on it is read where no scan bounds a change: files to their beginning, AWS for 90 days. */
export interface NamedLog {
  readonly log: AuditLog;
  /** RFC 3339; null: all of it. */
  readonly oldest: string | null;
}

const LOOKUP = 'lookup';

function isBucket(named: string): boolean {
  return named.startsWith('s3://');
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

/** How the user's own pipeline shows; without configuration, nothing is taken for it. */
export function pipelineOf(config: Config): PipelineIdentities {
  const { roles = [], subjects = [], users = [], userAgents = [] } = config.attribution?.pipeline ?? {};
  return { roles, subjects, users, userAgents };
}

interface Attributing {
  readonly log: NamedLog;
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
  const { log: named, scanned, recalled, config, redact } = attributing;
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
  return attributeScan({
    log: named.log,
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
    oldest: named.oldest,
    settleMs: (config.attribution?.settleMinutes ?? SETTLE_MINUTES) * 60_000,
    redact,
    why: (window) => whySources(config, known.stated, window, io),
    declaredIn: ({ resource }) => declaringFile(resource.ref.workspace, resource.config?.location),
  });
}
