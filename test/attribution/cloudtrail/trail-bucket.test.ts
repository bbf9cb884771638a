import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TrailBucket } from '../../../src/attribution/cloudtrail/trail-bucket.ts';
import type { AuditAnswer, AuditQuestion } from '../../../src/attribution/port.ts';
import { type FakeBucket, fakeBucket } from '../../support/fake-bucket.ts';
import { folderWith } from '../../support/folder.ts';
import { ACCOUNT, keyOf, packed, questionOf, recordOf, REGION, trailText } from '../../support/trail.ts';

const OTHER = '444455556666';
const file = packed(trailText([recordOf()]));

function ask(
  bucket: FakeBucket,
  prefix = '',
  question: Partial<AuditQuestion> = {},
  cacheDir?: string,
): Promise<AuditAnswer> {
  const url = `s3://acme-trail/${prefix}`;
  return new TrailBucket({ url, env: {}, connect: async () => bucket, cacheDir }).ask(questionOf(question));
}

describe("a trail's bucket", () => {
  const days = ['20260101', '20260227', '20260228', '20260301', '20260302', '20260303', '20260410'];
  const whole = Object.fromEntries(
    [ACCOUNT, OTHER].flatMap((account) =>
      [REGION, 'us-east-1', 'us-west-2'].flatMap((region) =>
        days.map((day) => [keyOf(`${day}T1200Z`, { account, region }), file] as const),
      ),
    ),
  );

  it('is read only where accounts, regions and days were asked for', async () => {
    const bucket = fakeBucket(whole);
    await ask(bucket, '', { accounts: [ACCOUNT], regions: [REGION] });
    const places = new Set(bucket.fetched.map((key) => key.split('/').slice(1, 4).join('/')));
    expect([...places].sort()).toEqual([`${ACCOUNT}/CloudTrail/${REGION}`, `${ACCOUNT}/CloudTrail/us-east-1`]);
    const fetched = [...new Set(bucket.fetched.map((key) => key.split('/').slice(4, 7).join('')))];
    expect(fetched.sort()).toEqual(['20260227', '20260228', '20260301', '20260302']);
  });

  it('is not listed where it does not matter', async () => {
    const bucket = fakeBucket(whole, {}, 1000);
    await ask(bucket, '', { accounts: [ACCOUNT], regions: [REGION] });
    expect(bucket.asked.map(({ prefix }) => prefix).filter((prefix) => /4444|us-west/.test(prefix))).toEqual([]);
    expect(bucket.asked.every(({ delimiter, startAfter }) => delimiter !== undefined || startAfter !== undefined)).toBe(
      true,
    );
  });

  it.each([
    '',
    'AWSLogs',
    `AWSLogs/${ACCOUNT}/`,
    `AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/`,
    `AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/2026/03`,
  ])('may be given at any level: %j', async (prefix) => {
    const { writes } = await ask(fakeBucket(whole), prefix, { accounts: [ACCOUNT], regions: [REGION] });
    expect(writes).toHaveLength(1);
  });

  it('may be that of an organisation, below a prefix of its own', async () => {
    const key = `logs/${keyOf('20260301T1205Z').replace('AWSLogs/', 'AWSLogs/o-abc123/')}`;
    const { writes } = await ask(fakeBucket({ [key]: file }), 'logs', { accounts: [ACCOUNT] });
    expect(writes[0]?.origin.file).toBe(`s3://acme-trail/${key}`);
  });

  it('may hold files in any other layout', async () => {
    const { writes } = await ask(fakeBucket({ 'export/a.json': trailText([recordOf()]) }), 'export');
    expect(writes).toHaveLength(1);
  });

  it('names an object that cannot be fetched', async () => {
    const bucket = fakeBucket({ [keyOf('20260301T1205Z')]: file, [keyOf('20260301T1305Z')]: file });
    const get = bucket.get;
    const failing = {
      ...bucket,
      get: (key: string) => (key.includes('T13') ? Promise.reject(new Error('refused')) : get(key)),
    };
    const { writes, coverage } = await ask(failing);
    expect(writes).toHaveLength(1);
    expect(coverage.gaps.map(({ what }) => what)).toContain(`s3://acme-trail/${keyOf('20260301T1305Z')}`);
  });

  it.each([
    [403, 'AccessDenied', /s3:ListBucket/],
    [404, 'NoSuchBucket', /name of the bucket/],
  ])('that cannot be listed is refused: %s', async (httpStatusCode, name, cure) => {
    const list = () =>
      Promise.reject(Object.assign(new Error('secret words'), { name, $metadata: { httpStatusCode } }));
    const asked = ask({ ...fakeBucket({}), list });
    await expect(asked).rejects.toMatchObject({ code: 'E_AUDIT_LOG', cure: expect.stringMatching(cure) });
    await expect(asked).rejects.not.toThrow(/secret words/);
  });

  it('that holds nothing of the time is refused', async () => {
    await expect(ask(fakeBucket({}))).rejects.toMatchObject({ code: 'E_AUDIT_LOG' });
  });

  it('is fetched once where a cache was asked for, into files that only their owner reads', async () => {
    const bucket = fakeBucket({ [keyOf('20260301T1205Z')]: file });
    const folder = folderWith({});
    const cacheDir = join(folder, 'trail');
    const [first, second] = [await ask(bucket, '', {}, cacheDir), await ask(bucket, '', {}, cacheDir)];
    expect(bucket.fetched).toHaveLength(1);
    expect(second.writes).toHaveLength(1);
    expect(second.coverage).toEqual(first.coverage);
    const [name] = readdirSync(cacheDir);
    expect(statSync(join(cacheDir, name as string)).mode & 0o777).toBe(0o600);
  });
});
