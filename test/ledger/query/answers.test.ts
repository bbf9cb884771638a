import { beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../../src/ledger/head.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { blame } from '../../../src/ledger/query/blame.ts';
import { diffBetween } from '../../../src/ledger/query/diff.ts';
import type { EntryFilter } from '../../../src/ledger/query/filter.ts';
import { findHit, storyOf } from '../../../src/ledger/query/find.ts';
import { LedgerQuery } from '../../../src/ledger/query/ledger-query.ts';
import { openCatalogue } from '../../../src/ledger/query/open.ts';
import { recordScan } from '../../../src/ledger/record.ts';
import { memoryStore } from '../../../src/ledger/stores/memory.ts';
import type { Change } from '../../../src/model/drift.ts';
import type { BlamedResource } from '../../../src/model/picture.ts';
import { annotate } from '../../support/annotations.ts';
import { change, type Drifting, freshLedger, gathered, scanOf } from '../../support/ledger-world.ts';

const WEB = 'module.net.aws_lambda_function.web';
const QUEUE = 'aws_sqs_queue.jobs["a.b"]';
const DAY = '2026-11-02';

function drifting(address: string, ...changes: Change[]): Drifting {
  return { address, changes, declared: {}, live: {} };
}

/** A day of scans on the hour; each says what drifts then. */
async function dayOf(ledger: Ledger, hours: readonly (readonly Drifting[])[]): Promise<void> {
  for (const [hour, drifts] of hours.entries()) {
    const at = `${DAY}T${String(hour).padStart(2, '0')}:00:00.000Z`;
    const more = { startedAt: at, finishedAt: at };
    await recordScan(ledger, scanOf([WEB, QUEUE], drifts, more), () => new Date(at));
  }
}

async function queryOf(ledger: Ledger): Promise<LedgerQuery> {
  const head = await readCheckpoint(ledger.store);
  return LedgerQuery.over(ledger.store, head, await openCatalogue(ledger.store, head));
}

const at = (time: string): number => Date.parse(`${DAY}T${time}Z`);

const timeout = change('timeout', 5, 900);
const memory = change('memory_size', 128, 512);
const opened = change('ingress', null, { port: 22 }, { op: 'add' });

let query: LedgerQuery;
let ledger: Ledger;

/**
 * 00 nothing (0). 01 timeout drifts (1, 2). 02 memory too (3, 4). 03 timeout is back, memory moved on, the queue is gone
 * (5, 6, 7). 04 the queue is back (8, 9). 05 memory is back, ingress opened (10, 11). Then people speak.
 */
beforeAll(async () => {
  ledger = await freshLedger(memoryStore());
  await dayOf(ledger, [
    [],
    [drifting(WEB, timeout)],
    [drifting(WEB, timeout, memory)],
    [drifting(WEB, change('memory_size', 128, 1024)), { address: QUEUE, kind: 'missing' }],
    [drifting(WEB, change('memory_size', 128, 1024))],
    [drifting(WEB, opened)],
  ]);
  const clock = () => new Date(`${DAY}T12:00:00.000Z`);
  const first = await queryOf(ledger);
  const digest = async (index: number) => (await first.hit(index))?.picture.entry.digest as string;
  const person = { kind: 'person', id: 'u', type: 'IAMUser', role: null, sourceIdentity: null, mfa: null } as const;
  const actor = { ...person, name: 'bob', via: 'cli', sourceAddress: null, userAgent: null, lineage: [] } as const;
  const who = { verdict: 'confirmed', actors: [actor], call: null, missing: [], searched: null } as const;
  const occurred = { occurredAt: `${DAY}T00:30:00Z`, occurredAtSource: 'cloudtrail.eventTime' };
  await annotate(ledger, { kind: 'correction', about: [await digest(1)], correction: { who, ...occurred } }, clock);
  await annotate(ledger, { kind: 'approval', about: [await digest(5)], by: 'github:boss' }, clock);
  query = await queryOf(ledger);
});

async function asked(filter: EntryFilter): Promise<number[]> {
  return (await gathered(query.log(filter))).map(({ picture }) => picture.entry.index);
}

const DRIFTS = new Set(['drift', 'resolved'] as const);

describe('the log', () => {
  it.each<[string, EntryFilter, number[]]>([
    ['all, newest first', {}, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    ['one kind', { kinds: new Set(['scan']) }, [11, 9, 7, 4, 2, 0]],
    ['a resource, with what is said of it', { address: WEB }, [13, 12, 10, 5, 3, 1]],
    ['a module', { address: 'module.net', kinds: DRIFTS }, [10, 5, 3, 1]],
    ['an instance by its resource', { address: 'aws_sqs_queue.jobs' }, [8, 6]],
    ['a type', { type: 'aws_lambda_*', kinds: DRIFTS }, [10, 8, 6, 5, 3, 1]],
    ['an attribute', { attribute: 'timeout' }, [3, 1]],
    ['who it was, told later', { actor: 'bob', kinds: DRIFTS }, [1]],
    ['who says it', { actor: 'github:*' }, [13]],
    ['a verdict, told later', { verdicts: new Set(['confirmed']), kinds: DRIFTS }, [1]],
    ['what it was said before', { verdicts: new Set(['not-attempted']), kinds: DRIFTS }, [10, 8, 6, 5, 3]],
    ['open', { standing: 'open' }, [10]],
    ['over', { standing: 'resolved' }, [8, 6]],
    ['when it may have happened', { happened: { from: at('02:30:00'), to: at('03:30:00') }, kinds: DRIFTS }, [8, 6, 5]],
    ['a moment that was told later', { happened: { from: at('00:20:00'), to: at('00:40:00') }, kinds: DRIFTS }, [1]],
    ['a moment that it is not any more', { happened: { from: at('00:40:00'), to: at('00:50:00') }, kinds: DRIFTS }, []],
    ['recorded', { recorded: { from: at('05:00:00'), to: at('05:00:01') } }, [11, 10]],
  ])('finds %s', async (_what, filter, found) => {
    expect(await asked(filter)).toEqual(found);
  });

  it('shows an entry with what was said of it and where it stands', async () => {
    const hit = await query.hit(1);
    expect(hit?.standing).toBe('moved-on');
    expect(hit?.next?.index).toBe(3);
    expect(hit?.picture.origins.who?.index).toBe(12);
    expect((await query.hit(13))?.about.map(({ index }) => index)).toEqual([5]);
  });
});

describe('an entry', () => {
  it.each(['5', '#5', WEB, 'module.net'])('is found as %s', async (word) => {
    const index = (await findHit(query, word)).picture.entry.index;
    expect(index).toBe(word.includes('5') ? 5 : 10);
  });

  it('is found by digest and id', async () => {
    const { digest, statement } = (await findHit(query, '5')).picture.entry;
    for (const word of [digest, digest.slice(0, 12), digest.slice(0, 7), statement.predicate.entryId]) {
      expect((await findHit(query, word)).picture.entry.index).toBe(5);
    }
  });

  it.each(['99', 'ffffffffffff', 'aws_x.nobody'])('is not found as %s', async (word) => {
    await expect(findHit(query, word)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });

  it('has a story, from its first sight on', async () => {
    const indexes = async (index: number) => (await storyOf(query, index)).map(({ entry }) => entry.index);
    expect(await indexes(3)).toEqual([1, 3, 5, 10]);
    expect(await indexes(8)).toEqual([6, 8]);
  });
});

describe('blame', () => {
  const lines = (resources: readonly BlamedResource[]): string[] =>
    resources.flatMap(({ address, paths }) =>
      paths.map(({ path, changes, hit }) => {
        const values = changes.map(({ before, after }) => `${JSON.stringify(before)} → ${JSON.stringify(after)}`);
        return `${address} ${path} #${hit.picture.entry.index} ${values.join(', ')}`;
      }),
    );

  it('names for each attribute the entry of its last change, the way back included', async () => {
    expect(lines(await blame(query, WEB))).toEqual([
      `${WEB} ingress #10 null → {"port":22}`,
      `${WEB} memory_size #10 1024 → 128`,
      `${WEB} timeout #5 900 → 5`,
    ]);
  });

  it('does not put an unchanged attribute down to the entry that only goes on with it', async () => {
    const early = await freshLedger(memoryStore());
    await dayOf(early, [[], [drifting(WEB, timeout)], [drifting(WEB, timeout, memory)]]);
    expect(lines(await blame(await queryOf(early), 'module.net'))).toEqual([
      `${WEB} memory_size #3 128 → 512`,
      `${WEB} timeout #1 5 → 900`,
    ]);
  });

  it('tells of a resource that came back as a whole', async () => {
    expect(lines(await blame(query, QUEUE))).toEqual([`${QUEUE}  #8 `]);
  });

  it('has nothing of what never changed', async () => {
    expect(await blame(query, 'aws_x.never')).toEqual([]);
  });
});

describe('the difference between two moments', () => {
  const between = async (from: string, to: string, axis: 'happened' | 'recorded' = 'recorded') => {
    const diff = await diffBetween(query, { from: at(from), to: at(to), axis });
    const told = diff.changed.map(({ address, presence, changes }) => {
      const values = changes.map(
        ({ path, before, after }) => `${path} ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
      );
      return [address, ...(presence === null ? [] : [presence]), ...values].join(' ');
    });
    return { ...diff, told, back: diff.cameBack.map(({ address }) => address) };
  };

  it('goes from the values of the first to those of the second', async () => {
    const { told, openBefore, openAfter } = await between('02:30:00', '03:30:00');
    expect(told).toEqual([`${QUEUE} gone`, `${WEB} memory_size 512 → 1024 timeout 900 → 5`]);
    expect([openBefore, openAfter]).toEqual([1, 2]);
  });

  it('says what changed between and is as it was', async () => {
    const { told, back } = await between('02:30:00', '04:30:00');
    expect(told).toEqual([`${WEB} memory_size 512 → 1024 timeout 900 → 5`]);
    expect(back).toEqual([QUEUE]);
  });

  it('finds nothing where nothing was recorded', async () => {
    const { told, openBefore, openAfter } = await between('02:10:00', '02:50:00');
    expect([told, openBefore, openAfter]).toEqual([[], 1, 1]);
  });

  it('goes by what a correction says of the time, and tells what is not certain', async () => {
    expect((await between('00:20:00', '00:40:00', 'happened')).told).toEqual([`${WEB} timeout 5 → 900`]);
    expect((await between('00:40:00', '01:30:00', 'happened')).told).toEqual([]);
    const { uncertain } = await between('00:40:00', '02:30:00', 'happened');
    expect(uncertain.map(({ entry }) => entry.index)).toEqual([5, 6]);
  });
});
