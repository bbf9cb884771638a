import { createHash, type Hash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExportPiece } from '../ledger/export/tally.ts';
import { DriftbomError, errnoOf } from '../model/error.ts';

/** Files that were written, by name, with the SHA-256 of each, hex. */
export type WrittenFiles = ReadonlyMap<string, string>;

/**
 * Writes an export into a folder that appears whole or not at all: pieces go into a folder beside it, which takes the
 * name at the end. `last` gives further files once all pieces are known. Errors: E_OUTPUT, also where the folder holds
 * something already: two exports in one folder would pass for one.
 */
export async function writeFolder(
  folder: string,
  shown: string,
  pieces: AsyncIterable<ExportPiece>,
  last: (written: WrittenFiles) => readonly ExportPiece[],
): Promise<WrittenFiles> {
  return writing(shown, async () => {
    await refuseFull(folder, shown);
    const stage = `${folder}.part`;
    await rm(stage, { recursive: true, force: true });
    try {
      await mkdir(stage, { recursive: true });
      const sink = new Sink(stage);
      await sink.take(pieces);
      await sink.take(last(sink.written));
      await rmdir(folder).catch(() => undefined);
      await rename(stage, folder);
      return sink.written;
    } catch (thrown) {
      await rm(stage, { recursive: true, force: true });
      throw thrown;
    }
  });
}

/** Writes an export of one file, which appears whole or not at all. Gives its SHA-256, hex. Errors: E_OUTPUT. */
export async function writeFile(path: string, shown: string, pieces: AsyncIterable<ExportPiece>): Promise<string> {
  return writing(shown, async () => {
    const part = `${path}.part`;
    try {
      await mkdir(dirname(path), { recursive: true });
      const hash = createHash('sha256');
      const file = await open(part, 'w');
      try {
        for await (const { content } of pieces) await append(file, hash, content);
      } finally {
        await file.close();
      }
      await rename(part, path);
      return hash.digest('hex');
    } catch (thrown) {
      await rm(part, { force: true });
      throw thrown;
    }
  });
}

/** Keeps the file of the last piece open: pieces of one file follow each other. */
class Sink {
  readonly written = new Map<string, string>();
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async take(pieces: AsyncIterable<ExportPiece> | readonly ExportPiece[]): Promise<void> {
    let current: { readonly name: string; readonly file: FileHandle; readonly hash: Hash } | undefined;
    const close = async (): Promise<void> => {
      if (current === undefined) return;
      await current.file.close();
      this.written.set(current.name, current.hash.digest('hex'));
      current = undefined;
    };
    try {
      for await (const { file: name, content } of pieces) {
        if (current?.name !== name) {
          await close();
          const path = join(this.#folder, name);
          await mkdir(dirname(path), { recursive: true });
          current = { name, file: await open(path, 'wx'), hash: createHash('sha256') };
        }
        await append(current.file, current.hash, content);
      }
    } finally {
      await close();
    }
  }
}

async function append(file: FileHandle, hash: Hash, content: string | Uint8Array): Promise<void> {
  hash.update(content);
  await file.appendFile(content);
}

async function refuseFull(folder: string, shown: string): Promise<void> {
  const there = await readdir(folder).catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT') return [];
    throw thrown;
  });
  if (there.length === 0) return;
  throw new DriftbomError('E_OUTPUT', `${shown} is not empty`, 'Name a new folder, or empty this one.');
}

async function writing<T>(shown: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const errno = errnoOf(thrown);
    // Our own errors carry a code too; only the file system's are told anew.
    if (thrown instanceof DriftbomError || errno === undefined) throw thrown;
    const cure = 'Check the path and its permissions.';
    throw new DriftbomError('E_OUTPUT', `cannot write ${shown}: ${errno}`, cure, { cause: thrown });
  }
}
