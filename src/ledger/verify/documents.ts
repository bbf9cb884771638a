import { type Descriptor, STATE_MEDIA_TYPE } from '../../model/entry.ts';
import { documentsNamed } from '../attach.ts';
import { decodeUtf8, sha256Hex } from '../bytes.ts';
import { FormatError } from '../format-error.ts';
import { documentKey, evidenceKey } from '../paths.ts';
import type { LedgerReader } from '../port.ts';
import type { SignedStatement } from '../statement-shape.ts';
import { parseStrictJson } from '../strict-json.ts';
import type { Failures } from './diagnostics.ts';

/** Objects read at the same time: waiting for them one by one would be most of what a verification takes. */
const PARALLEL = 16;

/** Checks each document and each piece of evidence that entries name, once: there, and with the bytes that its digest says. */
export class DocumentChecker {
  /** Keys of the objects that were found sound. */
  readonly checked = new Set<string>();
  readonly #reader: LedgerReader;
  readonly #failures: Failures;
  /** Objects that were read ahead, undefined where there is none. */
  #ahead = new Map<string, Uint8Array | undefined>();

  constructor(reader: LedgerReader, failures: Failures) {
    this.#reader = reader;
    this.#failures = failures;
  }

  /** Reads ahead what the entries name, for the next calls of `check`. */
  async prepare(entries: readonly SignedStatement[]): Promise<void> {
    const named = entries.flatMap((signed) => [
      ...documentsNamed(signed, STATE_MEDIA_TYPE).map(documentKey),
      ...storedEvidenceOf(signed).map(({ digest }) => evidenceKey(digest.sha256)),
    ]);
    const keys = [...new Set(named)].filter((key) => !this.checked.has(key));
    this.#ahead = new Map();
    for (let start = 0; start < keys.length; start += PARALLEL) {
      const part = keys.slice(start, start + PARALLEL);
      await Promise.all(part.map(async (key) => this.#ahead.set(key, await this.#reader.get(key))));
    }
  }

  /** Whether every document that the entry names is sound. */
  async check(signed: SignedStatement, index: number): Promise<boolean> {
    const states = new Set(
      signed.statement.subject.filter((one) => one.mediaType === STATE_MEDIA_TYPE).map((one) => one.digest.sha256),
    );
    const address = signed.kind === 'change' ? signed.statement.predicate.change.resource.address : undefined;
    let sound = true;
    for (const digest of documentsNamed(signed, STATE_MEDIA_TYPE)) {
      if (this.checked.has(documentKey(digest))) continue;
      const bytes = await this.#fetch(documentKey(digest), digest, `document ${digest}`, index);
      if (bytes === undefined) sound = false;
      else if (states.has(digest) && addressIn(bytes) !== address) {
        this.#failures.add('subject-wrong', index, `entry ${index}: its state document is not that of ${address}`);
      }
    }
    for (const { name, digest } of storedEvidenceOf(signed)) {
      const key = evidenceKey(digest.sha256);
      if (this.checked.has(key)) continue;
      await this.#fetch(key, digest.sha256, `the evidence ${JSON.stringify(name)}`, index);
    }
    return sound;
  }

  async #fetch(key: string, sha256: string, what: string, index: number): Promise<Uint8Array | undefined> {
    const bytes = this.#ahead.has(key) ? this.#ahead.get(key) : await this.#reader.get(key);
    if (bytes === undefined) {
      this.#failures.add('document-missing', index, `entry ${index}: ${what} is missing`);
    } else if (sha256Hex(bytes) !== sha256) {
      this.#failures.add('document-wrong', index, `entry ${index}: ${what} has other bytes`);
    } else {
      this.checked.add(key);
      return bytes;
    }
    return undefined;
  }
}

/** Evidence of an audit log lies with the log; only what was handed in as a file lies in the ledger. */
function storedEvidenceOf({ kind, statement }: SignedStatement): readonly Descriptor[] {
  if (kind === 'scan') return [];
  return statement.predicate.evidence.filter(({ uri, digest }) => uri === evidenceKey(digest.sha256));
}

function addressIn(bytes: Uint8Array): unknown {
  try {
    const json = parseStrictJson(decodeUtf8(bytes)) as { resource?: { address?: unknown } } | null;
    return json?.resource?.address;
  } catch (thrown) {
    if (thrown instanceof FormatError) return undefined;
    throw thrown;
  }
}
