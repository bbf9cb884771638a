import type { Entry } from '../model/entry.ts';
import type { ScanEntry } from '../model/history.ts';
import { glob } from '../model/path-pattern.ts';
import { placeOf, placesIn } from './coverage.ts';

/** What a report is confined to. */
export interface Narrowing {
  readonly workspaces: readonly string[];
  readonly modules: readonly string[];
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
}

/** Whether a resource of a workspace is inside. */
type Inside = (workspace: string, address: string) => boolean;

/**
 * Entries as a report of a narrower scope sees them: scans with what they tell of it, changes inside it, and all that was
 * said. An empty list of globs leaves that side open. A module's glob also takes what lies in it. A resource is in the
 * account and region in which the last scan that lists it has it; one of which no scan tells that is in none.
 */
export function narrowed(
  entries: readonly Entry[],
  { workspaces, modules, accounts = [], regions = [] }: Narrowing,
): readonly Entry[] {
  if ([workspaces, modules, accounts, regions].every((globs) => globs.length === 0)) return entries;
  const inWorkspace = anyOf(workspaces.map(glob));
  const inModule = anyOf(modules.map(moduleMatcher));
  const inPlace = placeMatcher(entries, accounts, regions);
  const inside: Inside = (workspace, address) =>
    inWorkspace(workspace) && inModule(address) && inPlace(workspace, address);
  return entries.flatMap((entry): Entry[] => {
    if (entry.kind === 'scan') return narrowedScan(entry, inWorkspace, inside, accounts.length + regions.length > 0);
    const { predicate } = entry.statement;
    if (!('change' in predicate)) return [entry];
    const { workspace, address } = predicate.change.resource;
    return inside(workspace, address) ? [entry] : [];
  });
}

function narrowedScan(
  entry: ScanEntry,
  inWorkspace: (name: string) => boolean,
  inside: Inside,
  byPlace: boolean,
): ScanEntry[] {
  const { scan } = entry.statement.predicate;
  const places = scan.scope.places?.flatMap((place) => {
    const addresses = place.addresses.filter((address) => inside(place.workspace, address));
    return addresses.length === 0 ? [] : [{ ...place, addresses }];
  });
  // A workspace that has nothing in an account was not scanned there.
  const holds = (name: string): boolean => !byPlace || (places ?? []).some((place) => place.workspace === name);
  const names = scan.scope.workspaces.filter((name) => inWorkspace(name) && holds(name));
  if (names.length === 0) return [];
  const compared = scan.scope.compared
    .filter((one) => names.includes(one.workspace))
    .map((one) => ({ ...one, addresses: one.addresses.filter((address) => inside(one.workspace, address)) }));
  const here = (one: { readonly workspace: string; readonly address: string }): boolean =>
    inside(one.workspace, one.address);
  const gaps = scan.gaps.filter(here);
  const ignored = scan.ignored.filter(here);
  const declared = scan.scope.declared.filter((_one, i) => names.includes(scan.scope.workspaces[i] ?? ''));
  const scope = {
    ...{ ...scan.scope, workspaces: names, declared, compared },
    ...(places === undefined ? {} : { places }),
  };
  const open = scan.open.filter(here);
  const all = compared.reduce((sum, one) => sum + one.addresses.length, 0);
  const unread = new Set(gaps.filter((gap) => gap.path === undefined).map((gap) => `${gap.workspace} ${gap.address}`))
    .size;
  // Of the counts, only what the narrowed lists hold; no silent gap can be seen in a part of a scan.
  const summary = { ...scan.summary, resources: all + unread, unread, gaps: gaps.length, ignored: ignored.length };
  const narrow = { ...scan, scope, gaps, ignored, open, summary };
  return [{ ...entry, statement: { ...entry.statement, predicate: { ...entry.statement.predicate, scan: narrow } } }];
}

function placeMatcher(entries: readonly Entry[], accounts: readonly string[], regions: readonly string[]): Inside {
  if (accounts.length === 0 && regions.length === 0) return () => true;
  const places = placesIn(entries.filter((entry): entry is ScanEntry => entry.kind === 'scan'));
  const [inAccount, inRegion] = [anyOf(accounts.map(glob)), anyOf(regions.map(glob))];
  const fits = (globs: readonly string[], matches: (text: string) => boolean, text: string | null): boolean =>
    globs.length === 0 || (text !== null && matches(text));
  return (workspace, address) => {
    const { account, region } = placeOf(places, workspace, address);
    return fits(accounts, inAccount, account) && fits(regions, inRegion, region);
  };
}

function anyOf(matchers: readonly ((text: string) => boolean)[]): (text: string) => boolean {
  return matchers.length === 0 ? () => true : (text) => matchers.some((matches) => matches(text));
}

function moduleMatcher(pattern: string): (address: string) => boolean {
  const [whole, below] = [glob(pattern), [glob(`${pattern}.*`), glob(`${pattern}[*`)]];
  return (address) => whole(address) || below.some((matches) => matches(address));
}
