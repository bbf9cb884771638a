import { messageOf } from '../../model/error.ts';
import { decodeUtf8, sameBytes, toHex } from '../bytes.ts';
import { openSigned } from '../checkpoint.ts';
import { type Envelope, formatEnvelope } from '../dsse.ts';
import { digestSignatureHolds } from '../ecdsa.ts';
import { FormatError } from '../format-error.ts';
import { parseLeaf } from '../leaf.ts';
import { leafHash, verifyInclusion } from '../merkle.ts';
import { algorithmOf } from '../spki.ts';
import { entryKeyId, type Trust } from '../trust.ts';
import { type DiagnosticCode, Failures } from '../verify/diagnostics.ts';
import { EntryChecker } from '../verify/entry.ts';
import { checkSigners, checkWitnesses, type SignedHead } from '../verify/head.ts';
import { KeyRing } from '../verify/key-ring.ts';
import { kindOf } from './logged.ts';
import type { LogProof } from './proof.ts';
import { logIdOf, parseSigstoreBundle, type SigstoreBundle } from './sigstore.ts';
import { parseTlogProof, TLOG_PROOF_HEADER } from './tlog-proof.ts';

/** What is wrong with a proof beyond what can be wrong with its entry. docs/ledger-format.md explains each. */
export const PROOF_DIAGNOSTICS = ['proof-malformed', 'index-wrong', 'log-wrong', 'inclusion-wrong'] as const;
type ProofCode = (typeof PROOF_DIAGNOSTICS)[number] | DiagnosticCode;

export interface ProofFailure {
  readonly code: ProofCode;
  /** Log index of the entry that the proof is about; undefined where it cannot be read. */
  readonly index: number | undefined;
  readonly message: string;
}

/** What an exported proof shows, held against keys from elsewhere. `ok` only where nothing is wrong. */
export interface ProofVerification {
  readonly ok: boolean;
  readonly form: 'sigstore-bundle' | 'tlog-proof';
  readonly index: number | undefined;
  /** The log, its size and root (hex), as the signed checkpoint in the proof names them. */
  readonly origin: string | undefined;
  readonly size: number | undefined;
  readonly root: string | undefined;
  /** Kind and statement digest of the entry, once it holds. */
  readonly kind: string | undefined;
  readonly digest: string | undefined;
  readonly failures: readonly ProofFailure[];
  /** What a proof of this form cannot show, in words. */
  readonly notChecked: readonly string[];
}

/**
 * Verifies one exported Sigstore bundle or tlog-proof: the form, both indexes, the checkpoint's signature, the way from
 * the leaf to the signed root, then the entry as `verifyLedger` does. Hostile bytes become failures, never exceptions.
 */
export function verifyProof(bytes: Uint8Array, trust: Trust): ProofVerification {
  const form = isTlogProof(bytes) ? 'tlog-proof' : 'sigstore-bundle';
  try {
    const text = decodeUtf8(bytes);
    if (form === 'tlog-proof') {
      const proof = parseTlogProof(text);
      return checked(form, proof, proof.envelope, trust, []);
    }
    const bundle = parseSigstoreBundle(text);
    return checked(form, bundle, bundle.envelope, trust, bundleFaults(bundle, trust));
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown;
    const failure: ProofFailure = { code: 'proof-malformed', index: undefined, message: messageOf(thrown) };
    return answer(form, undefined, undefined, [failure], []);
  }
}

function isTlogProof(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, TLOG_PROOF_HEADER.length)).toString('latin1') === TLOG_PROOF_HEADER;
}

/** What a Sigstore bundle says a second time, outside of what its proof binds. */
function bundleFaults(bundle: SigstoreBundle, trust: Trust): ProofFailure[] {
  const { index, outerIndex } = bundle;
  const faults: ProofFailure[] = [];
  const add = (code: ProofCode, message: string): void => void faults.push({ code, index, message });
  if (outerIndex !== index) {
    add('index-wrong', `the log entry says index ${outerIndex}, its inclusion proof ${index}`);
  }
  if (!trust.checkpointKeys.some((key) => sameBytes(logIdOf(key), bundle.logId))) {
    add('log-wrong', 'the log id is not that of a trusted checkpoint key');
  }
  try {
    if (bundle.hint !== entryKeyId(parseLeaf(bundle.leaf).publicKey)) {
      add('key-id-wrong', 'the key hint names another key than the log');
    }
  } catch (thrown) {
    // A leaf that is none of ours is told by the entry's own check.
    if (!(thrown instanceof FormatError)) throw thrown;
  }
  const head = headOf(bundle, trust);
  if (head instanceof FormatError) return faults;
  const { size, root } = head.checkpoint;
  if (bundle.size !== size || !sameBytes(bundle.root, root)) {
    add('inclusion-wrong', 'size or root beside the proof are not those of the signed checkpoint');
  }
  return faults;
}

function checked(
  form: ProofVerification['form'],
  proof: LogProof,
  envelope: Envelope | undefined,
  trust: Trust,
  faults: readonly ProofFailure[],
): ProofVerification {
  const { index, leaf } = proof;
  const head = headOf(proof, trust);
  if (head instanceof FormatError) {
    const failure: ProofFailure = { code: 'head-wrong', index, message: `the checkpoint: ${head.message}` };
    return answer(form, index, undefined, [...faults, failure], []);
  }
  const { origin, size, root } = head.checkpoint;
  const failures = new Failures();
  const ring = new KeyRing(trust);
  checkSigners({ head, kept: [] }, ring, failures);
  checkWitnesses({ head, kept: [] }, trust, failures);
  checkKept(head, trust, index, failures);
  const found: ProofFailure[] = [...faults];
  if (!verifyInclusion(leafHash(leaf), index, size, proof.hashes, root)) {
    const message = `the hashes do not lead from this leaf at index ${index} to the signed root`;
    found.push({ code: 'inclusion-wrong', index, message });
  }
  if (envelope === undefined) {
    checkLeaf(proof, ring, failures);
    return answer(form, index, head, [...found, ...failures.sorted()], [ERASED]);
  }
  const line = formatEnvelope(envelope);
  const entry = new EntryChecker(ring, origin, failures, () => true).check({ index, leaf, line });
  const all = answer(form, index, head, [...found, ...failures.sorted()], NOT_IN_A_PROOF);
  return entry?.kind === 'entry' ? { ...all, kind: kindOf(entry.signed), digest: entry.digest } : all;
}

const ERASED = 'the payload, which was erased: the proof shows that a leaf was logged, not what was signed';
const NOT_IN_A_PROOF = [
  'the documents that the entry names by digest',
  'other entries: what was said of this one later, and whether its key was retired',
];

function headOf({ note }: Pick<LogProof, 'note'>, trust: Trust): SignedHead | FormatError {
  try {
    return { ...openSigned(note, trust.checkpointKeys), from: 'the checkpoint in the proof', outside: false };
  } catch (thrown) {
    if (thrown instanceof FormatError) return thrown;
    throw thrown;
  }
}

/** A checkpoint kept elsewhere speaks of the same tree only where it has the same size. */
function checkKept({ checkpoint }: SignedHead, trust: Trust, index: number, failures: Failures): void {
  for (const note of trust.kept ?? []) {
    const kept = headOf({ note }, trust);
    const from = 'a checkpoint that was kept elsewhere';
    if (kept instanceof FormatError) {
      failures.add('checkpoint-wrong', index, `${from}: ${kept.message}`);
    } else if (kept.checkpoint.origin !== checkpoint.origin) {
      failures.add('checkpoint-wrong', index, `${from} is of another log: ${kept.checkpoint.origin}`);
    } else if (kept.checkpoint.size === checkpoint.size && !sameBytes(kept.checkpoint.root, checkpoint.root)) {
      failures.add('forked', index, `${from} signs another tree of ${checkpoint.size} entries`);
    }
  }
}

/** All that can be said of an entry whose payload is gone: its key, and the signature where that is over a digest. */
function checkLeaf({ leaf, index }: LogProof, ring: KeyRing, failures: Failures): void {
  try {
    const { publicKey, paeSha256, signature } = parseLeaf(leaf);
    const key = ring.find(publicKey, index);
    if (typeof key === 'string') failures.add('key-not-allowed', index, `entry ${index}: ${key}`);
    else if (algorithmOf(publicKey) !== 'ed25519' && !digestSignatureHolds(publicKey, paeSha256, signature)) {
      failures.add('signature-wrong', index, `entry ${index}: the signature over the erased payload does not hold`);
    }
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown;
    failures.add('leaf-malformed', index, `entry ${index}: ${messageOf(thrown)}`);
  }
}

function answer(
  form: ProofVerification['form'],
  index: number | undefined,
  head: SignedHead | undefined,
  failures: readonly ProofFailure[],
  notChecked: readonly string[],
): ProofVerification {
  return {
    ok: failures.length === 0,
    form,
    index,
    origin: head?.checkpoint.origin,
    size: head?.checkpoint.size,
    root: head === undefined ? undefined : toHex(head.checkpoint.root),
    kind: undefined,
    digest: undefined,
    failures,
    notChecked,
  };
}
