import type { Value } from '../model/value.ts';
import type { Band } from '../resources/facts.ts';
import type { FoundChange } from './change.ts';
import { type Siblings, valuesAt } from './siblings.ts';

/** The bounds between which an autoscaler moves the changed number, where there is one and the number lies inside. */
export function bandOf(
  change: FoundChange,
  bands: readonly Band[],
  declared: Value,
  siblings: Siblings,
): readonly [number, number] | undefined {
  if (typeof change.after !== 'number') return undefined;
  const place = change.place.names.join('.');
  for (const band of bands) {
    if (band.place !== place) continue;
    for (const [min, max] of boundsOf(band, declared, siblings)) {
      if (typeof min === 'number' && typeof max === 'number' && min <= change.after && change.after <= max) {
        return [min, max];
      }
    }
  }
  return undefined;
}

function boundsOf(band: Band, declared: Value, siblings: Siblings): (readonly [Value, Value])[] {
  const one = (value: Value, name: string): Value => valuesAt(value, name)[0] ?? null;
  if (!('target' in band)) return [[one(declared, band.min), one(declared, band.max)]];
  const { target } = band;
  const id = target.id
    .map((part) => (part.startsWith('$') ? lastSegment(one(declared, part.slice(1))) : part))
    .join('/');
  return siblings
    .find(target.type, target.attribute, id)
    .filter((sibling) => Object.entries(target.where).every(([name, wanted]) => one(sibling.value, name) === wanted))
    .map((sibling) => [one(sibling.value, target.min), one(sibling.value, target.max)]);
}

/** The name in an ARN, or the text itself. */
function lastSegment(value: Value): string {
  return typeof value === 'string' ? (value.split('/').at(-1) ?? '') : '';
}
