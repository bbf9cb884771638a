import { fromBase64, toBase64 } from './bytes.ts';
import { FormatError } from './format-error.ts';
import type { TreeHead } from './merkle.ts';
import { isNoteName, type Note, type NoteKey, parseNote, verifyNote } from './note.ts';

/** The head of a log (C2SP tlog-checkpoint). */
export interface Checkpoint extends TreeHead {
  readonly origin: string;
}

/** The text of a checkpoint: origin, size and root, a line each. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/**
 * Strict inverse of formatCheckpoint. Extension lines, which the specification discourages, are refused: nothing that
 * we do not understand may stand under a signature that we vouch for. Throws FormatError.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  const [origin, decimal, base64, end] = lines;
  if (lines.length !== 4 || end !== '' || origin === undefined || decimal === undefined || base64 === undefined) {
    throw new FormatError('the checkpoint does not have exactly three lines');
  }
  const size = Number(decimal);
  if (!isNoteName(origin)) throw new FormatError('the checkpoint has no usable origin');
  if (!/^(0|[1-9]\d*)$/.test(decimal) || !Number.isSafeInteger(size)) {
    throw new FormatError('the checkpoint has no usable tree size');
  }
  const root = fromBase64(base64);
  if (root.byteLength !== 32) throw new FormatError('the root of the checkpoint is not 32 bytes long');
  return { origin, size, root };
}

/** Parses a checkpoint note and checks its signature and origin against the known keys. Throws FormatError. */
export function openCheckpoint(bytes: Uint8Array, keys: readonly NoteKey[]): Checkpoint {
  return openSigned(bytes, keys).checkpoint;
}

/** The same, with the note and the keys that signed it under the log's name. Throws FormatError. */
export function openSigned<K extends NoteKey>(
  bytes: Uint8Array,
  keys: readonly K[],
): { readonly checkpoint: Checkpoint; readonly note: Note; readonly signers: readonly K[] } {
  const note = parseNote(bytes);
  const checkpoint = parseCheckpoint(note.text);
  const signers = verifyNote(note, keys).filter((key) => key.name === checkpoint.origin);
  if (signers.length === 0) {
    throw new FormatError(`the checkpoint's origin ${checkpoint.origin} is not the name of the key that signed it`);
  }
  return { checkpoint, note, signers };
}
