import { DriftbomError, messageOf } from '../model/error.ts';
import { FormatError } from './format-error.ts';

const VERIFY_CURE = 'Run `driftbom verify` to see what was altered, and restore the ledger folder from a backup.';

export function corrupt(message: string, cause?: unknown): DriftbomError {
  return new DriftbomError('E_LEDGER_CORRUPT', message, VERIFY_CURE, cause === undefined ? {} : { cause });
}

/** Runs work that parses the ledger; a FormatError leaves as E_LEDGER_CORRUPT naming the place. */
export async function parsing<T>(place: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof FormatError) throw corrupt(`${place}: ${messageOf(thrown)}`, thrown);
    throw thrown;
  }
}
