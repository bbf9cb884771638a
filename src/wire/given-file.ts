import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DriftbomError, type ErrorCode, fileFault } from '../model/error.ts';
import type { WireIo } from './io.ts';

/** The bytes of a file that somebody named, by its path from where the command runs. Throws `code` where it cannot be read. */
export function readGiven(
  file: string,
  code: ErrorCode,
  io: Pick<WireIo, 'cwd'>,
  cure = 'Check the path.',
): Promise<Buffer> {
  return readFile(resolve(io.cwd, file)).catch((cause: unknown) => {
    throw new DriftbomError(code, `cannot read ${file}: ${fileFault(cause)}`, cure, { cause });
  });
}
