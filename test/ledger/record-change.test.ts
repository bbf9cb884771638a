import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidenceOf } from '../../src/ledger/evidence.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { readEntries } from '../../src/ledger/read.ts';
import { type HandedIn, recordChanges } from '../../src/ledger/record-change.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import type { ChangePredicate } from '../../src/model/entry.ts';
import { UNKNOWN, type Value } from '../../src/model/value.ts';
import { freshLedger, gathered, onStore, scanOf, ticking, timeoutDrift } from '../support/ledger-world.ts';

const KEY = 'app/max_batch_size';

function stated(after: Value, more: Partial<HandedIn> = {}): HandedIn {
  const base = { key: KEY, workspace: 'default', before: undefined, at: null, by: 'github:ops', reason: null };
  return { ...base, references: [], after, ...more };
}

const clock = ticking();

async function recorded(ledger: Ledger, changes: readonly HandedIn[], force = false) {
  const { recordings } = await recordChanges(ledger, changes, { clock, version: '0', force, evidence: [] });
  return recordings;
}

async function changesIn(ledger: Ledger): Promise<ChangePredicate[]> {
  const entries = await gathered(readEntries(ledger.store));
  return entries.flatMap((entry) => (entry.kind === 'change' ? [entry.statement.predicate] : []));
}

async function expectWhole(ledger: Ledger): Promise<void> {
  expect(await verifyLedger(ledger.store, ledger.trust)).toMatchObject({ ok: true, failures: [], unaccounted: [] });
}

describe('recording a change', () => {
  it('tells what, when, old, new, who and why, each as stated', async () => {
    const ledger = await freshLedger();
    const at = '2026-11-01T03:00:00.000Z';
    await recorded(ledger, [stated(50, { before: 1000, at, reason: 'OPS-7 backlog', references: ['OPS-7'] })]);
    const [predicate] = await changesIn(ledger);
    expect(predicate).toMatchObject({
      change: {
        kind: 'change',
        action: 'update',
        resource: { address: KEY, type: 'key', id: null, workspaceKey: 'name:default', provider: 'recorded' },
        paths: [{ path: 'value', op: 'replace', before: 1000, after: 50, sensitive: false }],
      },
      who: { verdict: 'stated', actors: [{ name: 'github:ops', type: 'stated' }] },
      when: { occurredAt: at, occurredAtSource: 'stated', notBefore: null },
      why: { status: 'stated', reason: { text: 'OPS-7 backlog', source: 'driftbom record', references: ['OPS-7'] } },
      scan: null,
      supersedes: null,
    });
    await expectWhole(ledger);
  });

  it('says that the value before is unknown where nobody said and the ledger does not know', async () => {
    const ledger = await freshLedger();
    const [first] = await recorded(ledger, [stated(50)]);
    expect(first?.before).toBe(UNKNOWN);
    const [predicate] = await changesIn(ledger);
    expect(predicate?.change.paths).toMatchObject([{ before: { $unknown: true }, after: 50 }]);
    const [second] = await recorded(ledger, [stated(60)]);
    expect(second?.before).toBe(50);
  });

  it('takes the value before from the ledger, as of the time of which it speaks', async () => {
    const ledger = await freshLedger();
    const on = (day: number): string => `2026-10-0${day}T00:00:00.000Z`;
    await recorded(ledger, [stated('a', { before: null, at: on(1) }), stated('c', { at: on(5) })]);
    const [between] = await recorded(ledger, [stated('b', { at: on(3) })]);
    expect(between).toMatchObject({ outcome: 'recorded', before: 'a' });
    const told = (await changesIn(ledger)).map(({ change, when }) => [change.action, when.notBefore, when.occurredAt]);
    expect(told).toEqual([
      ['create', null, on(1)],
      ['update', on(1), on(5)],
      ['update', on(1), on(3)],
    ]);
  });

  it('continues the earlier entry of its key, and where it contradicts that one stands beside it', async () => {
    const ledger = await freshLedger();
    const [first] = await recorded(ledger, [stated(50, { before: 1000 })]);
    const [agreeing] = await recorded(ledger, [stated(60, { before: 50 })]);
    const [other] = await recorded(ledger, [stated(70, { before: 65 })]);
    expect(first?.contradicts).toBeUndefined();
    expect(agreeing?.contradicts).toBeUndefined();
    expect(other?.contradicts).toEqual({ index: 1, value: 60 });
    const chain = (await changesIn(ledger)).map((one) => one.supersedes);
    expect(chain).toEqual([null, first?.digest, null]);
  });

  it('keeps workspaces and keys apart', async () => {
    const ledger = await freshLedger();
    await recorded(ledger, [stated(1), stated(1, { workspace: 'prod' }), stated(1, { key: 'other' })]);
    expect(await changesIn(ledger)).toHaveLength(3);
    expect((await recorded(ledger, [stated(2, { workspace: 'test' })]))[0]?.before).toBe(UNKNOWN);
  });

  it('tells the members of an object one by one', async () => {
    const ledger = await freshLedger();
    const before = { min: 1, max: 10, names: ['a'], gone: true };
    await recorded(ledger, [stated({ min: 1, max: 20, names: ['a', 'b'], fresh: { x: 1 } }, { before })]);
    const [predicate] = await changesIn(ledger);
    expect(predicate?.change.paths.map(({ path, op }) => `${op} ${path}`)).toEqual([
      'add value.fresh',
      'remove value.gone',
      'replace value.max',
      'replace value.names',
    ]);
  });

  it('writes one checkpoint for a whole file, each line seeing those before it', async () => {
    const ledger = await freshLedger();
    const all = await recorded(ledger, [stated(1), stated(2), stated(3)]);
    expect(all.map((one) => [one.index, one.before])).toEqual([
      [0, UNKNOWN],
      [1, 1],
      [2, 2],
    ]);
    expect(await ledger.store.list('checkpoints/')).toEqual(['checkpoints/0', 'checkpoints/3']);
    await expectWhole(ledger);
  });

  it('records the same only once, in one file or two, unless it is told to', async () => {
    const ledger = await freshLedger();
    const lines = [stated(50, { before: 1000 }), stated(60), stated(50, { before: 1000 })];
    const first = await recorded(ledger, lines);
    expect(first.map((one) => [one.outcome, one.index])).toEqual([
      ['recorded', 0],
      ['recorded', 1],
      ['repeated', 0],
    ]);
    const again = await recorded(ledger, lines);
    expect(again.map((one) => one.outcome)).toEqual(['repeated', 'repeated', 'repeated']);
    expect(await ledger.store.list('checkpoints/')).toEqual(['checkpoints/0', 'checkpoints/2']);
    const forced = await recorded(ledger, [stated(50, { before: 1000 })], true);
    expect(forced).toMatchObject([{ outcome: 'recorded', index: 2, contradicts: { index: 1, value: 60 } }]);
  });

  it('takes another time, person or reason for another change', async () => {
    const ledger = await freshLedger();
    const at = '2026-11-01T03:00:00.000Z';
    const lines = [{}, { at }, { by: 'lee' }, { reason: 'r' }].map((more) => stated(50, { before: 1, ...more }));
    expect((await recorded(ledger, lines)).map((one) => one.outcome)).toEqual(Array(4).fill('recorded'));
  });

  it('records no change to the value that the ledger holds already', async () => {
    const ledger = await freshLedger();
    await recorded(ledger, [stated(50)]);
    expect(await recorded(ledger, [stated(50, { by: 'lee' })])).toMatchObject([{ outcome: 'unchanged', index: 0 }]);
  });

  it('keeps a key masked that was masked before', async () => {
    const ledger = await freshLedger();
    await recorded(ledger, [stated(ledger.redact('old secret'))]);
    const [second] = await recorded(ledger, [stated('new secret', { before: 'old secret' })]);
    expect(second).toMatchObject({ before: ledger.redact('old secret'), after: ledger.redact('new secret') });
    expect((await changesIn(ledger))[1]?.change.paths).toMatchObject([{ sensitive: true }]);
    const payloads = Buffer.from((await ledger.store.get('dsse/000.intoto.jsonl')) ?? []).toString('utf8');
    for (const line of payloads.trim().split('\n')) {
      expect(Buffer.from(JSON.parse(line).payload, 'base64').toString('utf8')).not.toContain('new secret');
    }
  });

  it('keeps large values in documents of their own', async () => {
    const ledger = await freshLedger();
    await recorded(ledger, [stated('y'.repeat(5000), { before: 'x'.repeat(5000) })]);
    expect((await changesIn(ledger))[0]?.change.paths).toMatchObject([{ before: 'x'.repeat(5000) }]);
    expect((await recorded(ledger, [stated('z')]))[0]?.before).toBe('y'.repeat(5000));
    await expectWhole(ledger);
  });

  it('loses nothing where another writer is first', async () => {
    const ledger = await freshLedger();
    let raced = false;
    const rival = onStore(ledger, ledger.store);
    const slow: Ledger = {
      ...ledger,
      store: {
        ...ledger.store,
        get: (key) => ledger.store.get(key),
        list: (prefix) => ledger.store.list(prefix),
        put: (objects) => ledger.store.put(objects),
        remove: (keys) => ledger.store.remove(keys),
        locked: (work) => work(),
        swapHead: async (...head) => {
          if (!raced) {
            raced = true;
            await recorded(rival, [stated(60, { by: 'rival' })]);
          }
          return ledger.store.swapHead(...head);
        },
      },
    };
    expect(await recorded(slow, [stated(70)])).toMatchObject([{ outcome: 'recorded', index: 1, before: 60 }]);
    await expectWhole(ledger);
  });

  it('stands between scans without touching their drifts', async () => {
    const ledger = await freshLedger();
    const web = 'aws_lambda_function.web';
    await recordScan(ledger, scanOf([web], [timeoutDrift(web)]), clock);
    await recorded(ledger, [stated(1, { key: web })]);
    const again = await recordScan(ledger, scanOf([web], [timeoutDrift(web)]), clock);
    expect(again.drifts).toMatchObject([{ standing: 'still-open', index: 0 }]);
    await expectWhole(ledger);
  });

  it('never writes a file twice, whatever is in it', async () => {
    const line = fc.record({
      key: fc.constantFrom('a', 'b'),
      after: fc.constantFrom<Value>(1, 2, null, { x: 1 }, { x: 2, y: [] }),
      at: fc.constantFrom(null, '2026-10-01T00:00:00.000Z', '2026-10-02T00:00:00.000Z'),
      by: fc.constantFrom('kim', 'lee'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 6 }), async (lines) => {
        const ledger = await freshLedger();
        const changes = lines.map((one) => stated(one.after, one));
        const first = await recorded(ledger, changes);
        const size = first.filter((one) => one.outcome === 'recorded').length;
        expect(await changesIn(ledger)).toHaveLength(size);
        await recorded(ledger, changes);
        const repeated = await recorded(
          ledger,
          changes.filter((_, i) => first[i]?.outcome === 'recorded'),
        );
        expect(repeated.map((one) => one.outcome)).not.toContain('recorded');
      }),
      { numRuns: 25 },
    );
  });
});

describe('evidence', () => {
  const bytes = new TextEncoder().encode('the queue at 03:00\n');

  it('is named by digest and size, kept in the ledger and checked with it', async () => {
    const ledger = await freshLedger();
    const evidence = [evidenceOf({ name: 'queue.txt', bytes })];
    await recordChanges(ledger, [stated(1)], { clock, version: '0', force: false, evidence });
    const [predicate] = await changesIn(ledger);
    const [named] = predicate?.evidence ?? [];
    expect(named).toMatchObject({ name: 'queue.txt', annotations: { size: 19 } });
    expect(await ledger.store.get(named?.uri as string)).toEqual(bytes);
    await expectWhole(ledger);
    await ledger.store.put([{ key: named?.uri as string, bytes: Buffer.from('another') }]);
    const { failures } = await verifyLedger(ledger.store, ledger.trust);
    expect(failures).toMatchObject([{ code: 'document-wrong', index: 0 }]);
    await ledger.store.remove([named?.uri as string]);
    expect((await verifyLedger(ledger.store, ledger.trust)).failures).toMatchObject([{ code: 'document-missing' }]);
  });

  it.each([
    ['nothing', Buffer.alloc(0), /is empty/],
    ['more than 10 MB', Buffer.alloc(10 * 1024 * 1024 + 1, 1), /larger than 10 MB/],
    ['a private key', Buffer.from('x\n-----BEGIN OPENSSH PRIVATE KEY-----\n'), /private key/],
    ['a private key in UTF-16', Buffer.from('-----BEGIN PRIVATE KEY-----', 'utf16le'), /private key/],
    [
      'a private key among bytes',
      Buffer.concat([Buffer.of(0xff, 0xfe, 0x80), Buffer.from('-----BEGIN EC PRIVATE KEY-----')]),
      /private key/,
    ],
  ])('is refused where it is %s', (_, content, fault) => {
    expect(() => evidenceOf({ name: 'e', bytes: content })).toThrow(fault);
  });
});
