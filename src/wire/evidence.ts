import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type Evidence, evidenceOf } from '../ledger/evidence.ts';
import { DriftbomError, fileFault } from '../model/error.ts';
import type { WireIo } from './io.ts';

/** Reads the files that were given as evidence, each once. Errors: E_RECORD. */
export async function readEvidence(files: readonly string[], io: Pick<WireIo, 'cwd'>): Promise<Evidence[]> {
  return Promise.all(
    [...new Set(files)].map(async (file) => {
      const bytes = await readFile(resolve(io.cwd, file)).catch((cause: unknown) => {
        const message = `cannot read the evidence ${file}: ${fileFault(cause)}`;
        throw new DriftbomError('E_RECORD', message, 'Check the path.', { cause });
      });
      return evidenceOf({ name: basename(file), bytes });
    }),
  );
}
