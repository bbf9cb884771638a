import type { Value } from '../model/value.ts';
import { hasUnknown, isArray, isMap, UNKNOWN } from '../model/value.ts';
import { isSet, toBool, toNumber, toText, unifyWith } from './evaluate-convert.ts';
import { evaluateFor } from './evaluate-for.ts';
import { binary, negate } from './evaluate-operators.ts';
import type { Scope } from './expression-scope.ts';
import { callFunction } from './expression-functions.ts';
import type { Node } from './expression-node.ts';
import { ITEM } from './expression-node.ts';

/** No template grows beyond this many characters; what does was made to exhaust memory. */
const LONGEST = 4_000_000;
/** Nested evaluations, over all locals and modules that an expression reaches. */
const DEEPEST = 600;

/** Names bound by `for` and by a splat. */
export type Bindings = ReadonlyMap<string, Value>;

const UNBOUND: Bindings = new Map();
let depth = 0;

/** Evaluates a parsed expression. Never throws; UNKNOWN for what cannot be told. */
export function evaluateNode(node: Node, scope: Scope, bound: Bindings = UNBOUND): Value {
  // Scopes call back into here, so the depth is counted over all of them: the stack is one.
  if (depth >= DEEPEST) return UNKNOWN;
  depth++;
  try {
    return evaluateKind(node, scope, bound);
  } finally {
    depth--;
  }
}

function evaluateKind(node: Node, scope: Scope, bound: Bindings): Value {
  const go = (part: Node): Value => evaluateNode(part, scope, bound);
  switch (node.kind) {
    case 'value':
      return node.value;
    case 'template':
      return template(node.parts, go);
    case 'name':
      return bound.get(node.name) ?? (bound.has(node.name) ? null : UNKNOWN);
    case 'attribute':
      return attribute(node, scope, bound);
    case 'index':
      return element(go(node.of), go(node.key));
    case 'splat':
      return splat(go(node.of), (item) => evaluateNode(node.each, scope, new Map(bound).set(ITEM, item)));
    case 'call':
      return call(node.name, node.args.map(go), node.spread);
    case 'unary':
      return node.operator === '!' ? not(go(node.of)) : negate(go(node.of));
    case 'binary':
      return binary(node.operator, go(node.left), go(node.right));
    case 'conditional':
      return conditional(
        go(node.test),
        () => go(node.yes),
        () => go(node.no),
      );
    case 'tuple':
      return node.items.map(go);
    case 'object':
      return object(node.entries.map(([key, value]) => [go(key), go(value)]));
    case 'for':
      return evaluateFor(node, go(node.over), (part, names) => {
        return evaluateNode(part, scope, new Map([...bound, ...names]));
      });
  }
}

function template(parts: readonly Node[], go: (part: Node) => Value): Value {
  let text = '';
  for (const part of parts) {
    const piece = toText(go(part));
    if (piece === UNKNOWN || text.length + piece.length > LONGEST) return UNKNOWN;
    text += piece;
  }
  return text;
}

function attribute(node: Node & { kind: 'attribute' }, scope: Scope, bound: Bindings): Value {
  const { of, name } = node;
  if (of.kind === 'name' && !bound.has(of.name)) return scope.get(of.name, name);
  return member(evaluateNode(of, scope, bound), name);
}

function member(of: Value, name: string): Value {
  return isMap(of) && Object.hasOwn(of, name) ? (of[name] ?? null) : UNKNOWN;
}

function element(of: Value, key: Value): Value {
  if (isMap(of)) {
    const name = toText(key);
    return name === UNKNOWN ? UNKNOWN : member(of, name);
  }
  const index = toNumber(key);
  if (!isArray(of) || isSet(of) || index === UNKNOWN) return UNKNOWN;
  return of[index] ?? (index in of ? null : UNKNOWN);
}

/** `[*]` on a list goes through it; on anything else it makes a list of one, or of none for null. */
function splat(of: Value, each: (item: Value) => Value): Value {
  if (of === UNKNOWN) return UNKNOWN;
  if (of === null) return [];
  return isArray(of) ? of.map(each) : [each(of)];
}

function call(name: string, args: readonly Value[], spread: boolean): Value {
  if (!spread) return callFunction(name, args);
  const last = args.at(-1) ?? UNKNOWN;
  return isArray(last) ? callFunction(name, [...args.slice(0, -1), ...last]) : UNKNOWN;
}

function not(value: Value): Value {
  const known = toBool(value);
  return known === UNKNOWN ? UNKNOWN : !known;
}

function conditional(test: Value, yes: () => Value, no: () => Value): Value {
  const known = toBool(test);
  if (known === UNKNOWN) return UNKNOWN;
  const chosen = known ? yes() : no();
  return chosen === null || chosen === UNKNOWN ? chosen : unifyWith(chosen, known ? no() : yes());
}

function object(entries: readonly (readonly [Value, Value])[]): Value {
  const made: { [key: string]: Value } = Object.create(null);
  for (const [key, value] of entries) {
    const name = toText(key);
    if (name === UNKNOWN || hasUnknown(key)) return UNKNOWN;
    made[name] = value;
  }
  return made;
}
