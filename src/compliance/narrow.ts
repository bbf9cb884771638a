import type { Entry } from '../model/entry.ts';
import type { ScanEntry } from '../model/history.ts';
import { glob } from '../model/path-pattern.ts';

/** What a report is confined to. */
export interface Narrowing {
  readonly workspaces: readonly string[];
  readonly modules: readonly string[];
}

/** Whether a resource of a workspace is inside. */
type Inside = (workspace: string, address: string) => boolean;

/**
 * Entries as a report of a narrower scope sees them: scans with what they tell of it, changes inside it, and all that was
 * said. An empty list of globs leaves that side open. A module's glob also takes what lies in it.
 */
export function narrowed(entries: readonly Entry[], { workspaces, modules }: Narrowing): readonly Entry[] {
  if (workspaces.length === 0 && modules.length === 0) return entries;
  const inWorkspace = anyOf(workspaces.map(glob));
  const inModule = anyOf(modules.map(moduleMatcher));
  const inside: Inside = (workspace, address) => inWorkspace(workspace) && inModule(address);
  return entries.flatMap((entry): Entry[] => {
    if (entry.kind === 'scan') return narrowedScan(entry, inWorkspace, inside);
    const { predicate } = entry.statement;
    if (!('change' in predicate)) return [entry];
    const { workspace, address } = predicate.change.resource;
    return inside(workspace, address) ? [entry] : [];
  });
}

function narrowedScan(entry: ScanEntry, inWorkspace: (name: string) => boolean, inside: Inside): ScanEntry[] {
  const { scan } = entry.statement.predicate;
  const names = scan.scope.workspaces.filter(inWorkspace);
  if (names.length === 0) return [];
  const compared = scan.scope.compared
    .filter((one) => inWorkspace(one.workspace))
    .map((one) => ({ ...one, addresses: one.addresses.filter((address) => inside(one.workspace, address)) }));
  const here = (one: { readonly workspace: string; readonly address: string }): boolean =>
    inside(one.workspace, one.address);
  const gaps = scan.gaps.filter(here);
  const ignored = scan.ignored.filter(here);
  const declared = scan.scope.declared.filter((_one, i) => inWorkspace(scan.scope.workspaces[i] ?? ''));
  const scope = { ...scan.scope, workspaces: names, declared, compared };
  const open = scan.open.filter(here);
  const all = compared.reduce((sum, one) => sum + one.addresses.length, 0);
  const unread = new Set(gaps.filter((gap) => gap.path === undefined).map((gap) => `${gap.workspace} ${gap.address}`))
    .size;
  // Of the counts, only what the narrowed lists hold; no silent gap can be seen in a part of a scan.
  const summary = { ...scan.summary, resources: all + unread, unread, gaps: gaps.length, ignored: ignored.length };
  const narrow = { ...scan, scope, gaps, ignored, open, summary };
  return [{ ...entry, statement: { ...entry.statement, predicate: { ...entry.statement.predicate, scan: narrow } } }];
}

function anyOf(matchers: readonly ((text: string) => boolean)[]): (text: string) => boolean {
  return matchers.length === 0 ? () => true : (text) => matchers.some((matches) => matches(text));
}

function moduleMatcher(pattern: string): (address: string) => boolean {
  const [whole, below] = [glob(pattern), [glob(`${pattern}.*`), glob(`${pattern}[*`)]];
  return (address) => whole(address) || below.some((matches) => matches(address));
}
