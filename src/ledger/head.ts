import { DriftbomError } from '../model/error.ts';
import { sameBytes } from './bytes.ts';
import { type Checkpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { type Edge, edgeRoot, readEdge } from './edge.ts';
import { parsing } from './faults.ts';
import { FormatError } from './format-error.ts';
import { type NoteKey, parseNote } from './note.ts';
import { HEAD_KEY } from './paths.ts';
import type { LedgerReader } from './port.ts';

/** The signed head of a log and the edge that an append continues. */
export interface Head {
  /** The checkpoint note, byte for byte. */
  readonly note: Uint8Array;
  readonly checkpoint: Checkpoint;
  readonly edge: Edge;
}

/** Throws E_LEDGER_MISSING. */
export async function readHeadNote(reader: LedgerReader): Promise<Uint8Array> {
  const note = await reader.get(HEAD_KEY);
  if (note !== undefined) return note;
  throw new DriftbomError(
    'E_LEDGER_MISSING',
    'there is no ledger here: it has no checkpoint',
    'Make one with `driftbom init`, or name the right folder with --ledger.',
  );
}

/** The head as the store shows it; nothing about its signature is checked. Throws E_LEDGER_MISSING, E_LEDGER_CORRUPT. */
export async function readCheckpoint(reader: LedgerReader): Promise<Checkpoint> {
  const note = await readHeadNote(reader);
  return parsing(HEAD_KEY, () => parseCheckpoint(parseNote(note).text));
}

/**
 * Reads the head for appending: its signature must be by one of our keys, and the tiles at the right edge must give
 * exactly its root. Throws E_LEDGER_MISSING, E_LEDGER_CORRUPT.
 */
export async function openHead(reader: LedgerReader, keys: readonly NoteKey[]): Promise<Head> {
  const note = await readHeadNote(reader);
  return parsing(HEAD_KEY, async () => {
    const checkpoint = openCheckpoint(note, keys);
    const edge = await readEdge(reader, checkpoint.size);
    if (!sameBytes(edgeRoot(edge), checkpoint.root)) {
      throw new FormatError('the tiles do not give the root that the checkpoint signs');
    }
    return { note, checkpoint, edge };
  });
}
