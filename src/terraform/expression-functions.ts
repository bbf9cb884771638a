import type { Value } from '../model/value.ts';
import { hasUnknown, UNKNOWN } from '../model/value.ts';
import { collectionFunctions } from './expression-functions-collection.ts';
import { encodingFunctions } from './expression-functions-encoding.ts';
import type { Functions } from './expression-function.ts';
import { networkFunctions } from './expression-functions-network.ts';
import { numberFunctions } from './expression-functions-number.ts';
import { textFunctions } from './expression-functions-text.ts';

const strict: Functions = {
  ...textFunctions,
  ...numberFunctions,
  ...encodingFunctions,
  ...networkFunctions,
  ...collectionFunctions,
};

/** Functions for which an unknown part, or an unneeded unknown argument, does not make the whole unknown. */
const lenient: Functions = {
  // What fails and what is not known look alike here, so only a known first argument settles it.
  try: (first = UNKNOWN) => first,
  can: (of = UNKNOWN) => (hasUnknown(of) ? UNKNOWN : true),
  nonsensitive: (of = UNKNOWN) => of,
  // Kept out of every place where it could be printed.
  sensitive: () => UNKNOWN,
  merge: (...maps) => mergeMaps(maps),
  concat: (...lists) => (lists.every((list) => Array.isArray(list)) ? lists.flat() : UNKNOWN),
  coalesce: (...args) => {
    const first = args.find((arg) => arg !== null && arg !== '');
    return first ?? UNKNOWN;
  },
};

/** Calls one of Terraform's built-in functions. UNKNOWN for a function that is not pure or not known here. */
export function callFunction(name: string, args: readonly Value[]): Value {
  const bare = name.startsWith('core::') ? name.slice('core::'.length) : name;
  if (Object.hasOwn(lenient, bare)) return lenient[bare]?.(...args) ?? UNKNOWN;
  if (!Object.hasOwn(strict, bare) || args.some(hasUnknown)) return UNKNOWN;
  const value = strict[bare]?.(...args);
  return value === undefined ? UNKNOWN : value;
}

function mergeMaps(maps: readonly Value[]): Value {
  const merged: { [key: string]: Value } = Object.create(null);
  for (const map of maps) {
    if (map === null) continue;
    if (map === UNKNOWN || typeof map !== 'object' || Array.isArray(map)) return UNKNOWN;
    for (const [key, value] of Object.entries(map)) merged[key] = value;
  }
  return merged;
}
