import { decodeUtf8 } from './bytes.ts';
import type { Checkpoint } from './checkpoint.ts';
import { corrupt, parsing } from './faults.ts';
import { parseLine } from './line.ts';
import type { LedgerReader } from './port.ts';
import { parseStatement } from './statement-shape.ts';
import { storedEntries } from './verify/batches.ts';
import { Failures } from './verify/diagnostics.ts';

/** What an erasure must know of the whole log. */
interface Survey {
  /** Indexes of entries whose payload is gone. */
  readonly erased: ReadonlySet<number>;
  /** Statement digest of the erasure entry by the index of each entry that it lets go. */
  readonly erasures: ReadonlyMap<number, string>;
  /**
   * Every SHA-256 that stands anywhere in a payload. More than the documents that entries name, on purpose: what may be
   * named is not removed.
   */
  readonly named: ReadonlySet<string>;
}

/** Reads every payload once. Throws E_LEDGER_CORRUPT. */
export async function surveyOf(reader: LedgerReader, head: Checkpoint): Promise<Survey> {
  const erased = new Set<number>();
  const erasures = new Map<number, string>();
  const named = new Set<string>();
  for await (const { index, line } of storedEntries(reader, head.size, [], new Failures())) {
    await parsing(`entry ${index}`, () => {
      if (line === undefined) throw corrupt(`entry ${index} is missing`);
      const parsed = parseLine(line, index);
      if (parsed.kind === 'erased') {
        erased.add(index);
        return;
      }
      const text = decodeUtf8(parsed.envelope.payload);
      for (const [digest] of text.matchAll(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g)) named.add(digest);
      const signed = parseStatement(parsed.envelope.payload);
      const terms = signed.kind === 'annotation' ? signed.statement.predicate.annotation.erasure : undefined;
      for (const gone of terms?.indexes ?? []) erasures.set(gone, parsed.digest);
    });
  }
  return { erased, erasures, named };
}
