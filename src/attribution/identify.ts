import type { DeclaredResource } from '../model/resource.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isMap } from '../model/value.ts';
import { type AuditChild, auditChildren, auditParts } from '../resources/aws/audit-children.ts';
import { scalarText } from './wire-value.ts';

/** A text by which calls name a resource. */
export interface Identifier {
  readonly text: string;
  /** unique: no other object has it. name: tells apart only within a service, an account and a region. */
  readonly kind: 'unique' | 'name';
  /** Attribute it comes from. */
  readonly from: string;
  /** Further texts that must stand beside it: the name of a policy beside that of its role. In scalarText's form. */
  readonly with?: readonly string[];
  /** Word that the name of the call must hold. */
  readonly named?: string;
}

/** Longer values are no names. */
export const LONGEST_NAME = 2048;

const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:/;
const URL = /^https:\/\/[a-z0-9.-]+\//;
/** Ids that a service makes: `sg-0123abcd`, `tgw-rtb-0a1b...`, a UUID, `Z0123456789ABC`, `AROAEXAMPLE...`. */
const MADE = [
  /^[a-z]+(?:-[a-z0-9]{2,12}){0,2}-[0-9a-zA-Z]{8,}$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  /^(?=.*\d)[A-Z0-9]{12,}$/,
  /^(?:db|cluster)-(?=.*\d)[A-Z0-9]{20,}$/,
];
const EC2_STYLE = /^[a-z]+(?:-[a-z]+){0,2}-[0-9a-f]{8,17}$/;
const OWN = ['id', 'arn', 'name', 'identifier', 'unique_id', 'url'];
const ENDINGS = ['', '_id', '_name', '_arn', '_identifier', '_url'];

/**
 * The texts by which calls name a resource: its ids, ARNs and names, as the state holds them and (`live`) as they were
 * seen. For a resource that lives inside another (an inline policy of a role) the parent's name together with its own. A
 * text that another resource may share carries what tells them apart.
 */
export function identifiersOf(resource: DeclaredResource, live?: ValueMap): readonly Identifier[] {
  const { type, id } = resource.ref;
  const values: ValueMap = { ...live, ...resource.state?.attributes };
  const found = new Map<string, Identifier>();
  const add = (identifier: Identifier): void => {
    const key = JSON.stringify([identifier.text, identifier.with ?? []]);
    if (!found.has(key)) found.set(key, identifier);
  };
  const child = Object.hasOwn(auditChildren, type) ? auditChildren[type] : undefined;
  for (const [from, value] of ownNames(type, { ...values, ...(id === undefined ? {} : { id }) })) {
    const kind = kindOf(value);
    if (child === undefined || (kind === 'unique' && isOwnOf(child, from, value, values))) {
      add({ text: value, kind, from });
    }
  }
  if (child !== undefined) for (const one of childNames(child, values)) add(one);
  for (const place of Object.hasOwn(auditParts, type) ? (auditParts[type] ?? []) : []) {
    for (const text of textsAt(values, place.split('.'))) add({ text, kind: kindOf(text), from: place });
  }
  const all = [...found.values()];
  // What EC2 calls a name is a label: calls use the id.
  const labelled = all.some((one) => one.from === 'id' && EC2_STYLE.test(one.text));
  return labelled ? all.filter((one) => one.kind === 'unique' || one.with !== undefined) : all;
}

/** Whether an id of a child is its own: not its parent's, and not the ARN of what it points at. */
function isOwnOf(child: AuditChild, from: string, text: string, values: ValueMap): boolean {
  if (from === child.parent || child.keys.includes(from)) return false;
  return !ARN.test(text) || child.keys.some((key) => keyTexts(values[key]).some((one) => text.includes(one)));
}

/** Attributes that may name the resource itself: `id`, `arn`, and those named after its type (`function_name`). */
function ownNames(type: string, values: ValueMap): readonly (readonly [string, string])[] {
  const { own, parents } = namesOfType(type);
  const pick = (names: ReadonlySet<string>): (readonly [string, string])[] =>
    [...names].flatMap((name) => {
      const value = values[name];
      return typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME ? [[name, value] as const] : [];
    });
  const found = pick(own);
  // A type without an id of its own is named by what it belongs to: the policy of a bucket by the bucket.
  const hasOwnId = found.some(([, value]) => kindOf(value) === 'unique');
  return hasOwnId ? found : [...found, ...pick(parents).filter(([name]) => name !== 'db_name')];
}

const typeNames = new Map<string, { readonly own: ReadonlySet<string>; readonly parents: ReadonlySet<string> }>();

/** Names after the end of a type (`bucket_policy`, `policy`), and after what stands before it (`bucket`). */
function namesOfType(type: string): { readonly own: ReadonlySet<string>; readonly parents: ReadonlySet<string> } {
  const before = typeNames.get(type);
  if (before !== undefined) return before;
  const words = type.split('_').slice(1);
  const own = new Set(OWN);
  const parents = new Set<string>();
  for (let from = 0; from < words.length; from++) {
    for (let to = from + 1; to <= words.length; to++) {
      const run = words.slice(from, to).join('_');
      for (const ending of ENDINGS) (to === words.length ? own : parents).add(run + ending);
    }
  }
  typeNames.set(type, { own, parents });
  return { own, parents };
}

function childNames(child: AuditChild, values: ValueMap): Identifier[] {
  const keys = child.keys.flatMap((key) => keyTexts(values[key]));
  const named = child.named === undefined ? undefined : values[child.named];
  // Calls may name the parent by its ARN or by its name, whichever of the two the state holds.
  const parents = keyTexts(values[child.parent]).flatMap((text) =>
    ARN.test(text) && text.includes('/') ? [text, text.split('/').at(-1) as string] : [text],
  );
  return parents.map((text) => ({
    text,
    kind: kindOf(text),
    from: child.parent,
    ...(keys.length === 0 ? {} : { with: keys }),
    ...(typeof named === 'string' ? { named } : {}),
  }));
}

function keyTexts(value: Value | undefined): string[] {
  if (isArray(value)) return value.flatMap(keyTexts);
  if (value === undefined || value === null || value === '' || typeof value === 'symbol' || isMap(value)) return [];
  return [scalarText(value)];
}

function textsAt(value: Value | undefined, names: readonly string[]): string[] {
  if (isArray(value)) return value.flatMap((item) => textsAt(item, names));
  const [name, ...rest] = names;
  if (name === undefined) return typeof value === 'string' && value !== '' ? [value] : [];
  return isMap(value) && Object.hasOwn(value, name) ? textsAt(value[name], rest) : [];
}

function kindOf(text: string): Identifier['kind'] {
  return ARN.test(text) || URL.test(text) || MADE.some((form) => form.test(text) && /\d/.test(text))
    ? 'unique'
    : 'name';
}
