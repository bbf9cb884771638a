import type { AuditQuestion, CoverageGap, RecordOrigin } from '../port.ts';
import type { Collected } from './answer.ts';
import { Collection } from './collection.ts';
import { deliveryGaps } from './delivery-gaps.ts';
import type { DigestBook } from './digest-book.ts';
import { Shelf } from './findings.ts';
import type { Found } from './fold.ts';
import { unpackIssued } from './issued-pack.ts';
import { inOrder, inParallel } from './in-parallel.ts';
import { baseName } from './layout.ts';
import { type LogObject, type ObjectFindings, readObject } from './read-object.ts';
import type { Issued } from './findings.ts';
import { foundIssued } from './sessions.ts';
import { type SieveQuestion, sieveQuestion } from './sieve.ts';
import { mayMatter, scopeOf } from './window.ts';

/** What one reading of a log needs. */
export interface Reading {
  /** What is read, as the user named it. */
  readonly source: string;
  readonly objects: readonly LogObject[];
  /** What digest files say of the objects; undefined where there are none. */
  readonly digests: DigestBook | undefined;
  /** Regions of which there are digest files: one is delivered every hour, also where nothing happened. */
  readonly quiet: ReadonlySet<string>;
  readonly gaps: readonly CoverageGap[];
  /** Milliseconds since 1970; undefined: records may be of any time. */
  readonly now: number | undefined;
  /** How many objects are read at a time. */
  readonly width: number;
  /** Who reads objects in our place, where that pays. */
  readonly readers?: OpenReaders | undefined;
}

/** Reads objects on other threads. */
export interface Readers {
  readonly width: number;
  /** As readObject. */
  readonly read: (object: LogObject, hashed: boolean) => Promise<ObjectFindings>;
  readonly close: () => Promise<void>;
}

/** Undefined where these objects are read as fast without. */
export type OpenReaders = (
  objects: readonly LogObject[],
  asked: { readonly question: AuditQuestion; readonly now: number | undefined },
) => Promise<Readers | undefined>;

/** Asks a question of files or objects of a log. Never throws for what they hold. */
export async function askObjects(reading: Reading, question: AuditQuestion): Promise<Collected> {
  const { digests, width } = reading;
  const scope = scopeOf(question);
  let known: SieveQuestion | undefined;
  // Where others read in our place, nothing may be left to be asked here.
  const asked = (): SieveQuestion => (known ??= sieveQuestion(question, scope, reading.now));
  const objects = reading.objects.filter(({ key }) => key === undefined || mayMatter(key, scope));
  const collection = new Collection();
  const add = ({ held, sha256 }: ObjectFindings, at: number): void => {
    const { name } = objects[at] as LogObject;
    collection.add(held, name, at, witness(digests, collection, name, sha256));
  };
  const hashed = ({ name }: LogObject): boolean => digests?.knows(baseName(name)) ?? false;
  const readers = await reading.readers?.(objects, { question, now: reading.now });
  try {
    const lanes = readers?.width ?? width;
    const read = readers?.read ?? ((object, isHashed) => readObject(object, asked(), isHashed));
    await inOrder(objects, lanes, (object) => read(object, hashed(object)), add);
  } finally {
    await readers?.close();
  }
  const keys = reading.objects.flatMap(({ key }) => key ?? []);
  const names = reading.objects.map(({ name }) => baseName(name));
  return {
    source: reading.source,
    question,
    scope,
    collection,
    reaches: [{ places: collection.places, earliest: earliestOf(reading.objects), latest: undefined }],
    quiet: reading.quiet,
    limits: [],
    gaps: [...reading.gaps, ...deliveryGaps(keys, scope), ...(digests?.missing(names, scope) ?? [])],
    reread: (wanted) => reread(wanted, objects, asked, collection, width),
  };
}

/** What the digests say of an object that was read. */
function witness(
  digests: DigestBook | undefined,
  collection: Collection,
  name: string,
  sha256: string | undefined,
): RecordOrigin['digestChain'] {
  const verdict = digests?.judge(baseName(name), sha256);
  if (verdict?.kind === 'altered') collection.gaps.push({ what: name, message: verdict.message });
  return verdict?.kind === 'verified' ? 'verified' : 'not-verified';
}

/** Reads objects a second time, for calls whose text there was no room to keep. */
async function reread(
  wanted: readonly Issued[],
  objects: readonly LogObject[],
  asked: () => SieveQuestion,
  collection: Collection,
  width: number,
): Promise<readonly Found[]> {
  const onlyIssued = new Set(wanted.map(({ issuedKey }) => issuedKey));
  const found: Found[] = [];
  await inParallel([...new Set(wanted.map(({ file }) => file))], width, async (file) => {
    const question = { ...asked(), shelf: new Shelf(Number.POSITIVE_INFINITY), onlyIssued };
    const { held } = await readObject(objects[file] as LogObject, question, false);
    for (const one of unpackIssued(held.issued)) found.push(...foundIssued({ ...one, file }, collection));
  });
  return found;
}

function earliestOf(objects: readonly LogObject[]): ReadonlyMap<string, number> {
  const earliest = new Map<string, number>();
  for (const { key } of objects) {
    if (key === undefined) continue;
    earliest.set(key.account, Math.min(key.time, earliest.get(key.account) ?? Number.POSITIVE_INFINITY));
  }
  return earliest;
}
