import { messageOf } from '../../model/error.ts';
import { decodeUtf8, sameBytes } from '../bytes.ts';
import { FormatError } from '../format-error.ts';
import type { LedgerReader } from '../port.ts';
import { type Retirement, retirementObject } from '../retirement.ts';
import { checkpointKeyPath, entryKeyPath, parseCheckpointKey, parseEntryKey } from '../trust.ts';
import type { Failures } from './diagnostics.ts';

/** The ledger's own copies of public keys must be what their names say. They are never what is trusted. */
export async function checkKeyFiles(reader: LedgerReader, failures: Failures): Promise<Set<string>> {
  const known = new Set<string>();
  for (const key of await reader.list('keys/')) {
    const read = key.startsWith('keys/entry/')
      ? (text: string) => entryKeyPath(parseEntryKey(text).keyId)
      : key.startsWith('keys/checkpoint/')
        ? (text: string) => checkpointKeyPath(parseCheckpointKey(text))
        : undefined;
    if (read === undefined) continue;
    known.add(key);
    const bytes = await reader.get(key);
    if (bytes === undefined) continue;
    try {
      if (read(decodeUtf8(bytes)) !== key) throw new FormatError('it holds another key than its name says');
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown;
      failures.add('key-file-wrong', undefined, `${key}: ${messageOf(thrown)}`);
    }
  }
  return known;
}

/**
 * The hints that say which entry retired a key must say what the log says. One that is gone is no failure: it only spares
 * writers a search. Gives the keys of those that belong to the log.
 */
export async function checkRetirements(
  reader: LedgerReader,
  retirements: readonly Retirement[],
  failures: Failures,
): Promise<string[]> {
  const known: string[] = [];
  for (const retirement of retirements) {
    const { key, bytes: expected } = retirementObject(retirement);
    const bytes = await reader.get(key);
    known.push(key);
    if (bytes === undefined || sameBytes(bytes, expected)) continue;
    failures.add('key-file-wrong', undefined, `${key} does not say what entry ${retirement.index} says`);
  }
  return known;
}
