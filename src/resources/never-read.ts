import type { ResourceFacts } from './facts.ts';
import { factsTable } from './index.ts';

/** Whether an attribute of a type says nothing of the live object: the service never gives it back, or it is no part of it. */
export function isNeverRead(type: string, names: readonly string[]): boolean {
  const own: ResourceFacts = Object.hasOwn(factsTable.types, type) ? (factsTable.types[type] ?? {}) : {};
  const place = names.join('.');
  return [factsTable.every, own].some(({ neverRead = [], knobs = [] }) =>
    [...neverRead, ...knobs].some((one) => place === one || place.startsWith(`${one}.`)),
  );
}
