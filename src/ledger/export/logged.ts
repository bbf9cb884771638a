import { decodeUtf8, sameBytes } from '../bytes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { corrupt, parsing } from '../faults.ts';
import { FormatError } from '../format-error.ts';
import { parseLeaf } from '../leaf.ts';
import { type Line, parseLine, splitLines } from '../line.ts';
import { bundleKey, payloadKey, TILE_WIDTH } from '../paths.ts';
import type { LedgerReader } from '../port.ts';
import { parseStatement, type SignedStatement } from '../statement-shape.ts';
import { parseBundle, tileWidth } from '../tiles.ts';

/** One entry as the log holds it, byte for byte: what an export carries to others. */
export interface LoggedEntry {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly line: Line;
  /** Undefined where the payload was erased. */
  readonly signed: SignedStatement | undefined;
}

/** The log that is exported: its reader, and the signed head under which every proof is made. */
export interface ExportedLog {
  readonly reader: LedgerReader;
  readonly head: Checkpoint;
  /** The checkpoint note of that head, byte for byte. */
  readonly note: Uint8Array;
}

/** Reads the entries of rising indexes, each payload held against its leaf. Throws E_LEDGER_CORRUPT. */
export async function* loggedEntries(
  { reader, head }: ExportedLog,
  indexes: Iterable<number>,
): AsyncGenerator<LoggedEntry> {
  let batch: Batch | undefined;
  for (const index of indexes) {
    const file = Math.floor(index / TILE_WIDTH);
    if (batch?.file !== file) batch = await readBatch(reader, file, head.size);
    const { leaves, lines } = batch;
    yield await parsing(`entry ${index}`, () => {
      const leaf = leaves[index % TILE_WIDTH] as Uint8Array;
      const line = parseLine(lines[index % TILE_WIDTH] as string, index);
      if (!sameBytes(line.paeSha256, parseLeaf(leaf).paeSha256)) {
        throw new FormatError('its payload is not the one in the log');
      }
      const signed = line.kind === 'erased' ? undefined : parseStatement(line.envelope.payload);
      return { index, leaf, line, signed };
    });
  }
}

interface Batch {
  readonly file: number;
  readonly leaves: readonly Uint8Array[];
  readonly lines: readonly string[];
}

async function readBatch(reader: LedgerReader, file: number, size: number): Promise<Batch> {
  const width = tileWidth(0, file, size);
  const [payloads, bundle] = await Promise.all([reader.get(payloadKey(file)), reader.get(bundleKey(file, width))]);
  if (payloads === undefined) throw corrupt(`${payloadKey(file)} is missing`);
  if (bundle === undefined) throw corrupt(`${bundleKey(file, width)} is missing`);
  const leaves = await parsing(bundleKey(file, width), () => parseBundle(bundle, width));
  const lines = await parsing(payloadKey(file), () => splitLines(decodeUtf8(payloads), width));
  return { file, leaves, lines };
}

/** RFC 3339 time at which a statement says that it was recorded. */
export function recordedAtOf({ kind, statement }: SignedStatement): string {
  return kind === 'scan' ? statement.predicate.recordedAt : statement.predicate.when.recordedAt;
}

/** What the entry records: scan, drift, waiver... */
export function kindOf({ kind, statement }: SignedStatement): string {
  if (kind === 'scan') return kind;
  return kind === 'change' ? statement.predicate.change.kind : statement.predicate.annotation.kind;
}
