import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditFiles } from '../../../src/attribution/cloudtrail/files.ts';
import { Cutter } from '../../../src/attribution/cloudtrail/cutter.ts';
import { Sieve, sieveQuestion, Unfamiliar } from '../../../src/attribution/cloudtrail/sieve.ts';
import { scopeOf } from '../../../src/attribution/cloudtrail/window.ts';
import { folderWith } from '../../support/folder.ts';
import { eventId, keyOf, questionOf, recordOf } from '../../support/trail.ts';

const ARN = 'arn:aws:iam::111122223333:role/team/web';
/** One inside another, two that overlap, short ones and long ones. */
const question = questionOf({
  needles: new Set(['sg-0abc', 'sg-0abc-9', ARN, 'role/team/web-2', 'web1', 'naïve-name']),
});

/** Texts in which a needle stands as a whole word, in some spelling. */
const CARRYING = [
  'sg-0abc',
  'x/sg-0abc:y',
  ARN,
  `{"Resource":"${ARN}"}`,
  encodeURIComponent(ARN),
  'web1',
  'a naïve-name b',
  `${'y'.repeat(400)} sg-0abc-9`,
];
const OTHER = ['sg-0abcd', 'asg-0abc', 'sg-0ab', `${ARN}s`, 'web12', 'naïve-names', 'sg-', '', `${'z'.repeat(900)}`];

/** A text in JSON, some of its characters escaped as JSON allows: `\u0073g-0abc`, `role\/web`. */
function spelled(text: string, escapes: readonly number[]): string {
  const characters = [...text].map((one, i) => {
    const way = escapes[i % Math.max(1, escapes.length)] ?? 0;
    if (way === 1 && one.length === 1) return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return way === 2 && one === '/' ? '\\/' : JSON.stringify(one).slice(1, -1);
  });
  return `"${characters.join('')}"`;
}

const record = fc
  .record({
    carries: fc.boolean(),
    at: fc.nat(100),
    where: fc.constantFrom('value', 'key', 'deep'),
    escapes: fc.oneof(fc.constant([]), fc.array(fc.nat(2), { maxLength: 5 })),
    readOnly: fc.boolean(),
  })
  .map(({ carries, at, where, escapes, readOnly }) => {
    const texts = carries ? CARRYING : OTHER;
    const text = spelled(texts[at % texts.length] as string, escapes);
    const request = { value: `{"groupId":${text}}`, key: `{${text}:1}`, deep: `{"a":[{"b":[1,${text}]}]}` }[where];
    const id = eventId();
    const json = JSON.stringify(
      recordOf({ eventID: id, readOnly, eventName: readOnly ? 'ListIt' : 'PutIt', requestParameters: 'HERE' }),
    );
    return { id, wanted: carries && !readOnly, json: json.replace('"HERE"', () => request) };
  });

/** The same records as CloudTrail, an editor, a stream and EventBridge write them. */
const LAYOUTS: { readonly [name: string]: (records: readonly string[]) => string } = {
  trail: (records) => `{"Records":[${records.join(',')}]}`,
  pretty: (records) => `{\r\n  "Records" : [\r\n    ${records.join(' ,\r\n    ')}\r\n  ]\r\n}\r\n`,
  spaced: (records) => records.map((one) => one.replaceAll(',"event', ' ,\n "event')).join('\n'),
  lines: (records) => records.join('\r\n'),
  envelopes: (records) => records.map((one) => `{"version":"0","detail":${one}}`).join('\n'),
  lookup: (records) => `{"Events":[${records.map((one) => `{"CloudTrailEvent":${JSON.stringify(one)}}`).join(',')}]}`,
};

describe('a search of a log', () => {
  it.each(Object.keys(LAYOUTS))(
    'finds each write that carries a needle and no other, laid out as %s',
    async (layout) => {
      await fc.assert(
        fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 12 }), async (records) => {
          const text = LAYOUTS[layout]?.(records.map(({ json }) => json)) ?? '';
          const cwd = folderWith({ [keyOf('20260301T1205Z')]: gzipSync(text) });
          const { writes, coverage } = await new AuditFiles({ paths: ['.'], cwd }).ask(question);
          const wanted = records.filter((one) => one.wanted).map(({ id }) => id);
          expect(writes.map(({ eventId: id }) => id).sort()).toEqual(wanted.sort());
          expect(coverage.records).toBe(records.length);
        }),
        { numRuns: 25 },
      );
    },
  );

  it('finds them wherever the parts in which a file comes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 3000 })),
        (records, cuts) => {
          const bytes = Buffer.from(
            (LAYOUTS.trail as (all: readonly string[]) => string)(records.map(({ json }) => json)),
          );
          const sieve = new Sieve('log', undefined, sieveQuestion(question, scopeOf(question)));
          const cutter = new Cutter(sieve);
          let at = 0;
          for (let i = 0; at < bytes.length; i++) {
            const length = cuts.length === 0 ? bytes.length : (cuts[i % cuts.length] as number);
            cutter.push(bytes.subarray(at, at + length));
            at += length;
          }
          cutter.end();
          expect(sieve.findings.records).toBe(records.length);
          expect(sieve.findings.writes.map(({ fields }) => fields.eventId)).toEqual(
            records.filter((one) => one.wanted).map(({ id }) => id),
          );
          expect(sieve.findings.writes.map(({ index }) => index)).toEqual(
            records.flatMap((one, index) => (one.wanted ? [index] : [])),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes a file for unfamiliar rather than pass over a record without a time', () => {
    const timeless = `{"eventVersion":"1.11","userIdentity":{"type":"Root"},"eventName":"PutIt","requestParameters":{"a":"sg-0abc"}}`;
    const sieve = new Sieve('log', undefined, sieveQuestion(question, scopeOf(question)));
    const cutter = new Cutter(sieve);
    const [first, last] = [JSON.stringify(recordOf()), JSON.stringify(recordOf())];
    cutter.push(Buffer.from(`{"Records":[${first},${timeless},${last}]}`));
    cutter.end();
    expect(sieve.findings.records).toBe(3);
    expect(sieve.findings.gaps.map(({ message }) => message).join()).toMatch(/no time/);
    const twice = first.replace('"requestParameters":{', '"requestParameters":{"eventTime":"2026-03-01T12:00:00Z",');
    expect(() => new Cutter(sieve).push(Buffer.from(`{"Records":[${twice},${last}]}`))).toThrow(Unfamiliar);
  });
});
