import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isMap } from '../model/value.ts';

/** The files of one module, merged into one tf.json-shaped object, with the local modules that it calls. */
export interface ModuleSource {
  /** {resource, data, provider, variable, locals, module, terraform, output, moved}. */
  readonly body: ValueMap;
  /** What `path.module` gives: `.` for the root, else a path relative to it. */
  readonly path: string;
  /** Where a block is written, by `type.name`: file and line. */
  readonly locations: ReadonlyMap<string, string>;
  /** By the name of the call. A call that is not here is of a module that was not read (not local). */
  readonly children: ReadonlyMap<string, ModuleSource>;
}

/** A block with its labels: ["aws_s3_bucket", "logs"] for a resource. */
export interface Block {
  readonly labels: readonly string[];
  readonly body: ValueMap;
}

/**
 * All blocks of a kind with so many labels. The JSON syntax allows an array at every level, and hcl2json wraps each
 * block in one. Source: Terraform language, "JSON Configuration Syntax", "Nested Block Mapping".
 */
export function blocksOf(body: ValueMap, kind: string, labels: number): Block[] {
  return [...walk(body[kind] ?? null, labels, [])];
}

function* walk(value: Value, deeper: number, labels: readonly string[]): Iterable<Block> {
  if (isArray(value)) {
    for (const item of value) yield* walk(item, deeper, labels);
  } else if (isMap(value)) {
    if (deeper === 0) yield { labels, body: value };
    else {
      for (const [label, inner] of Object.entries(value)) {
        // "//" holds a comment or CDKTF's metadata, at any level.
        if (label !== '//') yield* walk(inner, deeper - 1, [...labels, label]);
      }
    }
  }
}

/** Attributes of all blocks of a kind without labels, later ones over earlier ones: locals, required_providers. */
export function mergedBlocks(body: ValueMap, kind: string): ValueMap {
  const merged: { [key: string]: Value } = Object.create(null);
  for (const block of blocksOf(body, kind, 0)) {
    for (const [key, value] of Object.entries(block.body)) if (key !== '//') merged[key] = value;
  }
  return merged;
}

/** The text of a bare reference: `aws.east`, whether written as such (JSON) or as `${aws.east}` (hcl2json). */
export function referenceText(value: Value | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  return /^\$\{([\s\S]*)\}$/.exec(value)?.[1]?.trim() ?? value;
}
