import { resolve } from 'node:path';
import { loadConfig } from '../config.ts';
import { missingKeys, PASSPHRASE_VARIABLE } from '../ledger/keys.ts';
import { ownTrust, trustInLedger, trustOf } from '../ledger/own-trust.ts';
import { parsePolicy } from '../ledger/policy.ts';
import type { LedgerReader } from '../ledger/port.ts';
import type { Trust } from '../ledger/trust.ts';
import { type Verification, verifyLedger } from '../ledger/verify.ts';
import type { Entry } from '../model/entry.ts';
import { DriftbomError } from '../model/error.ts';
import { type LedgerFolders, ledgerFolders, openStore, requireLedger } from './ledger.ts';
import { readGiven } from './given-file.ts';
import type { WireIo } from './io.ts';

export interface VerifyRequest {
  readonly ledger?: string;
  readonly config?: string;
  /** Files of public keys: PEM for entries, .vkey for checkpoints. */
  readonly key?: readonly string[];
  /** Files of checkpoints kept elsewhere. */
  readonly checkpoint?: readonly string[];
  /** File of a policy; keys then come from it. */
  readonly policy?: string;
  /** All of them where left out. */
  readonly signatures?: 'all' | 'sample';
  /** Check heads, tree and kept checkpoints alone. */
  readonly treeOnly?: boolean;
  /** `attached`: only those documents that entries are made whole with; all of them where left out. */
  readonly documents?: 'all' | 'attached';
}

/** A verification, and whose word it rests on. */
export interface Verified {
  readonly verification: Verification;
  readonly folders: LedgerFolders;
  readonly reader: LedgerReader;
  readonly trust: Trust;
  /** Where the keys came from: a ledger that vouches for itself proves less, and the reader must know. */
  readonly trustedKeys: 'given' | 'policy' | 'own' | 'ledger';
}

/**
 * Verifies a ledger; `onEntry` is given what it reads meanwhile, see `VerifyOptions`. Errors: E_LEDGER_MISSING, E_KEY,
 * E_CONFIG. What is wrong with the ledger is no error but the answer.
 */
export async function wireVerify(
  request: VerifyRequest,
  io: WireIo,
  onEntry?: (entry: Entry) => void,
): Promise<Verified> {
  const config = await loadConfig(request.config && resolve(io.cwd, request.config), [io.cwd]);
  const folders = ledgerFolders(request.ledger, config, io);
  await requireLedger(folders);
  const reader = openStore(folders, io);
  const { trust: keys, trustedKeys } = await trustFor(request, folders, reader, io);
  const kept = await Promise.all((request.checkpoint ?? []).map((file) => readGiven(file, 'E_KEY', io)));
  const trust: Trust = { ...keys, kept };
  const { signatures = 'all', treeOnly = false, documents = 'all' } = request;
  const listening = onEntry === undefined ? {} : { onEntry };
  const verification = await verifyLedger(reader, trust, { signatures, treeOnly, documents, ...listening });
  return { verification, folders, reader, trust, trustedKeys };
}

/** A policy or keys that were given; else our own, from the private ones; else the ledger's word for itself. */
export async function trustFor(
  request: VerifyRequest,
  folders: LedgerFolders,
  reader: LedgerReader,
  io: WireIo,
): Promise<{ trust: Trust; trustedKeys: Verified['trustedKeys'] }> {
  if (request.policy !== undefined) {
    return { trust: parsePolicy(await readGiven(request.policy, 'E_KEY', io), request.policy), trustedKeys: 'policy' };
  }
  if (request.key !== undefined && request.key.length > 0) {
    const files = request.key.map(async (name) => ({
      name,
      text: Buffer.from(await readGiven(name, 'E_KEY', io)).toString('utf8'),
    }));
    const trust = trustOf(await Promise.all(files));
    if (trust.checkpointKeys.length === 0) {
      const message = 'no checkpoint key was given: nothing says whose head to believe';
      throw new DriftbomError('E_USAGE', message, 'Give --key log.vkey too; keys for entries (.pem) are others.');
    }
    return { trust, trustedKeys: 'given' };
  }
  if ((await missingKeys(folders.keysDirectory)).length === 0) {
    return {
      trust: await ownTrust(reader, folders.keysDirectory, { passphrase: io.env[PASSPHRASE_VARIABLE] }),
      trustedKeys: 'own',
    };
  }
  return { trust: await trustInLedger(reader), trustedKeys: 'ledger' };
}
