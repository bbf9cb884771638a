import { messageOf } from '../../model/error.ts';
import { decodeUtf8 } from '../bytes.ts';
import { FormatError } from '../format-error.ts';
import type { LedgerReader } from '../port.ts';
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
