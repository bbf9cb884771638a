import type { Drift, Ignored } from '../../src/model/drift.ts';
import { causeOf } from '../../src/model/drift.ts';
import {
  CHANGE_PREDICATE,
  type ChangePredicate,
  type Descriptor,
  type Entry,
  type OpenDrift,
  type Resolution,
  SCAN_PREDICATE,
  type ScanPredicate,
  STATE_MEDIA_TYPE,
  STATEMENT_TYPE,
} from '../../src/model/entry.ts';
import type { Gap } from '../../src/model/resource.ts';
import type { LedgerFacts } from '../../src/report/ledger-facts.ts';
import { annotationEntry, waiverEntry } from './annotation-samples.ts';
import { change, DRIFTS, digestOf, GAPS, HOSTILE_SCAN, IGNORED, scanOf } from './scan-samples.ts';

const ORIGIN = 'driftbom.local/orders';
const DETECTOR = { id: 'https://driftbom.dev/detector', version: '0.1.0' } as const;

/** What one scan of a story sees. */
export interface Night {
  /** RFC 3339, seconds: 2026-03-10T02:03:11. */
  readonly at: string;
  readonly drifts?: readonly Drift[];
  readonly gaps?: readonly Gap[];
  readonly ignored?: readonly Ignored[];
  /** How drifts that are gone ended; reverted where it does not say. */
  readonly ended?: { readonly [address: string]: Resolution };
  readonly resources?: number;
}

interface Open extends OpenDrift {
  readonly drift: Drift;
}

/** Writes the ledger that these nights would leave: what each scan found new, then what ended, then the scan itself. */
export function ledgerOf(nights: readonly Night[]): Entry[] {
  const entries: Entry[] = [];
  let open: readonly Open[] = [];
  let previous: string | null = null;
  for (const night of nights) {
    const at = `${night.at}.482Z`;
    const scan = { ...scanOf({ resources: night.resources ?? 46, ...night }), startedAt: at };
    const drifts = scan.drifts.map((one) => one.drift);
    const done = new Date(Date.parse(at) + 2122).toISOString();
    const firstIndex = entries.length;
    const fresh: Entry[] = [];
    const nowOpen: Open[] = [];
    for (const drift of drifts) {
      const before = open.find((one) => one.driftKey === keyOf(drift));
      if (before !== undefined && before.fingerprint === printOf(drift)) {
        nowOpen.push({ ...before, seen: true });
        continue;
      }
      const index = firstIndex + fresh.length;
      const entry = driftEntry(index, drift, { at: done, previous, supersedes: before?.entry ?? null });
      fresh.push(entry);
      nowOpen.push(openOf(entry, drift, before?.firstSeen ?? done));
    }
    const unread = new Set((night.gaps ?? []).filter((gap) => gap.path === undefined).map((gap) => gap.address));
    const gone = open.filter((one) => !nowOpen.some((now) => now.driftKey === one.driftKey));
    nowOpen.push(...gone.filter((one) => unread.has(one.address)).map((one) => ({ ...one, seen: false })));
    const ended = gone.filter((one) => !unread.has(one.address));
    const closing = ended.map((one, i) =>
      driftEntry(firstIndex + fresh.length + i, one.drift, {
        at: done,
        previous,
        supersedes: one.entry,
        resolution: night.ended?.[one.address] ?? 'reverted',
      }),
    );
    entries.push(...fresh, ...closing);
    const resolved = ended.map((one) => one.entry);
    entries.push(scanEntry(entries.length, scan, at, done, nowOpen, resolved));
    open = nowOpen;
    previous = at;
  }
  return entries;
}

function openOf(entry: Entry, drift: Drift, firstSeen: string): Open {
  return {
    driftKey: keyOf(drift),
    fingerprint: printOf(drift),
    address: drift.resource.address,
    workspace: drift.resource.workspace,
    workspaceKey: `name:${drift.resource.workspace}`,
    entry: entry.digest,
    index: entry.index,
    firstSeen,
    seen: true,
    drift,
  };
}

function scanEntry(
  index: number,
  scan: ReturnType<typeof scanOf>,
  at: string,
  finishedAt: string,
  open: readonly Open[],
  resolved: readonly string[],
): Entry {
  const predicate: ScanPredicate = {
    entryId: `urn:uuid:0195923c-8e6b-7d2a-9c41-${String(index).padStart(12, '0')}`,
    ledger: { origin: ORIGIN },
    scan: {
      id: scan.id,
      startedAt: at,
      finishedAt,
      scope: scan.scope,
      inputs: scan.inputs,
      summary: scan.summary,
      gaps: scan.gaps,
      ignored: scan.ignored,
      open: open.map(({ drift: _drift, ...rest }) => rest),
      resolved,
    },
    recordedAt: finishedAt,
    detector: DETECTOR,
  };
  const statement = { _type: STATEMENT_TYPE, subject: [], predicateType: SCAN_PREDICATE, predicate } as const;
  return { index, digest: digestOf(1000 + index), kind: 'scan', statement };
}

function driftEntry(
  index: number,
  drift: Drift,
  more: { at: string; previous: string | null; supersedes: string | null; resolution?: Resolution },
): Entry {
  const { address, type, id, workspace, provider } = drift.resource;
  const kind = more.resolution === undefined ? 'drift' : 'resolved';
  const subject: Descriptor = {
    name: address,
    digest: { sha256: digestOf(2000 + index) },
    mediaType: STATE_MEDIA_TYPE,
  };
  const predicate: ChangePredicate = {
    entryId: `urn:uuid:0195923c-8e6b-7d2a-9c42-${String(index).padStart(12, '0')}`,
    ledger: { origin: ORIGIN },
    change: {
      kind,
      driftKind: drift.kind,
      action: drift.kind === 'missing' ? 'delete' : 'update',
      driftKey: keyOf(drift),
      fingerprint: printOf(drift),
      resource: { address, type, id: id ?? null, workspace, workspaceKey: `name:${workspace}`, provider },
      cause: causeOf(drift),
      before: { ...subject, digest: { sha256: digestOf(3000 + index) } },
      paths:
        kind === 'resolved'
          ? []
          : drift.changes.map(({ path, op, before, after, sensitive, cause }) => ({
              path,
              op,
              before,
              after,
              sensitive,
              cause,
            })),
      ...(more.resolution === undefined ? {} : { resolution: more.resolution }),
    },
    who: { verdict: 'not-attempted', actors: [], call: null, missing: [], searched: null },
    when: {
      occurredAt: null,
      occurredAtSource: null,
      notBefore: more.previous,
      notAfter: more.at,
      observedAt: more.at,
      recordedAt: more.at,
    },
    why: { status: 'none', reason: null, lookedIn: [] },
    evidence: [],
    scan: { id: '0195923c-8e6b-7d2a-9c41-5b8e2f6a1d07' },
    detector: DETECTOR,
    supersedes: more.supersedes,
  };
  const statement = { _type: STATEMENT_TYPE, subject: [subject], predicateType: CHANGE_PREDICATE, predicate } as const;
  return { index, digest: digestOf(1000 + index), kind, statement };
}

function keyOf(drift: Drift): string {
  return `${drift.resource.workspace} ${drift.resource.address}`;
}

function printOf(drift: Drift): string {
  return JSON.stringify(drift);
}

export const LEDGER: LedgerFacts = {
  place: '.driftbom/ledger',
  origin: ORIGIN,
  size: 17,
  root: '9uPjJm2yqvXyB8m5g4oTQ9o7yZ5m3k2d1c0bA9f8e7Y=',
  keys: [
    { id: `sha256:${digestOf(800)}`, use: 'entries (ECDSA P-256)' },
    { id: 'driftbom.local/orders+1f0a9c3e', use: 'checkpoint (Ed25519)' },
  ],
  verification: {
    outcome: 'passed',
    statements: ['Signatures of all entries verified.', 'The tree was rebuilt; its root is that of the checkpoint.'],
    command: 'driftbom verify --ledger .driftbom/ledger',
  },
};

export const TOOL = { name: 'driftbom', version: '0.1.0' };

const raised: Drift = {
  ...DRIFTS.lambda,
  changes: [change('timeout', 5, 900), change('memory_size', 512, 3008)],
};

/** A week: a night without a scan, a drift that moved on, three that ended in three ways, one that nobody can look at. */
export const WEEK: readonly Night[] = [
  { at: '2026-03-08T02:03:11', ignored: IGNORED },
  { at: '2026-03-09T02:03:10', drifts: [DRIFTS.publicAccess, DRIFTS.unapplied], ignored: IGNORED },
  {
    at: '2026-03-10T02:03:12',
    drifts: [DRIFTS.publicAccess, DRIFTS.policy],
    gaps: GAPS,
    ignored: IGNORED,
    ended: { [DRIFTS.unapplied.resource.address]: 'accepted' },
  },
  {
    at: '2026-03-11T02:03:09',
    drifts: [DRIFTS.policy, raised, DRIFTS.missing],
    gaps: GAPS.slice(0, 2),
    ignored: IGNORED,
  },
  {
    at: '2026-03-13T02:03:11',
    drifts: [DRIFTS.policy, DRIFTS.lambda, DRIFTS.ingress, DRIFTS.secret],
    gaps: [
      ...GAPS.slice(0, 2),
      {
        address: DRIFTS.missing.resource.address,
        workspace: 'prod',
        reason: 'access-denied',
        message: 'AccessDenied: not authorized to perform: s3:ListBucket',
      },
    ],
    ignored: IGNORED,
  },
  {
    at: '2026-03-14T02:03:11',
    drifts: [DRIFTS.lambda, DRIFTS.ingress, DRIFTS.secret, DRIFTS.missing],
    gaps: GAPS.slice(0, 1),
    ignored: IGNORED,
  },
];

/** A drift under a waiver that runs, one of long ago, one that ran out in the period, and one that was taken back. */
function waiversLedger(): Entry[] {
  const nights = ledgerOf([
    { at: '2026-03-13T02:03:11', drifts: [DRIFTS.lambda] },
    { at: '2026-03-14T02:03:11', drifts: [DRIFTS.lambda] },
  ]);
  const { address } = DRIFTS.lambda.resource;
  const revoked = waiverEntry(nights.length + 3, 'module.net.*', { from: '2026-03-12T10:00:00.000Z' });
  return [
    ...nights,
    waiverEntry(nights.length, address, { path: 'timeout', workspace: 'prod', until: '2026-05-01T00:00:00.000Z' }),
    waiverEntry(nights.length + 1, 'aws_s3_bucket.old', { from: '2026-01-10T09:00:00.000Z' }),
    waiverEntry(nights.length + 2, 'aws_sqs_queue.*', {
      until: '2026-03-12T00:00:00.000Z',
      reason: '<b>`x`</b> | {{y}}',
    }),
    revoked,
    annotationEntry(
      nights.length + 4,
      '2026-03-13T08:00:00.000Z',
      { kind: 'waiver', text: 'the migration was called off', about: [revoked.digest] },
      revoked.digest,
    ),
  ];
}

/** Ledgers that golden files of both reports are rendered from, by story. */
export const LEDGERS = {
  week: ledgerOf(WEEK),
  clean: ledgerOf([{ at: '2026-03-13T02:03:11' }, { at: '2026-03-14T02:03:11' }]),
  hostile: ledgerOf([
    {
      at: '2026-03-14T02:03:11',
      drifts: HOSTILE_SCAN.drifts.map((one) => one.drift),
      gaps: HOSTILE_SCAN.gaps,
      ignored: HOSTILE_SCAN.ignored,
    },
  ]),
  waivers: waiversLedger(),
  empty: [],
} satisfies Record<string, readonly Entry[]>;
