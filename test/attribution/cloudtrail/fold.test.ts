import { describe, expect, it } from 'vitest';
import { AuditFiles } from '../../../src/attribution/cloudtrail/files.ts';
import type { AuditAnswer, JsonMap } from '../../../src/attribution/port.ts';
import { folderWith } from '../../support/folder.ts';
import { ACCOUNT, eventId, questionOf, recordOf, trailText } from '../../support/trail.ts';

async function read(...files: readonly (readonly JsonMap[])[]): Promise<AuditAnswer> {
  const named = files.map((records, i) => [`${i}.json`, trailText(records)] as const);
  return new AuditFiles({ paths: ['.'], cwd: folderWith(Object.fromEntries(named)) }).ask(questionOf());
}

const ids = ({ writes }: AuditAnswer): string[] => writes.map((one) => one.eventId);
const OWNER = '444455556666';

describe('records of one action', () => {
  it('are one record where two trails delivered the same event, whichever file is read first', async () => {
    const record = recordOf();
    const [one, other] = [await read([record], [record]), await read([], [record], [record])];
    expect(one.writes).toHaveLength(1);
    expect(one.writes[0]?.origin.file).toBe('0.json');
    expect(other.writes[0]?.origin.file).toBe('1.json');
    expect(one.coverage.folded.duplicates).toBe(1);
  });

  it('are one record where two accounts got it: the copy that names the caller, for the account of the owner', async () => {
    const shared = eventId();
    const callers = recordOf({ sharedEventID: shared });
    const owners = recordOf({
      sharedEventID: shared,
      recipientAccountId: OWNER,
      userIdentity: { type: 'AWSAccount', accountId: ACCOUNT, principalId: 'AROAEXAMPLE:ann' },
    });
    for (const answer of [await read([callers], [owners]), await read([owners], [callers])]) {
      expect(ids(answer)).toEqual([callers.eventID]);
      expect(answer.writes[0]?.account).toBe(OWNER);
      expect(answer.coverage.folded.shared).toBe(1);
    }
  });

  it('are one record where a later one completes the first', async () => {
    const first = recordOf();
    const addendum = {
      reason: 'UPDATED_DATA',
      updatedFields: 'responseElements',
      originalEventID: first.eventID as string,
    };
    const later = recordOf({ addendum });
    const answer = await read([first], [later]);
    expect(ids(answer)).toEqual([later.eventID]);
    expect(answer.coverage.folded.superseded).toBe(1);
  });

  it('are replaced also by one that mentions no needle any more', async () => {
    const first = recordOf();
    const addendum = { reason: 'UPDATED_DATA', originalEventID: first.eventID as string };
    const later = recordOf({ addendum, requestParameters: { groupId: 'sg-other' } });
    for (const text of [
      [first, later],
      [later, first],
    ])
      expect(ids(await read(text))).toEqual([]);
  });

  it('stay two where the second was only delivered late', async () => {
    const first = recordOf();
    const addendum = { reason: 'DELIVERY_DELAY', originalEventID: first.eventID as string };
    expect(ids(await read([first, recordOf({ addendum })]))).toHaveLength(2);
  });

  it('stay two where an id is no GUID and was used twice', async () => {
    const records = [recordOf({ eventID: '1' }), recordOf({ eventID: '1', eventName: 'RevokeSecurityGroupIngress' })];
    expect(ids(await read(records))).toEqual(['1', '1']);
  });

  it('without an id are named by their digest', async () => {
    expect(ids(await read([recordOf({ eventID: null })]))).toEqual([expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
  });

  it('are the same answer however they are spread over files', async () => {
    const records = Array.from({ length: 12 }, (_, i) => recordOf({ eventTime: `2026-03-01T12:00:0${i % 3}Z` }));
    const whole = await read(records);
    const halves = await read(records.slice(6).reverse(), records.slice(0, 6), records.slice(3, 9));
    expect(ids(halves)).toEqual(ids(whole));
    expect(halves.writes.map(({ json }) => json)).toEqual(whole.writes.map(({ json }) => json));
  });
});
