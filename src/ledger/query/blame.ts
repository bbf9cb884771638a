import type { BlamedPath, BlamedResource, Picture, ChangeEntry } from '../../model/picture.ts';
import { placeMask } from './candidates.ts';
import { KIND_CODES } from './columns.ts';
import type { LedgerQuery } from './ledger-query.ts';
import { isChange } from './merged.ts';
import { pathsOf } from './facts.ts';
import { belowMatcher } from './pattern.ts';
import type { Segment } from './segment.ts';

/**
 * Each attribute of the resources that a pattern covers, with the entry that was the last to record a change of it. A
 * value that came back is put down to the entry of the way back. Resources by address, attributes by path.
 */
export async function blame(query: LedgerQuery, pattern: string): Promise<BlamedResource[]> {
  const newest = new Map<string, number>();
  const by = { address: belowMatcher(pattern), type: undefined };
  for (const segment of query.catalogue.segments.toReversed()) {
    await eachTouch(segment, await placeMask(segment, by), (touched, index) => {
      if (!newest.has(touched)) newest.set(touched, index);
    });
  }
  const resources = new Map<string, { resource: Omit<BlamedResource, 'paths'>; paths: BlamedPath[] }>();
  const wanted = new Map<number, Set<string>>();
  for (const [touched, index] of newest) {
    const path = (JSON.parse(touched) as string[])[2] as string;
    wanted.set(index, (wanted.get(index) ?? new Set()).add(path));
  }
  for (const [index, paths] of [...wanted].sort(([a], [b]) => a - b)) {
    const hit = await query.hit(index);
    if (hit === undefined || !isChange(hit.picture.entry)) continue;
    const { predicate } = hit.picture.entry.statement;
    const { address, workspace, workspaceKey } = predicate.change.resource;
    if (!by.address(address)) continue;
    const key = JSON.stringify([address, workspaceKey]);
    const known = resources.get(key) ?? { resource: { address, workspace, workspaceKey }, paths: [] };
    resources.set(key, known);
    for (const path of pathsOf(predicate)) {
      if (paths.has(path)) known.paths.push({ path, hit: { ...hit, picture: hit.picture as Picture<ChangeEntry> } });
    }
  }
  return [...resources.values()]
    .map(({ resource, paths }) => ({ ...resource, paths: paths.sort((a, b) => order(a.path, b.path)) }))
    .sort((a, b) => order(a.address, b.address) || order(a.workspaceKey, b.workspaceKey));
}

/** Calls `each` with every attribute that entries of the mask touched, newest entry first. */
async function eachTouch(
  segment: Segment,
  mask: Uint8Array,
  each: (touched: string, index: number) => void,
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
    const touched = [addresses[number], workspaceKeys[number], paths[name[i] as number]];
    each(JSON.stringify(touched), segment.outline.start + at);
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
