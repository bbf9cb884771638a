import type { Value } from '../model/value.ts';
import { patchPlace } from '../resources/patches.ts';
import type { Candidate } from './rank/candidate.ts';

/** A change of one property that the cloud refuses where the live value is no longer the one on record. */
export interface Patch {
  readonly typeName: string;
  readonly identifier: string;
  /** Makes a repeated request one request. */
  readonly token: string;
  /** RFC 6902, `test` first. */
  readonly document: string;
  /** Properties that the service never gives back: whoever sends the patch may drop them. */
  readonly mayDrop: readonly string[];
}

/**
 * The patch that puts one attribute back. Only for a single scalar that changed, is set on both sides, is no secret, and whose property is certain;
 * undefined for all else. Source: AWS Cloud Control API User Guide, "Updating a resource".
 */
export function patchFor({ source, type, paths }: Candidate): Patch | undefined {
  const [only, ...others] = paths;
  if (source.kind !== 'entry' || only === undefined || others.length > 0) return undefined;
  const { change, entryId } = source.entry.statement.predicate;
  const { id } = change.resource;
  if (id === null || only.sensitive || only.op !== 'replace' || change.driftKind !== 'changed') return undefined;
  const place = patchPlace(type, only.path);
  if (place === undefined || !isSet(only.before, place.unset) || !isSet(only.after, place.unset)) return undefined;
  const path = `/${place.property}`;
  const document = JSON.stringify([
    { op: 'test', path, value: only.after },
    { op: 'replace', path, value: only.before },
  ]);
  const { typeName, mayDrop } = place;
  return { typeName, identifier: id, token: entryId.replace(/^urn:uuid:/, ''), document, mayDrop };
}

/** A scalar that says something: what is not set is no value to test for, nor one to put back. */
function isSet(value: Value, unset: number | undefined): boolean {
  if (typeof value === 'string') return value !== '';
  return typeof value === 'boolean' || (typeof value === 'number' && value !== unset);
}
