import { byCodeUnit } from '../../model/order.ts';
import type { SignedChange } from '../../model/entry.ts';
import type { BlamedPath, BlamedResource, ChangeEntry, Hit } from '../../model/picture.ts';
import { placeMask } from './candidates.ts';
import { KIND_CODES } from './columns.ts';
import { pathsOf } from './facts.ts';
import type { LedgerQuery } from './ledger-query.ts';
import { isChange } from './merged.ts';
import { belowMatcher } from './pattern.ts';
import type { Segment } from './segment.ts';
import { stepsOf, undone } from './steps.ts';

type ChangeHit = BlamedPath['hit'];

/**
 * Each attribute of the resources that a pattern covers, with the entry that was the last to record a change of it. A
 * value that came back is put down to the entry of the way back. Resources by address, attributes by path.
 */
export async function blame(query: LedgerQuery, pattern: string): Promise<BlamedResource[]> {
  const newest = await newestTouches(query, pattern);
  const resources = new Map<string, Omit<BlamedResource, 'paths'> & { readonly paths: BlamedPath[] }>();
  for (const [index, paths] of [...newest].sort(([a], [b]) => a - b)) {
    const entry = await changeHit(query, index);
    if (entry === undefined) continue;
    const { address, workspace, workspaceKey } = entry.picture.entry.statement.predicate.change.resource;
    const key = JSON.stringify([address, workspaceKey]);
    const known = resources.get(key) ?? { address, workspace, workspaceKey, paths: [] };
    resources.set(key, known);
    for (const path of paths) {
      if (pathsOf(entry.picture.entry.statement.predicate).includes(path)) {
        known.paths.push({ path, ...(await lastStep(query, entry, path)) });
      }
    }
  }
  return [...resources.values()]
    .map((one) => ({ ...one, paths: one.paths.sort((a, b) => byCodeUnit(a.path, b.path)) }))
    .sort((a, b) => byCodeUnit(a.address, b.address) || byCodeUnit(a.workspaceKey, b.workspaceKey));
}

/** The entry that did something to the attribute last; `touch` is the newest that tells of it. */
async function lastStep(query: LedgerQuery, touch: ChangeHit, path: string): Promise<Omit<BlamedPath, 'path'>> {
  const at = ({ picture }: ChangeHit): readonly SignedChange[] =>
    picture.entry.statement.predicate.change.paths.filter((change) => change.path === path);
  if (touch.standing === 'moved-on' && touch.next !== undefined) {
    // The drift went on without this attribute: there it had gone back.
    const hit = await changeHit(query, touch.next.index);
    if (hit !== undefined) return { hit, changes: at(touch).map(undone) };
  }
  let hit = touch;
  for (;;) {
    const earlier = await earlierOf(query, hit);
    const changes = stepsOf(hit.picture.entry, earlier?.picture.entry).filter((change) => change.path === path);
    if (changes.length > 0 || earlier === undefined || at(earlier).length === 0) return { hit, changes };
    hit = earlier;
  }
}

/** The drift entry that this one continues. */
async function earlierOf(query: LedgerQuery, { picture }: ChangeHit): Promise<ChangeHit | undefined> {
  const link = query.links.comingFrom(picture.entry.index).find(({ relation }) => relation === 'moves-on');
  const earlier = link === undefined ? undefined : await changeHit(query, link.to);
  return earlier?.picture.entry.digest === picture.entry.statement.predicate.supersedes ? earlier : undefined;
}

async function changeHit(query: LedgerQuery, index: number): Promise<ChangeHit | undefined> {
  const hit: Hit | undefined = await query.hit(index);
  if (hit === undefined || !isChange(hit.picture.entry)) return undefined;
  return hit as Hit & {
    readonly picture: Hit['picture'] & { readonly entry: ChangeEntry; readonly signed: ChangeEntry };
  };
}

/** By log index: the attributes that no later entry of the same resource tells of. */
async function newestTouches(query: LedgerQuery, pattern: string): Promise<Map<number, string[]>> {
  const address = belowMatcher(pattern);
  const seen = new Set<string>();
  const newest = new Map<number, string[]>();
  for (const segment of query.catalogue.segments.toReversed()) {
    await eachTouch(segment, await placeMask(segment, { address, type: undefined }), (resource, path, index) => {
      const touched = JSON.stringify([resource, path]);
      if (seen.has(touched)) return;
      seen.add(touched);
      newest.set(index, [...(newest.get(index) ?? []), path]);
    });
  }
  return newest;
}

/** Calls `each` with every attribute that change entries of the mask touched, newest entry first. */
async function eachTouch(
  segment: Segment,
  mask: Uint8Array,
  each: (resource: string, path: string, index: number) => void,
): Promise<void> {
  if (!mask.includes(1)) return;
  const [kind, subject, addresses, workspaceKeys, paths, entry, name] = await Promise.all([
    segment.column('kind'),
    segment.column('subject'),
    segment.column('addresses'),
    segment.column('workspaceKeys'),
    segment.column('paths'),
    segment.column('pathEntry'),
    segment.column('pathName'),
  ]);
  for (let i = entry.length - 1; i >= 0; i--) {
    const at = entry[i] as number;
    if (mask[at] === 0 || kind[at] === KIND_CODES.waiver) continue;
    const number = subject[at] as number;
    const resource = JSON.stringify([addresses[number], workspaceKeys[number]]);
    each(resource, paths[name[i] as number] as string, segment.outline.start + at);
  }
}
