import type { ChangePredicate, Descriptor, ScanPredicate, SignedChange, Statement } from '../model/entry.ts';
import type { ScanScope } from '../model/scan.ts';
import type { Value } from '../model/value.ts';
import { documentOf, type LedgerDocument } from './documents.ts';
import { canonicalJson } from './jcs.ts';
import { toJson } from './json-value.ts';

/** Lists and values whose canonical JSON is longer than this stand in a document of their own. */
const DETACH_BYTES = 1024;
const LIST_MEDIA_TYPE = 'application/vnd.driftbom.list.v1+json';
const VALUE_MEDIA_TYPE = 'application/vnd.driftbom.value.v1+json';

/** A list that stands in the payload, or the descriptor of the document that holds it. */
export type Detachable<T> = readonly T[] | Descriptor;

/** The lists of a scan that may be large. Equal lists of later scans then cost nothing: they share the document. */
export const DETACHABLE_LISTS = ['inputs', 'gaps', 'ignored', 'open', 'resolved'] as const;
type ListName = (typeof DETACHABLE_LISTS)[number];
type ScanFacts = ScanPredicate['scan'];

/** A scan entry's predicate as it is signed. */
export interface SignedScanPredicate extends Omit<ScanPredicate, 'scan'> {
  readonly scan: Omit<ScanFacts, ListName | 'scope' | 'rules'> & {
    readonly rules?: Omit<NonNullable<ScanFacts['rules']>, 'judged'> & { readonly judged: Detachable<unknown> };
    readonly scope: Omit<ScanScope, 'compared' | 'places'> & {
      readonly compared: Detachable<unknown>;
      readonly places?: Detachable<unknown>;
    };
  } & { readonly [name in ListName]: Detachable<unknown> };
}

/** One change as it is signed: a large side is named by digest, under a key of its own so that no value can pose as one. */
export type DetachedChange = Omit<SignedChange, 'before' | 'after'> & {
  readonly before?: unknown;
  readonly beforeDocument?: Descriptor;
  readonly after?: unknown;
  readonly afterDocument?: Descriptor;
};

/** A drift or resolved entry's predicate as it is signed. */
export interface SignedChangePredicate extends Omit<ChangePredicate, 'change'> {
  readonly change: Omit<ChangePredicate['change'], 'paths'> & { readonly paths: readonly DetachedChange[] };
}

/** Moves large lists out of a scan statement; `documents` takes them. */
export function detachScan(
  statement: Statement<ScanPredicate>,
  documents: LedgerDocument[],
): Statement<SignedScanPredicate> {
  const { scan } = statement.predicate;
  const list = (name: string, items: readonly unknown[]): Detachable<unknown> => {
    if (!isLarge(items)) return items;
    const document = documentOf(items);
    documents.push(document);
    const annotations = { count: items.length };
    return { name, digest: { sha256: document.sha256 }, mediaType: LIST_MEDIA_TYPE, annotations };
  };
  const lists = Object.fromEntries(DETACHABLE_LISTS.map((name) => [name, list(name, scan[name])]));
  const { compared, places } = scan.scope;
  const scope = {
    ...scan.scope,
    compared: list('compared', compared),
    ...(places === undefined ? {} : { places: list('places', places) }),
  };
  const rules = scan.rules === undefined ? {} : { rules: { ...scan.rules, judged: list('rules', scan.rules.judged) } };
  const signed = { ...scan, ...lists, scope, ...rules } as SignedScanPredicate['scan'];
  return { ...statement, predicate: { ...statement.predicate, scan: signed } };
}

/** Moves large values out of a change statement; `documents` takes them. */
export function detachChange(
  statement: Statement<ChangePredicate>,
  documents: LedgerDocument[],
): Statement<SignedChangePredicate> {
  const side = (name: 'before' | 'after', change: SignedChange): { readonly [key: string]: unknown } => {
    if (!isLarge(change[name])) return { [name]: change[name] };
    const document = documentOf(change[name]);
    documents.push(document);
    const descriptor = { name: change.path, digest: { sha256: document.sha256 }, mediaType: VALUE_MEDIA_TYPE };
    return { [`${name}Document`]: descriptor };
  };
  const paths = statement.predicate.change.paths.map((change) => {
    const { before: _before, after: _after, ...rest } = change;
    return { ...rest, ...side('before', change), ...side('after', change) };
  });
  const { predicate } = statement;
  return { ...statement, predicate: { ...predicate, change: { ...predicate.change, paths } } };
}

function isLarge(json: unknown): boolean {
  return Buffer.byteLength(canonicalJson(toJson(json as Value))) > DETACH_BYTES;
}
