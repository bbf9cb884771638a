import { annotate } from '../../src/ledger/annotate.ts';
import { gathered, freshLedger } from './ledger-world.ts';
import { readEntries } from '../../src/ledger/read.ts';
import { recordChanges } from '../../src/ledger/record-change.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import type { Actor, Attribution, Verdict } from '../../src/model/attribution.ts';
import type { Change } from '../../src/model/drift.ts';
import type { Entry, WaiverTerms } from '../../src/model/entry.ts';
import type { Gap } from '../../src/model/resource.ts';
import { RECEIPT_TOPIC } from '../../src/model/receipt.ts';
import type { AuditedChange, Scan, ScannedDrift, ScanPlace } from '../../src/model/scan.ts';
import { attributionOf } from './attribution-samples.ts';
import { manifestOn, PLACED_FROM, placeIn, RECEIPTS } from './month-evidence.ts';
import { change, ref } from './scan-samples.ts';

/** A drift as the script has it. Nights are days of May 2026: 0 is the last of April, 32 the first of June. */
export interface PlannedDrift {
  readonly name: string;
  readonly workspace: string;
  readonly what: keyof typeof TYPES;
  /** Nights on which its values were new; after the first, they moved on. */
  readonly found: readonly number[];
  readonly verdict: Verdict;
  /** Hours from happening to sight; null: nobody knows when it happened. */
  readonly hours: number | null;
  readonly ended: number | null;
  readonly resolution: string | null;
  readonly approval: string | null;
}

const TYPES = {
  timeout: 'aws_lambda_function',
  two: 'aws_lambda_function',
  tags: 'aws_lambda_function',
  ingress: 'aws_security_group',
  access: 'aws_s3_bucket_public_access_block',
  gone: 'aws_sqs_queue',
  unmanaged: 'aws_iam_user',
  prepared: 'aws_lambda_function',
} as const;

/** name, workspace, what, nights on which it was found (anew), verdict, hours before sight, end, approval. */
const SCRIPT = `
april1  prod    timeout   0     none-found    -   4:reverted
april2  staging timeout   0,8   none-found    -   12:reverted
a01     prod    timeout   1     confirmed     5   3:reverted
a02     prod    timeout   1     confirmed     11  2:accepted
a03     prod    timeout   2     likely        3   5:reverted
a04     staging timeout   2     several       9   6:superseded
a05     prod    tags      2     confirmed     1   4:reverted
a06     prod    tags      3     none-found    -   -
a07     staging tags      3     not-attempted -   13:ignored
a08     prod    ingress   3     confirmed     2   4:reverted
a09     prod    ingress   4     confirmed     7   9:reverted
a10     prod    access    4     by-iac        1   5:reverted  named
a11     prod    access    5     cannot-tell   -   7:reverted
a12     prod    gone      5     confirmed     13  6:reverted
a13     prod    gone      6     none-found    -   -
a14     staging gone      6     confirmed     4   17:no-longer-declared
a15     prod    unmanaged 6     confirmed     6   8:reverted
a16     staging unmanaged 7     likely        8   15:accepted
a17     prod    prepared  7     not-attempted -   9:accepted
a18     prod    prepared  8     none-found    -   14:accepted
a19     prod    prepared  8     none-found    -   -
a20     prod    timeout   8     by-iac        2   12:reverted before
a21     prod    timeout   9     by-iac        2   13:reverted after
a22     prod    timeout   9     by-iac        3   13:reverted self
a23     prod    timeout   9     by-iac        3   14:reverted
a24     staging timeout   9     service       5   11:unknown
a25     prod    timeout   11    service       1   12:reverted
a26     prod    two       11,13 confirmed     20  16:reverted
a27     prod    two       12,16 confirmed     4   21:reverted
a28     prod    two       12    touched       2   -
a29     staging two       13    confirmed     6   18:accepted
a01     prod    timeout   14    confirmed     5   15:reverted
a30     prod    ingress   14    none-found    -   -
a31     prod    ingress   15    confirmed     10  32:reverted
a32     prod    timeout   15    several       12  23:reverted
a33     prod    timeout   16    not-logged    -   17:reverted
a34     staging timeout   16    likely        1   18:reverted
a35     prod    tags      17    service       2   19:reverted
a08     prod    ingress   18    confirmed     3   19:reverted
a36     prod    access    19    confirmed     2   -
a37     prod    gone      21    confirmed     30  22:reverted
a38     staging timeout   22    confirmed     16  24:reverted
a39     prod    timeout   23    none-found    -   29:reverted
a40     prod    timeout   24,26 confirmed     2   30:reverted
a41     staging timeout   25    confirmed     2   26:reverted
a42     prod    timeout   27    confirmed     1   -
a43     prod    prepared  28    not-attempted -   -
a44     prod    tags      29    none-found    -   30:reverted
a45     staging timeout   31    confirmed     3   -
a46     prod    timeout   26    likely        2   28:reverted
a47     prod    timeout   28    confirmed     3   30:reverted
a48     staging two       29    cannot-tell   -   -
a49     prod    timeout   30    by-iac        1   31:reverted review
june    prod    timeout   32    confirmed     3   -
`;

export const DRIFTS: readonly PlannedDrift[] = SCRIPT.trim()
  .split('\n')
  .map((line) => {
    const [name = '', workspace = '', what = '', found = '', verdict = '', hours = '', end = '-', approval = null] =
      line.split(/ +/);
    const [ended, resolution] = end === '-' ? [null, null] : (end.split(':') as [string, string]);
    return {
      ...{ name, workspace, what: what as PlannedDrift['what'], found: found.split(',').map(Number) },
      ...{ verdict: verdict as Verdict, hours: hours === '-' ? null : Number(hours) },
      ...{ ended: ended === null ? null : Number(ended), resolution, approval },
    };
  });

/** Changes that no scan could see as a drift: what the audit log tells, and what people record. */
export const TRANSIENT = { night: 18, hours: 9, address: 'aws_lambda_function.quick' };
export const KEPT = { night: 25, hours: 4, address: 'aws_lambda_function.kept' };
export const RECORDED = [3, 12, 22].map((night) => ({ night, hours: 6, address: `app/pool_size_${night}` }));

/** Nights on which everything was unread, no scan ran, and scans read no audit log. */
export const ALL_UNREAD = 10;
export const NOT_RUN = 20;
export const UNAUDITED = [0, 10, 14, 15];
/** Writes of an audit log that left no entry, on each night on which one was read. */
const EXCLUDED = { 'in-band': 2, 'not-declared': 3 };
/** Gaps: unread on some nights; the last of them still on the last night. */
export const GAPS = [
  { address: 'aws_kms_key.main', workspace: 'prod', nights: [5, 6, 7] },
  { address: 'aws_iam_role.deploy', workspace: 'staging', nights: [30, 31] },
];

const QUIET = { prod: 40, staging: 12 };

/** Declared resources of a workspace on a night, those included that are declared no longer afterwards. */
export function declaredOn(night: number, workspace: 'prod' | 'staging'): string[] {
  const drifting = DRIFTS.filter(
    (one) =>
      one.workspace === workspace &&
      one.what !== 'unmanaged' &&
      !(one.resolution === 'no-longer-declared' && night >= (one.ended ?? 0)),
  ).map(addressOf);
  const quiet = Array.from({ length: QUIET[workspace] }, (_, i) => `aws_sns_topic.quiet[${i}]`);
  const gapped = GAPS.filter((one) => one.workspace === workspace).map((one) => one.address);
  const adopted = DRIFTS.filter((one) => one.workspace === workspace && one.what === 'unmanaged')
    .filter((one) => one.resolution === 'accepted' && night >= (one.ended ?? 99))
    .map(addressOf);
  return [...new Set([...drifting, ...quiet, ...gapped, ...adopted])];
}

export interface PlannedWaiver extends WaiverTerms {
  readonly night: number;
  readonly revokedOn?: number;
}

const day = (month: number, date: number): string => new Date(Date.UTC(2026, month - 1, date)).toISOString();
const by = { workspace: null, path: null, requestedBy: 'kim@example.com', approvedBy: 'lee@example.com' };

/** Six of the month, and before them one that was over before it began. */
export const WAIVERS: readonly PlannedWaiver[] = [
  { ...by, night: 0, address: 'aws_sns_topic.old', from: day(4, 1), until: day(4, 30) },
  { ...by, night: 6, address: 'aws_lambda_function.a06', from: day(5, 6), until: day(8, 1) },
  { ...by, night: 13, address: 'aws_lambda_function.a28', path: 'timeout', from: day(5, 13), until: day(6, 15) },
  { ...by, night: 15, address: 'aws_security_group.a30', from: day(5, 15), until: day(5, 20) },
  {
    ...by,
    night: 19,
    address: 'aws_s3_bucket_public_access_block.*',
    from: day(5, 19),
    until: day(6, 19),
    revokedOn: 23,
  },
  { ...by, night: 24, address: 'aws_lambda_function.a42', from: day(6, 5), until: day(7, 1) },
  { ...by, night: 25, address: 'aws_sqs_queue.*', approvedBy: by.requestedBy, from: day(5, 25), until: day(6, 20) },
];

/** Scans begin at two o'clock, and last for ten minutes. */
function startOf(night: number): number {
  return Date.UTC(2026, 4, night, 2);
}

export function seenOn(night: number): number {
  return startOf(night) + 600_000;
}

export function addressOf({ what, name }: Pick<PlannedDrift, 'what' | 'name'>): string {
  return `${TYPES[what]}.${name}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** Writes the month, night by night, with a simulated clock, as the tool would; gives the entries once they verify. */
export async function recordedMonth(): Promise<Entry[]> {
  const ledger = await freshLedger();
  const entries = (): Promise<Entry[]> => gathered(readEntries(ledger.store));
  for (let night = 0; night <= 32; night++) {
    if (night === NOT_RUN) continue;
    const at = (minutes: number) => (): Date => new Date(seenOn(night) + minutes * 60_000);
    const writing = (minutes: number) => ({ clock: at(minutes), version: '0.1.0' });
    await recordScan(ledger, scanOn(night), at(1));
    for (const { address, hours } of RECORDED.filter((one) => one.night === night)) {
      const stated = { key: address, workspace: 'prod', before: 10, after: 20, at: iso(seenOn(night) - hours * HOUR) };
      const change = { ...stated, by: 'alice', reason: 'load', references: [] };
      await recordChanges(ledger, [change], { ...writing(0), force: false, evidence: [] });
    }
    for (const { night: _, revokedOn: __, ...waiver } of WAIVERS.filter((one) => one.night === night)) {
      const annotation = { kind: 'waiver', text: 'agreed', by: waiver.requestedBy, waiver } as const;
      await annotate(ledger, [{ annotation, about: [] }], writing(5));
    }
    for (const { address } of WAIVERS.filter((one) => one.revokedOn === night)) {
      const old = (await entries()).find((one) => one.kind === 'waiver' && waiverOf(one)?.address === address) as Entry;
      const annotation = { kind: 'waiver', text: 'taken back', by: 'lee@example.com' } as const;
      await annotate(ledger, [{ annotation, about: [old], supersedes: old }], writing(6));
    }
    await approve(night);
    await tell(night);
  }
  // Two entries of the script approve themselves: the ledger is to say so, and nothing else.
  const { failures } = await verifyLedger(ledger.store, ledger.trust);
  const wrong = failures.map(({ code }) => code).join();
  if (wrong !== 'self-approved,self-approved')
    throw new Error(`the month does not verify: ${JSON.stringify(failures)}`);
  return entries();

  async function tell(night: number): Promise<void> {
    for (const one of RECEIPTS.filter((each) => each.night === night)) {
      const drift = DRIFTS.find(({ name }) => name === one.name) as PlannedDrift;
      const all = (await entries()).filter((entry) => entry.kind === 'drift' && changedIn(entry) === addressOf(drift));
      const statedAt = iso(seenOn(night) + one.minutes * 60_000);
      const clock = (): Date => new Date(seenOn(night) + 200 * 60_000);
      const said = one.byHand
        ? ({ kind: 'note', text: 'alert: paged on-call', by: 'kim@example.com' } as const)
        : ({ kind: 'note', text: 'told', by: 'driftbom-nightly', topic: RECEIPT_TOPIC } as const);
      const facts = one.byHand ? {} : { facts: { via: 'sns', receipt: `m-${one.name}-${one.minutes}`, to: null } };
      const saying = { annotation: { ...said, ...facts }, about: all.slice(-1), statedAt };
      await annotate(ledger, [saying], { clock, version: '0.1.0' });
    }
  }

  async function approve(night: number): Promise<void> {
    const clock = (): Date => new Date(seenOn(night) + 7 * 60_000);
    for (const one of DRIFTS.filter(({ found, approval }) => approval !== null && found[0] === night)) {
      if (one.approval === 'named' || one.approval === 'review') continue;
      const about = (await entries()).filter((entry) => entry.kind === 'drift' && changedIn(entry) === addressOf(one));
      const who = one.approval === 'self' ? PIPELINE : 'lee@example.com';
      const annotation = { kind: 'approval', text: 'go', by: who } as const;
      const statedAt = iso(seenOn(night) - (one.hours ?? 0) * HOUR + (one.approval === 'after' ? HOUR : -HOUR));
      await annotate(ledger, [{ annotation, about, statedAt }], { clock, version: '0.1.0' });
    }
  }
}

const HOUR = 3_600_000;
const PIPELINE = 'repo:acme/infra';

function waiverOf(entry: Entry): WaiverTerms | undefined {
  const { predicate } = entry.statement;
  return 'annotation' in predicate ? predicate.annotation.waiver : undefined;
}

function changedIn(entry: Entry): string | undefined {
  const { predicate } = entry.statement;
  return 'change' in predicate ? predicate.change.resource.address : undefined;
}

function scanOn(night: number): Scan {
  const unread = night === ALL_UNREAD;
  const manifest = manifestOn(night);
  const names = ['prod', 'staging'] as const;
  const gaps: Gap[] = unread
    ? names.flatMap((workspace) => declaredOn(night, workspace).map((address) => gapOf(workspace, address)))
    : GAPS.filter((one) => one.nights.includes(night)).map((one) => gapOf(one.workspace, one.address));
  // What nobody declares is not read either on that night.
  const strays = DRIFTS.filter((one) => one.what === 'unmanaged' && first(one) <= night && (one.ended ?? 99) > night);
  if (unread) gaps.push(...strays.map((one) => gapOf(one.workspace, addressOf(one))));
  const open = unread ? [] : DRIFTS.filter((one) => first(one) <= night && (one.ended ?? 99) > night);
  const gone = DRIFTS.filter((one) => one.ended === night);
  const unmanaged = open.filter((one) => one.what === 'unmanaged').length;
  const missing = open.filter((one) => one.what === 'gone').length;
  const resources = names.flatMap((name) => declaredOn(night, name)).length;
  const ignored = DRIFTS.filter((one) => one.resolution === 'ignored' && night >= (one.ended ?? 99) && !unread);
  return {
    id: `01920000-0000-7000-8000-${String(night).padStart(12, '0')}`,
    startedAt: iso(startOf(night)),
    finishedAt: iso(seenOn(night)),
    tool: { name: 'driftbom', version: '0.1.0' },
    scope: {
      workspaces: names,
      declared: names.map(() => 'terraform state'),
      live: 'provider',
      providers: [{ source: 'registry.terraform.io/hashicorp/aws', version: '6.18.0' }],
      compared: names.map((workspace) => ({
        workspace,
        addresses: declaredOn(night, workspace).filter((one) => !gaps.some((gap) => isOf(gap, workspace, one))),
      })),
      skippedDataSources: 3,
      ...(night < PLACED_FROM ? {} : { places: names.flatMap((workspace) => placesOf(night, workspace)) }),
    },
    inputs: names.map((workspace) => ({
      ...({ kind: 'state', name: `${workspace}.tfstate`, workspace, lineage: `lineage-${workspace}` } as const),
      sha256: (workspace === 'prod' ? 'ab' : 'cd').repeat(32),
    })),
    summary: {
      ...{ resources, inSync: resources - gaps.length - (open.length - unmanaged) },
      ...{ changed: open.length - unmanaged - missing, missing, unread: gaps.length, unmanaged },
      ...{ gaps: gaps.length, ignored: ignored.length },
    },
    drifts: open.map((one) => scannedOn(night, one)),
    gaps,
    ignored: ignored.map((one) => ({
      ...{ address: addressOf(one), workspace: one.workspace, path: 'tags.Owner' },
      ...{ rule: 'driftbom.yaml ignore[0]', reason: 'owners move' },
    })),
    computed: [],
    revisited: gone.flatMap((one) => revisitedBy(one)),
    ...(UNAUDITED.includes(night) ? {} : { audit: auditOf(night) }),
    ...(manifest === undefined ? {} : { manifest }),
  };
}

function placesOf(night: number, workspace: 'prod' | 'staging'): ScanPlace[] {
  const places = new Map<string, ScanPlace & { readonly addresses: string[] }>();
  for (const address of declaredOn(night, workspace)) {
    const where = placeIn(workspace, address);
    const place = { workspace, provider: 'registry.terraform.io/hashicorp/aws', ...where };
    const key = JSON.stringify(place);
    places.set(key, { ...place, addresses: [...(places.get(key)?.addresses ?? []), address] });
  }
  return [...places.values()];
}

function first({ found }: PlannedDrift): number {
  return found[0] ?? 99;
}

function isOf(gap: Gap, workspace: string, address: string): boolean {
  return gap.workspace === workspace && gap.address === address;
}

function gapOf(workspace: string, address: string): Gap {
  return { workspace, address, reason: 'access-denied', message: 'AccessDenied' };
}

/** The values of the sight that stands on a night. */
function changesOf({ what, found }: PlannedDrift, night: number): Change[] {
  const sight = 900 + found.filter((one) => one <= night).length;
  const rule = { from_port: 22, to_port: 22, protocol: 'tcp', cidr_blocks: ['0.0.0.0/0'] };
  if (what === 'timeout') return [change('timeout', 5, sight)];
  if (what === 'two') return [change('timeout', 5, sight), change('memory_size', 512, 1024)];
  if (what === 'tags') return [change('tags.Owner', 'orders', 'nobody')];
  if (what === 'ingress') return [change('ingress', null, rule, { op: 'add' })];
  if (what === 'access') return [change('block_public_acls', true, false)];
  if (what === 'prepared') return [change('timeout', 60, 30, { cause: 'unapplied' })];
  return [];
}

function scannedOn(night: number, one: PlannedDrift): ScannedDrift {
  const kind = one.what === 'gone' ? 'missing' : one.what === 'unmanaged' ? 'unmanaged' : 'changed';
  const resource = ref(addressOf(one), `id-${one.name}`, one.workspace);
  const documents = { declared: null, live: null };
  const drift = { kind, resource, changes: changesOf(one, night) } as const;
  if (one.verdict === 'not-attempted') return { drift, documents };
  const answer = answerFor(one, night);
  return { drift, documents, attribution: { ...answer, paths: [] } };
}

function answerFor(
  { verdict, hours, approval }: Pick<PlannedDrift, 'verdict' | 'hours' | 'approval'>,
  night: number,
): Attribution {
  if (hours === null) return attributionOf(verdict, []);
  const answer = attributionOf(verdict, [verdict === 'by-iac' ? PIPELINE : 'alice']);
  const at = iso(seenOn(night) - hours * HOUR);
  const events = answer.events.map((event) => ({ ...event, eventTime: at }));
  const references = approval === 'named' ? ['approved by boss', 'author alice'] : [];
  const review = {
    source: 'commit 1',
    trust: 'medium',
    authors: ['alice'],
    approvals: [{ by: 'lee', at: iso(seenOn(night) - (hours + 2) * HOUR), basis: 'review' }],
  } as const;
  const reason = answer.reason && {
    ...{ ...answer.reason, references },
    ...(approval === 'review' ? { authorisation: review } : {}),
  };
  const actors =
    verdict === 'by-iac' ? answer.actors.map((one): Actor => ({ ...one, kind: 'pipeline' })) : answer.actors;
  return { ...answer, actors, events, reason, occurredAt: at };
}

/** What is declared once a drift is over, where that is how its end can be told. */
function revisitedBy(one: PlannedDrift): NonNullable<Scan['revisited']>[number][] {
  const declared = { accepted: 'after', superseded: null, reverted: 'before' }[one.resolution ?? ''];
  if (declared === undefined || changesOf(one, 99).length === 0) return [];
  const attributes = changesOf(one, 99).map((each) => [
    each.path,
    declared === null ? 77 : declared === 'after' ? each.after : each.before,
  ]);
  const tags = one.what === 'tags' ? { tags: { Owner: 'orders' } } : Object.fromEntries(attributes);
  const { workspace } = one;
  return [{ workspace, address: addressOf(one), documents: { declared: tags, live: null } }];
}

/** Entries that rest on the audit log, on a night. */
export function auditedOn(night: number): number {
  const drifts = DRIFTS.filter((one) => one.hours !== null && one.found.includes(night)).length;
  return drifts + [TRANSIENT, KEPT].filter((one) => one.night === night).length;
}

function auditOf(night: number): NonNullable<Scan['audit']> {
  const changes = [
    { ...TRANSIENT, kind: 'transient', verdict: 'confirmed' },
    { ...KEPT, kind: 'kept', verdict: 'by-iac' },
  ] as const;
  const entries = auditedOn(night);
  const excluded = Object.values(EXCLUDED).reduce((sum, n) => sum + n, 0);
  const answer = attributionOf('none-found', []);
  return {
    source: 'trail',
    searched: answer.searched as NonNullable<Attribution['searched']>,
    population: {
      ...{ from: iso(seenOn(night === NOT_RUN + 1 ? NOT_RUN - 1 : night - 1)), to: iso(seenOn(night)) },
      ...{ events: entries + excluded, entries, excluded: EXCLUDED, difference: 0 },
    },
    changes: changes
      .filter((one) => one.night === night)
      .map(
        ({ kind, verdict, hours, address }): AuditedChange => ({
          ...{ kind, resource: ref(address, address), driftKind: 'changed', changes: [change('timeout', 5, 6)] },
          attribution: answerFor({ verdict, hours, approval: null }, night),
        }),
      ),
  };
}
