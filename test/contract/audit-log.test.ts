import { describe, expect, it } from 'vitest';
import { AuditFiles } from '../../src/attribution/cloudtrail/files.ts';
import { AuditLookup } from '../../src/attribution/cloudtrail/lookup.ts';
import { TrailBucket } from '../../src/attribution/cloudtrail/trail-bucket.ts';
import type { AuditLog, JsonMap } from '../../src/attribution/port.ts';
import { fakeBucket } from '../support/fake-bucket.ts';
import { folderWith } from '../support/folder.ts';
import { keyOf, packed, REGION, trailText } from '../support/trail.ts';
import { auditLogContract } from './audit-log.ts';

const now = (): number => Date.parse('2026-03-02T00:00:00Z');

function files(content: string | Uint8Array, name = 'log.json'): AuditLog {
  return new AuditFiles({ paths: ['logs'], cwd: folderWith({ [`logs/${name}`]: content }) });
}

auditLogContract('a packed trail file', (records) => files(packed(trailText(records)), 'trail.json.gz'));
auditLogContract('a trail file that was printed again', (records) =>
  files(JSON.stringify({ Records: records }, null, 2)),
);
auditLogContract('one event a line', (records) => files(records.map((one) => JSON.stringify(one)).join('\n')));
auditLogContract("EventBridge's envelopes in a list", (records) =>
  files(
    JSON.stringify(records.map((detail) => ({ version: '0', 'detail-type': 'AWS API Call via CloudTrail', detail }))),
  ),
);
auditLogContract('the output of LookupEvents', (records) =>
  files(
    JSON.stringify({
      Events: records.map((one) => ({ EventId: 'x', CloudTrailEvent: JSON.stringify(one) })),
      NextToken: 'more',
    }),
  ),
);
auditLogContract('an export of CloudWatch Logs', (records) =>
  files(records.map((one) => `2026-03-01T12:00:00.000Z ${JSON.stringify(one)}`).join('\n'), 'export.gz'),
);
auditLogContract('a text in UTF-16', (records) => files(Buffer.from(`\ufeff${trailText(records)}`, 'utf16le')));

auditLogContract('a bucket', (records) => {
  const bucket = fakeBucket({ [keyOf('20260301T1205Z')]: packed(trailText(records)) });
  return new TrailBucket({ url: 's3://acme-trail', env: {}, connect: async () => bucket });
});

auditLogContract('LookupEvents', (records) => lookup(records));

/** LookupEvents of one region that holds these records, a page of two at a time. */
function lookup(records: readonly JsonMap[]): AuditLog {
  return new AuditLookup({
    env: { AWS_REGION: REGION },
    now,
    wait: async () => undefined,
    connect: async (region) => ({
      page: async ({ attribute: { key, value }, from, to, token = '0' }) => {
        const at = Number(token);
        const fit = records.filter((one) => {
          const time = typeof one.eventTime === 'string' ? Date.parse(one.eventTime) : from.getTime();
          const asked = key === 'EventName' ? one.eventName === value : String(one.readOnly === true) === value;
          return region === REGION && asked && time >= from.getTime() && time <= to.getTime();
        });
        const events = fit.slice(at, at + 2).map((one) => JSON.stringify(one));
        return { events, next: fit.length > at + 2 ? String(at + 2) : undefined };
      },
    }),
  });
}

describe('an audit log that is not there', () => {
  it.each([
    ['nowhere', /no such file or folder/],
    ['*.json', /no file of a log/],
  ])('is refused before any answer: %s', async (path, words) => {
    const log = new AuditFiles({ paths: [path], cwd: folderWith({ 'README.md': 'nothing' }) });
    const question = { window: { from: null, to: '2026-03-02T00:00:00Z' }, needles: new Set<string>() };
    const asked = log.ask({ ...question, accounts: undefined, regions: undefined });
    await expect(asked).rejects.toMatchObject({ code: 'E_AUDIT_LOG', message: expect.stringMatching(words) });
  });
});
