import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Keeps objects of a log on disk, so that a later reading need not fetch them again. Only where the user asked for it: an
 * audit log tells who did what, and does not belong on a disk that nobody thinks of. Files are readable by their owner
 * only, and the oldest go when there are too many. Objects of a trail never change; one that did has another ETag.
 */
export class BucketCache {
  readonly #folder: string;
  readonly #most: number;

  /** `most`: bytes that may be kept. */
  constructor(folder: string, most: number) {
    this.#folder = folder;
    this.#most = most;
  }

  /** The object's bytes, from disk or else from `fetch`, whose bytes are kept once all of them have come. */
  async *read(name: string, fetch: () => AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    const file = join(this.#folder, createHash('sha256').update(name).digest('hex'));
    const known = await stat(file).catch(() => undefined);
    if (known !== undefined) {
      const now = new Date();
      // The time of a file is when it was last asked for. One that cannot be marked is none the worse.
      await utimes(file, now, now).catch(() => undefined);
      yield* createReadStream(file) as AsyncIterable<Uint8Array>;
      return;
    }
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const draft = `${file}.${randomUUID()}.part`;
    const handle = await open(draft, 'wx', 0o600);
    try {
      for await (const part of fetch()) {
        await handle.write(part);
        yield part;
      }
      await handle.close();
      await rename(draft, file);
    } finally {
      await handle.close().catch(() => undefined);
      await rm(draft, { force: true });
    }
  }

  /** Takes the files away that were not asked for longest, until the rest fits. */
  async shrink(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        const found = await stat(path).catch(() => undefined);
        return { path, bytes: found?.size ?? 0, time: found?.mtimeMs ?? 0 };
      }),
    );
    let total = 0;
    for (const { path, bytes } of files.sort((a, b) => b.time - a.time)) {
      total += bytes;
      if (total > this.#most) await rm(path, { force: true });
    }
  }
}
