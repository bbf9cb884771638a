import type { Value, ValueMap } from '../model/value.ts';
import type { Block } from './configuration-body.ts';
import { blocksOf, mergedBlocks } from './configuration-body.ts';

/** Block kinds that an override file changes one by one, with their number of labels. */
const LABELLED: readonly (readonly [kind: string, labels: number])[] = [
  ['resource', 2],
  ['data', 2],
  ['provider', 1],
  ['variable', 1],
  ['output', 1],
  ['module', 1],
];

/**
 * Merges the files of a folder into one body. A block in an override file replaces arguments of the block with the same
 * labels. Source: Terraform language, "Override Files".
 */
export function mergeFiles(base: readonly ValueMap[], overrides: readonly ValueMap[]): ValueMap {
  const merged: { [kind: string]: Value } = Object.create(null);
  const kinds = new Set([...base, ...overrides].flatMap((body) => Object.keys(body)));
  for (const kind of kinds) {
    // blocksOf looks through arrays, so bodies need not be woven into one another.
    merged[kind] = base.map((body) => body[kind] ?? null);
  }
  if (overrides.length === 0) return merged;
  for (const [kind, labels] of LABELLED) {
    const blocks = new Map(blocksOf(merged, kind, labels).map((block) => [identity(block), block]));
    for (const block of overrides.flatMap((body) => blocksOf(body, kind, labels))) {
      const key = identity(block);
      const known = blocks.get(key);
      blocks.set(key, known === undefined ? block : { labels: block.labels, body: overridden(known.body, block.body) });
    }
    merged[kind] = [...blocks.values()].map(nested);
  }
  for (const kind of ['locals', 'moved']) {
    merged[kind] = [...base, ...overrides].flatMap((body) => blocksOf(body, kind, 0).map((one) => one.body));
  }
  // Who asks for a setting takes the first block that has it.
  merged.terraform = [...overrides.toReversed(), ...base].map((body) => body.terraform ?? null);
  return merged;
}

function identity({ labels, body }: Block): string {
  return JSON.stringify([labels, typeof body.alias === 'string' ? body.alias : null]);
}

function overridden(base: ValueMap, override: ValueMap): ValueMap {
  const body: { [name: string]: Value } = Object.assign(Object.create(null), base, override);
  if (base.lifecycle !== undefined && override.lifecycle !== undefined) {
    body.lifecycle = Object.assign(
      Object.create(null),
      mergedBlocks(base, 'lifecycle'),
      mergedBlocks(override, 'lifecycle'),
    );
  }
  return body;
}

function nested({ labels, body }: Block): Value {
  return labels
    .toReversed()
    .reduce<Value>((inner, label) => Object.assign(Object.create(null), { [label]: inner }), body);
}
