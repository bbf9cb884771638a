import type { Value } from '../model/value.ts';
import { UNKNOWN } from '../model/value.ts';
import { isContainer, toBool, toNumber } from './evaluate-convert.ts';
import type { BinaryOperator } from './expression-node.ts';

/** Applies a binary operator. UNKNOWN also where a double would not give exactly what Terraform's big numbers give. */
export function binary(operator: BinaryOperator, left: Value, right: Value): Value {
  switch (operator) {
    case '||':
    case '&&':
      return logic(operator === '||', toBool(left), toBool(right));
    case '==':
    case '!=':
      return equality(left, right, operator === '!=');
    default:
      return arithmetic(operator, toNumber(left), toNumber(right));
  }
}

/** Unary minus. */
export function negate(value: Value): Value {
  const number = toNumber(value);
  return number === UNKNOWN ? UNKNOWN : 0 - number;
}

/** `deciding` is the side that settles the answer alone: true for ||, false for &&. */
function logic(deciding: boolean, left: boolean | typeof UNKNOWN, right: boolean | typeof UNKNOWN): Value {
  if (left === deciding || right === deciding) return deciding;
  return left === UNKNOWN || right === UNKNOWN ? UNKNOWN : !deciding;
}

function equality(left: Value, right: Value, negated: boolean): Value {
  if (left === UNKNOWN || right === UNKNOWN) return UNKNOWN;
  // Null against anything is plain; whether two collections are of one type cannot be seen here.
  if (left !== null && right !== null && (isContainer(left) || isContainer(right))) return UNKNOWN;
  return (left === right) !== negated;
}

function arithmetic(
  operator: Exclude<BinaryOperator, '||' | '&&' | '==' | '!='>,
  left: number | typeof UNKNOWN,
  right: number | typeof UNKNOWN,
): Value {
  if (left === UNKNOWN || right === UNKNOWN) return UNKNOWN;
  switch (operator) {
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    case '+':
      return exact(left, right, left + right);
    case '-':
      return exact(left, right, left - right);
    case '*':
      return exact(left, right, left * right);
    case '%':
      return exact(left, right, left % right);
    case '/':
      // A quotient is exact in binary only by a power of two, or where nothing is left over.
      return Number.isInteger(Math.log2(Math.abs(right)))
        ? exact(left, right, left / right, true)
        : exact(left, right, left / right);
  }
}

function exact(left: number, right: number, outcome: number, fraction = false): Value {
  if (!Number.isSafeInteger(left) || !Number.isSafeInteger(right)) return UNKNOWN;
  if (!fraction && !Number.isSafeInteger(outcome)) return UNKNOWN;
  return Number.isFinite(outcome) ? outcome + 0 : UNKNOWN;
}
