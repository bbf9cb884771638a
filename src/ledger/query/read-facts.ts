import { decodeUtf8, sameBytes } from '../bytes.ts';
import { corrupt, parsing } from '../faults.ts';
import { FormatError } from '../format-error.ts';
import { parseLeaf } from '../leaf.ts';
import { parseLine, splitLines } from '../line.ts';
import { type Hash, leafHash } from '../merkle.ts';
import { bundleKey, payloadKey, TILE_WIDTH } from '../paths.ts';
import type { LedgerReader } from '../port.ts';
import { parseStatement } from '../statement-shape.ts';
import { parseBundle, tileWidth } from '../tiles.ts';
import { type EntryFacts, factsOf } from './facts.ts';

/** What an entry is found by, with its leaf hash: who folds the hashes knows that nothing was left out. */
export interface ReadFacts {
  readonly leaf: Hash;
  /** Statement digest; of an erased entry too. */
  readonly digest: Uint8Array;
  /** Undefined where the payload was erased. */
  readonly facts: EntryFacts | undefined;
}

/** Payload files read ahead while one is parsed. */
const AHEAD = 4;

/**
 * Reads what the entries [from, to) of a log of `size` entries are found by, payload file by payload file; each payload is
 * held against its leaf. Throws E_LEDGER_CORRUPT naming the entry.
 */
export async function* readFacts(
  reader: LedgerReader,
  { from, to }: { readonly from: number; readonly to: number },
  size: number,
): AsyncGenerator<ReadFacts[]> {
  const files = Math.ceil(to / TILE_WIDTH);
  const reading: Promise<RawFile>[] = [];
  let next = Math.floor(from / TILE_WIDTH);
  for (let file = next; file < files; file++) {
    for (; next < files && next < file + AHEAD; next++) {
      const begun = readRaw(reader, next, size);
      // Awaited in its turn; until then a failure is nobody's.
      begun.catch(() => undefined);
      reading.push(begun);
    }
    const raw = await (reading.shift() as Promise<RawFile>);
    yield await factsIn(raw, Math.max(from, file * TILE_WIDTH), to);
  }
}

interface RawFile {
  readonly file: number;
  readonly width: number;
  readonly payloads: Uint8Array;
  readonly bundle: Uint8Array;
}

async function readRaw(reader: LedgerReader, file: number, size: number): Promise<RawFile> {
  const width = tileWidth(0, file, size);
  const [payloads, bundle] = await Promise.all([reader.get(payloadKey(file)), reader.get(bundleKey(file, width))]);
  if (payloads === undefined) throw corrupt(`${payloadKey(file)} is missing`);
  if (bundle === undefined) throw corrupt(`${bundleKey(file, width)} is missing`);
  return { file, width, payloads, bundle };
}

async function factsIn({ file, width, payloads, bundle }: RawFile, from: number, to: number): Promise<ReadFacts[]> {
  const leaves = await parsing(bundleKey(file, width), () => parseBundle(bundle, width));
  const lines = await parsing(payloadKey(file), () => splitLines(decodeUtf8(payloads), width));
  const read: ReadFacts[] = [];
  for (let index = from; index < Math.min(to, file * TILE_WIDTH + width); index++) {
    const leaf = leaves[index % TILE_WIDTH] as Uint8Array;
    read.push(await parsing(`entry ${index}`, () => factsAt(leaf, lines[index % TILE_WIDTH] as string, index)));
  }
  return read;
}

function factsAt(leaf: Uint8Array, text: string, index: number): ReadFacts {
  const line = parseLine(text, index);
  if (!sameBytes(line.paeSha256, parseLeaf(leaf).paeSha256)) {
    throw new FormatError('its payload is not the one in the log');
  }
  if (line.kind === 'erased') {
    return { leaf: leafHash(leaf), digest: Buffer.from(line.tombstone.payloadSha256, 'hex'), facts: undefined };
  }
  const facts = factsOf(parseStatement(line.envelope.payload));
  return { leaf: leafHash(leaf), digest: Buffer.from(line.digest, 'hex'), facts };
}
