import { join } from 'node:path';
import { DriftbomError } from '../model/error.ts';
import type { Value } from '../model/value.ts';
import { encodeUtf8 } from './bytes.ts';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { corrupt, parsing } from './faults.ts';
import { FormatError } from './format-error.ts';
import { openHead, readCheckpoint, readHeadNote } from './head.ts';
import { type RedactionKey, redactor } from './hmac.ts';
import { type LedgerKeys, loadKeys, makeKeys, missingKeys, unusable } from './keys.ts';
import { EMPTY_ROOT } from './merkle.ts';
import { isNoteName, parseNote, parseVkey, signNote } from './note.ts';
import { checkpointKey, HEAD_KEY } from './paths.ts';
import type { LedgerStore, NoteSigner, Signer } from './port.ts';
import { checkpointSigner, entrySigner } from './signers/local.ts';
import { checkpointKeyPath, entryKeyPath, formatEntryKey, type Trust } from './trust.ts';

/** A ledger that can be appended to. */
export interface Ledger {
  readonly store: LedgerStore;
  readonly origin: string;
  readonly signer: Signer;
  readonly notary: NoteSigner;
  /** Our own public keys, taken from the private ones and not from the ledger. */
  readonly trust: Trust;
  /** Puts a keyed digest in a secret's place. */
  readonly redact: (secret: Value) => string;
  readonly random: (count: number) => Uint8Array;
}

export interface LedgerPlace {
  readonly store: LedgerStore;
  /** Folder of the private keys. */
  readonly keysDirectory: string;
  /** Cryptographically random bytes. */
  readonly random: (count: number) => Uint8Array;
}

export interface InitOptions extends LedgerPlace {
  /** Name of the log in its checkpoints, for example `ledger.example/acme-prod`. Made up where left out. */
  readonly origin?: string | undefined;
  /** A redaction key that masked something already and is to be kept, where there is none yet. */
  readonly redaction?: RedactionKey | undefined;
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
 * is there and its keys are not: new keys could not continue it), E_LEDGER_CORRUPT.
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
    const keys = await makeKeys(keysDirectory, random, options.redaction);
    const origin = wanted ?? `driftbom.dev/ledger/${Buffer.from(random(6)).toString('hex')}`;
    await beginLog(store, origin, signersOf(await loadKeys(keysDirectory), keysDirectory, origin));
    return { origin, keys, log: true };
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
 * Opens a ledger for appending. Throws E_LEDGER_MISSING, E_KEY (missing, damaged, or another ledger's keys) and
 * E_LEDGER_CORRUPT (the head does not verify: nothing may be appended to it).
 */
export async function openLedger(place: LedgerPlace): Promise<Ledger> {
  const { store, keysDirectory, random } = place;
  const bytes = await readHeadNote(store);
  const note = await parsing(HEAD_KEY, () => parseNote(bytes));
  const { origin } = await parsing(HEAD_KEY, () => parseCheckpoint(note.text));
  const keys = await loadKeys(keysDirectory);
  const { signer, notary } = signersOf(keys, keysDirectory, origin);
  const key = parseVkey(notary.vkey);
  if (!note.signatures.some((one) => one.keyId === key.keyId && one.name === key.name)) {
    throw unusable(join(keysDirectory, 'checkpoint.pem'), `it did not sign the head of ${origin}`);
  }
  await openHead(store, [key]);
  if ((await store.get(entryKeyPath(signer.keyId))) === undefined) {
    throw unusable(join(keysDirectory, 'entry.pem'), `its public half does not stand in the ledger ${origin}`);
  }
  const trust = { checkpointKeys: [key], entryKeys: [{ keyId: signer.keyId, publicKey: signer.publicKey }] };
  return { store, origin, signer, notary, trust, redact: redactor(keys.redaction), random };
}

interface Signers {
  readonly signer: Signer;
  readonly notary: NoteSigner;
}

function signersOf(keys: LedgerKeys, directory: string, origin: string): Signers {
  const using = <T>(name: string, make: () => T): T => {
    try {
      return make();
    } catch (thrown) {
      if (thrown instanceof FormatError) throw unusable(join(directory, name), thrown.message);
      throw thrown;
    }
  };
  return {
    signer: using('entry.pem', () => entrySigner(keys.entry)),
    notary: using('checkpoint.pem', () => checkpointSigner(keys.checkpoint, origin)),
  };
}
