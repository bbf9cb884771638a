import { messageOf } from '../../model/error.ts';
import { type Checkpoint, openSigned } from '../checkpoint.ts';
import { witnessesOf } from '../cosignature.ts';
import { FormatError } from '../format-error.ts';
import { formatVkey, type Note, type NoteKey } from '../note.ts';
import { checkpointKey, HEAD_KEY } from '../paths.ts';
import type { LedgerReader } from '../port.ts';
import type { CheckpointKey, Trust } from '../trust.ts';
import type { DiagnosticCode, Failures } from './diagnostics.ts';
import type { KeyRing } from './key-ring.ts';

/** A checkpoint that is known to be signed by a trusted key, and where it was kept. */
export interface SignedHead {
  readonly checkpoint: Checkpoint;
  readonly note: Note;
  /** The trusted keys that signed it. */
  readonly signers: readonly CheckpointKey[];
  readonly from: string;
  /** Kept by the verifier, outside of the ledger. */
  readonly outside: boolean;
}

export interface Heads {
  /** The head that the log is held against: its checkpoint, or the newest kept one where that does not hold. */
  readonly head: SignedHead | undefined;
  /** Every further checkpoint that the tree must begin with. */
  readonly kept: readonly SignedHead[];
}

/** Reads the head and every checkpoint kept inside and outside of the ledger; those that do not hold are failures. */
export async function readHeads(reader: LedgerReader, trust: Trust, failures: Failures): Promise<Heads> {
  const open = (bytes: Uint8Array, code: DiagnosticCode, from: string, outside: boolean): SignedHead | undefined => {
    try {
      return { ...openSigned(bytes, trust.checkpointKeys), from, outside };
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown;
      failures.add(code, undefined, `${from}: ${messageOf(thrown)}`);
      return undefined;
    }
  };
  const note = await reader.get(HEAD_KEY);
  if (note === undefined) failures.add('head-missing', undefined, 'the ledger has no checkpoint');
  const head = note === undefined ? undefined : open(note, 'head-wrong', HEAD_KEY, false);
  const kept: SignedHead[] = [];
  for (const key of await reader.list('checkpoints/')) {
    const bytes = await reader.get(key);
    const signed = bytes === undefined ? undefined : open(bytes, 'checkpoint-wrong', key, false);
    if (signed === undefined) continue;
    if (checkpointKey(signed.checkpoint.size) === key) kept.push(signed);
    else failures.add('checkpoint-wrong', undefined, `${key} holds the checkpoint of size ${signed.checkpoint.size}`);
  }
  trust.kept?.forEach((bytes, at) => {
    const from = `the checkpoint number ${at + 1} that was kept elsewhere`;
    const signed = open(bytes, 'checkpoint-wrong', from, true);
    if (signed !== undefined) kept.push(signed);
  });
  return { head: head ?? newest(kept), kept };
}

function newest(kept: readonly SignedHead[]): SignedHead | undefined {
  return kept.toSorted((a, b) => b.checkpoint.size - a.checkpoint.size)[0];
}

/** Holds every checkpoint against the sizes that its keys may sign: those of the policy, and until the log retired them. */
export function checkSigners({ head, kept }: Heads, ring: KeyRing, failures: Failures): void {
  for (const signed of head === undefined || kept.includes(head) ? kept : [head, ...kept]) {
    const refusals = signed.signers.map((key) => refusalOf(key, signed.checkpoint.size, ring));
    if (refusals.includes(undefined)) continue;
    const code = signed === head ? 'head-wrong' : 'checkpoint-wrong';
    failures.add(code, undefined, `${signed.from}: ${refusals.join('; ')}`);
  }
}

function refusalOf(key: CheckpointKey, size: number, ring: KeyRing): string | undefined {
  const name = `${key.name}+${key.keyId}`;
  const retired = ring.retiredCheckpointKeys.get(formatVkey(key.name, key.publicKey));
  if (retired !== undefined && size > retired + 1) return `signed by ${name}, which was retired in entry ${retired}`;
  const from = key.fromSize ?? 0;
  const until = key.untilSize ?? Number.MAX_SAFE_INTEGER;
  if (size >= from && size <= until) return undefined;
  return `size ${size} signed by ${name}, which may sign sizes from ${from} to ${key.untilSize ?? 'any'}`;
}

/** How the witnesses of a policy stand to a head. */
export interface Witnessed {
  readonly quorum: number;
  /** Names of those that cosigned it. */
  readonly by: readonly string[];
}

/** Counts the cosignatures of a head over all of its copies: a witness may have signed one that was kept elsewhere. */
export function checkWitnesses({ head, kept }: Heads, trust: Trust, failures: Failures): Witnessed | undefined {
  const asked = trust.policy?.witnesses;
  if (asked === undefined || head === undefined) return undefined;
  const found = new Set<NoteKey>();
  for (const { note } of [head, ...kept]) {
    if (note.text !== head.note.text) continue;
    for (const key of witnessesOf(note, asked.keys)) found.add(key);
  }
  if (found.size < asked.quorum) {
    const message = `${found.size} of the policy's witnesses cosigned the head; ${asked.quorum} must`;
    failures.add('quorum-missing', undefined, message);
  }
  return { quorum: asked.quorum, by: [...found].map((key) => key.name).sort() };
}
