import { join } from 'node:path';
import type { KeyTerms } from '../model/entry.ts';
import { DriftbomError } from '../model/error.ts';
import { annotationStatement } from './annotation-statement.ts';
import { append } from './append.ts';
import type { Occasion } from './append-statements.ts';
import { encodeUtf8, sha256Hex, toBase64 } from './bytes.ts';
import type { Checkpoint } from './checkpoint.ts';
import { openHead } from './head.ts';
import { currentKey, type KeptKey, type KeyPurpose, type KeyRecord, writeKeyRecord } from './key-record.ts';
import {
  type KeyWishes,
  kmsKey,
  loadKeyRecord,
  lockWith,
  openCheckpointSigner,
  openEntrySigner,
  usingKey,
} from './keys.ts';
import { type Ledger, type LedgerPlace, openLedger } from './ledger.ts';
import { parseVkey } from './note.ts';
import type { NoteSigner, Signer, StoredObject } from './port.ts';
import { exists, readPrivate, removePrivate, writePrivate } from './private-files.ts';
import { retirementObject } from './retirement.ts';
import { payloadOf, seal } from './seal.ts';
import { takeOver } from './settle.ts';
import { isLocked, newCheckpointKey, newEntryKey, publicHalf } from './signers/local.ts';
import { uuidV7 } from './uuid.ts';
import { checkpointKeyPath, entryKeyId, entryKeyPath, formatEntryKey } from './trust.ts';

export interface RotationWishes extends Pick<KeyWishes, 'algorithm' | 'kms' | 'lock'> {
  readonly use: KeyPurpose;
  /** Who rotates, and with which version of the program. */
  readonly by: string;
  readonly version: string;
  /** Why, in the speaker's words. */
  readonly reason: string | null;
}

/** What a rotation did. */
export interface Rotated {
  readonly use: KeyPurpose;
  /** Key ids; for checkpoint keys the verifier key texts. */
  readonly retired: string;
  readonly added: string;
  /** File that keeps the old private key; null where it lies in KMS. */
  readonly keptAs: string | null;
  /** Log index of the entry that adds the new key; the next one retires the old. */
  readonly index: number;
  readonly checkpoint: Checkpoint;
}

/** Other writers may win the head this often before we give up. */
const ATTEMPTS = 8;

/**
 * Puts a new key in the place of one that signs. Under one checkpoint the log gets an entry that adds the new key, signed
 * by the old one, and an entry that retires the old key; of a checkpoint key, that checkpoint carries both signatures, so
 * that who knows the old key can follow. Killed at any moment, the ledger goes on: before the head moves nothing has
 * changed, and afterwards openLedger finishes what is left to do in the keys folder. Throws what openLedger throws,
 * E_USAGE, E_SIGNER and E_LEDGER_LOCKED.
 */
export async function rotateKey(place: LedgerPlace, wishes: RotationWishes, clock: () => Date): Promise<Rotated> {
  const ledger = await openLedger(place);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const rotated = await ledger.store.locked(() => rotateOnce(ledger, place, wishes, clock()));
    if (rotated !== undefined) return rotated;
  }
  throw new DriftbomError(
    'E_LEDGER_LOCKED',
    `other writers moved the head of the ledger ${ATTEMPTS} times while its key was being rotated`,
    'Rotate again when fewer writers are at work on it.',
  );
}

async function rotateOnce(
  ledger: Ledger,
  place: LedgerPlace,
  wishes: RotationWishes,
  now: Date,
): Promise<Rotated | undefined> {
  const { use } = wishes;
  const directory = place.keysDirectory;
  const head = await openHead(ledger.store, ledger.trust.checkpointKeys);
  const record = await loadKeyRecord(directory, place);
  const old = currentKey(record, use);
  const fresh = await makeNext(directory, record, wishes, place);
  const hand = await hands(ledger, directory, fresh, use, place);

  const { size } = head.checkpoint;
  const entryId = (): string => `urn:uuid:${uuidV7(now, ledger.random(10))}`;
  const { origin } = ledger;
  const occasion = { origin, recordedAt: now.toISOString(), entryId, head: head.checkpoint };
  const gone = { id: use === 'entry' ? ledger.signer.keyId : ledger.notary.vkey, publicKey: old.publicKey };
  const added = await seal(keyStatement(occasion, wishes, 'added', hand), ledger.signer);
  const retired = await seal(keyStatement(occasion, wishes, 'retired', gone), hand.signer);
  const retiredFile = 'local' in old.signer ? datedName(use, old, now) : null;
  const next = { ...fresh, use, retiredFile, index: size, digest: added.digest };
  await writeKeyRecord(directory, { ...record, next });

  const hint = retirementObject({ keyId: entryKeyId(old.publicKey), index: size + 1, digest: retired.digest });
  const appended = await append(ledger.store, hand.notary, head, [added, retired], [hand.file, hint]);
  if (appended === undefined) return undefined;
  await takeOver(directory, record, next);
  return { use, retired: gone.id, added: hand.id, keptAs: retiredFile, index: size, checkpoint: appended.checkpoint };
}

/** The key that comes next: in KMS, or a private key file beside the one in use. */
async function makeNext(
  directory: string,
  record: KeyRecord,
  wishes: RotationWishes,
  place: LedgerPlace,
): Promise<KeptKey> {
  const { use, kms, algorithm } = wishes;
  if (use === 'checkpoint' && algorithm !== undefined && algorithm !== 'ed25519') {
    throw new DriftbomError('E_USAGE', `a checkpoint key is Ed25519, not ${algorithm}`, 'Leave out --algorithm.');
  }
  const old = currentKey(record, use);
  // What a rotation left that never took place.
  for (const one of ['entry', 'checkpoint']) await removePrivate(join(directory, `${one}.next.pem`));
  if (kms !== undefined) {
    if (use === 'checkpoint') {
      throw new DriftbomError('E_USAGE', 'a checkpoint key cannot lie in KMS', 'Rotate the entry key with --kms.');
    }
    const key = await kmsKey(kms, place);
    if (record.entry.some((one) => entryKeyId(one.publicKey) === entryKeyId(key.publicKey))) {
      throw new DriftbomError('E_USAGE', `${kms} signs or signed this ledger already`, 'Name another KMS key.');
    }
    return key;
  }
  // A ledger whose keys are locked gets no key that is not.
  const oldFile = 'local' in old.signer ? join(directory, old.signer.local) : undefined;
  const locked = oldFile !== undefined && (await exists(oldFile)) && isLocked(await readPrivate(oldFile));
  const passphrase = lockWith({ ...place, lock: wishes.lock === true || locked });
  const file = `${use}.next.pem`;
  await writePrivate(
    join(directory, file),
    use === 'entry' ? newEntryKey(algorithm, passphrase) : newCheckpointKey(passphrase),
  );
  const publicKey = await usingKey(directory, file, (pem) => publicHalf(pem, passphrase));
  return { publicKey, signer: { local: file } };
}

/** Who signs what while the key changes hands. */
interface Hands {
  /** Name of the new key in its entry. */
  readonly id: string;
  readonly publicKey: Uint8Array;
  /** The same, as it will stand in the ledger. */
  readonly file: StoredObject;
  /** Signs the entry that retires the old key. */
  readonly signer: Signer;
  readonly notary: NoteSigner;
}

async function hands(
  ledger: Ledger,
  directory: string,
  key: KeptKey,
  use: KeyPurpose,
  place: LedgerPlace,
): Promise<Hands> {
  if (use === 'entry') {
    const signer = await openEntrySigner(directory, key, place);
    const file = { key: entryKeyPath(signer.keyId), bytes: encodeUtf8(formatEntryKey(signer.publicKey)) };
    return { id: signer.keyId, publicKey: key.publicKey, file, signer, notary: ledger.notary };
  }
  const notary = await openCheckpointSigner(directory, key, ledger.origin, place);
  const { vkey } = notary;
  const file = { key: checkpointKeyPath(parseVkey(vkey)), bytes: encodeUtf8(`${vkey}\n`) };
  return {
    id: vkey,
    publicKey: key.publicKey,
    file,
    signer: ledger.signer,
    notary: { ...notary, also: [ledger.notary] },
  };
}

function keyStatement(
  occasion: Occasion,
  { use, reason, by, version }: RotationWishes,
  change: KeyTerms['change'],
  { id, publicKey }: { readonly id: string; readonly publicKey: Uint8Array },
): Uint8Array {
  const key = { change, keyId: id, publicKey: change === 'added' ? toBase64(publicKey) : null, use };
  const annotation = { kind: 'key', text: reason, by, key } as const;
  return payloadOf(annotationStatement(occasion, { annotation, about: [] }, version));
}

/** `entry-2026-11-21-1a2b3c4d.pem`: when it was in use last, and the beginning of its id. */
function datedName(use: KeyPurpose, { publicKey }: KeptKey, now: Date): string {
  return `${use}-${now.toISOString().slice(0, 10)}-${sha256Hex(publicKey).slice(0, 8)}.pem`;
}
