import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../src/model/csv.ts';
import { EXPORT_TARGETS, type ExportTarget } from '../../src/report/format-names.ts';
import { renderDocument } from '../../src/report/incident/document-formats.ts';
import { exportText } from '../../src/report/incident/export.ts';
import { LEDGERS } from '../support/entry-samples.ts';
import { documentOptions, recordOf, recordSaying, sampleDocument } from '../support/incident-record-samples.ts';
import { TEMPLATES } from '../support/rendered.ts';

const long = sampleDocument(recordSaying(`${'ü'.repeat(5000)} 🎉`, 'kim'), LEDGERS.week, `${'x'.repeat(5000)} =1+1`);
const { timeline } = JSON.parse(renderDocument('full', 'json', long, documentOptions(), TEMPLATES));

// biome-ignore lint/suspicious/noExplicitAny: bodies of seven foreign systems
function bodies(target: ExportTarget): any[] {
  return exportText(target, long, documentOptions())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('a timeline that is handed on', () => {
  const changes = timeline.rows.filter(({ kind }: { kind: string }) => ['change', 'drift', 'rollout'].includes(kind));

  it('has changes in it, and more than changes', () => {
    expect(changes.length).toBeGreaterThan(3);
    expect(timeline.rows.length).toBeGreaterThan(changes.length);
  });

  it.each(['pagerduty', 'rootly', 'firehydrant'] as const)('holds the changes alone for %s', (target) => {
    expect(bodies(target)).toHaveLength(changes.length);
  });

  it.each(['grafana', 'datadog', 'ndjson'] as const)('holds every row for %s', (target) => {
    expect(bodies(target)).toHaveLength(timeline.rows.length);
  });

  it('is a change event for PagerDuty: a summary of at most 1024 characters, the time, and no key of ours', () => {
    for (const { routing_key, payload, links } of bodies('pagerduty')) {
      expect(routing_key).toMatch(/^\$\{\w+\}$/);
      expect([...payload.summary].length).toBeLessThanOrEqual(1024);
      expect(payload.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(payload.source).toBe('driftbom');
      expect(links).toEqual([]);
    }
  });

  it('is a pulse for Rootly, with what it rests on', () => {
    for (const { data } of bodies('rootly')) {
      expect(data.type).toBe('pulses');
      expect(data.attributes.labels).toContainEqual({ key: 'incident', value: 'INC-0007' });
      expect(data.attributes.refs).toEqual([{ key: 'sha256', value: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
      expect(new Date(data.attributes.started_at).toISOString()).toBe(data.attributes.started_at);
    }
  });

  it('is milliseconds for Grafana and seconds for Datadog, of the same moments', () => {
    const times = timeline.rows.map(({ time }: { time: string }) => Date.parse(time));
    expect(bodies('grafana').map(({ time }) => time)).toEqual(times);
    expect(bodies('datadog').map(({ date_happened }) => date_happened)).toEqual(
      times.map((at: number) => Math.floor(at / 1000)),
    );
  });

  it('is as long as Datadog takes it', () => {
    for (const { title, text } of bodies('datadog')) {
      expect([...title].length).toBeLessThanOrEqual(100);
      expect([...text].length).toBeLessThanOrEqual(4000);
    }
  });

  it('says as NDJSON what the document says', () => {
    expect(bodies('ndjson').map(({ schema: _, incident: __, ...row }) => row)).toEqual(timeline.rows);
  });

  it('says the same as CSV, a row each', () => {
    const { rows, unclosed } = parseCsv(exportText('csv', long, documentOptions()));
    expect(unclosed).toBeNull();
    const [head, ...cells] = rows.map((row) => row.cells);
    expect(head?.slice(0, 2)).toEqual(['number', 'at']);
    expect(cells.map((row) => row[1])).toEqual(timeline.rows.map(({ time }: { time: string }) => time));
    for (const row of cells) expect(row).toHaveLength(head?.length ?? 0);
  });

  it('is nothing but a head where there is nothing to tell', () => {
    const empty = sampleDocument(recordOf(), []);
    for (const target of EXPORT_TARGETS) {
      const lines = exportText(target, { ...empty, timeline: { rows: [], leftOut: 0 } }, documentOptions());
      expect(lines.split('\n').filter((line) => line !== '')).toHaveLength(target === 'csv' ? 1 : 0);
    }
  });
});
