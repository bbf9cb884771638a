import type { Entry } from '../model/entry.ts';
import { DriftbomError } from '../model/error.ts';
import { annotationStatement } from './annotation-statement.ts';
import { appendStatements } from './append-statements.ts';
import { decodeUtf8, encodeUtf8, toHex } from './bytes.ts';
import type { Checkpoint } from './checkpoint.ts';
import { corrupt, parsing } from './faults.ts';
import { openHead } from './head.ts';
import { lastScan } from './last-look.ts';
import type { Ledger } from './ledger.ts';
import { formatTombstone, parseLine, splitLines } from './line.ts';
import { payloadKey, TILE_WIDTH } from './paths.ts';
import { isNobody, samePerson } from '../model/person.ts';
import { provenReader } from './read.ts';
import type { LedgerReader } from './port.ts';
import { tileWidth } from './tiles.ts';
import { surveyOf } from './erase-survey.ts';

export interface ErasureWishes {
  /** Log indexes. */
  readonly indexes: readonly number[];
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  /** Version of the program. */
  readonly version: string;
}

/** What an erasure did. */
export interface Erased {
  /** Entries whose payload is gone now. */
  readonly indexes: readonly number[];
  /** Entries whose payload was gone before. */
  readonly before: readonly number[];
  /** The entry that records it; null where nothing was left to erase, or an erasure that was cut short was finished. */
  readonly entry: { readonly index: number; readonly digest: string } | null;
  /** Documents and evidence that no entry names any more, and that are gone. */
  readonly removed: number;
  /** Objects that the store still holds: it keeps everything, or its retention has not ended. */
  readonly kept: readonly string[];
}

/**
 * Takes payloads out of the ledger: an erasure entry first, then a tombstone in the place of each payload, then the
 * documents that no other entry names. The leaves stay, so that the log still proves that the entries existed. Cut short,
 * it is finished by asking again. Throws E_APPROVAL (two people are needed), E_NOT_FOUND, E_USAGE (an entry that the
 * ledger still needs), and what appending throws.
 */
export async function eraseEntries(ledger: Ledger, wishes: ErasureWishes, clock: () => Date): Promise<Erased> {
  const { requestedBy, approvedBy, version, reason } = wishes;
  if (isNobody(requestedBy) || isNobody(approvedBy) || samePerson(requestedBy, approvedBy)) {
    throw new DriftbomError(
      'E_APPROVAL',
      `an erasure needs two people: asked for by ${requestedBy || 'nobody'}, approved by ${approvedBy || 'nobody'}`,
      'Name another approver with --approved-by.',
    );
  }
  const indexes = [...new Set(wishes.indexes)].sort((a, b) => a - b);
  const { prepared, appended } = await appendStatements(ledger, clock, async (occasion) => {
    const { erased, erasures } = await surveyOf(ledger.store, occasion.head);
    const before = indexes.filter((index) => erased.has(index));
    const open = indexes.filter((index) => !erased.has(index));
    const entries = await erasable(ledger.store, occasion.head, open);
    const about = entries.filter((entry) => !erasures.has(entry.index));
    const terms = { indexes: about.map((entry) => entry.index), requestedBy, approvedBy };
    const annotation = { kind: 'erasure', text: reason, by: requestedBy, erasure: terms } as const;
    const statements = about.length === 0 ? [] : [annotationStatement(occasion, { annotation, about }, version)];
    return { statements, objects: [], before, open };
  });
  const done = await ledger.store.locked(() => bury(ledger, prepared.open, clock()));
  return { indexes: prepared.open, before: prepared.before, entry: appended.entries[0] ?? null, ...done };
}

/** The entries to erase, proven to be in the log. Throws E_NOT_FOUND, E_USAGE. */
async function erasable(reader: LedgerReader, head: Checkpoint, indexes: readonly number[]): Promise<Entry[]> {
  const read = provenReader(reader, head);
  const last = await lastScan(read, head.size);
  const entries: Entry[] = [];
  for (const index of indexes) {
    if (index >= head.size) {
      const range = head.size === 0 ? 'is empty' : `holds entries 0 to ${head.size - 1}`;
      throw new DriftbomError('E_NOT_FOUND', `there is no entry ${index}`, `The ledger ${range}.`);
    }
    const entry = await read(index);
    if (entry === undefined) throw corrupt(`entry ${index} was erased meanwhile`);
    const needed = whyNeeded(entry, last);
    if (needed !== undefined)
      throw new DriftbomError('E_USAGE', `entry ${index} cannot be erased: ${needed[0]}`, needed[1]);
    entries.push(entry);
  }
  return entries;
}

/** Why the ledger cannot do without an entry, and what to do about it. */
function whyNeeded(entry: Entry, last: Awaited<ReturnType<typeof lastScan>>): readonly [string, string] | undefined {
  if (entry.kind === 'key')
    return ['it says which key to trust', 'It tells of nobody but the one who rotated the key.'];
  if (entry.kind === 'erasure')
    return ['it authorises an erasure', 'Without it, erased entries would count as removed.'];
  if (entry.kind === 'scan' && entry.statement.predicate.scan.id === last?.id) {
    return [
      'it is the newest scan, whose list of open drifts the next one continues',
      'Scan once more, then erase it.',
    ];
  }
  if (last?.open.some((open) => open.index === entry.index) === true) {
    return ['its drift is open', 'Resolve the drift and scan once more, then erase it.'];
  }
  return undefined;
}

/** Puts the tombstones of recorded erasures, and removes what no entry names any more. Runs under the lock. */
async function bury(ledger: Ledger, indexes: readonly number[], now: Date): Promise<Pick<Erased, 'removed' | 'kept'>> {
  const { store } = ledger;
  const { checkpoint: head } = await openHead(store, ledger.trust.checkpointKeys);
  const { erasures } = await surveyOf(store, head);
  const kept: string[] = [];
  for (const file of new Set(indexes.map((index) => Math.floor(index / TILE_WIDTH)))) {
    const key = payloadKey(file);
    const inFile = indexes.filter((index) => Math.floor(index / TILE_WIDTH) === file);
    const lines = await linesOf(store, file, head.size);
    for (const index of inFile) {
      const authority = erasures.get(index);
      const line = await parsing(`entry ${index}`, () => parseLine(lines[index % TILE_WIDTH] as string, index));
      if (line.kind === 'erased' || authority === undefined) continue;
      const stone = {
        paeSha256: toHex(line.paeSha256),
        payloadSha256: line.digest,
        erasedAt: now.toISOString(),
        authorisedBy: authority,
      };
      lines[index % TILE_WIDTH] = formatTombstone(stone, index);
    }
    await store.put([{ key, bytes: encodeUtf8(lines.map((line) => `${line}\n`).join('')) }]);
    const after = await linesOf(store, file, head.size);
    if (inFile.some((index) => after[index % TILE_WIDTH] !== lines[index % TILE_WIDTH])) kept.push(key);
  }
  const { named } = await surveyOf(store, head);
  const orphans = [...(await store.list('state/')), ...(await store.list('evidence/'))].filter((key) => {
    const digest = /^(?:state|evidence)\/([0-9a-f]{64})(?:\.json)?$/.exec(key)?.[1];
    return digest !== undefined && !named.has(digest);
  });
  if (orphans.length > 0) await store.remove(orphans);
  const left: string[] = [];
  for (const key of orphans) if ((await store.get(key)) !== undefined) left.push(key);
  return { removed: orphans.length - left.length, kept: [...kept, ...left] };
}

/** The lines of a payload file, as far as the log goes. */
async function linesOf(reader: LedgerReader, file: number, size: number): Promise<string[]> {
  const bytes = await reader.get(payloadKey(file));
  if (bytes === undefined) throw corrupt(`${payloadKey(file)} is missing`);
  return parsing(payloadKey(file), () => splitLines(decodeUtf8(bytes), tileWidth(0, file, size)));
}
