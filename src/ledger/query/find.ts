import { DriftbomError } from '../../model/error.ts';
import type { ChangeEntry, Hit, Picture } from '../../model/picture.ts';
import { type EntryName, namesEntry, parseEntryName } from '../find-entry.ts';
import { placeMask } from './candidates.ts';
import { KIND_CODES, NO_SUBJECT } from './columns.ts';
import type { LedgerQuery } from './ledger-query.ts';
import { isChange } from './merged.ts';
import { belowMatcher, type Matcher } from './pattern.ts';
import { idBytes } from './segment-builder.ts';

/**
 * The entry that a user names: by log index, digest, entry id, or an address, which stands for its newest entry (else the
 * newest of what lies below it). Throws E_NOT_FOUND.
 */
export async function findHit(query: LedgerQuery, word: string): Promise<Hit> {
  const name = parseEntryName(word);
  const named = name === undefined ? [] : await namedHits(query, name);
  const [first, ...more] = named;
  if (first !== undefined && more.length === 0) return first;
  if (first !== undefined) {
    const list = named.map(({ picture }) => `#${picture.entry.index}`).join(', ');
    throw new DriftbomError('E_NOT_FOUND', `${word} is the beginning of ${list}`, 'Give more digits, or the index.');
  }
  if (name?.kind === 'index') throw await absent(query, name.index);
  const index = (await newestOf(query, (address) => address === word)) ?? (await newestOf(query, belowMatcher(word)));
  const hit = index === undefined ? undefined : await query.hit(index);
  if (hit !== undefined) return hit;
  const cure = 'Name an entry by index, digest (6 digits or more) or urn:uuid, or a resource; driftbom log lists them.';
  throw new DriftbomError(
    'E_NOT_FOUND',
    `no entry is named ${word}, and none tells of a resource of that address`,
    cure,
  );
}

/** Every entry that the name fits. */
async function namedHits(query: LedgerQuery, name: EntryName): Promise<Hit[]> {
  const hits: Hit[] = [];
  for (const index of await placesOf(query, name)) {
    const hit = await query.hit(index);
    if (hit !== undefined && namesEntry(name, hit.picture.entry)) hits.push(hit);
  }
  return hits;
}

/** How many entries of one prefix are told apart: enough to say that more digits are needed. */
const MOST_NAMED = 8;

async function placesOf(query: LedgerQuery, name: EntryName): Promise<number[]> {
  if (name.kind === 'index') return name.index < query.head.size ? [name.index] : [];
  const places: number[] = [];
  const [column, width] = name.kind === 'digest' ? (['digest', 32] as const) : (['entryId', 16] as const);
  const hex = name.kind === 'digest' ? name.prefix : Buffer.from(idBytes(name.id)).toString('hex');
  // Half a byte of an odd prefix is left to the check of the entry itself.
  const wanted = Buffer.from(hex.slice(0, hex.length - (hex.length % 2)), 'hex');
  for (const { start, bytes } of await columnsOf(query, column)) {
    for (let at = 0; at * width < bytes.length; at++) {
      if (wanted.every((byte, i) => bytes[at * width + i] === byte)) places.push(start + at);
      if (places.length === MOST_NAMED) return places;
    }
  }
  return places;
}

function columnsOf(query: LedgerQuery, column: 'digest' | 'entryId'): Promise<{ start: number; bytes: Uint8Array }[]> {
  const { segments } = query.catalogue;
  return Promise.all(
    segments.map(async (segment) => ({ start: segment.outline.start, bytes: await segment.column(column) })),
  );
}

/** Log indexes, ascending, of the change entries of one resource. */
export async function indexesOf(
  query: LedgerQuery,
  resource: { address: string; workspaceKey: string },
): Promise<number[]> {
  const found: number[] = [];
  for (const segment of query.catalogue.segments) {
    const [addresses, workspaceKeys] = await Promise.all([
      segment.column('addresses'),
      segment.column('workspaceKeys'),
    ]);
    const numbers = new Set<number>();
    addresses.forEach((address, number) => {
      if (address === resource.address && workspaceKeys[number] === resource.workspaceKey) numbers.add(number);
    });
    if (numbers.size === 0) continue;
    const [subject, kind] = await Promise.all([segment.column('subject'), segment.column('kind')]);
    subject.forEach((number, at) => {
      if (number !== NO_SUBJECT && numbers.has(number) && tellsOfResource(kind[at]))
        found.push(segment.outline.start + at);
    });
  }
  return found;
}

async function newestOf(query: LedgerQuery, address: Matcher): Promise<number | undefined> {
  for (const segment of query.catalogue.segments.toReversed()) {
    const mask = await placeMask(segment, { address, type: undefined });
    const kind = await segment.column('kind');
    for (let at = mask.lastIndexOf(1); at >= 0; at = at === 0 ? -1 : mask.lastIndexOf(1, at - 1)) {
      if (tellsOfResource(kind[at])) return segment.outline.start + at;
    }
  }
  return undefined;
}

function tellsOfResource(code: number | undefined): boolean {
  return code === KIND_CODES.drift || code === KIND_CODES.resolved || code === KIND_CODES.change;
}

/** The entries of one drift, from its first sight to what ended it; only itself for what is no part of a drift. */
export async function storyOf(query: LedgerQuery, index: number): Promise<Picture<ChangeEntry>[]> {
  const before: number[] = [];
  for (let at: number | undefined = index; at !== undefined; ) {
    at = query.links.comingFrom(at).find(({ relation }) => relation === 'ends' || relation === 'moves-on')?.to;
    if (at !== undefined) before.unshift(at);
  }
  const after: number[] = [];
  for (let at = query.standings.nextOf(index); at !== undefined; at = query.standings.nextOf(at)) after.push(at);
  const story = await query.pictures([...before, index, ...after]);
  return story.filter(({ entry }) => isChange(entry));
}

/** Why there is no entry of that index: none was recorded, or its payload was erased, and on whose word. */
async function absent(query: LedgerQuery, index: number): Promise<DriftbomError> {
  const { size } = query.head;
  if (index >= size) {
    const cure = size === 0 ? 'The ledger is empty.' : `The ledger holds entries 0 to ${size - 1}.`;
    return new DriftbomError('E_NOT_FOUND', `there is no entry ${index}`, cure);
  }
  for await (const { picture } of query.log({ kinds: new Set(['erasure']) })) {
    const { predicate } = picture.entry.statement;
    const terms = 'annotation' in predicate ? predicate.annotation.erasure : undefined;
    if (!terms?.indexes.includes(index)) continue;
    const words = `requested by ${terms.requestedBy}, approved by ${terms.approvedBy}`;
    const cure = `Its leaf still proves that it existed; driftbom show ${picture.entry.index} tells of the erasure.`;
    return new DriftbomError('E_NOT_FOUND', `the payload of entry ${index} was erased: ${words}`, cure);
  }
  return new DriftbomError(
    'E_NOT_FOUND',
    `the payload of entry ${index} was erased`,
    'Its leaf still proves that it existed.',
  );
}
