import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadConfig } from './config.ts';
import { loadKeys, missingKeys } from './ledger/keys.ts';
import { readCheckpoint } from './ledger/head.ts';
import { parseVkey } from './ledger/note.ts';
import type { LedgerReader } from './ledger/port.ts';
import { checkpointSigner, entrySigner } from './ledger/signers/local.ts';
import { parseCheckpointKey, parseEntryKey, type Trust } from './ledger/trust.ts';
import { type Verification, verifyLedger } from './ledger/verify.ts';
import { DriftbomError, errnoOf } from './model/error.ts';
import { type LedgerFolders, ledgerFolders, openStore, requireLedger } from './wire-ledger.ts';
import type { WireIo } from './wire-io.ts';

export interface VerifyRequest {
  readonly ledger?: string;
  readonly config?: string;
  /** Files of public keys: PEM for entries, .vkey for checkpoints. */
  readonly key?: readonly string[];
  /** Files of checkpoints kept elsewhere. */
  readonly checkpoint?: readonly string[];
}

/** A verification, and whose word it rests on. */
export interface Verified {
  readonly verification: Verification;
  readonly folders: LedgerFolders;
  readonly reader: LedgerReader;
  readonly trust: Trust;
  /** Where the keys came from: a ledger that vouches for itself proves less, and the reader must know. */
  readonly trustedKeys: 'given' | 'own' | 'ledger';
}

/** Verifies a ledger. Errors: E_LEDGER_MISSING, E_KEY, E_CONFIG. What is wrong with the ledger is no error but the answer. */
export async function wireVerify(request: VerifyRequest, io: WireIo): Promise<Verified> {
  const config = await loadConfig(request.config && resolve(io.cwd, request.config), [io.cwd]);
  const folders = ledgerFolders(request.ledger, config, io);
  await requireLedger(folders);
  const reader = openStore(folders, io);
  const { trustedKeys, ...keys } = await trustFor(request, folders, reader, io);
  const kept = await Promise.all((request.checkpoint ?? []).map((file) => readGiven(file, io)));
  const trust: Trust = { ...keys, kept };
  return { verification: await verifyLedger(reader, trust), folders, reader, trust, trustedKeys };
}

type Keys = Pick<Trust, 'checkpointKeys' | 'entryKeys'> & { readonly trustedKeys: Verified['trustedKeys'] };

/** Keys that were given; else our own, from the private ones; else the ledger's word for itself. */
async function trustFor(
  request: VerifyRequest,
  folders: LedgerFolders,
  reader: LedgerReader,
  io: WireIo,
): Promise<Keys> {
  if (request.key !== undefined && request.key.length > 0) {
    const files = await Promise.all(
      request.key.map(async (file) => ({ file, text: Buffer.from(await readGiven(file, io)).toString('utf8') })),
    );
    return { ...parseKeys(files), trustedKeys: 'given' };
  }
  if (await hasOwnKeys(folders)) {
    const keys = await loadKeys(folders.keysDirectory);
    const { keyId, publicKey } = entrySigner(keys.entry);
    // A head that cannot be read is for the verification to report, not for us to stop at.
    const origin = await readCheckpoint(reader).then(
      (head) => head.origin,
      () => 'unreadable',
    );
    const notary = checkpointSigner(keys.checkpoint, origin);
    return { checkpointKeys: [parseVkey(notary.vkey)], entryKeys: [{ keyId, publicKey }], trustedKeys: 'own' };
  }
  const files = await Promise.all(
    (await reader.list('keys/')).map(async (file) => ({
      file,
      text: Buffer.from((await reader.get(file)) ?? new Uint8Array()).toString('utf8'),
    })),
  );
  return { ...parseKeys(files), trustedKeys: 'ledger' };
}

async function hasOwnKeys({ keysDirectory }: LedgerFolders): Promise<boolean> {
  const there = await stat(keysDirectory).catch(() => undefined);
  return there?.isDirectory() === true && (await missingKeys(keysDirectory)).length === 0;
}

function parseKeys(files: readonly { file: string; text: string }[]): Pick<Trust, 'checkpointKeys' | 'entryKeys'> {
  const parse = <T>(file: string, read: () => T): T => {
    try {
      return read();
    } catch (cause) {
      const cure =
        'Give a .pem file for entries and a .vkey file for checkpoints, as they stand in the ledger under keys/.';
      throw new DriftbomError('E_KEY', `${file} is no public key of a ledger`, cure, { cause });
    }
  };
  const isPem = ({ text }: { text: string }): boolean => text.startsWith('-----BEGIN');
  return {
    entryKeys: files.filter(isPem).map(({ file, text }) => parse(file, () => parseEntryKey(text))),
    checkpointKeys: files
      .filter((one) => !isPem(one))
      .map(({ file, text }) => parse(file, () => parseCheckpointKey(text))),
  };
}

async function readGiven(file: string, io: WireIo): Promise<Uint8Array> {
  return readFile(resolve(io.cwd, file)).catch((cause: unknown) => {
    throw new DriftbomError('E_KEY', `cannot read ${file}: ${errnoOf(cause)}`, 'Check the path.', { cause });
  });
}
