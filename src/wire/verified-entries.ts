import { readEntries } from '../ledger/read.ts';
import type { Entry } from '../model/entry.ts';
import { compactor } from './compact-entry.ts';
import type { WireIo } from './io.ts';
import { keepHeapTight } from './tight-heap.ts';
import { type Verified, type VerifyRequest, wireVerify } from './verify.ts';

/** A verified ledger, and all that it says but for erased payloads. */
export interface VerifiedEntries {
  readonly verified: Verified;
  /** In the order of the log, in the compact form: nothing names documents of states. */
  readonly entries: readonly Entry[];
}

/**
 * What a reader need not wait for unless asked to: of the signatures a sample, as `driftbom verify` takes it, and none of
 * the documents on which nothing that is shown rests. Tree, leaves, payloads and the head are checked whole.
 */
const QUICK_CHECK = { signatures: 'sample', documents: 'attached' } as const;

/**
 * Verifies a ledger and reads it in the same pass, so that what is reported is what was verified; what is not asked for is
 * checked quickly. Where an entry is not what
 * the log holds there is nothing to read; where something else does not verify, its entries are given all the same. Errors:
 * those of `wireVerify`, E_LEDGER_CORRUPT.
 */
export async function wireVerifiedEntries(request: VerifyRequest, io: WireIo): Promise<VerifiedEntries> {
  const compact = compactor();
  const entries: Entry[] = [];
  const verified = await wireVerify({ ...QUICK_CHECK, ...request }, io, (entry) => {
    keepHeapTight(entries.push(compact(entry)));
  });
  const { ok, size, checked } = verified.verification;
  if (ok && entries.length + checked.erased === size) return { verified, entries };
  const again: Entry[] = [];
  for await (const entry of readEntries(verified.reader)) again.push(compact(entry));
  return { verified, entries: again };
}
