import type { AuditAnswer, AuditQuestion, CoverageGap, JsonMap, RecordOrigin } from '../port.ts';
import { Collection } from './collection.ts';
import { coverageOf } from './coverage.ts';
import { deliveryGaps } from './delivery-gaps.ts';
import type { DigestBook } from './digest-book.ts';
import { Shelf } from './findings.ts';
import { byTime, fold, type Found, unrepeated } from './fold.ts';
import { inParallel } from './in-parallel.ts';
import { baseName } from './layout.ts';
import { NeedleIndex } from './needle-index.ts';
import { type LogObject, readObject } from './read-object.ts';
import { COMPLETING, readFields, type StoredRecord } from './record.ts';
import { behind, type Issued } from './sessions.ts';
import type { SieveQuestion } from './sieve.ts';
import { mayMatter, scopeOf } from './window.ts';

/** What one reading of a log needs. */
export interface Reading {
  /** What is read, as the user named it. */
  readonly source: string;
  readonly objects: readonly LogObject[];
  /** What digest files say of the objects; undefined where there are none. */
  readonly digests: DigestBook | undefined;
  readonly gaps: readonly CoverageGap[];
  /** How many objects are read at a time. */
  readonly width: number;
}

/** Bytes of calls that issued credentials which are kept until it is known which of them are behind a write. */
const SHELF_BYTES = 32 << 20;

/** Asks a question of files or objects of a log. Never throws for what they hold. */
export async function askObjects(reading: Reading, question: AuditQuestion): Promise<AuditAnswer> {
  const scope = scopeOf(question);
  const asked: SieveQuestion = {
    scope,
    needles: new NeedleIndex(question.needles),
    marks: new NeedleIndex([...question.needles, COMPLETING]),
    shelf: new Shelf(SHELF_BYTES),
  };
  const objects = reading.objects.filter(({ key }) => key === undefined || mayMatter(key, scope));
  const collection = new Collection();
  await inParallel([...objects.keys()], reading.width, async (at) => {
    const object = objects[at] as LogObject;
    const { findings, sha256 } = await readObject(
      object,
      asked,
      reading.digests?.knows(baseName(object.name)) ?? false,
    );
    collection.add(findings, object.name, at, witness(reading, collection, object, sha256));
  });
  const { records: writes, folded } = fold(collection.writes, collection.addenda);
  const sessions = await sessionsOf(writes, collection, objects, asked, reading.width);
  const signIns = unrepeated(collection.signIns);
  const keys = reading.objects.flatMap(({ key }) => key ?? []);
  return {
    writes,
    sessions: [...sessions, ...signIns].sort(byTime),
    coverage: coverageOf({
      source: reading.source,
      question,
      scope,
      collection,
      folded,
      answered: writes.length + sessions.length + signIns.length,
      earliest: earliestOf(reading.objects),
      gaps: [
        ...reading.gaps,
        ...deliveryGaps(
          keys.filter((key) => mayMatter(key, { ...scope, reach: 0 })),
          scope,
        ),
        ...(reading.digests?.missing(
          reading.objects.map(({ name }) => baseName(name)),
          scope,
        ) ?? []),
      ],
    }),
  };
}

/** What the digests say of an object that was read. */
function witness(
  { digests }: Reading,
  collection: Collection,
  { name }: LogObject,
  sha256: string | undefined,
): RecordOrigin['digestChain'] {
  const verdict = digests?.judge(baseName(name), sha256);
  if (verdict?.kind === 'altered') collection.gaps.push({ what: name, message: verdict.message });
  return verdict?.kind === 'verified' ? 'verified' : 'not-verified';
}

async function sessionsOf(
  writes: readonly StoredRecord[],
  collection: Collection,
  objects: readonly LogObject[],
  asked: SieveQuestion,
  width: number,
): Promise<readonly StoredRecord[]> {
  const keys = new Set<string>();
  const written = new Map(collection.writes.map(({ fields }) => [fields.eventId, fields.callerKey]));
  for (const { eventId } of writes) {
    const key = written.get(eventId);
    if (typeof key === 'string') keys.add(key);
  }
  const wanted = behind(keys, collection.issued);
  const found = wanted.flatMap((one) => foundIssued(one, objects, collection));
  const again = wanted.filter(({ bytes }) => bytes === undefined);
  const onlyIssued = new Set(again.map(({ issuedKey }) => issuedKey));
  await inParallel([...new Set(again.map(({ file }) => file))], width, async (file) => {
    // A second reading, for calls whose text there was no room to keep.
    const question = { ...asked, shelf: new Shelf(Number.POSITIVE_INFINITY), onlyIssued };
    const { findings } = await readObject(objects[file] as LogObject, question, false);
    found.push(...findings.issued.flatMap((one) => foundIssued({ ...one, file }, objects, collection)));
  });
  return unrepeated(found);
}

function foundIssued(
  { bytes, index, file }: Issued,
  objects: readonly LogObject[],
  { chainOf }: Collection,
): readonly Found[] {
  const object = objects[file];
  if (bytes === undefined || object === undefined) return [];
  const fields = readFields(JSON.parse(bytes.toString('utf8')) as JsonMap, bytes);
  return [
    { fields, bytes, index, origin: { file: object.name, index, digestChain: chainOf.get(file) ?? 'not-verified' } },
  ];
}

function earliestOf(objects: readonly LogObject[]): ReadonlyMap<string, number> {
  const earliest = new Map<string, number>();
  for (const { key } of objects) {
    if (key === undefined) continue;
    earliest.set(key.account, Math.min(key.time, earliest.get(key.account) ?? Number.POSITIVE_INFINITY));
  }
  return earliest;
}
