import { STATE_MEDIA_TYPE } from '../../model/entry.ts';
import { documentsNamed } from '../attach.ts';
import { decodeUtf8, sha256Hex } from '../bytes.ts';
import { FormatError } from '../format-error.ts';
import { documentKey } from '../paths.ts';
import type { LedgerReader } from '../port.ts';
import type { SignedStatement } from '../statement-shape.ts';
import { parseStrictJson } from '../strict-json.ts';
import type { Failures } from './diagnostics.ts';

/** Checks each document that entries name, once: there, with the bytes that its digest says, about the resource at hand. */
export class DocumentChecker {
  readonly checked = new Set<string>();
  readonly #reader: LedgerReader;
  readonly #failures: Failures;

  constructor(reader: LedgerReader, failures: Failures) {
    this.#reader = reader;
    this.#failures = failures;
  }

  /** Whether every document that the entry names is sound. */
  async check(signed: SignedStatement, index: number): Promise<boolean> {
    const states = new Set(
      signed.statement.subject.filter((one) => one.mediaType === STATE_MEDIA_TYPE).map((one) => one.digest.sha256),
    );
    const address = signed.kind === 'change' ? signed.statement.predicate.change.resource.address : undefined;
    let sound = true;
    for (const digest of documentsNamed(signed, STATE_MEDIA_TYPE)) {
      if (this.checked.has(digest)) continue;
      const bytes = await this.#reader.get(documentKey(digest));
      if (bytes === undefined) {
        this.#failures.add('document-missing', index, `entry ${index}: document ${digest} is missing`);
        sound = false;
      } else if (sha256Hex(bytes) !== digest) {
        this.#failures.add('document-wrong', index, `entry ${index}: document ${digest} has other bytes`);
        sound = false;
      } else {
        this.checked.add(digest);
        if (states.has(digest) && addressIn(bytes) !== address) {
          this.#failures.add('subject-wrong', index, `entry ${index}: its state document is not that of ${address}`);
        }
      }
    }
    return sound;
  }
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
