import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotate } from '../../src/ledger/annotate.ts';
import { openHead } from '../../src/ledger/head.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { provenReader, readEntries } from '../../src/ledger/read.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { readWaivers } from '../../src/ledger/waivers.ts';
import type { Entry } from '../../src/model/entry.ts';
import { waiversOf } from '../../src/model/waiver.ts';
import { applyWaivers } from '../../src/scan/waivers.ts';
import { freshLedger, gathered, scanOf, ticking } from '../support/ledger-world.ts';

const writing = { clock: ticking(), version: '0' };
const FROM = '2026-11-02T00:00:00.000Z';

async function waive(ledger: Ledger, address: string, until = '2026-12-01T00:00:00.000Z'): Promise<Entry> {
  const waiver = { workspace: null, address, path: null, from: FROM, until, requestedBy: 'kim', approvedBy: 'lee' };
  const { entries } = await annotate(
    ledger,
    [{ annotation: { kind: 'waiver', text: 'r', by: 'kim', waiver }, about: [] }],
    writing,
  );
  return entryAt(ledger, entries[0]?.index as number);
}

async function revoke(ledger: Ledger, entry: Entry): Promise<void> {
  await annotate(
    ledger,
    [{ annotation: { kind: 'waiver', text: 'over', by: 'lee' }, about: [entry], supersedes: entry }],
    writing,
  );
}

async function entryAt(ledger: Ledger, index: number): Promise<Entry> {
  return (await gathered(readEntries(ledger.store)))[index] as Entry;
}

async function read(ledger: Ledger, now = '2026-11-03T00:00:00.000Z') {
  const { checkpoint } = await openHead(ledger.store, ledger.trust.checkpointKeys);
  const looked: number[] = [];
  const proven = provenReader(ledger.store, checkpoint);
  const known = await readWaivers(
    (index) => {
      looked.push(index);
      return proven(index);
    },
    checkpoint.size,
    now,
  );
  return { ...known, looked };
}

async function scan(ledger: Ledger): Promise<void> {
  await recordScan(ledger, applyWaivers(scanOf(['aws_x.y']), await read(ledger)), writing.clock);
}

describe('the waivers that a scan reads', () => {
  it('are all that stand; a revoked one is not among them', async () => {
    const ledger = await freshLedger();
    const [first] = [await waive(ledger, 'a.a'), await waive(ledger, 'b.b')];
    await revoke(ledger, first);
    expect((await read(ledger)).waivers.map((one) => one.terms.address)).toEqual(['b.b']);
    expect(await verifyLedger(ledger.store, ledger.trust)).toMatchObject({ ok: true, failures: [] });
  });

  it('are read from the list that the last scan left, and from what came after', async () => {
    const ledger = await freshLedger();
    await waive(ledger, 'a.a');
    for (let i = 0; i < 5; i++) await scan(ledger);
    const { waivers, looked } = await read(ledger);
    expect(waivers.map((one) => one.terms.address)).toEqual(['a.a']);
    expect(looked).toEqual([5, 0]);
    await revoke(ledger, await entryAt(ledger, 0));
    expect((await read(ledger)).waivers).toEqual([]);
  });

  it('miss none that was recorded while the scan ran', async () => {
    const ledger = await freshLedger();
    await scan(ledger);
    const before = await read(ledger);
    await waive(ledger, 'late.one');
    await recordScan(ledger, applyWaivers(scanOf(['aws_x.y']), before), writing.clock);
    expect((await read(ledger)).waivers.map((one) => one.terms.address)).toEqual(['late.one']);
  });

  it('are told of for a while after their end, then no more', async () => {
    const ledger = await freshLedger();
    await waive(ledger, 'a.a', '2026-11-10T00:00:00.000Z');
    expect((await read(ledger, '2027-01-10T00:00:00.000Z')).waivers).toHaveLength(1);
    expect((await read(ledger, '2027-03-10T00:00:00.000Z')).waivers).toHaveLength(0);
  });

  it('are the same as those of the whole log, in whatever order things happen', async () => {
    const steps = fc.array(fc.constantFrom('waive', 'revoke', 'scan'), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(steps, async (todo) => {
        const ledger = await freshLedger();
        const given: Entry[] = [];
        for (const step of todo) {
          if (step === 'scan') await scan(ledger);
          else if (step === 'waive') given.push(await waive(ledger, `a.n${given.length}`));
          else {
            const one = given.pop();
            if (one !== undefined) await revoke(ledger, one);
          }
        }
        const all = waiversOf(await gathered(readEntries(ledger.store))).filter((one) => one.revoked === undefined);
        expect((await read(ledger)).waivers).toEqual(all);
      }),
      { numRuns: 25 },
    );
  });
});
