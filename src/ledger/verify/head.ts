import { messageOf } from '../../model/error.ts';
import { type Checkpoint, openCheckpoint } from '../checkpoint.ts';
import { FormatError } from '../format-error.ts';
import { checkpointKey, HEAD_KEY } from '../paths.ts';
import type { LedgerReader } from '../port.ts';
import type { Trust } from '../trust.ts';
import type { Failures } from './diagnostics.ts';

/** A checkpoint that is known to be signed by a trusted key, and where it was kept. */
export interface SignedHead {
  readonly checkpoint: Checkpoint;
  readonly from: string;
}

export interface Heads {
  /** The head that the log is held against: its checkpoint, or the newest kept one where that does not hold. */
  readonly head: Checkpoint | undefined;
  /** Every further checkpoint that the tree must begin with. */
  readonly kept: readonly SignedHead[];
}

/** Reads the head and every checkpoint kept inside and outside of the ledger; those that do not hold are failures. */
export async function readHeads(reader: LedgerReader, trust: Trust, failures: Failures): Promise<Heads> {
  const open = (bytes: Uint8Array, code: 'head-wrong' | 'checkpoint-wrong', from: string): Checkpoint | undefined => {
    try {
      return openCheckpoint(bytes, trust.checkpointKeys);
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown;
      failures.add(code, undefined, `${from}: ${messageOf(thrown)}`);
      return undefined;
    }
  };
  const kept: SignedHead[] = [];
  for (const key of await reader.list('checkpoints/')) {
    const bytes = await reader.get(key);
    const checkpoint = bytes === undefined ? undefined : open(bytes, 'checkpoint-wrong', key);
    if (checkpoint === undefined) continue;
    if (checkpointKey(checkpoint.size) === key) kept.push({ checkpoint, from: key });
    else failures.add('checkpoint-wrong', undefined, `${key} holds the checkpoint of size ${checkpoint.size}`);
  }
  trust.kept?.forEach((bytes, at) => {
    const from = `the checkpoint number ${at + 1} that was kept elsewhere`;
    const checkpoint = open(bytes, 'checkpoint-wrong', from);
    if (checkpoint !== undefined) kept.push({ checkpoint, from });
  });
  const note = await reader.get(HEAD_KEY);
  if (note === undefined) failures.add('head-missing', undefined, 'the ledger has no checkpoint');
  const head = note === undefined ? undefined : open(note, 'head-wrong', HEAD_KEY);
  return { head: head ?? newest(kept), kept };
}

function newest(kept: readonly SignedHead[]): Checkpoint | undefined {
  return kept.toSorted((a, b) => b.checkpoint.size - a.checkpoint.size)[0]?.checkpoint;
}
