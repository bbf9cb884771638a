import type { ChangePredicate, Descriptor, Entry, ScanPredicate, Statement } from '../model/entry.ts';
import { decodeUtf8, sha256Hex } from './bytes.ts';
import {
  DETACHABLE_LISTS,
  type Detachable,
  type DetachedChange,
  type SignedChangePredicate,
  type SignedScanPredicate,
} from './detach.ts';
import { FormatError } from './format-error.ts';
import { documentKey } from './paths.ts';
import type { LedgerReader } from './port.ts';
import type { SignedStatement } from './statement-shape.ts';
import { parseStrictJson } from './strict-json.ts';

/** Gives the parsed document of a digest. Throws FormatError where it is missing or has other bytes. */
export type DocumentSource = (sha256: string) => Promise<unknown>;

/** Documents shared by neighbouring entries (a scan's list of addresses) are read and parsed once. */
const KEPT_DOCUMENTS = 64;

/** Reads documents from a ledger, checks each against its digest, keeps the last few. */
export function documentSource(reader: LedgerReader): DocumentSource {
  const kept = new Map<string, unknown>();
  return async (sha256) => {
    if (kept.has(sha256)) {
      const json = kept.get(sha256);
      // Put last again, so that the one that was not asked for the longest goes first.
      kept.delete(sha256);
      kept.set(sha256, json);
      return json;
    }
    const bytes = await reader.get(documentKey(sha256));
    if (bytes === undefined) throw new FormatError(`document ${sha256} is missing`);
    if (sha256Hex(bytes) !== sha256) throw new FormatError(`document ${sha256} has other bytes than its digest says`);
    const json = parseStrictJson(decodeUtf8(bytes));
    const oldest = kept.keys().next();
    if (kept.size >= KEPT_DOCUMENTS && !oldest.done) kept.delete(oldest.value);
    kept.set(sha256, json);
    return json;
  };
}

/** The entry of a statement, with detached lists and values in their places again. Throws FormatError. */
export async function attachEntry(
  signed: SignedStatement,
  { index, digest }: { readonly index: number; readonly digest: string },
  source: DocumentSource,
): Promise<Entry> {
  if (signed.kind === 'scan') {
    return { index, digest, kind: 'scan', statement: await attachScan(signed.statement, source) };
  }
  if (signed.kind === 'annotation') {
    const { statement } = signed;
    return { index, digest, kind: statement.predicate.annotation.kind, statement };
  }
  const statement = await attachChange(signed.statement, source);
  return { index, digest, kind: statement.predicate.change.kind, statement };
}

/** Puts detached lists back. Throws FormatError. */
async function attachScan(
  statement: Statement<SignedScanPredicate>,
  source: DocumentSource,
): Promise<Statement<ScanPredicate>> {
  const { scan } = statement.predicate;
  const lists: { [name: string]: unknown } = {};
  for (const name of DETACHABLE_LISTS) lists[name] = await attachList(scan[name], source);
  const { compared, places } = scan.scope;
  const scope = {
    ...scan.scope,
    compared: await attachList(compared, source),
    ...(places === undefined ? {} : { places: await attachList(places, source) }),
  };
  const rules =
    scan.rules === undefined ? {} : { rules: { ...scan.rules, judged: await attachList(scan.rules.judged, source) } };
  const attached = { ...scan, ...lists, scope, ...rules } as unknown as ScanPredicate['scan'];
  return { ...statement, predicate: { ...statement.predicate, scan: attached } };
}

async function attachList(list: Detachable<unknown>, source: DocumentSource): Promise<readonly unknown[]> {
  if (isList(list)) return list;
  const json = await source(list.digest.sha256);
  if (!Array.isArray(json)) throw new FormatError(`document ${list.digest.sha256} does not hold a list`);
  return json;
}

function isList(list: Detachable<unknown>): list is readonly unknown[] {
  return Array.isArray(list);
}

/** Puts detached values back. Throws FormatError. */
async function attachChange(
  statement: Statement<SignedChangePredicate>,
  source: DocumentSource,
): Promise<Statement<ChangePredicate>> {
  const { predicate } = statement;
  if (predicate.change.paths.every(isWhole)) return statement as Statement<ChangePredicate>;
  const paths: unknown[] = [];
  for (const { beforeDocument, afterDocument, ...change } of predicate.change.paths) {
    const before = beforeDocument === undefined ? change.before : await source(beforeDocument.digest.sha256);
    const after = afterDocument === undefined ? change.after : await source(afterDocument.digest.sha256);
    paths.push({ ...change, before: before ?? null, after: after ?? null });
  }
  const change = { ...predicate.change, paths } as ChangePredicate['change'];
  return { ...statement, predicate: { ...predicate, change } };
}

/** Whether both sides of a change stand in the statement itself. */
function isWhole(change: DetachedChange): boolean {
  const { beforeDocument, afterDocument, before, after } = change;
  return beforeDocument === undefined && afterDocument === undefined && before !== undefined && after !== undefined;
}

/** Every document that a statement names by digest, once: states, lists and values. */
export function documentsNamed({ kind, statement }: SignedStatement, stateMediaType: string): string[] {
  const named: Descriptor[] = statement.subject.filter((one) => one.mediaType === stateMediaType);
  if (kind === 'scan') {
    const { scan } = statement.predicate;
    const { compared, places = [] } = scan.scope;
    const judged = scan.rules?.judged ?? [];
    for (const list of [compared, places, judged, ...DETACHABLE_LISTS.map((name) => scan[name])]) {
      if (!isList(list)) named.push(list);
    }
  } else if (kind === 'change') {
    const { change } = statement.predicate;
    named.push(change.before);
    for (const { beforeDocument, afterDocument } of change.paths) {
      if (beforeDocument !== undefined) named.push(beforeDocument);
      if (afterDocument !== undefined) named.push(afterDocument);
    }
  }
  return [...new Set(named.map((descriptor) => descriptor.digest.sha256))];
}
