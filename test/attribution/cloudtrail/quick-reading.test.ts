import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cutter } from '../../../src/attribution/cloudtrail/cutter.ts';
import { AuditFiles } from '../../../src/attribution/cloudtrail/files.ts';
import { Sieve, sieveQuestion, Unfamiliar } from '../../../src/attribution/cloudtrail/sieve.ts';
import { scopeOf } from '../../../src/attribution/cloudtrail/window.ts';
import type { AuditAnswer, Json, JsonMap } from '../../../src/attribution/port.ts';
import { folderWith } from '../../support/folder.ts';
import { issuingOf, keyOf, questionOf, recordOf, trailText } from '../../support/trail.ts';

const question = questionOf({ needles: new Set(['sg-0abc', 'arn:aws:iam::111122223333:role/web', 'naïve']) });

async function read(text: string): Promise<AuditAnswer> {
  return new AuditFiles({
    paths: ['.'],
    cwd: folderWith({ [keyOf('20260301T1205Z').replace(/\.gz$/, '')]: text }),
  }).ask(question);
}

/** What an answer says, without where it was read. */
function said({ writes, sessions, coverage }: AuditAnswer): unknown {
  return {
    writes: writes.map(({ json }) => json),
    sessions: sessions.map(({ json }) => json),
    coverage: { ...coverage, gaps: coverage.gaps.map(({ message }) => message) },
  };
}

/** Cuts a text in the quick way alone. */
function cut(text: string, partLength: number): Sieve {
  const sieve = new Sieve('log', undefined, sieveQuestion(question, scopeOf(question)));
  const cutter = new Cutter(sieve);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += partLength) cutter.push(bytes.subarray(at, at + partLength));
  cutter.end();
  return sieve;
}

const leaf: fc.Arbitrary<Json> = fc.constantFrom<Json[]>(
  'sg-0abc',
  'sg-0abcd',
  'arn:aws:iam::111122223333:role/web',
  'arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fweb',
  '{"Resource":"arn:aws:iam::111122223333:role\\/web"}',
  'naïve',
  'x',
  false,
  7,
  null,
);
const request = fc.oneof(
  leaf,
  fc.dictionary(fc.constantFrom('readOnly', 'groupId', 'a', '__proto__'), leaf),
  fc.array(leaf),
);
const record = fc
  .record({
    request,
    name: fc.constantFrom('PutThing', 'DescribeThing', 'AssumeRole', 'ConsoleLogin', 'StopLogging'),
    readOnly: fc.constantFrom<Json[]>(true, false, 'false', null),
    hour: fc.integer({ min: 0, max: 9 }),
    key: fc.constantFrom('ASIAEXAMPLE000000001', 'ASIAEXAMPLE000000002'),
  })
  .map(({ request: requestParameters, name: eventName, readOnly, hour, key }) => {
    const members = { eventName, readOnly, requestParameters, eventTime: `2026-03-01T0${hour}:00:00Z` };
    return eventName === 'AssumeRole' ? issuingOf(key, members) : recordOf(members);
  });

describe('the quick reading of a trail file', () => {
  it('gives what the exact reading of the same records gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 8 }), async (records) => {
        const [quick, exact] = [trailText(records), JSON.stringify({ Records: records }, null, 1)];
        expect(() => cut(quick, 1 << 20)).not.toThrow();
        expect(said(await read(quick))).toEqual(said(await read(exact)));
      }),
      { numRuns: 30 },
    );
  });

  it('does not depend on how the file comes in parts', () => {
    const text = trailText([
      recordOf(),
      issuingOf('ASIAEXAMPLE000000002'),
      recordOf({ readOnly: true, eventName: 'ListIt' }),
      recordOf(),
    ]);
    for (const length of [1, 7, 64, 1000]) {
      const { findings } = cut(text, length);
      expect([findings.records, findings.writes.length, findings.issued.length]).toEqual([4, 2, 1]);
    }
  });

  it('takes records longer than what it looks at together', () => {
    const long = recordOf({ requestParameters: { groupId: 'sg-0abc', text: 'x'.repeat(300_000) } });
    const text = trailText([recordOf(), long, recordOf(), long, recordOf()]);
    for (const length of [5000, 70_000, 1 << 18, 1 << 20]) {
      const { findings } = cut(text, length);
      expect([findings.records, findings.writes.length]).toEqual([5, 5]);
    }
  });

  const inner = { eventVersion: '1.11', userIdentity: { type: 'Root' } };
  it.each<readonly [string, JsonMap]>([
    ['a request that looks like records', recordOf({ requestParameters: { items: ['sg-0abc', { a: 'b' }, inner] } })],
    ['a request with a version as its first member', recordOf({ requestParameters: { ...inner, groupId: 'sg-0abc' } })],
    [
      'a request with a time',
      recordOf({ requestParameters: { eventTime: '2026-01-01T00:00:00Z', groupId: 'sg-0abc' } }),
    ],
    ['a request that says readOnly', recordOf({ requestParameters: { a: 'sg-0abc', readOnly: true } })],
    ['readOnly missing at the top', recordOf({ requestParameters: { a: 'sg-0abc', readOnly: true }, readOnly: null })],
    ['readOnly true on a call that writes', recordOf({ readOnly: true })],
    ['an escaped slash', JSON.parse(JSON.stringify(recordOf({ requestParameters: { p: '"sg-0abc"' } }))) as JsonMap],
  ])('misses nothing that is hidden by %s', async (_, hidden) => {
    const { writes, coverage } = await read(
      trailText([recordOf({ readOnly: true, eventName: 'GetIt' }), hidden, recordOf()]),
    );
    expect(writes.map(({ eventId }) => eventId)).toContain(hidden.eventID);
    expect(coverage.records).toBe(3);
  });

  it('does not take what only names the caller for a call on the caller', async () => {
    const role = 'arn:aws:iam::111122223333:role/web';
    const userIdentity = { type: 'AssumedRole', sessionContext: { sessionIssuer: { arn: role } } };
    const called = recordOf({ userIdentity, requestParameters: { groupId: 'sg-other' } });
    for (const text of [trailText([called]), JSON.stringify([called])]) expect((await read(text)).writes).toEqual([]);
  });

  it('refuses a text that ends too early, so that it is read exactly', () => {
    expect(() => cut(trailText([recordOf(), recordOf()]).slice(0, -40), 1 << 20)).toThrow(Unfamiliar);
  });
});
