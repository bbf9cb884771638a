import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { S3Sender } from '../../src/ledger/stores/s3-client.ts';
import { s3Store, type S3Options } from '../../src/ledger/stores/s3.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { ledgerStoreContract } from '../contract/ledger-store.ts';
import { type Around, FakeS3, s3Error } from '../support/fake-s3.ts';
import { faultyRequests } from '../support/faulty-store.ts';
import { appendNotes, noteTexts } from '../support/ledger-notes.ts';
import { freshLedger, onStore, ticking } from '../support/ledger-world.ts';

const PLACE = { bucket: 'ledgers', prefix: 'acme/prod' };

function storeOn(client: S3Sender, more: Partial<S3Options> = {}) {
  const owner = { pid: 1, host: 'here', isAlive: () => true };
  const patient = { patience: 5_000, lease: 60_000, pause: 2 };
  return s3Store({ place: PLACE, client: () => client, owner, clock: ticking(), ...patient, ...more });
}

ledgerStoreContract('an S3 bucket', async () => {
  const s3 = new FakeS3();
  s3.pageSize = 3;
  return { open: (fault) => storeOn(s3.client(fault && faultyRequests(fault))) };
});

interface World {
  readonly s3: FakeS3;
  readonly ledger: Ledger;
  /** The texts of its entries. */
  readonly texts: readonly string[];
}

/** A ledger with so many entries, in a bucket. */
async function ledgerOf(entries: number): Promise<World> {
  const s3 = new FakeS3();
  const ledger = await freshLedger(storeOn(s3.client()));
  const texts = Array.from({ length: entries }, (_, at) => `old ${at}`);
  await appendNotes(ledger, texts, ticking());
  return { s3, ledger, texts };
}

/** Appends two entries as a process that takes every other writer for dead. */
async function record(ledger: Ledger, s3: FakeS3, name: string, pid: number, around?: Around): Promise<void> {
  const store = storeOn(s3.client(around), { owner: { pid, host: 'here', isAlive: () => false } });
  await appendNotes(onStore(ledger, store), [`one of ${name}`, `two of ${name}`], ticking());
}

/** Nothing was lost, nothing is there twice, nothing unpublished was ever written where the log is read. */
async function expectWhole(s3: FakeS3, { ledger, texts }: World, writers: readonly string[]): Promise<void> {
  const reader = storeOn(s3.client());
  const verification = await verifyLedger(reader, ledger.trust);
  expect(verification.failures).toEqual([]);
  expect(verification.skipped).toEqual([]);
  const wanted = [...texts, ...writers.flatMap((name) => [`one of ${name}`, `two of ${name}`])];
  expect((await noteTexts(reader)).toSorted()).toEqual(wanted.toSorted());
  for (const [key, versions] of s3.versions) {
    const written = versions.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
    if (/\/(tile|checkpoints|state|keys)\//.test(key)) expect(new Set(written).size, key).toBe(1);
    const grew = written.every((text, at) => text.startsWith(written[at - 1] ?? ''));
    if (/\/dsse\//.test(key)) expect(grew, key).toBe(true);
  }
}

/** A client that falls asleep at its n-th request, before or after it took effect. */
function sleeper(at: number, when: 'before' | 'after') {
  let count = 0;
  let wake: () => void = () => undefined;
  let told: () => void = () => undefined;
  const woken = new Promise<void>((done) => {
    wake = done;
  });
  const asleep = new Promise<void>((done) => {
    told = done;
  });
  const writes = new Set<number>();
  const around: Around = async ({ operation }, take) => {
    if (operation === 'PutObject' || operation === 'DeleteObject') writes.add(count);
    if (count++ !== at) return take();
    if (when === 'after') {
      const answer = attempt(take);
      told();
      await woken;
      return answer();
    }
    told();
    await woken;
    return take();
  };
  return { around, asleep, wake: () => wake(), count: () => count, writes };
}

/** Does something now, and lets its outcome be known later. */
function attempt<T>(take: () => T): () => T {
  try {
    const taken = take();
    return () => taken;
  } catch (thrown) {
    return () => {
      throw thrown;
    };
  }
}

describe('a writer to S3 that sleeps while another one appends', () => {
  // The second begins a tile's last two entries: who appends first fills it, who comes next begins a new one.
  it.each([
    ['within a tile', 4],
    ['over the end of a tile', 254],
  ])('loses nothing and spoils nothing, at whatever request it sleeps, %s', async (_where, size) => {
    const base = await ledgerOf(size);
    const whole = sleeper(-1, 'before');
    await record(base.ledger, base.s3.copy(), 'count', 1, whole.around);
    expect(whole.count()).toBeGreaterThan(20);
    for (let at = 0; at < whole.count(); at++) {
      // After a reading is before the next request.
      for (const when of whole.writes.has(at) ? (['before', 'after'] as const) : (['before'] as const)) {
        const s3 = base.s3.copy();
        const { around, asleep, wake } = sleeper(at, when);
        const slow = record(base.ledger, s3, 'slow', 1, around);
        await asleep;
        await record(base.ledger, s3, 'quick', 2);
        await record(base.ledger, s3, 'quick again', 3);
        wake();
        await slow;
        await expectWhole(s3, base, ['slow', 'quick', 'quick again']);
        expect([...s3.present.keys()].filter((key) => key.includes('/.pending/'))).toEqual([]);
      }
    }
  });
});

describe('three writers to S3', () => {
  it('lose nothing and spoil nothing, in whatever order their requests take effect or are repeated', async () => {
    const bases = [await ledgerOf(4), await ledgerOf(252)] as const;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.infiniteStream(fc.nat(9)), fc.nat(7), async (scheduler, chance, where) => {
        const base = where === 0 ? bases[1] : bases[0];
        const s3 = base.s3.copy();
        const around: Around = async (request, take) => {
          await scheduler.schedule(Promise.resolve(), request.operation);
          const kind = chance.next().value;
          if (kind === 0 && request.operation === 'PutObject') throw s3Error(409, 'ConditionalRequestConflict');
          // An answer got lost, and the SDK asks again.
          if (kind === 1) attempt(take);
          return take();
        };
        const writers = [1, 2, 3].map(async (pid) => {
          for (const turn of ['first', 'second']) await record(base.ledger, s3, `${turn} by ${pid}`, pid, around);
        });
        await scheduler.waitFor(Promise.all(writers));
        const names = [1, 2, 3].flatMap((pid) => [`first by ${pid}`, `second by ${pid}`]);
        await expectWhole(s3, base, names);
      }),
      { numRuns: 60 },
    );
  });
});
