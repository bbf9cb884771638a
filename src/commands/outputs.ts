import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DriftbomError, errnoOf } from '../model/error.ts';
import type { Chunks } from '../report/text/chunks.ts';
import type { Io } from './io.ts';

/** One `-o format=FILE`; the file `-` is stdout. */
export interface Output<F extends string = string> {
  readonly format: F;
  readonly file: string;
}

/**
 * Sees before any work is done that every output can be written: its folder exists or can be made, and it is no folder
 * itself. Errors: E_OUTPUT, E_USAGE (two outputs on stdout would run into each other).
 */
export async function checkOutputs(outputs: readonly Output[], io: Io): Promise<void> {
  if (outputs.filter((one) => one.file === '-').length > 1) {
    throw new DriftbomError('E_USAGE', 'two outputs go to stdout', 'Give all but one a file.');
  }
  for (const { file } of outputs.filter((one) => one.file !== '-')) {
    await writing(file, async () => {
      const path = resolve(io.cwd, file);
      await mkdir(dirname(path), { recursive: true });
      const there = await stat(path).catch(() => undefined);
      if (there?.isDirectory() === true) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    });
  }
}

/** Writes one output, which may be made piece by piece: a file appears whole or not at all. Errors: E_OUTPUT. */
export async function writeOutput({ file }: Output, text: string | Uint8Array | Chunks, io: Io): Promise<void> {
  if (file === '-') {
    if (typeof text === 'string') io.out(text);
    else if (text instanceof Uint8Array) io.out(Buffer.from(text).toString('utf8'));
    else for (const piece of text) io.out(piece);
    return;
  }
  await writing(file, async () => {
    const path = resolve(io.cwd, file);
    // A device or a pipe (/dev/stderr, process substitution) is written to, never replaced.
    const there = await stat(path).catch(() => undefined);
    if (there !== undefined && !there.isFile()) return writeFile(path, text);
    const scratch = join(dirname(path), `.${basename(path)}.${io.owner.pid}.part`);
    try {
      await writeFile(scratch, text);
      await rename(scratch, path);
    } catch (thrown) {
      await rm(scratch, { force: true });
      throw thrown;
    }
  });
}

async function writing(file: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (errno === undefined) throw thrown;
    throw new DriftbomError('E_OUTPUT', `cannot write ${file}: ${errno}`, 'Check the path and its permissions.', {
      cause: thrown,
    });
  }
}
