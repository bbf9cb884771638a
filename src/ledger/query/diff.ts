import { CHANGE_KINDS } from '../../model/entry.ts';
import type { ChangeEntry, LedgerDiff, Picture, ResourceDiff } from '../../model/picture.ts';
import { candidatesOf, placeMask } from './candidates.ts';
import { KIND_CODES } from './columns.ts';
import { type EntryFilter, happenedOf, type Matchers, matchersOf, recordedOf } from './filter.ts';
import type { LedgerQuery } from './ledger-query.ts';
import { netOf, stepsOf } from './steps.ts';

export interface DiffQuestion {
  /** Milliseconds since 1970; what happened at a moment belongs before it. */
  readonly from: number;
  readonly to: number;
  /** Which time decides: when it happened (as far as bounds tell: when it was seen), or when the ledger knew. */
  readonly axis: 'happened' | 'recorded';
  /** Address, module or pattern. */
  readonly address?: string | undefined;
}

/** What the ledger knows of the difference between two moments. Throws E_LEDGER_CORRUPT. */
export async function diffBetween(query: LedgerQuery, question: DiffQuestion): Promise<LedgerDiff> {
  const { from, to, axis, address } = question;
  const filter: EntryFilter = { [axis]: { from, to: to + 1 }, address, kinds: new Set(CHANGE_KINDS) };
  const by = matchersOf(filter);
  const candidates = await candidatesOf(query.catalogue, query.links, query.standings, filter, by);
  const pictures = await query.pictures(candidates);
  const at = (picture: Picture<ChangeEntry>): number => momentIn(picture.entry, axis);
  const between = pictures
    .filter((one) => at(one) > from && at(one) <= to)
    .sort((a, b) => at(a) - at(b) || a.entry.index - b.entry.index);
  const [openBefore, openAfter] = await Promise.all([from, to].map((moment) => openAt(query, moment, axis, by)));
  const groups = new Map<string, Picture<ChangeEntry>[]>();
  for (const one of between) {
    const { driftKey } = one.entry.statement.predicate.change;
    groups.set(driftKey, [...(groups.get(driftKey) ?? []), one]);
  }
  const resources: ResourceDiff[] = [];
  for (const entries of groups.values()) {
    resources.push(await resourceDiff(query, entries, openBefore as OpenDrifts, openAfter as OpenDrifts));
  }
  resources.sort((a, b) =>
    a.address < b.address ? -1 : a.address > b.address ? 1 : a.workspaceKey < b.workspaceKey ? -1 : 1,
  );
  const differs = (one: ResourceDiff): boolean =>
    one.changes.length > 0 || one.presence !== null || one.openBefore !== one.openAfter;
  return {
    from,
    to,
    axis,
    openBefore: openBefore?.size ?? 0,
    openAfter: openAfter?.size ?? 0,
    changed: resources.filter(differs),
    cameBack: resources.filter((one) => !differs(one)),
    uncertain:
      axis === 'recorded' ? [] : pictures.filter(({ entry }) => straddles(entry, from) || straddles(entry, to)),
  };
}

/** Of the drifts that are open at a moment: log index of the entry, by resource (workspace key and address). */
type OpenDrifts = ReadonlyMap<string, number>;

async function resourceDiff(
  query: LedgerQuery,
  entries: readonly Picture<ChangeEntry>[],
  openBefore: OpenDrifts,
  openAfter: OpenDrifts,
): Promise<ResourceDiff> {
  const steps = [];
  const presences: ('appeared' | 'gone')[] = [];
  for (const { entry } of entries) {
    const link = query.links.comingFrom(entry.index).find(({ relation }) => relation === 'moves-on');
    const [earlier] = link === undefined ? [] : await query.pictures([link.to]);
    steps.push(...stepsOf(entry, earlier?.entry));
    const { action } = entry.statement.predicate.change;
    if (action === 'create') presences.push('appeared');
    if (action === 'delete') presences.push('gone');
  }
  const { address, workspace, workspaceKey } = (entries[0] as Picture<ChangeEntry>).entry.statement.predicate.change
    .resource;
  const key = resourceKey(workspaceKey, address);
  const last = presences.at(-1);
  // An even number of comings and goings leaves things as they were.
  const presence = last === undefined || presences.length % 2 === 0 ? null : last;
  const open = { openBefore: openBefore.has(key), openAfter: openAfter.has(key) };
  return { address, workspace, workspaceKey, ...open, presence, changes: netOf(steps), entries };
}

/** Drifts that had begun at a moment and had not ended. */
async function openAt(
  query: LedgerQuery,
  moment: number,
  axis: DiffQuestion['axis'],
  by: Matchers,
): Promise<OpenDrifts> {
  const open = new Map<string, number>();
  const timeOf = await timesOf(query, axis);
  for (const segment of query.catalogue.segments) {
    const [kind, subject, addresses, workspaceKeys, place] = await Promise.all([
      segment.column('kind'),
      segment.column('subject'),
      segment.column('addresses'),
      segment.column('workspaceKeys'),
      by.address === undefined ? undefined : placeMask(segment, by),
    ]);
    for (let at = 0; at < kind.length; at++) {
      if (kind[at] !== KIND_CODES.drift || place?.[at] === 0) continue;
      const index = segment.outline.start + at;
      if (timeOf(index) > moment || isOver(query, index, moment, axis, timeOf)) continue;
      const number = subject[at] as number;
      open.set(resourceKey(workspaceKeys[number] as string, addresses[number] as string), index);
    }
  }
  return open;
}

function isOver(
  { standings }: LedgerQuery,
  index: number,
  moment: number,
  axis: DiffQuestion['axis'],
  timeOf: (index: number) => number,
): boolean {
  const next = standings.nextOf(index);
  if (next !== undefined) return timeOf(next) <= moment;
  const { newest } = standings;
  return standings.of(index) !== 'open' && newest !== undefined && momentIn(newest, axis) <= moment;
}

/** The moment of every entry on an axis; where a correction in force moved it, that one's. */
async function timesOf(
  { catalogue, links }: LedgerQuery,
  axis: DiffQuestion['axis'],
): Promise<(index: number) => number> {
  const column = axis === 'happened' ? 'to' : 'recorded';
  const times = await Promise.all(catalogue.segments.map((segment) => segment.column(column)));
  const moved = new Map<number, number>();
  if (axis === 'happened') {
    // In log order, so that the newest correction is the one that stays.
    links.eachMoved((target, happened, from) => {
      if (links.leadingTo(from).every(({ relation }) => relation !== 'replaces')) moved.set(target, happened);
    });
  }
  return (index) =>
    moved.get(index) ?? (times[Math.floor(index / catalogue.width)]?.[index % catalogue.width] as number);
}

function momentIn(entry: Parameters<typeof happenedOf>[0], axis: DiffQuestion['axis']): number {
  return axis === 'happened' ? happenedOf(entry).to : recordedOf(entry).to;
}

function straddles(entry: ChangeEntry, moment: number): boolean {
  const { from, to } = happenedOf(entry);
  return from < moment && moment < to;
}

function resourceKey(workspaceKey: string, address: string): string {
  return JSON.stringify([workspaceKey, address]);
}
