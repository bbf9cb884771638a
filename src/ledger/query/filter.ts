import type { Verdict } from '../../model/attribution.ts';
import type { Entry, EntryKind } from '../../model/entry.ts';
import type { DriftStanding, Picture } from '../../model/picture.ts';
import {
  actorsOf,
  annotationPaths,
  momentOf,
  pathsOf,
  type Span,
  spanBetween,
  spanOf,
  speakersOf,
  statedSpan,
} from './facts.ts';
import { belowMatcher, globMatcher, type Matcher } from './pattern.ts';

/** Milliseconds since 1970: from (included) to (not included). */
export interface TimeWindow {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Which entries are asked for; what is left out asks for nothing. */
export interface EntryFilter {
  /** When it happened: an entry of which only bounds are known counts where it may have happened in the window. */
  readonly happened?: TimeWindow | undefined;
  readonly recorded?: TimeWindow | undefined;
  /** An address, a module or a pattern with `*`: it covers what lies below. */
  readonly address?: string | undefined;
  readonly type?: string | undefined;
  /** Attribute path or pattern; covers what lies below. */
  readonly attribute?: string | undefined;
  readonly actor?: string | undefined;
  readonly kinds?: ReadonlySet<EntryKind> | undefined;
  readonly verdicts?: ReadonlySet<Verdict> | undefined;
  /** Drifts that are open, or that are over; resolved entries belong to the latter. */
  readonly standing?: 'open' | 'resolved' | undefined;
}

export interface Matchers {
  readonly address: Matcher | undefined;
  readonly type: Matcher | undefined;
  readonly attribute: Matcher | undefined;
  readonly actor: Matcher | undefined;
}

export function matchersOf({ address, type, attribute, actor }: EntryFilter): Matchers {
  return {
    address: address === undefined ? undefined : belowMatcher(address),
    type: type === undefined ? undefined : globMatcher(type),
    attribute: attribute === undefined ? undefined : belowMatcher(attribute),
    actor: actor === undefined ? undefined : globMatcher(actor),
  };
}

/** What a filter needs to know of an entry beside the entry. */
export interface Surroundings {
  /** The entries that an annotation speaks of. */
  readonly about: readonly Entry[];
  /** Undefined for what is no drift. */
  readonly standing: DriftStanding | undefined;
}

/** The whole filter, on an entry as it is to be read now. What an index says is never believed before this. */
export function matches(picture: Picture, surroundings: Surroundings, filter: EntryFilter, by: Matchers): boolean {
  const { entry } = picture;
  return (
    (filter.kinds === undefined || filter.kinds.has(entry.kind)) &&
    inWindow(happenedOf(entry), filter.happened) &&
    inWindow(recordedOf(entry), filter.recorded) &&
    placeMatches(entry, surroundings.about, by) &&
    someMatch(by.attribute, () => touchedBy(entry)) &&
    someMatch(by.actor, () => namesIn(entry)) &&
    verdictMatches(entry, filter.verdicts) &&
    standingMatches(entry, surroundings.standing, filter.standing)
  );
}

/** Whether something that happened within the span may have happened within the window. */
export function inWindow({ from, to }: Span, window: TimeWindow | undefined): boolean {
  return to >= (window?.from ?? Number.NEGATIVE_INFINITY) && from < (window?.to ?? Number.POSITIVE_INFINITY);
}

export function happenedOf({ statement: { predicate } }: Entry): Span {
  if ('change' in predicate) return spanOf(predicate.when);
  if ('annotation' in predicate) return statedSpan(predicate);
  return spanBetween(predicate.scan.startedAt, predicate.scan.finishedAt);
}

export function recordedOf({ statement: { predicate } }: Entry): Span {
  const text = 'scan' in predicate && 'recordedAt' in predicate ? predicate.recordedAt : predicate.when.recordedAt;
  const at = momentOf(text, Number.NaN);
  return Number.isNaN(at) ? { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY } : { from: at, to: at };
}

function placeMatches(entry: Entry, about: readonly Entry[], by: Matchers): boolean {
  if (by.address === undefined && by.type === undefined) return true;
  return [entry, ...about].some(({ statement: { predicate } }) => {
    const place =
      'change' in predicate
        ? predicate.change.resource
        : 'annotation' in predicate && predicate.annotation.waiver !== undefined
          ? { address: predicate.annotation.waiver.address, type: '' }
          : undefined;
    return place !== undefined && (by.address?.(place.address) ?? true) && (by.type?.(place.type) ?? true);
  });
}

function someMatch(matcher: Matcher | undefined, texts: () => readonly string[]): boolean {
  return matcher === undefined || texts().some(matcher);
}

function touchedBy({ statement: { predicate } }: Entry): readonly string[] {
  if ('change' in predicate) return pathsOf(predicate);
  return 'annotation' in predicate ? annotationPaths(predicate) : [];
}

function namesIn({ statement: { predicate } }: Entry): readonly string[] {
  if ('change' in predicate) return actorsOf(predicate);
  return 'annotation' in predicate ? speakersOf(predicate) : [];
}

function verdictMatches({ statement: { predicate } }: Entry, wanted: ReadonlySet<Verdict> | undefined): boolean {
  if (wanted === undefined) return true;
  const verdict =
    'change' in predicate
      ? predicate.who.verdict
      : 'annotation' in predicate
        ? predicate.annotation.correction?.who?.verdict
        : undefined;
  return verdict !== undefined && wanted.has(verdict);
}

function standingMatches(entry: Entry, standing: DriftStanding | undefined, wanted: EntryFilter['standing']): boolean {
  if (wanted === undefined) return true;
  if (wanted === 'open') return standing === 'open';
  return entry.kind === 'resolved' || standing === 'ended';
}
