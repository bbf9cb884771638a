import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eraseEntries } from '../../../src/ledger/erase.ts';
import { readCheckpoint } from '../../../src/ledger/head.ts';
import type { LedgerReader } from '../../../src/ledger/port.ts';
import { blame } from '../../../src/ledger/query/blame.ts';
import { builtCatalogue } from '../../../src/ledger/query/build.ts';
import { diffBetween } from '../../../src/ledger/query/diff.ts';
import { type EntryFilter, matches, matchersOf, type Surroundings } from '../../../src/ledger/query/filter.ts';
import { IndexFolder } from '../../../src/ledger/query/index-folder.ts';
import { LedgerQuery } from '../../../src/ledger/query/ledger-query.ts';
import { isAnnotation, mergedPicture } from '../../../src/ledger/query/merged.ts';
import { openCatalogue } from '../../../src/ledger/query/open.ts';
import { readEntries } from '../../../src/ledger/read.ts';
import { recordScan } from '../../../src/ledger/record.ts';
import { memoryStore } from '../../../src/ledger/stores/memory.ts';
import { VERDICTS } from '../../../src/model/attribution.ts';
import { ENTRY_KINDS, type Entry } from '../../../src/model/entry.ts';
import type { DriftStanding, Picture } from '../../../src/model/picture.ts';
import { appendNotes } from '../../support/ledger-notes.ts';
import { bigAddress, writeBigLedger } from '../../support/big-ledger.ts';
import { freshLedger, gathered, scanOf, ticking, timeoutDrift } from '../../support/ledger-world.ts';

/** Small segments, so that a small log has many. */
const SMALL = { least: 1, width: 64 };
const ENTRIES = 700;

/** Every entry by plain reading, with what is known of it: what every other way has to agree with. */
interface ReadEntry {
  readonly picture: Picture;
  readonly surroundings: Surroundings;
}

async function readPlainly(reader: LedgerReader): Promise<ReadEntry[]> {
  const entries = await gathered(readEntries(reader));
  const annotations = entries.filter(isAnnotation);
  return entries.map((entry) => {
    const about = isAnnotation(entry)
      ? entries.filter(({ digest }) => entry.statement.predicate.annotation.about.includes(digest))
      : [];
    return {
      picture: mergedPicture(entry, annotations),
      surroundings: { about, standing: standingByReading(entry, entries) },
    };
  });
}

function standingByReading(entry: Entry, entries: readonly Entry[]): DriftStanding | undefined {
  if (entry.kind !== 'drift') return undefined;
  const next = entries.find(
    (one) => (one.kind === 'drift' || one.kind === 'resolved') && one.statement.predicate.supersedes === entry.digest,
  );
  return next === undefined ? 'open' : next.kind === 'drift' ? 'moved-on' : 'ended';
}

async function asked(query: LedgerQuery, filter: EntryFilter): Promise<number[]> {
  return (await gathered(query.log(filter, true))).map(({ picture }) => picture.entry.index);
}

let folder: string;
const store = memoryStore();
let plain: LedgerQuery;
let indexed: LedgerQuery;
let read: readonly ReadEntry[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'driftbom-index-'));
  const index = new IndexFolder(folder);
  await writeBigLedger({
    entries: ENTRIES,
    resources: 60,
    heads: [1, 64, 65, 300, 512],
    put: (objects) => store.put(objects),
    // The index grows with the log, as it does with a user's.
    onHead: async () => void (await openCatalogue(store, await readCheckpoint(store), { ...SMALL, folder: index })),
  });
  const head = await readCheckpoint(store);
  indexed = await LedgerQuery.over(store, head, await openCatalogue(store, head, { ...SMALL, folder: index }));
  plain = await LedgerQuery.over(store, head, await openCatalogue(store, head));
  read = await readPlainly(store);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newest = Date.parse('2026-11-02T03:00:00.000Z');
const moment = fc.integer({ min: 0, max: ENTRIES }).map((back) => newest - back * 20_000);
const window = fc.record({ from: moment, to: moment }, { requiredKeys: [] });
const filters: fc.Arbitrary<EntryFilter> = fc.record(
  {
    happened: window,
    recorded: window,
    address: fc.constantFrom('module.area0', 'module.area1', bigAddress(3), 'module.*.worker1*', 'nowhere'),
    type: fc.constantFrom('aws_lambda_*', 'aws_s3_bucket'),
    attribute: fc.constantFrom('timeout', 'tags', 'environment', '*_size', 'x'),
    actor: fc.constantFrom('person1*', 'local:ops', 'driftbom attribute', '*person22@example.com', 'nobody'),
    kinds: fc.subarray([...ENTRY_KINDS]).map((kinds) => new Set(kinds)),
    verdicts: fc.subarray([...VERDICTS]).map((verdicts) => new Set(verdicts)),
    standing: fc.constantFrom('open', 'resolved'),
  },
  { requiredKeys: [] },
);

describe('an index', () => {
  it('gives the answers that reading the log gives, whatever is asked', async () => {
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        const by = matchersOf(filter);
        const byReading = read
          .filter(({ picture, surroundings }) => matches(picture, surroundings, filter, by))
          .map(({ picture }) => picture.entry.index);
        const [byIndex, byCatalogue] = await Promise.all([asked(indexed, filter), asked(plain, filter)]);
        expect(byIndex).toEqual(byReading);
        expect(byCatalogue).toEqual(byReading);
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same blame and the same difference', async () => {
    for (const pattern of ['module.area0', bigAddress(7), 'nowhere']) {
      expect(await blame(indexed, pattern)).toEqual(await blame(plain, pattern));
    }
    for (const axis of ['happened', 'recorded'] as const) {
      const question = { from: newest - 6_000_000, to: newest - 1_000_000, axis, address: 'module.area1' };
      const diff = await diffBetween(indexed, question);
      expect(diff).toEqual(await diffBetween(plain, question));
      expect(diff.changed.length).toBeGreaterThan(0);
    }
  });

  it('counts as open at a moment what the scan of that moment lists as open', async () => {
    const scans = (await gathered(readEntries(store))).filter((entry) => entry.kind === 'scan');
    for (const scan of scans) {
      const at = Date.parse(scan.statement.predicate.recordedAt);
      const diff = await diffBetween(indexed, { from: at, to: newest, axis: 'recorded' });
      const open = new Set(scan.statement.predicate.scan.open.map(({ driftKey }) => driftKey));
      expect(diff.openBefore).toBe(open.size);
    }
    expect(scans.length).toBeGreaterThan(2);
  });

  it('stands in files that are named by what is in them, one a segment', () => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.columns'));
    expect(names).toHaveLength(Math.ceil(ENTRIES / SMALL.width));
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toContain('*');
  });
});

describe('an index that cannot be trusted', () => {
  let own: string;
  beforeEach(() => {
    own = mkdtempSync(join(tmpdir(), 'driftbom-index-'));
  });
  afterEach(() => rmSync(own, { recursive: true, force: true }));

  const openWith = async (reader: LedgerReader): Promise<LedgerQuery> => {
    const head = await readCheckpoint(reader);
    return LedgerQuery.over(
      reader,
      head,
      await openCatalogue(reader, head, { ...SMALL, folder: new IndexFolder(own) }),
    );
  };

  it('is repaired from the log where a file of it is damaged or gone', async () => {
    const before = await asked(await openWith(store), { standing: 'open' });
    const names = readdirSync(own).filter((name) => name.endsWith('.columns'));
    const [first, second] = names as [string, string];
    const bytes = readFileSync(join(own, first));
    bytes[10] = (bytes[10] as number) ^ 1;
    writeFileSync(join(own, first), bytes);
    rmSync(join(own, second));
    expect(await asked(await openWith(store), { standing: 'open' })).toEqual(before);
    expect(await asked(await openWith(store), { standing: 'open' })).toEqual(before);
  });

  it('is made anew where it is of another log', async () => {
    await openWith(store);
    const ledger = await freshLedger();
    await appendNotes(ledger, ['one', 'two'], ticking());
    expect(await asked(await openWith(ledger.store), {})).toEqual([0, 1]);
  });

  it('is made anew where its manifest is no manifest', async () => {
    await openWith(store);
    writeFileSync(join(own, 'index.json'), '{"version":1');
    expect(await asked(await openWith(store), { kinds: new Set(['scan']) })).toHaveLength(3);
  });

  it('forgets what was erased from the log', async () => {
    const ledger = await freshLedger();
    const clock = ticking();
    await recordScan(ledger, scanOf(['aws_x.a', 'aws_x.b'], [timeoutDrift('aws_x.a'), timeoutDrift('aws_x.b')]), clock);
    await recordScan(ledger, scanOf(['aws_x.a', 'aws_x.b'], []), clock);
    await openWith(ledger.store);
    const people = { requestedBy: 'alice', approvedBy: 'bob', reason: 'personal data', version: '0' };
    await eraseEntries(ledger, { indexes: [0], ...people }, clock);
    const query = await openWith(ledger.store);
    expect(await asked(query, { address: 'aws_x.a', kinds: new Set(['drift']) })).toEqual([]);
    expect(await query.count('erased')).toBe(1);
    const columns = readdirSync(own).map((name) => readFileSync(join(own, name), 'latin1'));
    // The entry that ended it still tells of the resource.
    expect(columns.join('').match(/aws_x\.a/g)).toHaveLength(1);
  });

  it('is no reason to fail where it cannot be written', async () => {
    const head = await readCheckpoint(store);
    const told: unknown[] = [];
    writeFileSync(join(own, 'file'), '');
    const folder = new IndexFolder(join(own, 'file', 'below'));
    const catalogue = await openCatalogue(store, head, { ...SMALL, folder, onUnkept: (cause) => told.push(cause) });
    expect(await asked(await LedgerQuery.over(store, head, catalogue), { standing: 'open' })).not.toEqual([]);
    expect(told.length).toBeGreaterThan(0);
  });
});

describe('a catalogue', () => {
  it('is refused where the entries are not those that the head signs', async () => {
    const head = await readCheckpoint(store);
    const forged = { ...head, root: Uint8Array.from(head.root, (byte) => byte ^ 1) };
    await expect(builtCatalogue(store, forged)).rejects.toMatchObject({ code: 'E_LEDGER_CORRUPT' });
  });
});
