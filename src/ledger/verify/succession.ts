import { sameBytes } from '../bytes.ts';
import { openSigned } from '../checkpoint.ts';
import { FormatError } from '../format-error.ts';
import { type Hash, leafHash, rootOf } from '../merkle.ts';
import { type NoteKey, parseNote } from '../note.ts';
import { HEAD_KEY } from '../paths.ts';
import type { LedgerReader } from '../port.ts';
import type { CheckpointKey, Trust } from '../trust.ts';
import { storedEntries } from './batches.ts';
import { Failures } from './diagnostics.ts';
import { EntryChecker } from './entry.ts';
import { KeyRing } from './key-ring.ts';

/**
 * Follows the log from the checkpoint keys that are trusted to those that took their place. A new one is believed where a
 * trusted entry key added it in the log, under a checkpoint that a key believed before signed. A policy names all keys
 * itself, so nothing is followed then. Costs nothing where a trusted key signed the head.
 */
export async function followCheckpointKeys(reader: LedgerReader, trust: Trust): Promise<Trust> {
  const head = await reader.get(HEAD_KEY);
  let followed = trust;
  let looked = -1;
  while (trust.policy === undefined && head !== undefined && !names(head, followed.checkpointKeys)) {
    const vouched = await newestBeyond(reader, followed.checkpointKeys, looked);
    if (vouched === undefined) return followed;
    looked = vouched.size;
    const added = await addedKeys(reader, followed, vouched);
    const known = new Set(followed.checkpointKeys.map(({ name, keyId }) => `${name}+${keyId}`));
    const fresh = added.filter(({ name, keyId }) => !known.has(`${name}+${keyId}`));
    followed = { ...followed, checkpointKeys: [...followed.checkpointKeys, ...fresh] };
  }
  return followed;
}

/** Whether a note names one of the keys. Whether its signature holds is for others to say. */
function names(bytes: Uint8Array, keys: readonly NoteKey[]): boolean {
  try {
    return parseNote(bytes).signatures.some((one) =>
      keys.some((key) => key.name === one.name && key.keyId === one.keyId),
    );
  } catch (thrown) {
    if (thrown instanceof FormatError) return true;
    throw thrown;
  }
}

interface Vouched {
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
}

/** The newest kept checkpoint, of more entries than `looked`, that one of the keys signed. */
async function newestBeyond(
  reader: LedgerReader,
  keys: readonly CheckpointKey[],
  looked: number,
): Promise<Vouched | undefined> {
  const sizes = (await reader.list('checkpoints/')).map((key) => Number(key.slice('checkpoints/'.length)));
  for (const size of sizes.filter((one) => one > looked).sort((a, b) => b - a)) {
    const bytes = await reader.get(`checkpoints/${size}`);
    try {
      if (bytes === undefined) continue;
      const { checkpoint } = openSigned(bytes, keys);
      if (checkpoint.size === size) return checkpoint;
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown;
    }
  }
  return undefined;
}

/** Checkpoint keys that the log adds under that checkpoint; none where the entries do not give its root. */
async function addedKeys(reader: LedgerReader, trust: Trust, vouched: Vouched): Promise<CheckpointKey[]> {
  const ring = new KeyRing(trust);
  const unheard = new Failures();
  const checker = new EntryChecker(ring, vouched.origin, unheard, () => false);
  const leaves: Hash[] = [];
  for await (const stored of storedEntries(reader, vouched.size, [], unheard)) {
    if (stored.leaf === undefined) return [];
    leaves.push(leafHash(stored.leaf));
    checker.check(stored);
  }
  if (!sameBytes(rootOf(leaves), vouched.root)) return [];
  return ring.addedCheckpointKeys
    .filter(({ key }) => key.name === vouched.origin)
    .map(({ key, index }) => ({ ...key, fromSize: index + 1 }));
}
