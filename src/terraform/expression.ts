import type { Value } from '../model/value.ts';
import { isArray, isMap, UNKNOWN } from '../model/value.ts';
import { evaluateNode } from './evaluate.ts';
import { toText } from './evaluate-convert.ts';
import type { Scope } from './expression-scope.ts';
import { parseTemplate } from './expression-parse.ts';

/**
 * Evaluates a configuration value whose strings and keys may hold templates (`${...}`), as JSON configuration syntax and
 * hcl2json write them. Pure; never throws and never guesses: what it does not understand, and everything that depends on
 * it, is UNKNOWN. Source: Terraform language, "Expressions" and "Built-in Functions".
 */
export function evaluate(value: Value, scope: Scope): Value {
  if (typeof value === 'string') return evaluateText(value, scope);
  if (isArray(value)) return value.map((item) => evaluate(item, scope));
  if (!isMap(value)) return value;
  const evaluated: { [key: string]: Value } = Object.create(null);
  for (const [template, item] of Object.entries(value)) {
    const key = toText(evaluateText(template, scope));
    // One key that is not known could be any key, so the map as a whole is not known.
    if (typeof key !== 'string') return UNKNOWN;
    evaluated[key] = evaluate(item, scope);
  }
  return evaluated;
}

function evaluateText(text: string, scope: Scope): Value {
  if (!text.includes('${') && !text.includes('%{')) return text;
  const node = parseTemplate(text);
  return node === undefined ? UNKNOWN : evaluateNode(node, scope);
}
