import { sameBytes } from '../bytes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { corrupt } from '../faults.ts';
import type { Hash } from '../merkle.ts';
import type { LedgerReader } from '../port.ts';
import { type Catalogue, emptyCatalogue } from './catalogue.ts';
import { DigestTable } from './digest-table.ts';
import type { EntryFacts } from './facts.ts';
import { frontierRoot, grownFrontier } from './frontier.ts';
import { readFacts } from './read-facts.ts';
import type { Segment } from './segment.ts';
import { type FoundLink, SegmentBuilder } from './segment-builder.ts';

export interface BuildOptions {
  /** Entries of the log to take, where not all of them: then their root has to be known to the caller. */
  readonly upTo?: number;
  /** Told of how far it is, in entries. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Given each segment that is full, so that it can be written and let go; gives what is to be kept in its place. */
  readonly onFull?: ((segment: Segment) => Promise<Segment>) | undefined;
}

/**
 * A catalogue of the log under the given head: what `known` holds (of an earlier head of the same log) and the entries
 * since. That it is of exactly these entries is proven by its root. Throws E_LEDGER_CORRUPT.
 */
export async function builtCatalogue(
  reader: LedgerReader,
  head: Checkpoint,
  known: Catalogue = emptyCatalogue(),
  options: BuildOptions = {},
): Promise<Catalogue> {
  const { segments, builder } = await begun(known);
  const digests = await digestsOf(known);
  let open = builder;
  let frontier = known.frontier;
  const size = options.upTo ?? head.size;
  for await (const batch of readFacts(reader, { from: frontier.size, to: size }, head.size)) {
    const leaves: Hash[] = [];
    for (const { leaf, digest, facts } of batch) {
      if (open.isFull) {
        segments.push(await kept(open.segment(), options));
        open = SegmentBuilder.empty(segments.length * known.width, known.width);
      }
      open.add(digest, facts, linksOf(facts, digests));
      digests.add(digest);
      leaves.push(leaf);
    }
    frontier = grownFrontier(frontier, leaves);
    options.onProgress?.(frontier.size, size);
  }
  if (size === head.size && !sameBytes(frontierRoot(frontier), head.root)) {
    throw corrupt(`the entries do not give the root that the checkpoint of ${head.size} entries signs`);
  }
  const last = open.segment();
  return { width: known.width, segments: last.outline.count === 0 ? segments : [...segments, last], frontier };
}

async function begun(known: Catalogue): Promise<{ segments: Segment[]; builder: SegmentBuilder }> {
  const last = known.segments.at(-1);
  if (last === undefined || last.outline.count === known.width) {
    return {
      segments: [...known.segments],
      builder: SegmentBuilder.empty(known.segments.length * known.width, known.width),
    };
  }
  return { segments: known.segments.slice(0, -1), builder: await SegmentBuilder.continuing(last, known.width) };
}

async function kept(segment: Segment, { onFull }: BuildOptions): Promise<Segment> {
  return onFull === undefined ? segment : onFull(segment);
}

async function digestsOf({ segments }: Catalogue): Promise<DigestTable> {
  const table = new DigestTable();
  for (const segment of segments) {
    const digests = await segment.column('digest');
    for (let at = 0; at < digests.length; at += 32) table.add(digests.subarray(at, at + 32));
  }
  return table;
}

/** Links to what is not in the log lead nowhere and are left out. */
function linksOf(facts: EntryFacts | undefined, digests: DigestTable): FoundLink[] {
  return (facts?.links ?? []).flatMap(({ relation, to, happened }) => {
    const target = digests.find(Buffer.from(to, 'hex'));
    return target === undefined ? [] : [{ relation, target, happened }];
  });
}
