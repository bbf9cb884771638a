import { EMPTY_FRONTIER, type Frontier } from './frontier.ts';
import type { Segment } from './segment.ts';
import { SEGMENT_WIDTH } from './columns.ts';

/**
 * What entries are found by, over a whole log. It is made of the log's entries alone and can be made again at any time;
 * where it stands in a file it is never believed for content: what it finds is read from the log and proven.
 */
export interface Catalogue {
  /** Entries of a full segment. */
  readonly width: number;
  readonly segments: readonly Segment[];
  /** Of the leaves that it was made of: its root is the head's. */
  readonly frontier: Frontier;
}

/** The segment that holds an entry, and the entry's number in it. */
export function placeIn(
  { segments, width }: Catalogue,
  index: number,
): { readonly segment: Segment; readonly at: number } {
  const segment = segments[Math.floor(index / width)] as Segment;
  return { segment, at: index % width };
}

/** The catalogue of an empty log. */
export function emptyCatalogue(width = SEGMENT_WIDTH): Catalogue {
  return { width, segments: [], frontier: EMPTY_FRONTIER };
}
