import type { SignedChange } from '../model/entry.ts';
import { formatPath, type Path } from '../model/path.ts';
import type { ResourceRef } from '../model/resource.ts';
import { isArray, isMap, sameValue, UNKNOWN, type Value } from '../model/value.ts';
import { type LedgerDocument, stateDocument } from './documents.ts';

/** Type and provider of what people record by a key of their own: a flag, a pool size, a step of a runbook. */
const KEY_TYPE = 'key';
const RECORDED = 'recorded';

const ROOT = 'value';
const MASK = /^hmac-sha256:[0-9a-f]{8}:[0-9a-f]{64}$/;

/** A key as the resource that an entry speaks of. */
export function keyResource(key: string, workspace: string): ResourceRef {
  return { address: key, type: KEY_TYPE, id: undefined, workspace, provider: RECORDED };
}

/** The workspace's key: a recorded key belongs to no state, so nothing but the name can tell. */
export function keyWorkspaceKey(workspace: string): string {
  return `name:${workspace}`;
}

/** The state document of a key with a value. One without a value (null) has no attributes; UNKNOWN is a value. */
export function keyDocument(resource: ResourceRef, value: Value): LedgerDocument {
  return stateDocument(resource, value === null ? null : { [ROOT]: value });
}

/** The inverse of keyDocument, from the parsed document. */
export function keyValue(document: unknown): Value {
  const attributes = (document as { readonly attributes?: Value } | null)?.attributes;
  const value = isMap(attributes) ? (attributes[ROOT] ?? null) : null;
  return isMap(value) && value.$unknown === true && Object.keys(value).length === 1 ? UNKNOWN : value;
}

/** Whether a masked secret stands anywhere in a value. */
export function holdsMask(value: Value): boolean {
  if (typeof value === 'string') return MASK.test(value);
  if (isArray(value)) return value.some(holdsMask);
  return isMap(value) && Object.values(value).some(holdsMask);
}

/** What differs between two values of a key: member by member where both are objects, else the whole. null is "not set". */
export function keyChanges(before: Value, after: Value): SignedChange[] {
  return changesAt([ROOT], before, after);
}

function changesAt(path: Path, before: Value, after: Value): SignedChange[] {
  if (sameValue(before, after)) return [];
  if (isMap(before) && isMap(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => changesAt([...path, name], before[name] ?? null, after[name] ?? null));
  }
  return [
    {
      path: formatPath(path),
      op: before === null ? 'add' : after === null ? 'remove' : 'replace',
      before,
      after,
      sensitive: holdsMask(before) || holdsMask(after),
      cause: 'out-of-band',
    },
  ];
}
