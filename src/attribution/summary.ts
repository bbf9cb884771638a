import { byCodeUnit } from '../model/order.ts';
import type {
  Actor,
  Attribution,
  AuditEvidence,
  DriftAttribution,
  PathAttribution,
  Verdict,
} from '../model/attribution.ts';
import { distinctActors } from './behind.ts';

/** Verdicts that name who did it. */
const NAMING: readonly Verdict[] = ['confirmed', 'likely', 'several', 'service', 'by-iac', 'stated'];
/** Of answers that name nobody, the weakest speaks for all. */
const WEAKEST: readonly Verdict[] = ['cannot-tell', 'none-found', 'touched', 'not-logged', 'not-attempted'];

/** What the answers for the attributes of a drift have in common: the weakest honest thing to say of the whole. */
export function summaryOf(paths: readonly PathAttribution[]): DriftAttribution {
  const named = paths.filter((path) => NAMING.includes(path.verdict));
  const unnamed = paths.filter((path) => !NAMING.includes(path.verdict));
  // What no call would show says nothing against the calls that were found.
  const open = unnamed.filter((path) => named.length === 0 || path.verdict !== 'not-logged');
  const [first] = paths;
  if (named.length === 0) return { ...inCommon(paths, weakest(unnamed), []), occurredAt: null, call: null, paths };
  const actors = distinctActors(named.flatMap((path) => path.actors));
  const gaps = [...new Set(open.map((path) => `${path.path}: ${path.verdict}`))];
  const verdict =
    named.length === 1 && gaps.length === 0
      ? (named[0] as PathAttribution).verdict
      : shared(named, actors, gaps.length);
  const last =
    [...named].sort((a, b) => byCodeUnit(a.occurredAt ?? '', b.occurredAt ?? '')).at(-1) ?? (first as PathAttribution);
  const common = inCommon([last, ...named, ...open], verdict, gaps);
  return { ...common, actors, occurredAt: last.occurredAt, call: last.call, paths };
}

function shared(named: readonly PathAttribution[], actors: readonly Actor[], gaps: number): Verdict {
  const verdicts = new Set(named.map((path) => path.verdict));
  if (actors.length > 1 || verdicts.has('several')) return 'several';
  const [only] = verdicts;
  return verdicts.size === 1 && gaps === 0 ? (only as Verdict) : 'likely';
}

function weakest(paths: readonly PathAttribution[]): Verdict {
  return WEAKEST.find((verdict) => paths.some((path) => path.verdict === verdict)) ?? 'not-attempted';
}

function inCommon(paths: readonly PathAttribution[], verdict: Verdict, gaps: readonly string[]): Attribution {
  return {
    verdict,
    actors: [],
    occurredAt: null,
    call: null,
    events: paths.length === 1 ? (paths[0] as PathAttribution).events : together(paths),
    reason: null,
    lookedIn: [],
    missing: [...new Set([...gaps, ...paths.flatMap((path) => path.missing)])],
    searched: paths.find((path) => path.searched !== null)?.searched ?? null,
  };
}

/** The events of all paths, each once, with all places that speak of any of them. */
function together(paths: readonly PathAttribution[]): readonly AuditEvidence[] {
  const events = new Map<string, AuditEvidence>();
  for (const event of paths.flatMap((path) => path.events)) {
    const before = events.get(event.eventId);
    const matched = before && [...new Set([...before.matched, ...event.matched])].sort();
    events.set(event.eventId, matched === undefined ? event : { ...event, matched });
  }
  return [...events.values()];
}
