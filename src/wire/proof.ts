import { resolve } from 'node:path';
import { loadConfig } from '../config.ts';
import { decodeUtf8 } from '../ledger/bytes.ts';
import { parseTrustedRoot } from '../ledger/export/sigstore.ts';
import { type ProofVerification, verifyProof } from '../ledger/export/verify-proof.ts';
import { FormatError } from '../ledger/format-error.ts';
import { trustOf } from '../ledger/own-trust.ts';
import { parsePolicy } from '../ledger/policy.ts';
import type { Trust } from '../ledger/trust.ts';
import { followCheckpointKeys } from '../ledger/verify/succession.ts';
import { DriftbomError, messageOf } from '../model/error.ts';
import { ledgerFolders, openStore, requireLedger } from './ledger.ts';
import { readGiven } from './given-file.ts';
import type { WireIo } from './io.ts';
import { trustFor, type Verified } from './verify.ts';

export interface ProofRequest {
  /** An exported Sigstore bundle or tlog-proof. */
  readonly bundle: string;
  /** Sigstore's trusted_root.json: names the checkpoint keys. */
  readonly trustedRoot?: string;
  /** Files of public keys: PEM for entries, .vkey for checkpoints. */
  readonly key?: readonly string[];
  /** Files of checkpoints kept elsewhere. */
  readonly checkpoint?: readonly string[];
  /** File of a policy; keys then come from it. */
  readonly policy?: string;
  readonly ledger?: string;
  readonly config?: string;
}

export interface VerifiedProof {
  readonly proof: ProofVerification;
  readonly trustedKeys: Verified['trustedKeys'];
}

/**
 * Verifies an exported proof against keys from elsewhere; the ledger itself is not needed. Without keys, those of the
 * ledger at hand are taken. Errors: E_USAGE (a kind of key is missing), E_KEY, E_CONFIG. What is wrong with the proof is
 * no error but the answer.
 */
export async function wireProof(request: ProofRequest, io: WireIo): Promise<VerifiedProof> {
  const bytes = await readGiven(request.bundle, 'E_NOT_FOUND', io);
  const { trust, trustedKeys } = await keysFor(request, io);
  const kept = await Promise.all((request.checkpoint ?? []).map((file) => readGiven(file, 'E_KEY', io)));
  return { proof: verifyProof(bytes, { ...trust, kept }), trustedKeys };
}

async function keysFor(
  request: ProofRequest,
  io: WireIo,
): Promise<{ readonly trust: Trust; readonly trustedKeys: VerifiedProof['trustedKeys'] }> {
  const { trustedRoot, policy, key = [] } = request;
  if (policy !== undefined)
    return { trust: parsePolicy(await readGiven(policy, 'E_KEY', io), policy), trustedKeys: 'policy' };
  if (trustedRoot === undefined && key.length === 0) return ownKeys(request, io);
  const files = key.map(async (name) => ({ name, text: textOf(await readGiven(name, 'E_KEY', io), name) }));
  const given = trustOf(await Promise.all(files));
  const logs = trustedRoot === undefined ? [] : await trustedLogs(trustedRoot, io);
  const trust: Trust = { ...given, checkpointKeys: [...given.checkpointKeys, ...logs] };
  if (trust.entryKeys.length === 0) throw missingKey('entry key', 'a trusted root names logs, not the keys of entries');
  if (trust.checkpointKeys.length === 0) throw missingKey('checkpoint key', 'nothing says whose head to believe');
  return { trust, trustedKeys: 'given' };
}

/** The keys of the ledger at hand, and those that its log handed over to. */
async function ownKeys(request: ProofRequest, io: WireIo): ReturnType<typeof keysFor> {
  const config = await loadConfig(request.config && resolve(io.cwd, request.config), [io.cwd]);
  const folders = ledgerFolders(request.ledger, config, io);
  await requireLedger(folders);
  const reader = openStore(folders, io);
  const { trust, trustedKeys } = await trustFor({}, folders, reader, io);
  return { trust: await followCheckpointKeys(reader, trust), trustedKeys };
}

function missingKey(what: string, why: string): DriftbomError {
  const cure = 'Give --key entry.pem for entries, and --trusted-root FILE or --key log.vkey for the log.';
  return new DriftbomError('E_USAGE', `no ${what} was given: ${why}`, cure);
}

async function trustedLogs(file: string, io: WireIo): Promise<Trust['checkpointKeys']> {
  try {
    return parseTrustedRoot(decodeUtf8(await readGiven(file, 'E_KEY', io)));
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown;
    const cure = 'Give the trusted_root.json that `driftbom export --format sigstore` writes.';
    throw new DriftbomError('E_KEY', `${file} is no trusted root of a log of ours: ${messageOf(thrown)}`, cure);
  }
}

function textOf(bytes: Uint8Array, name: string): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    throw new DriftbomError('E_KEY', `${name} is no public key: not UTF-8`, 'Give a PEM public key or a .vkey file.');
  }
}
