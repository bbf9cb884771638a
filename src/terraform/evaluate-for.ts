import type { Value } from '../model/value.ts';
import { isArray, isMap, UNKNOWN } from '../model/value.ts';
import { byText, isSet, toBool, toText } from './evaluate-convert.ts';
import type { ForNode, Node } from './expression-node.ts';

/** Evaluates a part of the `for` expression with its names bound to one element. */
type Evaluate = (part: Node, names: ReadonlyMap<string, Value>) => Value;

/** Evaluates a `for` expression over a known collection. Source: Terraform language, "for Expressions". */
export function evaluateFor(node: ForNode, over: Value, evaluate: Evaluate): Value {
  const elements = elementsOf(over);
  if (elements === undefined) return UNKNOWN;
  const made: [Value, Value][] = [];
  for (const [key, value] of elements) {
    const names = new Map<string, Value>([[node.valueName, value]]);
    if (node.keyName !== undefined) names.set(node.keyName, key);
    const wanted = node.test === undefined ? true : toBool(evaluate(node.test, names));
    if (wanted === UNKNOWN) return UNKNOWN;
    if (!wanted) continue;
    made.push([node.key === undefined ? null : evaluate(node.key, names), evaluate(node.value, names)]);
  }
  return node.key === undefined ? made.map(([, value]) => value) : mapOf(made, node.group);
}

/** Keys and values in Terraform's order. Undefined where the value is no collection, or not known. */
function elementsOf(over: Value): readonly (readonly [Value, Value])[] | undefined {
  if (isArray(over)) return over.map((value, i) => [isSet(over) ? value : i, value]);
  if (!isMap(over)) return undefined;
  return Object.entries(over).sort(([a], [b]) => byText(a, b));
}

function mapOf(entries: readonly (readonly [Value, Value])[], group: boolean): Value {
  const made: { [key: string]: Value } = Object.create(null);
  for (const [key, value] of entries) {
    const name = toText(key);
    if (name === UNKNOWN) return UNKNOWN;
    const known = made[name];
    if (group) made[name] = [...(isArray(known) ? known : []), value];
    // Two equal keys are an error in Terraform: such a map has no value.
    else if (Object.hasOwn(made, name)) return UNKNOWN;
    else made[name] = value;
  }
  return made;
}
