import { beforeAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { DIAGNOSTICS } from '../../src/ledger/verify/diagnostics.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { wholeLedger, woundedLedgers, writeLedgerFixtures } from '../support/ledger-fixtures.ts';

// UPDATE_LEDGERS=1 npx vitest run test/ledger/vectors.test.ts makes fixtures/ledgers anew.
if (process.env.UPDATE_LEDGERS !== undefined) await writeLedgerFixtures();

/** Codes that only a policy, which lies outside of the ledger, can bring about; test/ledger/policy.test.ts has their vectors. */
const BY_POLICY = ['approver-not-allowed', 'quorum-missing'];

let whole: ReturnType<typeof wholeLedger>;
beforeAll(() => {
  whole = wholeLedger();
});

describe('the whole ledger of the fixtures', () => {
  it('verifies to the last byte, against the checkpoint that was kept of it', async () => {
    const trust = { ...whole.trust, kept: [whole.kept] };
    expect(await verifyLedger(memoryStore(whole.objects), trust)).toMatchObject({
      ok: true,
      size: 11,
      checked: { entries: 11, erased: 1, signatures: 11 },
      failures: [],
      skipped: [],
      unaccounted: [],
    });
  });
});

describe('each wounded ledger of the fixtures', () => {
  it.each(woundedLedgers())('is refused: $wound.says ($wound.code)', async ({ wound, objects }) => {
    const trust = wound.kept ? { ...whole.trust, kept: [whole.kept] } : whole.trust;
    const { ok, failures } = await verifyLedger(memoryStore(objects), trust);
    expect(ok).toBe(false);
    expect(failures.map(({ code, index }) => ({ code, index }))).toContainEqual({
      code: wound.code,
      index: wound.index ?? undefined,
    });
    // No sound entry before it is blamed.
    const named = failures.flatMap(({ index }) => (index === undefined ? [] : [index]));
    if (wound.index !== null) expect(Math.min(...named)).toBe(wound.index);
  });

  it('that shows only against a kept checkpoint is whole without one', async () => {
    const blind = woundedLedgers().filter(({ wound }) => wound.kept);
    expect(blind.map(({ wound }) => wound.name)).toEqual(['cut-off']);
    for (const { objects } of blind) expect((await verifyLedger(memoryStore(objects), whole.trust)).ok).toBe(true);
  });

  it('stands for a code, and every code that needs no policy has one', () => {
    const codes = new Set(woundedLedgers().map(({ wound }) => wound.code));
    expect(DIAGNOSTICS.filter((code) => !codes.has(code) && !BY_POLICY.includes(code))).toEqual([]);
  });
});
