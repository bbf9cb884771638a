import type { Checkpoint } from '../checkpoint.ts';
import type { LedgerReader } from '../port.ts';
import { provenReader } from '../read.ts';
import { builtCatalogue, type BuildOptions } from './build.ts';
import { type Catalogue, emptyCatalogue, placeIn } from './catalogue.ts';
import { ERASED, KIND_CODES } from './columns.ts';
import type { IndexFolder } from './index-folder.ts';
import type { Segment } from './segment.ts';

/** Entries from which on an index is kept; fewer are read faster than an index is worth. */
const INDEXED_FROM = 4096;

export interface OpenOptions {
  /** Where an index is kept; undefined: nowhere, and the whole log is read. */
  readonly folder?: IndexFolder | undefined;
  /** How many entries a ledger that is worth an index has; 4,096 where left out. */
  readonly least?: number;
  /** Entries of a full segment. */
  readonly width?: number;
  /** Told of how many entries are read, where the whole log has to be. */
  readonly onProgress?: BuildOptions['onProgress'];
  /** Told that the index could not be kept: the next query reads the whole log again. */
  readonly onUnkept?: ((cause: unknown) => void) | undefined;
}

/**
 * The catalogue of the log under `head`: from the index where there is one that fits, brought up to date where the log has
 * grown, made anew where it does not fit. Throws E_LEDGER_CORRUPT.
 */
export async function openCatalogue(
  reader: LedgerReader,
  head: Checkpoint,
  { folder, onProgress, onUnkept, least = INDEXED_FROM, width }: OpenOptions = {},
): Promise<Catalogue> {
  if (folder === undefined || head.size < least)
    return builtCatalogue(reader, head, emptyCatalogue(width), { onProgress });
  const known = await folder.load(reader, head);
  const keep = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> =>
    work().catch((cause: unknown) => {
      onUnkept?.(cause);
      return otherwise;
    });
  const onFull = (segment: Segment): Promise<Segment> => keep(() => folder.keep(segment), segment);
  const built = (from: Catalogue): Promise<Catalogue> => builtCatalogue(reader, head, from, { onProgress, onFull });
  const current = known?.frontier.size === head.size ? known : await built(known ?? emptyCatalogue(width));
  const stale = known !== undefined && (await outlivesErasure(reader, head, current));
  if (current === known && !stale) return known;
  const catalogue = stale ? await built(emptyCatalogue(width)) : current;
  return keep(() => folder.save(catalogue, head.origin), catalogue);
}

/** Whether a payload was erased since the index was made: what it said must not be found by it any more. */
async function outlivesErasure(reader: LedgerReader, head: Checkpoint, catalogue: Catalogue): Promise<boolean> {
  const read = provenReader(reader, head);
  for (const segment of catalogue.segments) {
    const kind = await segment.column('kind');
    for (let at = kind.indexOf(KIND_CODES.erasure); at >= 0; at = kind.indexOf(KIND_CODES.erasure, at + 1)) {
      const entry = await read(segment.outline.start + at);
      if (entry?.kind !== 'erasure') return true;
      for (const index of entry.statement.predicate.annotation.erasure?.indexes ?? []) {
        if (index >= catalogue.frontier.size) continue;
        const place = placeIn(catalogue, index);
        const known = (await place.segment.column('kind'))[place.at] !== ERASED;
        if (known && (await read(index)) === undefined) return true;
      }
    }
  }
  return false;
}
