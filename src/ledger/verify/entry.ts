import { messageOf } from '../../model/error.ts';
import type { EntryKind } from '../../model/entry.ts';
import { sameBytes } from '../bytes.ts';
import { pae } from '../dsse.ts';
import { digestSignatureHolds } from '../ecdsa.ts';
import { FormatError } from '../format-error.ts';
import { type Leaf, parseLeaf } from '../leaf.ts';
import { type Line, parseLine, type Tombstone } from '../line.ts';
import { algorithmOf, signatureHolds } from '../spki.ts';
import { parseStatement, type SignedStatement } from '../statement-shape.ts';
import type { StoredEntry } from './batches.ts';
import type { DiagnosticCode, Failures } from './diagnostics.ts';
import type { KeyRing } from './key-ring.ts';

/** An entry whose own bytes hold together. */
export type CheckedEntry =
  | { readonly kind: 'erased'; readonly index: number; readonly tombstone: Tombstone }
  | {
      readonly kind: 'entry';
      readonly index: number;
      readonly digest: string;
      readonly signed: SignedStatement;
      /** DER SubjectPublicKeyInfo of the key that signed it. */
      readonly publicKey: Uint8Array;
    };

class Refused extends Error {
  readonly code: DiagnosticCode;

  constructor(code: DiagnosticCode, message: string) {
    super(message);
    this.code = code;
  }
}

type RingKey = Exclude<ReturnType<KeyRing['find']>, string>;
type EnvelopeLine = Line & { kind: 'envelope' };

/** Checks entries one at a time, in log order: leaf, payload, key, signature, statement. */
export class EntryChecker {
  readonly #ring: KeyRing;
  readonly #origin: string;
  readonly #failures: Failures;
  readonly #sampled: (index: number) => boolean;
  readonly #seen = new Map<string, number>();
  signatures = 0;
  /** Erased entries whose signature needs the payload that is gone (Ed25519). */
  unprovable = 0;

  /** `sampled` tells whose signatures are checked; those of annotations, which may change whom we trust, always are. */
  constructor(ring: KeyRing, origin: string, failures: Failures, sampled: (index: number) => boolean) {
    this.#ring = ring;
    this.#origin = origin;
    this.#failures = failures;
    this.#sampled = sampled;
  }

  /** Undefined, and a failure told, where the entry is bad. */
  check({ index, leaf, line }: StoredEntry): CheckedEntry | undefined {
    if (leaf === undefined || line === undefined) return undefined;
    try {
      const logged = attempt('leaf-malformed', () => parseLeaf(leaf));
      const parsed = attempt('payload-malformed', () => parseLine(line, index));
      if (!sameBytes(parsed.paeSha256, logged.paeSha256)) {
        throw new Refused('payload-wrong', 'the payload is not the one that the log holds at this index');
      }
      const key = this.#ring.find(logged.publicKey, index);
      if (typeof key === 'string') throw new Refused('key-not-allowed', key);
      if (parsed.kind === 'erased') return this.#erased(index, parsed.tombstone, logged);
      return this.#entry(index, parsed, logged, key);
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      this.#failures.add(thrown.code, index, `entry ${index}: ${thrown.message}`);
      return undefined;
    }
  }

  #entry(index: number, line: EnvelopeLine, leaf: Leaf, key: RingKey): CheckedEntry {
    const { envelope, digest } = line;
    if (envelope.keyId !== key.keyId) {
      throw new Refused('key-id-wrong', 'the envelope names another key than the log');
    }
    if (!sameBytes(envelope.signature, leaf.signature)) {
      throw new Refused('signature-wrong', 'the envelope carries another signature than the log');
    }
    const sampled = this.#sampled(index);
    if (sampled) this.#checkSignature(line, key);
    const signed = attempt('statement-malformed', () => parseStatement(envelope.payload));
    if (!sampled && signed.kind === 'annotation') this.#checkSignature(line, key);
    const refusal = this.#ring.refusal(key, { index, ...saysOf(signed) });
    if (refusal !== undefined) throw new Refused('key-not-allowed', refusal);
    this.#checkOnce(signed, index);
    this.#follow(signed, index, digest);
    return { kind: 'entry', index, digest, signed, publicKey: leaf.publicKey };
  }

  #erased(index: number, tombstone: Tombstone, leaf: Leaf): CheckedEntry {
    if (!this.#sampled(index)) return { kind: 'erased', index, tombstone };
    if (algorithmOf(leaf.publicKey) === 'ed25519') this.unprovable++;
    else if (digestSignatureHolds(leaf.publicKey, leaf.paeSha256, leaf.signature)) this.signatures++;
    else throw new Refused('signature-wrong', 'the signature over the erased payload does not hold');
    return { kind: 'erased', index, tombstone };
  }

  #checkSignature({ envelope }: EnvelopeLine, key: RingKey): void {
    if (!signatureHolds(key.key(), pae(envelope.payloadType, envelope.payload), envelope.signature)) {
      throw new Refused('signature-wrong', 'the signature does not hold');
    }
    this.signatures++;
  }

  /** An entry of another log, or one that stands in this log already, proves nothing here. */
  #checkOnce({ statement }: SignedStatement, index: number): void {
    const { entryId, ledger } = statement.predicate;
    if (ledger.origin !== this.#origin) throw new Refused('origin-wrong', `written for the ledger ${ledger.origin}`);
    const before = this.#seen.get(entryId);
    if (before !== undefined) throw new Refused('entry-repeated', `has the id of entry ${before}`);
    this.#seen.set(entryId, index);
  }

  #follow(signed: SignedStatement, index: number, digest: string): void {
    const terms = signed.kind === 'annotation' ? signed.statement.predicate.annotation.key : undefined;
    if (terms !== undefined) attempt('statement-malformed', () => this.#ring.follow(terms, { index, digest }));
  }
}

function saysOf(signed: SignedStatement): { readonly kind: EntryKind; readonly recordedAt: string } {
  if (signed.kind === 'scan') return { kind: 'scan', recordedAt: signed.statement.predicate.recordedAt };
  if (signed.kind === 'change') {
    const { change, when } = signed.statement.predicate;
    return { kind: change.kind, recordedAt: when.recordedAt };
  }
  const { annotation, when } = signed.statement.predicate;
  return { kind: annotation.kind, recordedAt: when.recordedAt };
}

function attempt<T>(code: DiagnosticCode, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof FormatError) throw new Refused(code, messageOf(thrown));
    throw thrown;
  }
}
