import type { ResourceRef } from '../model/resource.ts';
import type { Value } from '../model/value.ts';
import { sha256Hex } from './bytes.ts';
import { canonicalBytes } from './jcs.ts';
import { toJson } from './json-value.ts';
import { documentKey } from './paths.ts';
import type { StoredObject } from './port.ts';

/** A content-addressed document: canonical JSON under the name of its own SHA-256. */
export interface LedgerDocument {
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

export function documentOf(value: unknown): LedgerDocument {
  const bytes = canonicalBytes(toJson(value as Value));
  return { sha256: sha256Hex(bytes), bytes };
}

/**
 * The state document of one resource on one side; attributes are null where the side has no object. The resource stands
 * in it, so that two deletions never share a digest.
 */
export function stateDocument(resource: ResourceRef, attributes: Value): LedgerDocument {
  const { provider, type, id, address } = resource;
  return documentOf({ resource: { provider, type, id: id ?? null, address }, attributes });
}

/** The objects to store, each digest once. */
export function storedDocuments(documents: readonly LedgerDocument[]): StoredObject[] {
  const byDigest = new Map(documents.map((document) => [document.sha256, document]));
  return [...byDigest.values()].map(({ sha256, bytes }) => ({ key: documentKey(sha256), bytes }));
}
