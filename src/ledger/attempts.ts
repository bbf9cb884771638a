import { DriftbomError } from '../model/error.ts';
import type { LedgerStore } from './port.ts';

/** Other writers may win the head this often before we give up. */
const ATTEMPTS = 8;

/**
 * Runs `work` under the store's lock, and again where another writer was first (undefined). Throws what `work` throws,
 * and E_LEDGER_LOCKED, saying `during` what, with a cure.
 */
export async function untilFirst<T>(
  store: LedgerStore,
  work: () => Promise<T | undefined>,
  during: string,
  cure: string,
): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const done = await store.locked(work);
    if (done !== undefined) return done;
  }
  const message = `other writers moved the head of the ledger ${ATTEMPTS} times while ${during} was being recorded`;
  throw new DriftbomError('E_LEDGER_LOCKED', message, cure);
}
