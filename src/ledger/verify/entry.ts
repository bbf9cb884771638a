import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { messageOf } from '../../model/error.ts';
import { sameBytes, toHex } from '../bytes.ts';
import { pae } from '../dsse.ts';
import { FormatError } from '../format-error.ts';
import { type Leaf, parseLeaf } from '../leaf.ts';
import { type Line, parseLine } from '../line.ts';
import { parseStatement, type SignedStatement } from '../statement-shape.ts';
import { entryKeyId, type Trust } from '../trust.ts';
import type { StoredEntry } from './batches.ts';
import type { DiagnosticCode, Failures } from './diagnostics.ts';

/** An entry whose own bytes hold together. */
export type CheckedEntry =
  | { readonly kind: 'erased'; readonly index: number }
  | { readonly kind: 'entry'; readonly index: number; readonly digest: string; readonly signed: SignedStatement };

class Refused extends Error {
  readonly code: DiagnosticCode;

  constructor(code: DiagnosticCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Checks entries one at a time: leaf, payload, key, signature, statement. Keys are parsed once. */
export class EntryChecker {
  readonly #keys: ReadonlyMap<string, () => KeyObject>;
  readonly #origin: string;
  readonly #failures: Failures;
  readonly #withSignatures: boolean;
  readonly #seen = new Map<string, number>();
  signatures = 0;

  constructor(trust: Trust, origin: string, failures: Failures, withSignatures: boolean) {
    this.#keys = new Map(trust.entryKeys.map(({ publicKey }) => [toHex(publicKey), lazily(publicKey)]));
    this.#origin = origin;
    this.#failures = failures;
    this.#withSignatures = withSignatures;
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
      const key = this.#keyOf(logged);
      if (parsed.kind === 'erased') return { kind: 'erased', index };
      this.#checkSignature(parsed, logged, key);
      const signed = attempt('statement-malformed', () => parseStatement(parsed.envelope.payload));
      this.#checkOnce(signed, index);
      return { kind: 'entry', index, digest: parsed.digest, signed };
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      this.#failures.add(thrown.code, index, `entry ${index}: ${thrown.message}`);
      return undefined;
    }
  }

  #keyOf(leaf: Leaf): () => KeyObject {
    const key = this.#keys.get(toHex(leaf.publicKey));
    if (key !== undefined) return key;
    throw new Refused('key-not-allowed', `signed by ${entryKeyId(leaf.publicKey)}, which is not trusted`);
  }

  #checkSignature({ envelope }: Line & { kind: 'envelope' }, leaf: Leaf, key: () => KeyObject): void {
    if (envelope.keyId !== entryKeyId(leaf.publicKey)) {
      throw new Refused('key-id-wrong', 'the envelope names another key than the log');
    }
    if (!sameBytes(envelope.signature, leaf.signature)) {
      throw new Refused('signature-wrong', 'the envelope carries another signature than the log');
    }
    if (!this.#withSignatures) return;
    if (!verify('sha256', pae(envelope.payloadType, envelope.payload), key(), envelope.signature)) {
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
}

/** A key that is made at its first use. */
function lazily(publicKey: Uint8Array): () => KeyObject {
  let key: KeyObject | undefined;
  return () => {
    key ??= createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    return key;
  };
}

function attempt<T>(code: DiagnosticCode, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof FormatError) throw new Refused(code, messageOf(thrown));
    throw thrown;
  }
}
