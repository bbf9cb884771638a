import { type Catalogue, placeIn } from './catalogue.ts';
import { ERASED, KIND_CODES, NO_SUBJECT, VERDICT_CODES } from './columns.ts';
import { type EntryFilter, inWindow, type Matchers } from './filter.ts';
import type { Links } from './links.ts';
import type { Matcher } from './pattern.ts';
import type { Segment } from './segment.ts';
import type { Standings } from './standing.ts';

/** One byte an entry of a segment: 1 where it may be asked for. */
type Mask = Uint8Array;
/** Takes out of a mask what cannot be asked for. */
type Sieve = (segment: Segment, mask: Mask) => Promise<void>;

/**
 * Log indexes, ascending, of entries that a filter may ask for: all of those that it does ask for, and perhaps some that
 * it does not. What a correction says of an entry counts for the entry; annotations stand where what they speak of stands.
 */
export async function candidatesOf(
  catalogue: Catalogue,
  links: Links,
  standings: Standings,
  filter: EntryFilter,
  by: Matchers,
): Promise<number[]> {
  const sieves = sievesOf(catalogue, links, standings, filter, by);
  const found: number[] = [];
  for (const segment of catalogue.segments) {
    const { start, count } = segment.outline;
    const mask = new Uint8Array(count).fill(1);
    for (const sieve of sieves) {
      await sieve(segment, mask);
      if (!mask.includes(1)) break;
    }
    for (let at = mask.indexOf(1); at >= 0; at = mask.indexOf(1, at + 1)) found.push(start + at);
  }
  return found;
}

/** The cheap ones first: where they leave nothing, no further column is read. */
function sievesOf(
  catalogue: Catalogue,
  links: Links,
  standings: Standings,
  filter: EntryFilter,
  by: Matchers,
): readonly Sieve[] {
  const sieves: Sieve[] = [];
  if (filter.happened !== undefined) sieves.push(happenedSieve(catalogue, links, filter.happened));
  if (filter.recorded !== undefined) sieves.push(recordedSieve(filter.recorded));
  sieves.push(kindSieve(filter));
  if (by.address !== undefined || by.type !== undefined) sieves.push(placeSieve(catalogue, links, by));
  if (by.attribute !== undefined) sieves.push(touchedSieve(by.attribute));
  if (filter.verdicts !== undefined) {
    const codes = new Set([...filter.verdicts].map((verdict) => VERDICT_CODES[verdict]));
    sieves.push(answerSieve(catalogue, links, (segment) => verdictMask(segment, codes)));
  }
  const { actor } = by;
  if (actor !== undefined) sieves.push(answerSieve(catalogue, links, (segment) => actorMask(segment, actor)));
  if (filter.standing !== undefined) sieves.push(standingSieve(standings, filter.standing));
  return sieves;
}

/** An erased entry has nothing that could be asked for. */
function kindSieve({ kinds }: EntryFilter): Sieve {
  const codes = kinds === undefined ? undefined : new Set([...kinds].map((kind) => KIND_CODES[kind]));
  return async (segment, mask) => {
    const kind = await segment.column('kind');
    for (let at = 0; at < mask.length; at++) {
      const code = kind[at] as number;
      if (code === ERASED || codes?.has(code) === false) mask[at] = 0;
    }
  };
}

function happenedSieve(catalogue: Catalogue, links: Links, window: NonNullable<EntryFilter['happened']>): Sieve {
  const moved = new Uint8Array(catalogue.frontier.size);
  const reached = new Set<number>();
  links.eachMoved((target, happened) => {
    if (!inWindow({ from: happened, to: happened }, window)) return;
    moved[target] = 1;
    reached.add(Math.floor(target / catalogue.width));
  });
  return async (segment, mask) => {
    const { start, latest } = segment.outline;
    const over = latest !== null && latest < (window.from ?? Number.NEGATIVE_INFINITY);
    if (over && !reached.has(start / catalogue.width)) {
      mask.fill(0);
      return;
    }
    const [from, to] = await Promise.all([segment.column('from'), segment.column('to')]);
    for (let at = 0; at < mask.length; at++) {
      const span = { from: from[at] as number, to: to[at] as number };
      if (moved[start + at] === 0 && !inWindow(span, window)) mask[at] = 0;
    }
  };
}

function recordedSieve(window: NonNullable<EntryFilter['recorded']>): Sieve {
  return async (segment, mask) => {
    const { latestRecorded } = segment.outline;
    if (latestRecorded !== null && latestRecorded < (window.from ?? Number.NEGATIVE_INFINITY)) {
      mask.fill(0);
      return;
    }
    const recorded = await segment.column('recorded');
    for (let at = 0; at < mask.length; at++) {
      const time = recorded[at] as number;
      if (!Number.isNaN(time) && !inWindow({ from: time, to: time }, window)) mask[at] = 0;
    }
  };
}

function placeSieve(catalogue: Catalogue, links: Links, by: Matchers): Sieve {
  const own = keptBySegment((segment) => placeMask(segment, by));
  return async (segment, mask) => {
    const placed = await own(segment);
    for (let at = mask.indexOf(1); at >= 0; at = mask.indexOf(1, at + 1)) {
      if (placed[at] === 1) continue;
      mask[at] = 0;
      for (const { to, relation } of links.comingFrom(segment.outline.start + at)) {
        if (relation !== 'about' && relation !== 'corrects') continue;
        const target = placeIn(catalogue, to);
        if ((await own(target.segment))[target.at] === 1) mask[at] = 1;
      }
    }
  };
}

/** Which entries tell of a resource that is asked for. Where no resource of the segment is, no other column is read. */
export async function placeMask(segment: Segment, by: Pick<Matchers, 'address' | 'type'>): Promise<Mask> {
  const mask = new Uint8Array(segment.outline.count);
  const addresses = await segment.column('addresses');
  const types = by.type === undefined ? undefined : await segment.column('types');
  const fits = new Uint8Array(addresses.length);
  addresses.forEach((address, at) => {
    if ((by.address?.(address) ?? true) && (by.type?.(types?.[at] as string) ?? true)) fits[at] = 1;
  });
  if (!fits.includes(1)) return mask;
  const subject = await segment.column('subject');
  for (let at = 0; at < mask.length; at++) {
    const number = subject[at] as number;
    if (number !== NO_SUBJECT) mask[at] = fits[number] as number;
  }
  return mask;
}

function touchedSieve(attribute: Matcher): Sieve {
  return async (segment, mask) => {
    const touched = await namedMask(segment, 'paths', 'pathEntry', 'pathName', attribute);
    for (let at = 0; at < mask.length; at++) mask[at] = (mask[at] as number) & (touched[at] as number);
  };
}

/** For what a correction may replace: an entry fits by itself or by one of its corrections. */
function answerSieve(catalogue: Catalogue, links: Links, maskOf: (segment: Segment) => Promise<Mask>): Sieve {
  const own = keptBySegment(maskOf);
  return async (segment, mask) => {
    const fits = await own(segment);
    for (let at = mask.indexOf(1); at >= 0; at = mask.indexOf(1, at + 1)) {
      if (fits[at] === 1) continue;
      mask[at] = 0;
      for (const { from, relation } of links.leadingTo(segment.outline.start + at)) {
        if (relation !== 'corrects') continue;
        const correction = placeIn(catalogue, from);
        if ((await own(correction.segment))[correction.at] === 1) mask[at] = 1;
      }
    }
  };
}

async function verdictMask(segment: Segment, codes: ReadonlySet<number>): Promise<Mask> {
  const verdict = await segment.column('verdict');
  const mask = new Uint8Array(segment.outline.count);
  for (let at = 0; at < mask.length; at++) if (codes.has(verdict[at] as number)) mask[at] = 1;
  return mask;
}

function actorMask(segment: Segment, actor: Matcher): Promise<Mask> {
  return namedMask(segment, 'actors', 'actorEntry', 'actorName', actor);
}

async function namedMask(
  segment: Segment,
  names: 'paths' | 'actors',
  entries: 'pathEntry' | 'actorEntry',
  numbers: 'pathName' | 'actorName',
  matches: Matcher,
): Promise<Mask> {
  const fits = (await segment.column(names)).map(matches);
  const [entry, number] = await Promise.all([segment.column(entries), segment.column(numbers)]);
  const mask = new Uint8Array(segment.outline.count);
  for (let i = 0; i < entry.length; i++) if (fits[number[i] as number] === true) mask[entry[i] as number] = 1;
  return mask;
}

function standingSieve(standings: Standings, wanted: 'open' | 'resolved'): Sieve {
  return async (segment, mask) => {
    const kind = await segment.column('kind');
    const { start } = segment.outline;
    for (let at = mask.indexOf(1); at >= 0; at = mask.indexOf(1, at + 1)) {
      const resolved = kind[at] === KIND_CODES.resolved;
      const standing = kind[at] === KIND_CODES.drift ? standings.of(start + at) : undefined;
      const fits = wanted === 'open' ? standing === 'open' : resolved || standing === 'ended';
      if (!fits) mask[at] = 0;
    }
  };
}

function keptBySegment(maskOf: (segment: Segment) => Promise<Mask>): (segment: Segment) => Promise<Mask> {
  const kept = new Map<Segment, Promise<Mask>>();
  return (segment) => {
    const mask = kept.get(segment) ?? maskOf(segment);
    kept.set(segment, mask);
    return mask;
  };
}
