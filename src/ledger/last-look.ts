import type { Entry, ScanPredicate } from '../model/entry.ts';
import { workspaceKeys } from '../model/scan.ts';
import type { EntryReader } from './read.ts';

/** How far back, in entries, a resource's last look is searched: further back, "since when" is of little use. */
const SEARCHED_ENTRIES = 512;

type ScanFacts = ScanPredicate['scan'];

/** The newest scan entry of a log (of those that fit); undefined where there is none. Reads backwards. */
export async function lastScan(
  read: EntryReader,
  size: number,
  fits: (scan: ScanFacts) => boolean = () => true,
): Promise<ScanFacts | undefined> {
  for (let index = size - 1; index >= 0; index--) {
    const found = factsOf(await read(index));
    if (found !== undefined && fits(found)) return found;
  }
  return undefined;
}

/** Where a resource lives. */
export interface Whereabouts {
  readonly workspaceKey: string;
  readonly address: string;
}

/**
 * When each resource was last looked at: the start of the newest scan that compared it with no rule setting something of
 * it aside. What is different now was done after that. Resources not found so are missing from the map: not known.
 */
export async function lastLooks(
  read: EntryReader,
  size: number,
  resources: readonly Whereabouts[],
): Promise<ReadonlyMap<string, string>> {
  const looks = new Map<string, string>();
  let wanted = [...resources];
  const members = new WeakMap<readonly string[], ReadonlySet<string>>();
  for (let index = size - 1; index >= 0 && index >= size - SEARCHED_ENTRIES && wanted.length > 0; index--) {
    const scan = factsOf(await read(index));
    if (scan === undefined) continue;
    const keyOf = workspaceKeys(scan.inputs);
    wanted = wanted.filter((one) => {
      if (!compared(scan, keyOf, one, members)) return true;
      looks.set(whereabouts(one), scan.startedAt);
      return false;
    });
  }
  return looks;
}

/** Key of lastLooks. */
export function whereabouts({ workspaceKey, address }: Whereabouts): string {
  return JSON.stringify([workspaceKey, address]);
}

function compared(
  scan: ScanFacts,
  keyOf: (workspace: string) => string,
  one: Whereabouts,
  members: WeakMap<readonly string[], ReadonlySet<string>>,
): boolean {
  const list = scan.scope.compared.find(({ workspace }) => keyOf(workspace) === one.workspaceKey)?.addresses;
  if (list === undefined) return false;
  // Neighbouring scans mostly share one list, so each set serves many.
  const set = members.get(list) ?? new Set(list);
  members.set(list, set);
  const setAside = scan.ignored.some(
    ({ workspace, address }) => keyOf(workspace) === one.workspaceKey && address === one.address,
  );
  return set.has(one.address) && !setAside;
}

function factsOf(entry: Entry | undefined): ScanFacts | undefined {
  return entry?.kind === 'scan' ? entry.statement.predicate.scan : undefined;
}
