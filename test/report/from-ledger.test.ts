import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initLedger, openLedger } from '../../src/ledger/ledger.ts';
import { readEntries } from '../../src/ledger/read.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import type { Drift } from '../../src/model/drift.ts';
import type { Entry } from '../../src/model/entry.ts';
import { UNKNOWN } from '../../src/model/value.ts';
import { complianceView } from '../../src/report/compliance/view.ts';
import { incidentOf } from '../../src/incident/incident.ts';
import { stateGraph } from '../../src/incident/state-graph.ts';
import { incidentView } from '../../src/report/incident/view.ts';
import { modelOf } from '../support/compliance-model.ts';
import { LEDGER, TOOL } from '../support/entry-samples.ts';
import { change, DRIFTS, GAPS, ref, scanOf } from '../support/scan-samples.ts';

const LONG: Drift = {
  kind: 'changed',
  resource: ref('aws_x.long'),
  changes: [change('text', 'a'.repeat(3000), 'b'.repeat(4000)), change('odd', 1, UNKNOWN)],
};
const NIGHTS = [{ drifts: [DRIFTS.policy, LONG] }, { drifts: [DRIFTS.policy, DRIFTS.lambda], gaps: GAPS }];

const entries: Entry[] = [];
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'driftbom-report-'));
  const place = { store: memoryStore(), keysDirectory: join(folder, 'keys'), random: predictable() };
  await initLedger({ ...place, origin: 'ledger.example/orders' });
  for (const [day, night] of NIGHTS.entries()) {
    const at = Date.UTC(2026, 2, 10 + day, 2);
    const [startedAt, finishedAt] = [new Date(at).toISOString(), new Date(at + 2000).toISOString()];
    const scan = { ...scanOf(night), startedAt, finishedAt };
    await recordScan(await openLedger(place), scan, () => new Date(at + 3000));
  }
  for await (const entry of readEntries(place.store)) entries.push(entry);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Bytes that look random and are the same on every run. */
function predictable(): (count: number) => Uint8Array {
  let n = 0;
  return (count) => createHash('shake256', { outputLength: count }).update(`bytes ${n++}`).digest();
}

describe('reports from a ledger that was written for real', () => {
  it('tell each drift, its values and its end', () => {
    const { register, balance } = modelOf(entries);
    expect(register.map((row) => [row.address, row.standing.name])).toEqual([
      [DRIFTS.policy.resource.address, 'open'],
      ['aws_x.long', 'resolved'],
      [DRIFTS.lambda.resource.address, 'open'],
    ]);
    expect(balance).toMatchObject({ openBefore: 0, opened: 3, ended: 1, stillOpen: 2 });
  });

  it('put large values back, and show what nobody knows as unknown', () => {
    const long = complianceView(modelOf(entries)).register.cards.rows.find((row) => row.address === 'aws_x.long');
    expect(long?.longChanges[0]?.lines.map((line) => line.sign)).toEqual(['-', '+']);
    expect(long?.shortChanges[0]).toMatchObject({ path: 'odd', before: '1', after: '(unknown)' });
  });

  it('bound each change by the scans around it, and carry the gaps of the last scan', () => {
    const stated = { resource: DRIFTS.policy.resource.address };
    const brief = incidentOf({ entries, events: [], graph: stateGraph([]), stated });
    const naming = { mode: 'role', teams: new Map(), digest: () => '' } as const;
    const view = incidentView(brief, { ledger: LEDGER, tool: TOOL, naming, inputs: [] });
    expect(view.lead[0]?.when).toBe('before 2026-03-10 02:00:02 UTC; no earlier scan bounds it');
    expect(view.gaps.count).toBe(GAPS.length);
  });
});
