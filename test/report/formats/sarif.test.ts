import { describe, expect, it } from 'vitest';
import { sarif } from '../../../src/report/formats/sarif.ts';
import { sheetOfScan } from '../../../src/report/formats/sheet-of-scan.ts';
import { SCANS } from '../../support/scan-samples.ts';
import { type SarifFile, sarifFaults } from '../../support/sarif-check.ts';
import { allSheets, bigSheet } from '../../support/sheets.ts';

const runOf = (text: string): SarifFile['runs'][number] => {
  const [run] = (JSON.parse(text) as SarifFile).runs;
  if (run === undefined) throw new Error('no run');
  return run;
};

describe('SARIF', () => {
  it('keeps the rules of SARIF and the limits of GitHub, for every scan and every report', async () => {
    for (const { name, sheet } of allSheets()) expect(sarifFaults(sarif(sheet)), name).toEqual([]);
  });

  it('is found wrong by that check where a level is none', () => {
    const wrong = sarif(sheetOfScan(SCANS.drift)).replace('"level": "warning"', '"level": "bad"');
    expect(sarifFaults(wrong)).not.toEqual([]);
  });

  it('keeps the worst of too many drifts, and says how many it left out', () => {
    const text = sarif(bigSheet(26_000, 2));
    expect(sarifFaults(text)).toEqual([]);
    const run = runOf(text);
    expect(run.results).toHaveLength(25_000);
    expect(run.results.slice(0, 3_714).every(({ level }) => level === 'error')).toBe(true);
    expect(run.invocations[0]?.toolExecutionNotifications[0]?.message.text).toMatch(/^1000 findings left out/);
    expect(run.properties.counts.open).toBe(26_000);
  });

  it('knows a drift again by its key, wherever it is declared by now', () => {
    const sheet = sheetOfScan(SCANS.drift);
    const moved = { ...sheet, drifts: sheet.drifts.map((drift) => ({ ...drift, place: { file: 'new.tf', line: 7 } })) };
    const prints = (text: string): unknown => runOf(text).results.map((line) => line.partialFingerprints);
    expect(prints(sarif(moved))).toEqual(prints(sarif(sheet)));
  });

  it('shows a waived drift as a note with a suppression, and never as a problem of its severity', () => {
    const [line] = runOf(sarif(sheetOfScan(SCANS['all-waived']))).results;
    expect(line?.level).toBe('note');
    expect(line?.suppressions?.[0]?.justification).toBe(
      'Waived until 2026-04-01T00:00:00.000Z by entry 31 of the ledger.',
    );
  });

  it('says that the run failed where nothing could be read', () => {
    expect(runOf(sarif(sheetOfScan(SCANS.unread))).invocations[0]?.executionSuccessful).toBe(false);
  });

  it('names files as the repository does, wherever a scan is started', () => {
    const { scan } = SCANS.drift;
    for (const [name, uri] of [
      ['../states/./prod.tfstate', 'states/prod.tfstate'],
      ['states\\prod.tfstate', 'states/prod.tfstate'],
      ['s3://bucket/prod.tfstate', 'driftbom.yaml'],
      ['..', 'driftbom.yaml'],
    ] as const) {
      const inputs = [{ kind: 'state' as const, name, sha256: '0'.repeat(64), workspace: 'prod' }];
      const [line] = runOf(sarif(sheetOfScan({ ...SCANS.drift, scan: { ...scan, inputs } }))).results;
      expect(line?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(uri);
    }
  });

  it('points at the line that declares, where it is known', () => {
    const { scan } = SCANS.drift;
    const drifts = scan.drifts.map((one) => ({ ...one, location: 'net/main tf.tf:12' }));
    const [line] = runOf(sarif(sheetOfScan({ ...SCANS.drift, scan: { ...scan, drifts } }))).results;
    expect(line?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'prod/net/main%20tf.tf' },
      region: { startLine: 12 },
    });
    const [plain] = runOf(sarif(sheetOfScan(SCANS.drift))).results;
    expect(plain?.locations[0]?.physicalLocation.artifactLocation.uri).toBe('infra/prod/terraform.tfstate');
  });
});
