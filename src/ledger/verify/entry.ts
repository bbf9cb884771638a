import { messageOf } from '../../model/error.ts';
import type { EntryKind } from '../../model/entry.ts';
import { sameBytes } from '../bytes.ts';
import { type Envelope, pae } from '../dsse.ts';
import { digestSignatureHolds } from '../ecdsa.ts';
import { FormatError } from '../format-error.ts';
import { type Leaf, parseLeaf } from '../leaf.ts';
import { type Line, parseLine, type Tombstone } from '../line.ts';
import type { SignatureThread } from '../signature-thread.ts';
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

/** An entry that was looked at while its signature is still being checked. */
export interface BegunEntry {
  readonly entry: CheckedEntry | undefined;
  /** Whether the signature holds; undefined where nothing is left to be checked. */
  readonly signature: Promise<boolean> | undefined;
}

type RingKey = Exclude<ReturnType<KeyRing['find']>, string>;
type EnvelopeLine = Line & { kind: 'envelope' };
/** How the signature of an envelope is checked: now, or by another thread. */
type SignatureCheck = (envelope: Envelope, key: RingKey) => void;

const WRONG_SIGNATURE = 'the signature does not hold';

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
  check(stored: StoredEntry): CheckedEntry | undefined {
    return this.#check(stored, (envelope, key) => {
      this.#checkSignature(envelope, key);
    });
  }

  /**
   * The same, but that another thread checks the signature meanwhile, so that the next entries can be looked at. Whom to
   * trust from an entry on is known at once all the same: the signatures of annotations are checked here.
   */
  begin(stored: StoredEntry, thread: SignatureThread): BegunEntry {
    let signature: Promise<boolean> | undefined;
    const entry = this.#check(stored, ({ payloadType, payload, signature: bytes }, { publicKey }) => {
      signature = thread.holds(publicKey, pae(payloadType, payload), bytes);
    });
    return { entry, signature: entry === undefined ? undefined : signature };
  }

  /** What `begin` gave, once it is known whether the signature holds. */
  async settled({ entry, signature }: BegunEntry): Promise<CheckedEntry | undefined> {
    if (entry === undefined || signature === undefined) return entry;
    if (await signature) {
      this.signatures++;
      return entry;
    }
    this.#failures.add('signature-wrong', entry.index, `entry ${entry.index}: ${WRONG_SIGNATURE}`);
    return undefined;
  }

  #check({ index, leaf, line }: StoredEntry, signing: SignatureCheck): CheckedEntry | undefined {
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
      return this.#entry(index, parsed, logged, key, signing);
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      this.#failures.add(thrown.code, index, `entry ${index}: ${thrown.message}`);
      return undefined;
    }
  }

  #entry(index: number, line: EnvelopeLine, leaf: Leaf, key: RingKey, signing: SignatureCheck): CheckedEntry {
    const { envelope, digest } = line;
    if (envelope.keyId !== key.keyId) {
      throw new Refused('key-id-wrong', 'the envelope names another key than the log');
    }
    if (!sameBytes(envelope.signature, leaf.signature)) {
      throw new Refused('signature-wrong', 'the envelope carries another signature than the log');
    }
    const signed = attempt('statement-malformed', () => parseStatement(envelope.payload));
    if (signed.kind === 'annotation') this.#checkSignature(envelope, key);
    else if (this.#sampled(index)) signing(envelope, key);
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

  #checkSignature({ payloadType, payload, signature }: Envelope, key: RingKey): void {
    if (!signatureHolds(key.key(), pae(payloadType, payload), signature)) {
      throw new Refused('signature-wrong', WRONG_SIGNATURE);
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
