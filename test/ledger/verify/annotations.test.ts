import { beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openHead } from '../../../src/ledger/head.ts';
import { append } from '../../../src/ledger/append.ts';
import { appendStatements } from '../../../src/ledger/append-statements.ts';
import { sha256Hex, toBase64 } from '../../../src/ledger/bytes.ts';
import { readEntries } from '../../../src/ledger/read.ts';
import { recordScan } from '../../../src/ledger/record.ts';
import { payloadOf, seal } from '../../../src/ledger/seal.ts';
import { entrySigner, newEntryKey } from '../../../src/ledger/signers/local.ts';
import { verifyLedger } from '../../../src/ledger/verify.ts';
import type { Entry } from '../../../src/model/entry.ts';
import { annotate } from '../../support/annotations.ts';
import { freshLedger, gathered, scanOf, ticking, timeoutDrift } from '../../support/ledger-world.ts';

const clock = ticking();
let ledger: Ledger;
let drift: Entry;

/** Entries 0 drift, 1 scan. */
beforeEach(async () => {
  ledger = await freshLedger();
  await recordScan(ledger, scanOf(['a'], [timeoutDrift('a')]), clock);
  [drift] = (await gathered(readEntries(ledger.store))) as [Entry];
});

async function found(): Promise<(readonly [string, number | undefined])[]> {
  return (await verifyLedger(ledger.store, ledger.trust)).failures.map(({ code, index }) => [code, index] as const);
}

const TERMS = {
  workspace: null,
  address: 'a',
  path: null,
  from: '2026-11-02T00:00:00.000Z',
  until: '2026-12-02T00:00:00.000Z',
};

describe('approval by somebody else', () => {
  it.each([
    ['alice', 'bob', true],
    ['alice', 'alice', false],
    ['alice', ' Alice ', false],
    ['ALICE@example.com', 'alice@EXAMPLE.com', false],
    ['alice', '', false],
    ['alice', '  ', false],
  ])('is asked of a waiver: %j and %j', async (requestedBy, approvedBy, good) => {
    await annotate(ledger, { kind: 'waiver', waiver: { ...TERMS, requestedBy, approvedBy } }, clock);
    expect(await found()).toEqual(good ? [] : [['self-approved', 2]]);
  });

  it('is asked of an erasure', async () => {
    const erasure = { indexes: [0], requestedBy: 'alice', approvedBy: 'Alice' };
    await annotate(ledger, { kind: 'erasure', about: [drift.digest], erasure }, clock);
    expect(await found()).toEqual([['self-approved', 2]]);
  });

  it('is asked of an approval: not by who asked for what it approves, nor by who did it', async () => {
    const waiver = { ...TERMS, requestedBy: 'alice', approvedBy: 'bob' };
    const { digest } = await annotate(ledger, { kind: 'waiver', waiver }, clock);
    await annotate(ledger, { kind: 'approval', about: [digest], by: 'carol' }, clock);
    await annotate(ledger, { kind: 'approval', about: [digest], by: 'Alice' }, clock);
    const done = await changeBy('github:ops-team');
    await annotate(ledger, { kind: 'approval', about: [done], by: 'GitHub:Ops-Team' }, clock);
    await annotate(ledger, { kind: 'approval', about: [done], by: 'dave' }, clock);
    expect(await found()).toEqual([
      ['self-approved', 4],
      ['self-approved', 6],
    ]);
  });
});

describe('what an annotation speaks of', () => {
  it('stands before it in the log', async () => {
    const { digest } = await annotate(ledger, { kind: 'note', about: [drift.digest] }, clock);
    await annotate(ledger, { kind: 'correction', about: [drift.digest] }, clock, { supersedes: digest });
    expect(await found()).toEqual([]);
  });

  it('is missed where it is in no entry', async () => {
    await annotate(ledger, { kind: 'note', about: ['ab'.repeat(32)] }, clock);
    await annotate(ledger, { kind: 'note' }, clock, { supersedes: 'cd'.repeat(32) });
    expect(await found()).toEqual([
      ['annotation-dangling', 2],
      ['annotation-dangling', 3],
    ]);
  });

  it('is missed where it comes later', async () => {
    // The later entry is known before it is appended: its bytes are fixed.
    const head = await openHead(ledger.store, ledger.trust.checkpointKeys);
    const template = async (about: readonly string[]): Promise<Uint8Array> => {
      const scratch = await freshLedger();
      await recordScan(scratch, scanOf(['z']), clock);
      await annotate(
        scratch,
        { kind: 'note', about },
        ticking(about.length === 0 ? '2026-01-01T00:00:00Z' : undefined),
      );
      const note = (await gathered(readEntries(scratch.store))).at(-1) as Entry;
      const predicate = { ...note.statement.predicate, entryId: `urn:uuid:${about.length}` };
      return payloadOf({ ...note.statement, predicate });
    };
    const later = await seal(await template([]), ledger.signer);
    const earlier = await seal(await template([later.digest]), ledger.signer);
    await append(ledger.store, ledger.notary, head, [earlier, later]);
    expect(await found()).toEqual([['annotation-dangling', 2]]);
  });
});

describe('a key entry', () => {
  const fresh = entrySigner(newEntryKey());
  const adding = { change: 'added', keyId: fresh.keyId, publicKey: toBase64(fresh.publicKey), use: 'entry' } as const;
  const signing = (): Ledger => ({ ...ledger, signer: fresh });

  it('by a trusted key makes its key trusted from then on', async () => {
    await annotate(ledger, { kind: 'key', key: adding }, clock);
    await annotate(signing(), { kind: 'note' }, clock);
    expect(await found()).toEqual([]);
  });

  it('makes nothing before it trusted', async () => {
    await annotate(signing(), { kind: 'note' }, clock);
    await annotate(ledger, { kind: 'key', key: adding }, clock);
    expect(await found()).toEqual([['key-not-allowed', 2]]);
  });

  it('by a stranger is worth nothing', async () => {
    await annotate(signing(), { kind: 'key', key: adding }, clock);
    await annotate(signing(), { kind: 'note' }, clock);
    expect(await found()).toEqual([
      ['key-not-allowed', 2],
      ['key-not-allowed', 3],
    ]);
  });

  it('whose signature does not hold is worth nothing, also where signatures are not checked', async () => {
    const signer = { ...ledger.signer, sign: async (message: Uint8Array) => ledger.signer.sign(message.subarray(1)) };
    await annotate({ ...ledger, signer }, { kind: 'key', key: adding }, clock);
    await annotate(signing(), { kind: 'note' }, clock);
    const { failures } = await verifyLedger(ledger.store, ledger.trust, { signatures: 'none' });
    expect(failures.map(({ code, index }) => [code, index])).toEqual([
      ['signature-wrong', 2],
      ['key-not-allowed', 3],
    ]);
  });

  it('that names another key than it holds is malformed', async () => {
    await annotate(ledger, { kind: 'key', key: { ...adding, keyId: `sha256:${'0'.repeat(64)}` } }, clock);
    await annotate(ledger, { kind: 'key', key: { ...adding, publicKey: 'x' } }, clock);
    await annotate(ledger, { kind: 'key', key: { ...adding, use: 'checkpoint', keyId: 'x' } }, clock);
    expect(await found()).toEqual([2, 3, 4].map((index) => ['statement-malformed', index]));
  });

  it('that adds a point off the curve is malformed, and a leaf with that point is no exception', async () => {
    const off = Buffer.from(fresh.publicKey);
    off[off.length - 1] = (off[off.length - 1] as number) ^ 1;
    const key = { ...adding, keyId: `sha256:${sha256Hex(off)}`, publicKey: toBase64(off) };
    await annotate(ledger, { kind: 'key', key }, clock);
    await annotate({ ...ledger, signer: { ...fresh, keyId: key.keyId, publicKey: off } }, { kind: 'note' }, clock);
    expect(await found()).toEqual([
      ['statement-malformed', 2],
      ['key-not-allowed', 3],
    ]);
  });

  it('ends a key for good: it cannot come back', async () => {
    await annotate(ledger, { kind: 'key', key: adding }, clock);
    await annotate(ledger, { kind: 'key', key: { ...adding, change: 'retired', publicKey: null } }, clock);
    await annotate(ledger, { kind: 'key', key: adding }, clock);
    await annotate(signing(), { kind: 'note' }, clock);
    expect(await found()).toEqual([['key-not-allowed', 5]]);
  });
});

/** A change entry that names an actor; gives its statement digest. */
async function changeBy(name: string): Promise<string> {
  const [first] = (await gathered(readEntries(ledger.store))) as [Entry & { kind: 'drift' }];
  const { predicate } = first.statement;
  const actor = { name, id: name, via: 'unknown', kind: 'person' };
  const { appended } = await appendStatements(ledger, clock, async ({ entryId }) => {
    const who = { ...predicate.who, actors: [actor] };
    const change = { ...predicate.change, kind: 'change' };
    const statement = { ...first.statement, predicate: { ...predicate, entryId: entryId(), who, change } };
    return { statements: [statement], objects: [] };
  });
  return appended.entries[0]?.digest as string;
}
