import type { BlockSchema, NestedBlock } from '../model/schema.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isEmpty, isMap, sameValue, UNKNOWN } from '../model/value.ts';
import { coerce } from './coerce.ts';

/** The three values that a plan knows of one object besides what is written: all without a wrapper or mask. */
export interface PlannedObject {
  /** What an apply would make of it, UNKNOWN where only the apply will tell. */
  readonly planned: ValueMap;
  /** What the refresh found, undefined where the object is gone. */
  readonly live: Value | undefined;
  /** What the state held before the refresh, undefined where it held nothing. */
  readonly prior: Value | undefined;
}

/**
 * What the configuration asks for, seen through a plan: of the planned values those that are written in `expressions`.
 * The rest of a planned object is carried over from what is live, and would make every drift look wanted.
 *
 * The same is true of a written value where `lifecycle.ignore_changes`, an optional argument that evaluates to null, or
 * the provider's own suppression put the live value in its place. A plan does not tell; so a planned value that equals
 * live where the state differs is believed only if the configuration has it as a constant, and is UNKNOWN otherwise.
 *
 * An argument that the plan takes away (null planned, not null live and in the state) counts as written: somebody
 * removed it from the configuration.
 */
export function writtenValues(expressions: ValueMap, object: PlannedObject, schema: BlockSchema | undefined): ValueMap {
  const { planned, live, prior } = object;
  const written = project(expressions, planned, live, prior, schema);
  if (live === undefined || prior === undefined) return written;
  for (const [name, value] of Object.entries(planned)) {
    const was = at(live, name);
    const taken = value === null || (isArray(value) && value.length === 0);
    if (taken && !Object.hasOwn(written, name) && !isEmpty(was) && sameValue(was, at(prior, name))) {
      written[name] = value;
    }
  }
  return written;
}

function project(
  body: ValueMap,
  planned: ValueMap,
  live: Value | undefined,
  prior: Value | undefined,
  schema: BlockSchema | undefined,
): Record<string, Value> {
  const written: Record<string, Value> = Object.create(null);
  for (const [name, expression] of Object.entries(body)) {
    const value = at(planned, name) ?? null;
    const sides = [value, at(live, name), at(prior, name)] as const;
    const kind = kindOf(expression, name, value, schema);
    const asked =
      value === UNKNOWN || kind === 'unclear'
        ? UNKNOWN
        : kind === 'attribute'
          ? attributeValue(expression, ...sides)
          : blockValue(expression, ...sides, schema?.blocks[name]);
    if (asked !== undefined) written[name] = asked;
  }
  return written;
}

/** Undefined where the configuration has null, which Terraform takes for not written. */
function attributeValue(
  expression: Value,
  planned: Value,
  live: Value | undefined,
  prior: Value | undefined,
): Value | undefined {
  const constant = at(expression, 'constant_value');
  return planned === null || constant === null ? undefined : believed(planned, live, prior, constant);
}

function blockValue(
  expression: Value,
  planned: Value,
  live: Value | undefined,
  prior: Value | undefined,
  schema: NestedBlock | undefined,
): Value | undefined {
  if (isArray(expression)) {
    const carried = believed(planned, live, prior, undefined) === UNKNOWN;
    return carried ? UNKNOWN : projectBlocks(expression, planned, schema?.block, schema?.nesting === 'list');
  }
  return isMap(expression) && isMap(planned) ? project(expression, planned, live, prior, schema?.block) : undefined;
}

/** Repeated blocks. A plan prints a set in its own order, so written and planned are matched only where it is sure. */
function projectBlocks(
  bodies: readonly Value[],
  planned: Value,
  schema: BlockSchema | undefined,
  ordered: boolean,
): Value {
  const same = bodies.every((body) => keysOf(body) === keysOf(bodies[0]));
  if (!isArray(planned) || planned.length !== bodies.length || !(ordered || same)) return UNKNOWN;
  return planned.map((item, i) => {
    const body = bodies[i];
    return isMap(item) && isMap(body) ? project(body, item, undefined, undefined, schema) : item;
  });
}

/** Whether an entry of `expressions` is an attribute's expression or the body of nested blocks; both are objects. */
function kindOf(
  expression: Value,
  name: string,
  planned: Value,
  schema: BlockSchema | undefined,
): 'attribute' | 'block' | 'unclear' {
  if (schema?.attributes[name] !== undefined) return 'attribute';
  if (isArray(expression) || schema?.blocks[name] !== undefined) return 'block';
  if (!isMap(expression)) return 'unclear';
  const keys = Object.keys(expression);
  // {} is a function of literals, or an empty block: an object may be either, anything else is no block.
  if (keys.length === 0) return isMap(planned) ? 'unclear' : 'attribute';
  const references = at(expression, 'references');
  const isExpression =
    keys.every((key) => key === 'constant_value' || key === 'references') &&
    (references === undefined || (isArray(references) && references.every((one) => typeof one === 'string')));
  return isExpression ? 'attribute' : 'block';
}

function believed(
  planned: Value,
  live: Value | undefined,
  prior: Value | undefined,
  constant: Value | undefined,
): Value {
  if (planned === UNKNOWN || live === undefined || prior === undefined) return planned;
  if (isMap(planned) && isMap(live) && (isMap(prior) || prior === null)) {
    const map: Record<string, Value> = Object.create(null);
    for (const [key, value] of Object.entries(planned)) {
      map[key] = believed(value, at(live, key) ?? null, at(prior, key) ?? null, at(constant, key));
    }
    return map;
  }
  const carried = sameValue(planned, live) && !sameValue(live, prior);
  return carried && !saysSo(constant, planned) ? UNKNOWN : planned;
}

function saysSo(constant: Value | undefined, planned: Value): boolean {
  if (constant === undefined) return false;
  if (sameValue(constant, planned)) return true;
  const type = typeof planned;
  return (type === 'string' || type === 'number') && sameValue(coerce(constant, type as 'string' | 'number'), planned);
}

/** The written keys of a block, deep, as one text. */
function keysOf(body: Value | undefined): string {
  if (isArray(body)) return `[${body.map(keysOf).join()}]`;
  if (!isMap(body)) return '';
  const keys = Object.keys(body).filter((key) => key !== 'references' && key !== 'constant_value');
  return `{${keys
    .sort()
    .map((key) => JSON.stringify(key) + keysOf(body[key]))
    .join()}}`;
}

function at(value: Value | undefined, key: string): Value | undefined {
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
