import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DriftbomError } from '../../model/error.ts';
import { sameBytes, sha256Hex, toHex } from '../bytes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { consistencyRanges, type Hash, verifyConsistency } from '../merkle.ts';
import type { LedgerReader } from '../port.ts';
import { rangeHashes } from '../tiles.ts';
import { builtCatalogue } from './build.ts';
import { type Catalogue, emptyCatalogue } from './catalogue.ts';
import { type ColumnName, columnBytes, SEGMENT_WIDTH } from './columns.ts';
import { type Frontier, frontierRoot } from './frontier.ts';
import { Segment, type SegmentOutline } from './segment.ts';

/** Raised whenever columns or what stands in them change: an index of another version is made anew. */
const VERSION = 1;
const MANIFEST = 'index.json';

interface Block {
  readonly at: number;
  readonly length: number;
  readonly crc: number;
}

interface SegmentEntry {
  readonly file: string;
  readonly outline: SegmentOutline;
  readonly blocks: { readonly [name in ColumnName]: Block };
}

interface Manifest {
  readonly version: number;
  readonly origin: string;
  readonly size: number;
  readonly width: number;
  /** By level, hex; null where the size has no such bit. */
  readonly frontier: readonly (string | null)[];
  readonly segments: readonly SegmentEntry[];
}

/** An index on disk. Nothing in it is evidence: whoever doubts it deletes the folder. */
export class IndexFolder {
  readonly #folder: string;
  /** Manifest entries of segments that stand in files. */
  readonly #written = new WeakMap<Segment, SegmentEntry>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The catalogue that stands here, where it is one of a beginning of the log under `head`. Undefined where there is none,
   * or one of another log or version.
   */
  async load(reader: LedgerReader, head: Checkpoint): Promise<Catalogue | undefined> {
    const manifest = await this.#manifest();
    if (manifest === undefined || manifest.origin !== head.origin || manifest.size > head.size) return undefined;
    const subtrees = manifest.frontier.map((hex): Hash | undefined =>
      hex === null ? undefined : Buffer.from(hex, 'hex'),
    );
    const { size, width } = manifest;
    const frontier = { size, subtrees };
    if (!(await isBeginning(reader, frontier, head))) return undefined;
    let whole: Promise<Catalogue> | undefined;
    const repaired = async (at: number): Promise<Segment | undefined> => {
      whole ??= this.drop().then(() => builtCatalogue(reader, head, emptyCatalogue(width), { upTo: size }));
      return (await whole).segments[at];
    };
    const segments = manifest.segments.map((entry, at) => this.#open(entry, () => repaired(at)));
    return { width, segments, frontier };
  }

  /** Writes one segment; it can be let go then: what comes back reads from the file. */
  async keep(segment: Segment): Promise<Segment> {
    if (this.#written.has(segment)) return segment;
    const blocks = await segment.blocks();
    const places: Partial<Record<ColumnName, Block>> = {};
    const parts: Uint8Array[] = [];
    let at = 0;
    for (const { name, bytes } of blocks) {
      places[name] = { at, length: bytes.byteLength, crc: crc32(bytes) };
      parts.push(bytes);
      at += bytes.byteLength;
    }
    const whole = Buffer.concat(parts);
    const { start, count } = segment.outline;
    const file = `${start}-${count}-${sha256Hex(whole).slice(0, 16)}.columns`;
    await this.#write(file, whole);
    return this.#open({ file, outline: segment.outline, blocks: places as SegmentEntry['blocks'] });
  }

  /** Writes what is new, then the manifest, then takes away files that it does not name. */
  async save(catalogue: Catalogue, origin: string): Promise<Catalogue> {
    const segments: Segment[] = [];
    for (const segment of catalogue.segments) segments.push(await this.keep(segment));
    const entries = segments.map((segment) => this.#written.get(segment) as SegmentEntry);
    const { size, subtrees } = catalogue.frontier;
    const frontier = subtrees.map((hash) => (hash === undefined ? null : toHex(hash)));
    const { width } = catalogue;
    const manifest: Manifest = { version: VERSION, origin, size, width, frontier, segments: entries };
    // Array.from: holes have to become null, too.
    await this.#write(
      MANIFEST,
      Buffer.from(JSON.stringify({ ...manifest, frontier: Array.from(frontier, (one) => one ?? null) })),
    );
    const named = new Set([MANIFEST, '.gitignore', ...entries.map(({ file }) => file)]);
    for (const name of await readdir(this.#folder)) {
      if (!named.has(name)) await rm(join(this.#folder, name), { force: true });
    }
    return { ...catalogue, segments };
  }

  /** Takes the index away. */
  async drop(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #manifest(): Promise<Manifest | undefined> {
    try {
      const manifest = JSON.parse(await readFile(join(this.#folder, MANIFEST), 'utf8')) as Manifest;
      return manifest.version === VERSION && fitsTogether(manifest) ? manifest : undefined;
    } catch {
      return undefined;
    }
  }

  /** `repaired` gives the same segment from the ledger, for where a file turns out to be damaged. */
  #open(entry: SegmentEntry, repaired?: () => Promise<Segment | undefined>): Segment {
    const path = join(this.#folder, entry.file);
    const segment = new Segment(entry.outline, async (name) => {
      const bytes = await readBlock(path, entry.blocks[name]);
      if (bytes !== undefined) return bytes;
      const again = await repaired?.();
      if (again !== undefined) return columnBytes(await again.column(name));
      throw new DriftbomError(
        'E_OUTPUT',
        `the index ${path} cannot be read back`,
        'Delete its folder; it is made again.',
      );
    });
    this.#written.set(segment, entry);
    return segment;
  }

  async #write(name: string, bytes: Uint8Array): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(join(this.#folder, '.gitignore'), '# Made again from the ledger at any time.\n*\n');
    const scratch = join(this.#folder, `${name}.${toHex(crypto.getRandomValues(new Uint8Array(6)))}.part`);
    await writeFile(scratch, bytes);
    await rename(scratch, join(this.#folder, name));
  }
}

/** Whether the manifest's segments are the runs of entries that they have to be. */
function fitsTogether({ size, width, segments }: Manifest): boolean {
  if (!(width >= 1 && width <= SEGMENT_WIDTH) || segments.length !== Math.ceil(size / width)) return false;
  return segments.every(({ outline: { start, count } }, at) => {
    return start === at * width && count === Math.min(width, size - start);
  });
}

/** Reads one column; undefined where it is not what the manifest says. Its bytes have a buffer of their own, as typed arrays ask. */
async function readBlock(path: string, { at, length, crc }: Block): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(length);
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { bytesRead } = await file.read(bytes, 0, length, at);
    return bytesRead === length && crc32(bytes) === crc ? bytes : undefined;
  } finally {
    await file.close();
  }
}

/** Whether the log under `head` begins with the leaves of the frontier. */
async function isBeginning(reader: LedgerReader, frontier: Frontier, head: Checkpoint): Promise<boolean> {
  const root = frontierRoot(frontier);
  if (frontier.size === head.size) return sameBytes(root, head.root);
  if (frontier.size === 0) return true;
  const proof = await rangeHashes(reader, consistencyRanges(frontier.size, head.size), head.size);
  return verifyConsistency({ size: frontier.size, root }, head, proof);
}
