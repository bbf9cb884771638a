import { DriftbomError } from '../model/error.ts';
import { decodeUtf8 } from './bytes.ts';
import { FormatError } from './format-error.ts';
import { readCheckpoint } from './head.ts';
import { canonicalBytes } from './jcs.ts';
import type { LedgerReader, LedgerStore, StoredObject } from './port.ts';
import { provenReader } from './read.ts';
import { asObject, parseStrictJson, stringAt } from './strict-json.ts';

/** Says which entry retired a key. A hint for writers, who read that entry before they believe it. */
export interface Retirement {
  readonly keyId: string;
  readonly index: number;
  /** Statement digest of that entry. */
  readonly digest: string;
}

/** Where it stands that a key (`sha256:<hex>`) was retired. */
function retirementPath(keyId: string): string {
  return `keys/retired/${keyId.slice('sha256:'.length)}.json`;
}

export function retirementObject(retirement: Retirement): StoredObject {
  return { key: retirementPath(retirement.keyId), bytes: canonicalBytes(retirement) };
}

/**
 * A store whose lock is given only while none of our keys is retired: whoever opened the ledger before somebody else
 * rotated its key would otherwise go on to append entries that no verifier accepts. Throws E_KEY.
 */
export function whileInUse(store: LedgerStore, keyIds: readonly string[]): LedgerStore {
  return {
    ...store,
    locked: (work) =>
      store.locked(async () => {
        await refuseRetired(store, keyIds);
        return work();
      }),
  };
}

/** Throws E_KEY where the log says that one of the keys was retired. */
export async function refuseRetired(reader: LedgerReader, keyIds: readonly string[]): Promise<void> {
  for (const keyId of keyIds) {
    const bytes = await reader.get(retirementPath(keyId));
    const told = bytes === undefined ? undefined : parseRetirement(bytes);
    if (told === undefined || !(await isLogged(reader, told, keyId))) continue;
    throw new DriftbomError(
      'E_KEY',
      `the key ${keyId} was retired in entry ${told.index}`,
      'Use the keys folder in which it was rotated, or copy its key files and keys.json here.',
    );
  }
}

/** A rotation that crashed before its append leaves a hint that no entry bears out. */
async function isLogged(reader: LedgerReader, told: Retirement, keyId: string): Promise<boolean> {
  const head = await readCheckpoint(reader);
  if (told.index >= head.size) return false;
  const entry = await provenReader(reader, head)(told.index);
  if (entry?.kind !== 'key' || entry.digest !== told.digest) return false;
  const { key } = entry.statement.predicate.annotation;
  return key?.change === 'retired' && told.keyId === keyId;
}

function parseRetirement(bytes: Uint8Array): Retirement | undefined {
  try {
    const json = asObject(parseStrictJson(decodeUtf8(bytes)), 'the retirement');
    const { index } = json;
    if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0) return undefined;
    return { keyId: stringAt(json, 'keyId', 'retirement'), index, digest: stringAt(json, 'digest', 'retirement') };
  } catch (thrown) {
    if (thrown instanceof FormatError) return undefined;
    throw thrown;
  }
}
