import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERT_FORMATS, type Alert } from '../../src/incident/alert/alert.ts';
import { readAlert } from '../../src/incident/alert/read.ts';
import { DriftbomError } from '../../src/model/error.ts';

const sample = (format: string): string =>
  readFileSync(new URL(`../../fixtures/incidents/formats/${format}.json`, import.meta.url), 'utf8');
const read = (text: string): Alert => readAlert(text, 'alert.json', { pad: 300_000 });
const altered = (format: string, change: (root: Record<string, never>) => void): string => {
  const root = JSON.parse(sample(format));
  change(root);
  return JSON.stringify(root);
};
const iso = (at: number): string => new Date(at).toISOString();

const EXPECTED: Record<(typeof ALERT_FORMATS)[number], { at: string; onset: string; hint: string }> = {
  alertmanager: { at: '2025-01-20T08:22:00.000Z', onset: '2025-01-20T08:17:00.000Z', hint: 'service=pipeline' },
  grafana: { at: '2025-01-20T08:22:00.123Z', onset: '2025-01-20T08:17:00.123Z', hint: 'service=pipeline' },
  'cloudwatch-sns': { at: '2025-03-05T14:30:00.000Z', onset: '2025-03-05T14:25:00.000Z', hint: 'Service=login' },
  'cloudwatch-eventbridge': {
    at: '2025-05-13T14:00:00.000Z',
    onset: '2025-05-13T13:55:00.000Z',
    hint: 'LoadBalancer=app/checkout/50dc6c495c0c9188',
  },
  pagerduty: { at: '2025-01-20T08:22:00.000Z', onset: '2025-01-20T08:17:00.000Z', hint: 'service=pipeline' },
  opsgenie: { at: '2025-01-20T08:22:00.000Z', onset: '2025-01-20T08:17:00.000Z', hint: 'queue=pipeline-jobs' },
};

describe('an alert', () => {
  it.each(ALERT_FORMATS)(
    'of %s is known by its shape; its times and hints are taken, and it is called unverified',
    (format) => {
      const alert = read(sample(format));
      const { at, onset, hint } = EXPECTED[format];
      expect({ format: alert.format, at: iso(alert.at), onset: iso(alert.onset) }).toEqual({ format, at, onset });
      expect(alert.hints.map(({ name, value }) => `${name}=${value}`)).toContain(hint);
      expect(alert.remarks.at(-1)).toMatch(/^unverified/);
    },
  );

  it('is still firing where Alertmanager writes year 1 as its end, and over where it writes a time', () => {
    expect(read(sample('alertmanager'))).toMatchObject({ status: 'firing', endedAt: null });
    const text = altered('alertmanager', (root) => {
      Object.assign(root, { status: 'resolved' });
      Object.assign((root as { alerts?: object[] }).alerts?.[0] ?? {}, {
        status: 'resolved',
        endsAt: '2025-01-20T09:00:00Z',
      });
    });
    expect(read(text)).toMatchObject({ status: 'resolved', endedAt: Date.UTC(2025, 0, 20, 9) });
  });

  it('says that it is incomplete where the sender cut alerts off', () => {
    const text = altered('alertmanager', (root) => Object.assign(root, { truncatedAlerts: 12 }));
    expect(read(text).remarks.join()).toContain('12 more alerts were cut off');
  });

  it('takes the region from the ARN of an alarm, and not from its display name', () => {
    expect(read(sample('cloudwatch-sns'))).toMatchObject({ region: 'eu-central-1', account: '111122223333' });
  });

  it('takes the dimensions of metric math, and of an SNS record in a list', () => {
    const { Message } = JSON.parse(sample('cloudwatch-sns')) as { Message: string };
    const inner = JSON.parse(Message);
    inner.Trigger = {
      EvaluationPeriods: 2,
      Metrics: [{ MetricStat: { Period: 300, Metric: { Dimensions: [{ name: 'QueueName', value: 'jobs' }] } } }],
    };
    const alert = read(
      JSON.stringify({ Records: [{ Sns: { Type: 'Notification', Message: JSON.stringify(inner) } }] }),
    );
    expect(alert.hints).toEqual([{ name: 'QueueName', value: 'jobs', kind: 'dimension' }]);
    expect(alert.at - alert.onset).toBe(600_000);
  });

  it.each([
    ['{}', /no format that is known/],
    ['[]', /not one JSON object/],
    ['nonsense', /not one JSON object/],
    [
      '{"Type":"SubscriptionConfirmation","SubscribeURL":"https://sns.example.com/x","Message":"m"}',
      /no alarm.*not followed/,
    ],
    ['{"Type":"Notification","Message":"hello"}', /holds no CloudWatch alarm/],
    ['{"detail-type":"EC2 Instance State-change Notification"}', /--events/],
    ['{"version":"4","alerts":[{"startsAt":"soon"}]}', /startsAt/],
    [`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, /nested too deep/],
    [`{"a":"${'x'.repeat(1_100_000)}"}`, /larger than 1 MB/],
  ])('that is none is refused with a clear error: %#', (text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(DriftbomError);
  });

  it('of any JSON is read or refused, and never breaks', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALERT_FORMATS), fc.jsonValue(), fc.string(), (format, junk, at) => {
        const root = JSON.parse(sample(format)) as Record<string, unknown>;
        const spoil = (map: Record<string, unknown>, depth: number): void => {
          const keys = Object.keys(map);
          const key = keys[(at.length + depth) % Math.max(1, keys.length)];
          if (key === undefined) return;
          const inner = map[key];
          if (depth > 0 && typeof inner === 'object' && inner !== null)
            spoil(inner as Record<string, unknown>, depth - 1);
          else map[key] = junk;
        };
        spoil(root, at.length % 4);
        try {
          const alert = read(JSON.stringify(root));
          expect(Number.isFinite(alert.at) && Number.isFinite(alert.onset)).toBe(true);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(DriftbomError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
