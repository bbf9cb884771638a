import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Files written at the same time: enough to let their flushes share the disk's work. */
const PARALLEL = 16;

/** Creates a folder and those above it, so that their names survive a crash too. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await flushFolder(dirname(made));
}

/**
 * Writes files so that each is whole or untouched, whenever the machine stops: a temporary file in `scratch` (same file
 * system), flushed, renamed over the target; then the folders are flushed, so that the new names last.
 */
export async function writeDurably(
  files: readonly { readonly path: string; readonly bytes: Uint8Array }[],
  scratch: string,
): Promise<void> {
  const folders = new Set(files.map(({ path }) => dirname(path)));
  for (const folder of [...folders, scratch]) await makeFolder(folder);
  for (let start = 0; start < files.length; start += PARALLEL) {
    await Promise.all(
      files.slice(start, start + PARALLEL).map(async ({ path, bytes }) => {
        const temporary = join(scratch, randomUUID());
        try {
          await writeFlushed(temporary, bytes);
          await rename(temporary, path);
        } catch (thrown) {
          await rm(temporary, { force: true });
          throw thrown;
        }
      }),
    );
  }
  for (const folder of folders) await flushFolder(folder);
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
