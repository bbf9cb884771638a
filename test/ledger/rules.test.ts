import { describe, expect, it } from 'vitest';
import { annotate } from '../../src/ledger/annotate.ts';
import { openHead } from '../../src/ledger/head.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { provenReader } from '../../src/ledger/read.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { readRules } from '../../src/ledger/rules.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { RULE_ADDED, RULE_RETIRED, type RuleJudgement, type ScanRules } from '../../src/model/rule.ts';
import { freshLedger, scanOf, ticking } from '../support/ledger-world.ts';

const writing = { clock: ticking(), version: '0' };

async function say(ledger: Ledger, topic: string, supersedes?: { readonly digest: string }) {
  const annotation = { kind: 'note', text: 'because', by: 'kim', topic, facts: { rule: {} } } as const;
  const saying = { annotation, about: [], ...(supersedes === undefined ? {} : { supersedes }) };
  const { entries } = await annotate(ledger, [saying], writing);
  return entries[0] as { index: number; digest: string };
}

async function read(ledger: Ledger) {
  const { checkpoint } = await openHead(ledger.store, ledger.trust.checkpointKeys);
  const looked: number[] = [];
  const proven = provenReader(ledger.store, checkpoint);
  const known = await readRules((index) => {
    looked.push(index);
    return proven(index);
  }, checkpoint.size);
  return { ...known, looked, indexes: known.added.map(({ index }) => index) };
}

/** Records a scan with the rules as they were read, or as they were at some earlier moment. */
async function scan(
  ledger: Ledger,
  known?: Pick<ScanRules, 'size' | 'standing'>,
  judged: readonly RuleJudgement[] = [],
) {
  const { size, standing } = known ?? (await read(ledger));
  return recordScan(
    ledger,
    scanOf(['aws_x.y'], [], { rules: { size, standing, judged, unreadable: [] } }),
    writing.clock,
  );
}

describe('the rules that a scan reads', () => {
  it('are all that were added and not retired; other notes are none', async () => {
    const ledger = await freshLedger();
    const first = await say(ledger, RULE_ADDED);
    await say(ledger, 'incident.opened');
    await say(ledger, RULE_ADDED);
    await say(ledger, RULE_RETIRED, first);
    expect((await read(ledger)).indexes).toEqual([2]);
    expect(await verifyLedger(ledger.store, ledger.trust)).toMatchObject({ ok: true, failures: [] });
  });

  it('are read from the list that the last scan left, and from what came after: not from the whole log', async () => {
    const ledger = await freshLedger();
    const first = await say(ledger, RULE_ADDED);
    for (let i = 0; i < 5; i++) await scan(ledger);
    expect((await read(ledger)).looked).toEqual([5, 0]);
    await say(ledger, RULE_ADDED);
    expect((await read(ledger)).indexes).toEqual([0, 6]);
    await say(ledger, RULE_RETIRED, first);
    expect((await read(ledger)).indexes).toEqual([6]);
  });

  it('miss none that was added while the scan ran', async () => {
    const ledger = await freshLedger();
    const before = await read(ledger);
    await say(ledger, RULE_ADDED);
    await scan(ledger, before);
    expect((await read(ledger)).indexes).toEqual([0]);
  });

  it('stand beside their judgements, also where these are many and lie in a document of their own', async () => {
    const ledger = await freshLedger();
    const { index, digest } = await say(ledger, RULE_ADDED);
    const place = { workspace: 'w', type: 'aws_x', path: 'p', value: 1, sensitive: false, because: 'no' };
    const judged: RuleJudgement = {
      ...{ id: 'R-0001', title: 't', kind: 'range', severity: 'high', digest: 'ab'.repeat(32), checked: 400 },
      origin: { source: 'ledger', index, entry: digest },
      violations: Array.from({ length: 400 }, (_, i) => ({ ...place, address: `aws_x.y[${i}]` })),
      notAssessed: [],
    };
    const { scanEntry } = await scan(ledger, undefined, [judged]);
    const { checkpoint } = await openHead(ledger.store, ledger.trust.checkpointKeys);
    const entry = await provenReader(ledger.store, checkpoint)(scanEntry.index);
    expect(entry?.kind === 'scan' && entry.statement.predicate.scan.rules?.judged).toEqual([judged]);
    expect(await verifyLedger(ledger.store, ledger.trust)).toMatchObject({ ok: true, failures: [] });
  });
});
