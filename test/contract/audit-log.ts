import { describe, expect, it } from 'vitest';
import type { AuditLog, AuditRecord, JsonMap } from '../../src/attribution/port.ts';
import { ACCOUNT, issuingOf, questionOf, recordOf, REGION } from '../support/trail.ts';

/** Makes a fresh log that holds these records. */
export type SetUpAuditLog = (records: readonly JsonMap[]) => AuditLog | Promise<AuditLog>;

const ids = (records: readonly AuditRecord[]): string[] => records.map(({ eventId }) => eventId);
const idOf = (record: JsonMap): string => record.eventID as string;

/** The contract of src/attribution/port.ts: every audit log passes it. */
export function auditLogContract(name: string, setUp: SetUpAuditLog): void {
  describe(`${name} as an audit log`, () => {
    it('answers with writes that mention a needle, failed ones too, in the order of time', async () => {
      const late = recordOf({ eventTime: '2026-03-01T13:00:00Z' });
      const failed = recordOf({ eventTime: '2026-03-01T12:30:00Z', errorCode: 'AccessDenied' });
      const other = recordOf({ requestParameters: { groupId: 'sg-0abcd' } });
      const read = recordOf({ eventName: 'DescribeSecurityGroups', readOnly: true });
      const { writes, coverage } = await (await setUp([late, other, read, failed])).ask(questionOf());
      expect(ids(writes)).toEqual([idOf(failed), idOf(late)]);
      expect(writes[0]?.json).toEqual(failed);
      expect(writes[0]).toMatchObject({ eventName: failed.eventName, account: ACCOUNT, region: REGION });
      expect(coverage.unrelated).toBe(coverage.records - writes.length);
    });

    it('answers with each record once', async () => {
      const record = recordOf();
      const { writes, coverage } = await (await setUp([record, record])).ask(questionOf());
      expect(ids(writes)).toEqual([idOf(record)]);
      expect(coverage.folded.duplicates).toBeGreaterThan(0);
    });

    it('leaves out what lies outside the window', async () => {
      const before = recordOf({ eventTime: '2026-02-28T23:59:59Z' });
      const first = recordOf({ eventTime: '2026-03-01T00:00:00Z' });
      const after = recordOf({ eventTime: '2026-03-02T00:00:01Z' });
      const { writes } = await (await setUp([before, first, after])).ask(questionOf());
      expect(ids(writes)).toEqual([idOf(first)]);
    });

    it('finds the calls that issued the credentials of writes, through chains, and no others', async () => {
      const write = recordOf({ userIdentity: { type: 'AssumedRole', accessKeyId: 'ASIAEXAMPLE000000003' } });
      const second = issuingOf('ASIAEXAMPLE000000003', {
        userIdentity: { type: 'AssumedRole', accessKeyId: 'ASIAEXAMPLE000000002' },
      });
      const first = issuingOf('ASIAEXAMPLE000000002', { eventTime: '2026-02-28T20:00:00Z' });
      const stranger = issuingOf('ASIAEXAMPLE000000009');
      const { sessions } = await (await setUp([stranger, write, second, first])).ask(questionOf());
      expect(ids(sessions)).toEqual([idOf(first), idOf(second)]);
    });

    it('says how far the log reaches in each account and region', async () => {
      const { coverage } = await (await setUp([recordOf()])).ask(questionOf());
      expect(coverage.horizons).toEqual([{ account: ACCOUNT, region: REGION, newest: '2026-03-01T12:00:00Z' }]);
      expect(coverage.oldest).toBe('2026-03-01T12:00:00Z');
      expect(coverage.window).toEqual(questionOf().window);
    });

    it('names an account that was asked for and of which there is nothing', async () => {
      const { coverage } = await (await setUp([recordOf()])).ask(questionOf({ accounts: [ACCOUNT, '444455556666'] }));
      expect(coverage.gaps.map(({ what }) => what)).toContain('account 444455556666');
    });

    it('survives records of any shape', async () => {
      const odd = [
        { ...recordOf(), userIdentity: 7, requestParameters: ['sg-0abc'], readOnly: { toString: 1 } },
        { ...recordOf(), eventTime: 12, awsRegion: [], recipientAccountId: null },
        { ...recordOf(), eventID: { toString: null }, responseElements: JSON.parse('{"__proto__":{"x":"sg-0abc"}}') },
      ] as readonly JsonMap[];
      const good = recordOf();
      const { writes } = await (await setUp([...odd, good])).ask(questionOf());
      expect(ids(writes)).toContain(idOf(good));
    });

    it('names where each record was read, and never a path of this machine', async () => {
      const { writes } = await (await setUp([recordOf({ requestParameters: null }), recordOf()])).ask(questionOf());
      expect(writes[0]?.origin.file).toMatch(/^(?!\/)./);
      expect(writes[0]?.origin.index).toBe(1);
    });
  });
}
