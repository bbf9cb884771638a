import { parseJsonText, printJsonText } from '../model/json-text.ts';
import type { Path, Step } from '../model/path.ts';
import type { ResourceSchema } from '../model/schema.ts';
import { ANY, type Shape, shapeOf } from '../model/shape.ts';
import type { Value } from '../model/value.ts';
import { isArray, isMap } from '../model/value.ts';
import { isFreeForm } from './free-form.ts';
import { factsTable } from './index.ts';
import { isSecretName } from './secret-names.ts';
import { isSecretText } from './secret-text.ts';

/** What tells a secret at one place: the schema, the marks of the state, and the names on the way. */
export interface SecretPlace {
  readonly shape: Shape;
  /** From the root of the resource; marks are written so. */
  readonly path: Path;
  readonly marks: readonly Path[];
  readonly type: string;
}

/**
 * Paths of every secret leaf of a resource's value: what the schema calls sensitive or write-only, what the state marks
 * (whole subtrees), what is named or looks like a secret, also inside strings that hold JSON (the path then goes on into
 * the document). Errs on the side of hiding.
 */
export function secretPaths(
  value: Value,
  schema: ResourceSchema | undefined,
  marks: readonly Path[],
  type: string,
): readonly Path[] {
  return secretsAt(value, { shape: shapeOf(schema), path: [], marks, type });
}

/** The same for a value that stands at some place of a resource. The paths begin at that value. */
export function secretsAt(value: Value, place: SecretPlace): readonly Path[] {
  const found: Path[] = [];
  const own = Object.hasOwn(factsTable.types, place.type) ? factsTable.types[place.type]?.secrets : undefined;
  const search: Search = { marks: place.marks.map(namesOf), own: (own ?? []).map((one) => one.split('.')), found };
  const names = namesOf(place.path);
  const free = place.path.some((step) => typeof step === 'string' && isFreeForm(step)) || place.shape.kind === 'map';
  const hidden = isHidden(names, place.shape, search) || names.some((name) => isSecretName(name, free));
  walk(value, { shape: place.shape, names, path: [], free, hidden }, search);
  return found;
}

/** Replaces the leaves at the paths by what `redact` makes of them; JSON inside strings keeps its other members. */
export function maskSecrets(value: Value, paths: readonly Path[], redact: (secret: Value) => string): Value {
  if (paths.length === 0) return value;
  const tree = treeOf(paths);
  return mask(value, tree, redact);
}

interface Search {
  /** Marked places by names alone: an index says nothing in a set, and may have moved in a list. */
  readonly marks: readonly (readonly string[])[];
  readonly own: readonly (readonly string[])[];
  readonly found: Path[];
}

interface Here {
  readonly shape: Shape;
  readonly names: readonly string[];
  readonly path: Path;
  readonly free: boolean;
  /** Everything below is secret. */
  readonly hidden: boolean;
}

function walk(value: Value, here: Here, search: Search): void {
  if (isArray(value)) {
    const shape = here.shape.kind === 'list' || here.shape.kind === 'set' ? here.shape.element : ANY;
    value.forEach((item, i) => {
      walk(item, { ...here, shape, path: [...here.path, i], hidden: here.hidden || shape.sensitive }, search);
    });
  } else if (isMap(value)) walkMap(value, here, search);
  else if (typeof value === 'string') walkText(value, here, search);
  else if (here.hidden && value !== null && isMarked(here, search)) search.found.push(here.path);
}

function walkMap(value: { readonly [key: string]: Value }, here: Here, search: Search): void {
  const named = namedSecret(value);
  for (const key of Object.keys(value)) {
    const shape = memberShape(here.shape, key);
    const names = [...here.names, key];
    const free = here.free || isFreeForm(key) || (shape.kind === 'map' && shape.element.kind === 'scalar');
    const secret = isSecretName(key, here.free) && !isDefinition(value[key] as Value);
    const hidden = here.hidden || secret || key === named || isHidden(names, shape, search);
    walk(value[key] as Value, { shape, names, path: [...here.path, key], free, hidden }, search);
  }
}

function walkText(text: string, here: Here, search: Search): void {
  if (text === '') return;
  if (here.hidden && (isMarked(here, search) || !isReference(text))) {
    search.found.push(here.path);
    return;
  }
  const document = parseJsonText(text);
  if (document === undefined) {
    if (isSecretText(text)) search.found.push(here.path);
    return;
  }
  const before = search.found.length;
  walk(document, { ...here, shape: ANY, free: true }, search);
  // A document whose secrets are found leaf by leaf is readable for the rest; one that merely looks bad is hidden whole.
  if (search.found.length === before && /PRIVATE KEY/.test(text)) search.found.push(here.path);
}

/** Only what the schema or the state says hides numbers, bools and references; a name is no proof against those. */
function isMarked(here: Here, search: Search): boolean {
  return (
    here.shape.sensitive || here.shape.writeOnly || isUnder(here.names, search.marks) || isUnder(here.names, search.own)
  );
}

function isHidden(names: readonly string[], shape: Shape, search: Search): boolean {
  return shape.sensitive || shape.writeOnly || isUnder(names, search.marks) || isUnder(names, search.own);
}

/** Whether a mark stands at the place or above it. What marks say of tags holds of the merged tags, too. */
function isUnder(names: readonly string[], marks: readonly (readonly string[])[]): boolean {
  const same = (mark: string, name: string | undefined, i: number): boolean =>
    mark === name || (i === 0 && mark === 'tags' && name === 'tags_all');
  return marks.some((mark) => mark.length <= names.length && mark.every((one, i) => same(one, names[i], i)));
}

/** {name: "DB_PASSWORD", value: "..."}: the key whose value the other member names. */
function namedSecret(value: { readonly [key: string]: Value }): string | undefined {
  for (const [label, content] of [
    ['name', 'value'],
    ['Name', 'Value'],
    ['key', 'value'],
    ['Key', 'Value'],
    ['ParameterKey', 'ParameterValue'],
  ] as const) {
    const name = value[label];
    if (typeof name === 'string' && Object.hasOwn(value, content) && isSecretName(name, true)) return content;
  }
  return undefined;
}

/** A list of {name, valueFrom}: where secrets come from, not what they are. */
function isDefinition(value: Value): boolean {
  return isArray(value) && value.length > 0 && value.every((one) => isMap(one) && Object.hasOwn(one, 'valueFrom'));
}

/** An ARN names a secret and does not give it away. So does a template's or a configuration's reference. */
function isReference(text: string): boolean {
  return (
    /^arn:aws[a-z-]*:[a-z0-9-]+:/.test(text) || /^(?:true|false)$/i.test(text) || /^\{\{resolve:[^}]+\}\}$/.test(text)
  );
}

function memberShape(shape: Shape, key: string): Shape {
  if (shape.kind === 'object') return shape.members.get(key) ?? ANY;
  return shape.kind === 'map' ? shape.element : ANY;
}

function namesOf(path: Path): string[] {
  return path.filter((step) => typeof step === 'string');
}

interface Tree {
  leaf: boolean;
  readonly below: Map<Step, Tree>;
}

function treeOf(paths: readonly Path[]): Tree {
  const root: Tree = { leaf: false, below: new Map() };
  for (const path of paths) {
    let here = root;
    for (const step of path) {
      let next = here.below.get(step);
      if (next === undefined) {
        next = { leaf: false, below: new Map() };
        here.below.set(step, next);
      }
      here = next;
    }
    here.leaf = true;
  }
  return root;
}

function mask(value: Value, tree: Tree, redact: (secret: Value) => string): Value {
  if (tree.leaf) return redact(value);
  if (tree.below.size === 0) return value;
  const inner = (step: Step, member: Value): Value => {
    const next = tree.below.get(step);
    return next === undefined ? member : mask(member, next, redact);
  };
  if (isArray(value)) return value.map((item, i) => inner(i, item));
  if (isMap(value)) {
    const masked: Record<string, Value> = Object.create(null);
    for (const [key, member] of Object.entries(value)) masked[key] = inner(key, member);
    return masked;
  }
  const document = typeof value === 'string' ? parseJsonText(value) : undefined;
  return document === undefined ? value : printJsonText(mask(document, tree, redact));
}
