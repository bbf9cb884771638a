import { attribute, type ConsideredEvent } from '../attribution/attribute.ts';
import { gapTexts } from '../attribution/gap-texts.ts';
import { identifiersOf } from '../attribution/identify.ts';
import { needlesOf } from '../attribution/needles.ts';
import { type AccountedChange, populationOf } from '../attribution/population.ts';
import type { AuditAnswer, AuditCoverage, AuditLog, AuditWindow } from '../attribution/port.ts';
import { type DriftQuestion, placeOf, questionOf } from '../attribution/question.ts';
import { type ManagedResource, touchesOf } from '../attribution/touches.ts';
import { ownPipeline, whoResolver } from '../attribution/who/actor.ts';
import { type Lineage, lineageOf } from '../attribution/who/lineage.ts';
import type { PipelineIdentities } from '../attribution/who/pipeline.ts';
import { evidenceOf } from '../attribution/evidence.ts';
import { callLabel } from '../attribution/call-name.ts';
import { whyNoWrite } from '../attribution/gates.ts';
import { reasonFor, type WhyAnswer } from '../attribution/why/reason-for.ts';
import type { WhySources } from '../attribution/why/sources.ts';
import type { Attribution, DriftAttribution, PathAttribution, Searched } from '../model/attribution.ts';
import type { Drift } from '../model/drift.ts';
import type { LiveAnswer, ProviderConfig } from '../model/resource.ts';
import type { AuditedChange, ConsideredCall, Scan, ScanAudit, ScannedDrift } from '../model/scan.ts';
import { isMap, UNKNOWN, type Value, type ValueMap } from '../model/value.ts';
import { regionOf } from './place.ts';
import { windowOf } from './window.ts';

/** What earlier scans bound: when each resource was last seen to agree, and up to when the log was reconciled. */
export interface EarlierScans {
  /** Between which moments a drift came about, as far as earlier scans tell. RFC 3339; null: they do not. */
  readonly boundsOf: (drift: Drift) => { readonly notBefore: string | null; readonly notAfter: string | null };
  /** RFC 3339; null before the first scan. */
  readonly accountedTo: string | null;
  /** Audit events that entries name already. */
  readonly events: ReadonlySet<string>;
}

export interface AttributionOptions {
  readonly log: AuditLog;
  readonly scan: Scan;
  /** As read, values in clear. */
  readonly answers: readonly LiveAnswer[];
  readonly providers: readonly ProviderConfig[];
  readonly defaultRegion: string | undefined;
  readonly earlier: EarlierScans;
  readonly pipeline: PipelineIdentities;
  /** How far back the log is read where no scan bounds a change: RFC 3339, or null for all of it. */
  readonly oldest: string | null;
  /** Milliseconds after which no call is expected to arrive any more: the population ends so long before the scan. */
  readonly settleMs: number;
  readonly redact: (secret: Value) => string;
  readonly why: (window: AuditWindow) => Promise<WhySources>;
  /** File in which a resource is declared, as the repository names it. */
  readonly declaredIn: (answer: LiveAnswer) => readonly string[];
}

export interface AttributedScan {
  readonly scan: Scan;
  /** Records that name a drifted resource, and what became of each, in the order of the scan's drifts. */
  readonly considered: readonly (readonly ConsideredCall[])[];
}

/**
 * Asks an audit log about every drift of a scan, and accounts for every write on a managed resource since the last one.
 * Errors: E_AUDIT_LOG, E_REASONS.
 */
export async function attributeScan(options: AttributionOptions): Promise<AttributedScan> {
  const { scan, earlier } = options;
  const byName = new Map(options.answers.map((answer) => [nameOf(answer.resource.ref), answer]));
  const managed = options.answers.map((answer) => managedOf(answer, options));
  const moved = new Map(scan.computed.map(({ resource, changes }) => [nameOf(resource), changes]));
  const questions = scan.drifts.map(({ drift }): DriftQuestion => {
    const answer = byName.get(nameOf(drift.resource)) as LiveAnswer;
    const { notBefore, notAfter } = earlier.boundsOf(drift);
    return questionOf(drift, answer.resource, liveValues(answer), {
      notBefore,
      notAfter: notAfter ?? scan.finishedAt,
      region: regionFor(answer, options),
      bookkeeping: moved.get(nameOf(drift.resource)),
    });
  });
  const accounted = earlier.accountedTo === null ? [] : [earlier.accountedTo];
  const begins = [...questions.map((one) => one.notBefore), ...accounted];
  const window = windowOf(begins, scan.finishedAt, options.oldest);
  const answer = await options.log.ask({
    window,
    needles: needlesOf(managed),
    accounts: undefined,
    regions: regionsOf(managed),
  });
  const mask = (text: string): string => options.redact(text);
  const who = whoResolver(mask, options.pipeline);
  const found = attribute(questions, answer, { redact: options.redact, who, pipeline: options.pipeline });
  const sources = await options.why(window);
  const explain = reasonsOf(answer, sources, options.pipeline);
  const drifts = scan.drifts.map((one, i): ScannedDrift => {
    const question = questions[i] as DriftQuestion;
    const { attribution } = found[i] as (typeof found)[number];
    const declaredIn = options.declaredIn(byName.get(nameOf(one.drift.resource)) as LiveAnswer);
    return { ...one, attribution: explain.drift(attribution, question, declaredIn) };
  });
  const audit = accountFor({ options, answer, managed, drifts, who, explain });
  return {
    scan: { ...scan, drifts, audit },
    considered: found.map((one) => one.considered.map((event) => consideredCall(event, who, answer))),
  };
}

function consideredCall(
  { record, kept, why }: ConsideredEvent,
  who: ReturnType<typeof whoResolver>,
  { sessions }: AuditAnswer,
): ConsideredCall {
  const { eventId, eventTime } = record;
  return { eventId, eventTime, call: callLabel(record), who: who(record, sessions).name, kept, why };
}

function managedOf(answer: LiveAnswer, options: AttributionOptions): ManagedResource {
  const { resource } = answer;
  const live = liveValues(answer);
  const identifiers = identifiersOf(resource, live);
  const place = placeOf(
    identifiers,
    { ...live, ...resource.state?.attributes },
    { region: regionFor(answer, options) },
  );
  const seen = answer.kind === 'found' ? answer.live : answer.kind === 'absent' ? null : undefined;
  return { resource: resource.ref, identifiers, ...place, live: seen, sensitive: resource.state?.sensitive ?? [] };
}

function liveValues(answer: LiveAnswer): ValueMap | undefined {
  return answer.kind === 'found' && isMap(answer.live) ? answer.live : undefined;
}

function regionFor({ resource }: LiveAnswer, { providers, defaultRegion }: AttributionOptions): string | undefined {
  return regionOf(
    providers.find(({ key }) => key === resource.providerKey),
    defaultRegion,
  );
}

/** Regions of resources; undefined where one's is not known: then all are looked in. */
export function regionsOf(
  resources: readonly { readonly region?: string | undefined }[],
): readonly string[] | undefined {
  const regions = resources.map((one) => one.region);
  return regions.every((one) => one !== undefined) ? [...new Set(regions as string[])].sort() : undefined;
}

export interface Reasons {
  drift(attribution: DriftAttribution, question: DriftQuestion, declaredIn: readonly string[]): DriftAttribution;
  change(attribution: Attribution, change: AccountedChange): Attribution;
}

/** Finds the reasons behind answers. */
export function reasonsOf(answer: AuditAnswer, sources: WhySources, pipeline: PipelineIdentities): Reasons {
  const lineage: Lineage = lineageOf(answer.sessions);
  const records = new Map(answer.writes.map((record) => [record.eventId, record]));
  const explained = <A extends Attribution>(
    attribution: A,
    about: Pick<DriftQuestion, 'resource' | 'changes' | 'notBefore' | 'notAfter'>,
    identifiers: readonly string[],
    declaredIn: readonly string[],
  ): A => {
    const { occurredAt, verdict, actors, events } = attribution;
    // Of several callers none is chosen, so neither is one's reason.
    const asked = actors.length === 0 ? [undefined] : actors.length === 1 ? [events.at(-1)] : events;
    const whys = asked.map((event) => {
      const record = event === undefined ? null : (records.get(event.eventId) ?? null);
      const byPipeline = verdict === 'by-iac' || (record !== null && ownPipeline(record, lineage, pipeline).own);
      return reasonFor({ ...about, identifiers, record, occurredAt, byPipeline, declaredIn }, lineage, sources);
    });
    const { reason, lookedIn } = agreed(whys);
    return { ...attribution, reason, lookedIn };
  };
  return {
    drift: (attribution, question, declaredIn) => {
      const identifiers = question.identifiers.map(({ text }) => text);
      const paths = attribution.paths.map(
        (path): PathAttribution =>
          explained(
            path,
            { ...question, changes: question.changes.filter((change) => change.path === path.path) },
            identifiers,
            declaredIn,
          ),
      );
      return { ...explained(attribution, question, identifiers, declaredIn), paths };
    },
    change: (attribution, { resource, occurredAt }) =>
      explained(attribution, { resource, changes: [], notBefore: occurredAt, notAfter: occurredAt }, [], []),
  };
}

/** The reason that all calls carry. */
function agreed(whys: readonly WhyAnswer[]): WhyAnswer {
  const [first, ...others] = whys;
  if (first === undefined) return { reason: null, lookedIn: [] };
  const same = others.every(({ reason }) => JSON.stringify(reason) === JSON.stringify(first.reason));
  return same ? first : { reason: null, lookedIn: [...first.lookedIn, 'each call by itself (they differ)'] };
}

interface Accounting {
  readonly options: AttributionOptions;
  readonly answer: AuditAnswer;
  readonly managed: readonly ManagedResource[];
  readonly drifts: readonly ScannedDrift[];
  readonly who: ReturnType<typeof whoResolver>;
  readonly explain: Reasons;
}

/** Accounts for every write since the last scan; before the first scan there is nothing to account for. */
function accountFor({ options, answer, managed, drifts, who, explain }: Accounting): ScanAudit {
  const { scan, earlier, settleMs, redact } = options;
  const from = earlier.accountedTo ?? scan.startedAt;
  const settled = new Date(Date.parse(scan.finishedAt) - settleMs).toISOString();
  const window = { from, to: settled > from ? settled : from };
  const touches = touchesOf(managed, answer.writes, redact);
  const lineage = lineageOf(answer.sessions);
  const { population, changes } = populationOf({
    writes: answer.writes,
    succeeded: (record) => whyNoWrite(record) === undefined,
    touched: (record) => touches.get(record.eventId) ?? [],
    who: (record) => who(record, answer.sessions),
    inBand: (record) => ownPipeline(record, lineage, options.pipeline).own,
    evidence: new Set(drifts.flatMap(({ attribution }) => attribution?.events.map(({ eventId }) => eventId) ?? [])),
    recorded: earlier.events,
    window,
  });
  const searched = searchedOf(answer.coverage);
  return {
    source: answer.coverage.source,
    searched,
    gaps: answer.coverage.gaps.map(({ what, message }) => ({ what, message })),
    population,
    changes: changes.flatMap((change) => auditedChange(change, searched, explain)),
  };
}

function auditedChange(change: AccountedChange, searched: Searched, explain: Reasons): AuditedChange[] {
  const { standing, resource, record, leaves } = change;
  if (standing !== 'transient' && standing !== 'kept' && standing !== 'unseen') return [];
  const attribution: Attribution = {
    verdict: 'confirmed',
    actors: [change.actor],
    occurredAt: change.occurredAt,
    call: change.call,
    events: [evidenceOf(record, change.matched)],
    reason: null,
    lookedIn: [],
    missing: [],
    searched,
  };
  return [
    {
      kind: standing,
      resource,
      driftKind: leaves.some((leaf) => leaf.path === '' && leaf.op === 'remove') ? 'missing' : 'changed',
      changes: leaves.flatMap((leaf) => changeOf(leaf)),
      attribution: explain.change(attribution, change),
    },
  ];
}

/** What a call shows of one attribute: the value that it set; what stood there before, no call tells. */
function changeOf({ path, op, value }: AccountedChange['leaves'][number]): AuditedChange['changes'] {
  if (path === '' || (value === null && op !== 'unset')) return [];
  const sensitive = typeof value === 'string' && value.startsWith('hmac-sha256:');
  const common = { path, sensitive, cause: 'unknown', class: 'declared' } as const;
  if (op === 'remove' || op === 'unset') return [{ ...common, op: 'remove', before: value ?? UNKNOWN, after: null }];
  return [{ ...common, op: op === 'add' ? 'add' : 'replace', before: op === 'add' ? null : UNKNOWN, after: value }];
}

function searchedOf({ window, horizons, gaps }: AuditCoverage): Searched {
  const newest =
    horizons
      .map((one) => one.newest)
      .sort()
      .at(-1) ?? null;
  return {
    from: window.from,
    to: window.to,
    regions: [...new Set(horizons.map((one) => one.region))].sort(),
    horizon: newest,
    gaps: gapTexts(gaps),
  };
}

function nameOf({ workspace, address }: { readonly workspace: string; readonly address: string }): string {
  return JSON.stringify([workspace, address]);
}
