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

/** What an entry names by digest and the ledger has to hold. */
export interface NamedDocuments {
  readonly documents: readonly string[];
  readonly evidence: readonly Descriptor[];
}

/** Objects that were read ahead, by key; undefined where there is none. */
export type ReadAhead = ReadonlyMap<string, Uint8Array | undefined>;

const NOTHING: NamedDocuments = { documents: [], evidence: [] };

export function namedBy(signed: SignedStatement | undefined): NamedDocuments {
  if (signed === undefined) return NOTHING;
  return { documents: documentsNamed(signed, STATE_MEDIA_TYPE), evidence: storedEvidenceOf(signed) };
}

/** Checks each document and each piece of evidence that entries name, once: there, and with the bytes that its digest says. */
export class DocumentChecker {
  /** Keys of the objects that were found sound. */
  readonly checked = new Set<string>();
  readonly #reader: LedgerReader;
  readonly #failures: Failures;

  constructor(reader: LedgerReader, failures: Failures) {
    this.#reader = reader;
    this.#failures = failures;
  }

  /** Reads what entries name and what was not found sound yet, for later calls of `check`. */
  async prepare(named: readonly NamedDocuments[]): Promise<ReadAhead> {
    const keys = new Set<string>();
    for (const { documents, evidence } of named) {
      for (const digest of documents) keys.add(documentKey(digest));
      for (const { digest } of evidence) keys.add(evidenceKey(digest.sha256));
    }
    const wanted = [...keys].filter((key) => !this.checked.has(key));
    const ahead = new Map<string, Uint8Array | undefined>();
    for (let start = 0; start < wanted.length; start += PARALLEL) {
      const part = wanted.slice(start, start + PARALLEL);
      await Promise.all(part.map(async (key) => ahead.set(key, await this.#reader.get(key))));
    }
    return ahead;
  }

  /** Whether every document that the entry names is sound. */
  async check(signed: SignedStatement, index: number, named: NamedDocuments, ahead: ReadAhead): Promise<boolean> {
    const { subject } = signed.statement;
    let sound = true;
    for (const digest of named.documents) {
      if (this.checked.has(documentKey(digest))) continue;
      const bytes = await this.#fetch(documentKey(digest), digest, `document ${digest}`, index, ahead);
      const isState = subject.some((one) => one.mediaType === STATE_MEDIA_TYPE && one.digest.sha256 === digest);
      if (bytes === undefined) sound = false;
      else if (isState && addressIn(bytes) !== addressOf(signed)) {
        const message = `entry ${index}: its state document is not that of ${addressOf(signed)}`;
        this.#failures.add('subject-wrong', index, message);
      }
    }
    for (const { name, digest } of named.evidence) {
      const key = evidenceKey(digest.sha256);
      if (this.checked.has(key)) continue;
      await this.#fetch(key, digest.sha256, `the evidence ${JSON.stringify(name)}`, index, ahead);
    }
    return sound;
  }

  async #fetch(
    key: string,
    sha256: string,
    what: string,
    index: number,
    ahead: ReadAhead,
  ): Promise<Uint8Array | undefined> {
    const bytes = ahead.has(key) ? ahead.get(key) : await this.#reader.get(key);
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

function addressOf(signed: SignedStatement): string | undefined {
  return signed.kind === 'change' ? signed.statement.predicate.change.resource.address : undefined;
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
