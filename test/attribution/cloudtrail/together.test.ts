import { describe, expect, it } from 'vitest';
import type { TrailLog } from '../../../src/attribution/cloudtrail/answer.ts';
import { AuditFiles } from '../../../src/attribution/cloudtrail/files.ts';
import { AuditLookup } from '../../../src/attribution/cloudtrail/lookup.ts';
import { AuditTogether } from '../../../src/attribution/cloudtrail/together.ts';
import { TrailBucket } from '../../../src/attribution/cloudtrail/trail-bucket.ts';
import type { AuditAnswer, AuditQuestion, JsonMap } from '../../../src/attribution/port.ts';
import { DriftbomError } from '../../../src/model/error.ts';
import { fakeBucket } from '../../support/fake-bucket.ts';
import { folderWith } from '../../support/folder.ts';
import { ACCOUNT, issuingOf, keyOf, packed, questionOf, recordOf, REGION, trailText } from '../../support/trail.ts';

const NOW = Date.parse('2026-03-02T00:00:00Z');
const now = (): number => NOW;
const at = (time: string, members: JsonMap = {}): JsonMap =>
  recordOf({ eventTime: `2026-03-01T${time}:00Z`, ...members });

const files = (records: readonly JsonMap[]): TrailLog =>
  new AuditFiles({ paths: ['.'], cwd: folderWith({ 'old.json': trailText(records) }), now });
const bucket = (records: readonly JsonMap[], key = keyOf('20260301T1200Z')): TrailLog =>
  new TrailBucket({
    url: 's3://acme-trail/',
    env: {},
    now,
    connect: async () => fakeBucket({ [key]: packed(trailText(records)) }),
  });
const lookup = (records: readonly JsonMap[]): TrailLog =>
  new AuditLookup({
    env: { AWS_REGION: REGION },
    now,
    wait: async () => undefined,
    connect: async (region) => ({
      page: async ({ attribute, from, to }) => {
        const events = records.filter(({ awsRegion, readOnly, eventName, eventTime }) => {
          const isMeant = attribute.key === 'ReadOnly' ? readOnly === false : eventName === attribute.value;
          const time = Date.parse(eventTime as string);
          return awsRegion === region && isMeant && time >= from.getTime() && time <= to.getTime();
        });
        return { events: events.map((one) => JSON.stringify(one)), next: undefined };
      },
    }),
  });
const broken: TrailLog = {
  name: 's3://closed',
  ask: () => Promise.reject(new Error('not asked')),
  collect: () => Promise.reject(new DriftbomError('E_AUDIT_LOG', 'cannot read s3://closed: AccessDenied', 'Ask.')),
};

function together(...logs: readonly TrailLog[]): AuditTogether {
  return new AuditTogether(logs.map((log) => ({ log, oldest: null, needed: false })));
}

function ask(logs: readonly TrailLog[], question: Partial<AuditQuestion> = {}): Promise<AuditAnswer> {
  return together(...logs).ask(questionOf({ regions: [REGION], ...question }));
}

const ids = ({ writes }: AuditAnswer): readonly string[] => writes.map(({ eventId }) => eventId);
const messages = ({ coverage }: AuditAnswer): readonly string[] => coverage.gaps.map(({ message }) => message);

describe('several logs', () => {
  it('are one: what two of them hold counts once, and each one’s calls are there', async () => {
    const [early, both, late] = [at('00:05'), at('12:00'), at('23:55')];
    const answer = await ask([files([early, both]), bucket([both]), lookup([both, late])]);
    expect(ids(answer)).toEqual([early, both, late].map((one) => one.eventID));
    expect(answer.coverage).toMatchObject({ files: 4, records: 5, folded: { duplicates: 2 }, digestChain: 'mixed' });
    expect(answer.coverage.source).toBe('., s3://acme-trail/, lookup');
    expect(answer.writes.map(({ origin }) => origin.file)).toEqual([
      'old.json',
      'old.json',
      `lookup:${ACCOUNT}:${REGION}`,
    ]);
  });

  it('answer alike in whatever order they are named', async () => {
    const shared = at('12:00');
    const logs = () => [files([at('00:05', { eventID: 'e1' }), shared]), bucket([shared]), lookup([shared])];
    const [first, second] = [await ask(logs()), await ask(logs().reverse())];
    expect(ids(second)).toEqual(ids(first));
    expect(second.coverage.folded).toEqual(first.coverage.folded);
    expect([...messages(second)].sort()).toEqual([...messages(first)].sort());
  });

  it('explain each other’s sessions', async () => {
    const key = 'ASIAEXAMPLE000000001';
    const other = '444455556666';
    const issuing = issuingOf(key, { recipientAccountId: other });
    const answer = await ask([files([at('12:00')]), bucket([issuing], keyOf('20260301T1100Z', { account: other }))]);
    expect(answer.sessions.map(({ eventId, origin }) => [eventId, origin.file])).toEqual([
      [issuing.eventID, expect.stringContaining('s3://acme-trail/')],
    ]);
  });

  it('have a gap where one ends before the next begins, and none where one goes on', async () => {
    const hole = await ask([
      files([at('00:05'), at('06:00')]),
      bucket([at('18:00'), at('23:55')], keyOf('20260301T1805Z')),
    ]);
    expect(messages(hole)).toContain(
      `no log of account ${ACCOUNT} shows what was between 2026-03-01T06:00:00Z and 2026-03-01T18:00:00Z`,
    );
    expect(hole.coverage.gaps).toHaveLength(1);
    const whole = await ask([
      files([at('00:05'), at('18:10')]),
      bucket([at('18:00'), at('23:55')], keyOf('20260301T1805Z')),
    ]);
    expect(messages(whole)).toEqual([]);
  });

  it('make up for what one of them never shows', async () => {
    const question = { window: { from: '2025-06-01T00:00:00Z', to: '2026-03-02T00:00:00Z' } };
    const old = recordOf({ eventTime: '2025-06-01T00:05:00Z' });
    const recent = recordOf({ eventTime: '2026-02-01T00:00:00Z' });
    const alone = await lookup([recent]).ask(questionOf({ regions: [REGION], ...question }));
    expect(messages(alone)).toContain('LookupEvents shows 90 days: nothing before 2025-12-02T00:00:00Z');
    const middle = recordOf({ eventTime: '2026-01-01T00:00:00Z' });
    expect(messages(await ask([files([old, middle]), lookup([recent])], question))).toEqual([]);
  });

  it('are read each as far back as it is to be, where the question has no beginning', async () => {
    const windows: (string | null)[] = [];
    const seen = (log: TrailLog): TrailLog => ({
      name: log.name,
      ask: (question) => log.ask(question),
      collect: (question) => {
        windows.push(question.window.from);
        return log.collect(question);
      },
    });
    const log = new AuditTogether([
      { log: seen(files([at('00:05')])), oldest: null, needed: true },
      { log: seen(lookup([at('12:00')])), oldest: '2025-12-02T00:00:00Z', needed: false },
    ]);
    const answer = await log.ask(questionOf({ window: { from: null, to: '2026-03-02T00:00:00Z' } }));
    expect(windows).toEqual([null, '2025-12-02T00:00:00Z']);
    expect(answer.coverage.window.from).toBeNull();
  });

  it('tell one that cannot be read as a gap, and fail where it was needed or where none can be', async () => {
    const answer = await ask([files([at('00:05'), at('23:55')]), broken]);
    expect(answer.coverage.gaps).toEqual([{ what: 's3://closed', message: 'cannot read s3://closed: AccessDenied' }]);
    await expect(ask([broken, broken])).rejects.toMatchObject({ code: 'E_AUDIT_LOG' });
    const needed = new AuditTogether([
      { log: broken, oldest: null, needed: true },
      { log: files([at('00:05')]), oldest: null, needed: false },
    ]);
    await expect(needed.ask(questionOf({}))).rejects.toMatchObject({ code: 'E_AUDIT_LOG' });
  });
});
