import { join } from 'node:path';
import { DriftbomError } from '../model/error.ts';
import type { Value } from '../model/value.ts';
import { encodeUtf8 } from './bytes.ts';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { corrupt, parsing } from './faults.ts';
import { openHead, readCheckpoint, readHeadNote } from './head.ts';
import { redactor } from './hmac.ts';
import { currentKey, type KeyRecord, RECORD_FILE } from './key-record.ts';
import {
  type KeyAccess,
  type KeyWishes,
  loadKeyRecord,
  loadRedaction,
  makeKeys,
  missingKeys,
  openCheckpointSigner,
  openEntrySigner,
} from './keys.ts';
import { EMPTY_ROOT } from './merkle.ts';
import { isNoteName, parseNote, parseVkey, signNote } from './note.ts';
import { trustOfRecord } from './own-trust.ts';
import { checkpointKey, HEAD_KEY } from './paths.ts';
import type { LedgerStore, NoteSigner, Signer } from './port.ts';
import { unusable } from './private-files.ts';
import { refuseRetired, whileInUse } from './retirement.ts';
import { settleRotation } from './settle.ts';
import { checkpointKeyPath, entryKeyId, entryKeyPath, formatEntryKey, type Trust } from './trust.ts';

/** A ledger that can be appended to. */
export interface Ledger {
  readonly store: LedgerStore;
  readonly origin: string;
  readonly signer: Signer;
  readonly notary: NoteSigner;
  /** Our own public keys, also those that were rotated out: from the folder of private keys and not from the ledger. */
  readonly trust: Trust;
  /** Puts a keyed digest in a secret's place. */
  readonly redact: (secret: Value) => string;
  readonly random: (count: number) => Uint8Array;
}

export interface LedgerPlace extends KeyAccess {
  readonly store: LedgerStore;
  /** Folder of the private keys. */
  readonly keysDirectory: string;
  /** Cryptographically random bytes. */
  readonly random: (count: number) => Uint8Array;
}

export interface InitOptions extends LedgerPlace, KeyWishes {
  /** Name of the log in its checkpoints, for example `ledger.example/acme-prod`. Made up where left out. */
  readonly origin?: string | undefined;
}

export interface Initialised {
  readonly origin: string;
  /** Key files that were made; empty where all were there. */
  readonly keys: readonly string[];
  /** Whether an empty log was made. */
  readonly log: boolean;
}

/**
 * Makes what is missing: private keys in their own folder, public ones in the ledger, an empty log with a signed
 * checkpoint. Doing it again makes nothing. Throws E_USAGE (a bad name, or another than the ledger has), E_KEY (a ledger
 * is there and its keys are not: new keys could not continue it), E_SIGNER (its KMS key does not serve), E_LEDGER_CORRUPT.
 */
export async function initLedger(options: InitOptions): Promise<Initialised> {
  const { store, keysDirectory, random } = options;
  const wanted = options.origin;
  if (wanted !== undefined && !isNoteName(wanted)) {
    throw new DriftbomError('E_USAGE', `${JSON.stringify(wanted)} cannot name a ledger`, 'Use no spaces and no plus.');
  }
  return store.locked(async () => {
    if ((await store.get(HEAD_KEY)) !== undefined) {
      const { origin } = await readCheckpoint(store);
      if (wanted !== undefined && wanted !== origin) {
        throw new DriftbomError(
          'E_USAGE',
          `the ledger is named ${origin} already`,
          'A ledger keeps its name for life.',
        );
      }
      const missing = await missingKeys(keysDirectory);
      if (missing[0] !== undefined) throw unusable(missing[0], 'it is missing');
      return { origin, keys: [], log: false };
    }
    if ((await store.list('checkpoints/')).length > 0) {
      throw corrupt('the ledger kept checkpoints of a log whose head is gone');
    }
    const made = await makeKeys(keysDirectory, random, options);
    const origin = wanted ?? `driftbom.dev/ledger/${Buffer.from(random(6)).toString('hex')}`;
    await beginLog(store, origin, await signersOf(await loadKeyRecord(keysDirectory, options), options, origin));
    return { origin, keys: made, log: true };
  });
}

/** Public keys first: a log that exists can always be verified. */
async function beginLog(store: LedgerStore, origin: string, { signer, notary }: Signers): Promise<void> {
  const note = await signNote(formatCheckpoint({ origin, size: 0, root: EMPTY_ROOT }), notary);
  await store.put([
    { key: entryKeyPath(signer.keyId), bytes: encodeUtf8(formatEntryKey(signer.publicKey)) },
    { key: checkpointKeyPath(parseVkey(notary.vkey)), bytes: encodeUtf8(`${notary.vkey}\n`) },
  ]);
  await store.swapHead(undefined, note);
  await store.put([{ key: checkpointKey(0), bytes: note }]);
}

/**
 * Opens a ledger for appending, and finishes a rotation of its keys that was cut short. Throws E_LEDGER_MISSING, E_KEY
 * (missing, damaged, locked, retired, or another ledger's keys) and E_LEDGER_CORRUPT (the head does not verify: nothing
 * may be appended to it).
 */
export async function openLedger(place: LedgerPlace): Promise<Ledger> {
  const { store, keysDirectory, random } = place;
  const bytes = await readHeadNote(store);
  const note = await parsing(HEAD_KEY, () => parseNote(bytes));
  const { origin } = await parsing(HEAD_KEY, () => parseCheckpoint(note.text));
  const record = await settleRotation(store, keysDirectory, await loadKeyRecord(keysDirectory, place), origin);
  const { signer, notary } = await signersOf(record, place, origin);
  const redact = redactor(await loadRedaction(keysDirectory));
  const key = parseVkey(notary.vkey);
  const trust = trustOfRecord(record, origin);
  const inUse = [signer.keyId, entryKeyId(currentKey(record, 'checkpoint').publicKey)];
  if (!note.signatures.some((one) => one.keyId === key.keyId && one.name === key.name)) {
    await refuseRetired(store, inUse);
    throw unusable(fileOf(record, 'checkpoint', keysDirectory), `it did not sign the head of ${origin}`);
  }
  await openHead(store, trust.checkpointKeys);
  await refuseRetired(store, inUse);
  if ((await store.get(entryKeyPath(signer.keyId))) === undefined) {
    const why = `its public half does not stand in the ledger ${origin}`;
    throw unusable(fileOf(record, 'entry', keysDirectory), why);
  }
  return { store: whileInUse(store, inUse), origin, signer, notary, trust, redact, random };
}

interface Signers {
  readonly signer: Signer;
  readonly notary: NoteSigner;
}

async function signersOf(record: KeyRecord, place: LedgerPlace, origin: string): Promise<Signers> {
  const { keysDirectory } = place;
  return {
    signer: await openEntrySigner(keysDirectory, currentKey(record, 'entry'), place),
    notary: await openCheckpointSigner(keysDirectory, currentKey(record, 'checkpoint'), origin, place),
  };
}

/** The file to name when a key is of no use. */
function fileOf(record: KeyRecord, use: 'entry' | 'checkpoint', directory: string): string {
  const { signer } = currentKey(record, use);
  return join(directory, 'local' in signer ? signer.local : RECORD_FILE);
}
