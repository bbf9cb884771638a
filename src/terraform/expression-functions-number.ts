import type { Value } from '../model/value.ts';
import { isArray, UNKNOWN } from '../model/value.ts';
import { toBool, toNumber, toText } from './evaluate-convert.ts';
import type { Functions } from './expression-function.ts';

function ofNumbers(apply: (...numbers: number[]) => number): (...args: readonly Value[]) => Value {
  return (...args) => {
    const numbers = args.map(toNumber);
    if (numbers.length === 0 || !numbers.every((number) => number !== UNKNOWN)) return UNKNOWN;
    const outcome = apply(...numbers);
    return Number.isFinite(outcome) ? outcome : UNKNOWN;
  };
}

/** Number functions and conversions. Source: Terraform language, "Numeric Functions", "Type Conversion Functions". */
export const numberFunctions: Functions = {
  abs: ofNumbers(Math.abs),
  ceil: ofNumbers(Math.ceil),
  floor: ofNumbers(Math.floor),
  max: ofNumbers(Math.max),
  min: ofNumbers(Math.min),
  signum: ofNumbers(Math.sign),
  sum: (list = null) => sum(list),
  parseint: (text, base) => {
    const radix = toNumber(base ?? null);
    const digits = toText(text ?? null);
    if (radix !== 10 || digits === UNKNOWN || !/^-?\d{1,15}$/.test(digits)) return UNKNOWN;
    return Number(digits);
  },
  tostring: (value) => (value === null ? null : toText(value ?? null)),
  tonumber: (value) => (value === null ? null : toNumber(value ?? null)),
  tobool: (value) => (value === null ? null : toBool(value ?? null)),
};

function sum(list: Value): Value {
  if (!isArray(list) || list.length === 0) return UNKNOWN;
  let total = 0;
  for (const item of list) {
    const number = toNumber(item);
    // Fractions add up differently in binary: only whole numbers are summed.
    if (number === UNKNOWN || !Number.isSafeInteger(number)) return UNKNOWN;
    total += number;
  }
  return Number.isSafeInteger(total) ? total : UNKNOWN;
}
