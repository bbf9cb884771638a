import type { Statement } from '../model/entry.ts';
import { append } from './append.ts';
import { untilFirst } from './attempts.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Head, openHead } from './head.ts';
import type { Ledger } from './ledger.ts';
import type { StoredObject } from './port.ts';
import { payloadOf, seal } from './seal.ts';
import { uuidV7 } from './uuid.ts';

/** What the statements of one append say of themselves, and the log that they continue. */
export interface Occasion {
  readonly origin: string;
  /** RFC 3339, UTC. */
  readonly recordedAt: string;
  /** A new urn:uuid at each call. */
  readonly entryId: () => string;
  readonly head: Checkpoint;
}

/** Statements to sign, in the order in which they go into the log, and the objects that they name by digest. */
export interface ToAppend {
  readonly statements: readonly Statement<unknown>[];
  /** What is signed of each, where it was made already. */
  readonly payloads?: readonly Uint8Array[];
  readonly objects: readonly StoredObject[];
}

/** What was appended: index and statement digest of each, in order. */
export interface Appended {
  readonly entries: readonly { readonly index: number; readonly digest: string }[];
  readonly checkpoint: Checkpoint;
}

/**
 * Signs and appends statements under one checkpoint. `prepare` runs under the lock and again where another writer was
 * first; with no statements nothing is written. Throws what `prepare` throws, E_LEDGER_LOCKED, E_LEDGER_CORRUPT,
 * E_OUTPUT; then the ledger is what it was.
 */
export async function appendStatements<T extends ToAppend>(
  ledger: Ledger,
  clock: () => Date,
  prepare: (occasion: Occasion) => Promise<T>,
): Promise<{ readonly prepared: T; readonly appended: Appended }> {
  const once = async (): Promise<{ readonly prepared: T; readonly appended: Appended } | undefined> => {
    const head = await openHead(ledger.store, ledger.trust.checkpointKeys);
    const prepared = await prepare(occasionOf(ledger, head, clock()));
    const appended = await appendOnce(ledger, head, prepared);
    return appended && { prepared, appended };
  };
  return untilFirst(ledger.store, once, 'this', 'Try again when fewer writers are at work on it.');
}

function occasionOf({ origin, random }: Ledger, { checkpoint }: Head, now: Date): Occasion {
  const entryId = (): string => `urn:uuid:${uuidV7(now, random(10))}`;
  return { origin, recordedAt: now.toISOString(), entryId, head: checkpoint };
}

async function appendOnce(
  ledger: Ledger,
  head: Head,
  { statements, payloads, objects }: ToAppend,
): Promise<Appended | undefined> {
  const { checkpoint } = head;
  if (statements.length === 0) return { entries: [], checkpoint };
  const sealed = await Promise.all(statements.map((one, at) => seal(payloads?.[at] ?? payloadOf(one), ledger.signer)));
  const next = await append(ledger.store, ledger.notary, head, sealed, objects);
  if (next === undefined) return undefined;
  const entries = sealed.map(({ digest }, i) => ({ index: checkpoint.size + i, digest }));
  return { entries, checkpoint: next.checkpoint };
}
