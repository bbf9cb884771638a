import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Files written at the same time: enough to let their flushes share the disk's work. */
const PARALLEL = 16;

/** The two ways in which a directory store alters its files; tests put a failing disk in their place. */
export interface Disk {
  /** Writes one file so that it is whole or untouched, whenever the machine stops. `scratch` lies on the same file system. */
  write(path: string, bytes: Uint8Array, scratch: string): Promise<void>;
  remove(path: string): Promise<void>;
}

/** A file is written under another name, flushed, and renamed over the target. */
export const durableDisk: Disk = {
  write: async (path, bytes, scratch) => {
    const temporary = join(scratch, randomUUID());
    try {
      await writeFlushed(temporary, bytes);
      await rename(temporary, path);
    } catch (thrown) {
      await rm(temporary, { force: true });
      throw thrown;
    }
  },
  remove: (path) => rm(path, { force: true }),
};

/** Creates a folder and those above it, so that their names survive a crash too. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await flushFolder(dirname(made));
}

/** Writes files, each by `disk`; then flushes their folders, so that the new names last. */
export async function writeDurably(
  files: readonly { readonly path: string; readonly bytes: Uint8Array }[],
  scratch: string,
  disk: Disk,
): Promise<void> {
  const folders = new Set(files.map(({ path }) => dirname(path)));
  for (const folder of [...folders, scratch]) await makeFolder(folder);
  for (let start = 0; start < files.length; start += PARALLEL) {
    const part = files.slice(start, start + PARALLEL);
    await everyEnd(part.map(({ path, bytes }) => disk.write(path, bytes, scratch)));
  }
  await everyEnd([...folders].map(flushFolder));
}

/** Waits for all, then throws what the first of them threw: nothing goes on behind the caller's back. */
async function everyEnd(work: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(work)) if (one.status === 'rejected') throw one.reason;
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
