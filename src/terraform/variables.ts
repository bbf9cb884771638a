import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isMap, UNKNOWN } from '../model/value.ts';
import { evaluateNode } from './evaluate.ts';
import { isContainer, makeSet, toBool, toNumber, toText } from './evaluate-convert.ts';
import { evaluate } from './expression.ts';
import { EMPTY_SCOPE } from './expression-scope.ts';
import type { Node } from './expression-node.ts';
import { parseExpression } from './expression-parse.ts';

/** A `variable` block. */
export interface Variable {
  /** The type constraint as an expression; undefined where none is written, or none that we understand. */
  readonly type: Node | undefined;
  /** The default, converted; UNKNOWN where there is none. */
  readonly fallback: Value;
  readonly sensitive: boolean;
  readonly nullable: boolean;
}

/** Reads `variable` blocks given by name. */
export function declaredVariables(blocks: Iterable<readonly [string, ValueMap]>): ReadonlyMap<string, Variable> {
  const variables = new Map<string, Variable>();
  for (const [name, body] of blocks) {
    const type = typeOf(body.type);
    const fallback = Object.hasOwn(body, 'default')
      ? convertTo(type, evaluate(body.default ?? null, EMPTY_SCOPE))
      : UNKNOWN;
    variables.set(name, { type, fallback, sensitive: body.sensitive === true, nullable: body.nullable !== false });
  }
  return variables;
}

function typeOf(written: Value | undefined): Node | undefined {
  if (typeof written !== 'string') return undefined;
  return parseExpression(/^\$\{([\s\S]*)\}$/.exec(written)?.[1] ?? written);
}

/**
 * The value of a TF_VAR_ variable or of -var: text as it is where the type is a primitive or not declared, else an
 * expression. Source: Terraform language, "Input Variables", "Complex-typed Values".
 */
export function variableFromText(text: string, type: Node | undefined): Value {
  const literal = type === undefined || (type.kind === 'name' && ['string', 'number', 'bool'].includes(type.name));
  if (literal) return text;
  const node = parseExpression(text);
  return node === undefined ? UNKNOWN : evaluateNode(node, EMPTY_SCOPE);
}

/** Brings a value to a type constraint, with defaults of optional attributes. UNKNOWN where it does not fit. */
export function convertTo(type: Node | undefined, value: Value): Value {
  if (type === undefined || value === null || value === UNKNOWN) return value;
  if (type.kind === 'name') return primitive(type.name, value);
  if (type.kind !== 'call') return UNKNOWN;
  const [of] = type.args;
  switch (type.name) {
    case 'list':
      return isArray(value) ? value.map((item) => convertTo(of, item)) : UNKNOWN;
    case 'set':
      return isArray(value) ? setOf(value.map((item) => convertTo(of, item))) : UNKNOWN;
    case 'map':
      return isMap(value) ? mapValues(value, (item) => convertTo(of, item)) : UNKNOWN;
    case 'tuple':
      return isArray(value) && of?.kind === 'tuple' ? value.map((item, i) => convertTo(of.items[i], item)) : UNKNOWN;
    case 'object':
      return isMap(value) && of?.kind === 'object' ? objectOf(of.entries, value) : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function primitive(name: string, value: Value): Value {
  switch (name) {
    case 'any':
    case 'list':
    case 'map':
      return value;
    case 'string':
      return toText(value);
    case 'number':
      return numberOf(value);
    case 'bool':
      return toBool(value);
    default:
      return UNKNOWN;
  }
}

/** Beyond a double a number stays its decimal text, as everywhere in a Value. */
function numberOf(value: Value): Value {
  const number = toNumber(value);
  return number === UNKNOWN && typeof value === 'string' && /^-?\d+$/.test(value) ? value : number;
}

/** Sets of objects keep the order they were written in: no consumer counts on it. */
function setOf(values: readonly Value[]): Value {
  return values.some(isContainer) ? values : makeSet(values);
}

function mapValues(map: ValueMap, convert: (item: Value) => Value): ValueMap {
  const made: { [key: string]: Value } = Object.create(null);
  for (const [key, item] of Object.entries(map)) made[key] = convert(item);
  return made;
}

/** Only the attributes of the type stay; an optional one that is missing gets its default, or null. */
function objectOf(entries: readonly (readonly [Node, Node])[], value: ValueMap): Value {
  const made: { [key: string]: Value } = Object.create(null);
  for (const [key, type] of entries) {
    const name = key.kind === 'value' ? toText(key.value) : UNKNOWN;
    if (name === UNKNOWN) return UNKNOWN;
    const optional = type.kind === 'call' && type.name === 'optional' ? type.args : undefined;
    const inner = optional === undefined ? type : optional[0];
    const fallback = optional?.[1] === undefined ? null : evaluateNode(optional[1], EMPTY_SCOPE);
    const given = Object.hasOwn(value, name) ? (value[name] ?? null) : null;
    if (given === null && optional === undefined && !Object.hasOwn(value, name)) return UNKNOWN;
    made[name] = convertTo(inner, given ?? fallback);
  }
  return made;
}
