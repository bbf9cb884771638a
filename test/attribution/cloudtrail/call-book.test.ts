import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { viewOf } from '../../../src/attribution/cloudtrail/byte-text.ts';
import { CallBook } from '../../../src/attribution/cloudtrail/call-book.ts';

interface Head {
  readonly time: string;
  readonly source: string;
  readonly name: string;
  readonly region: string;
}

function read(book: CallBook, { time, source, name, region }: Head): { region: string; time: number } | undefined {
  const head = `"eventTime":"${time}","eventSource":"${source}","eventName":"${name}","awsRegion":"${region}",`;
  const bytes = Buffer.from(`{${head}"sourceIPAddress":"192.0.2.1","userAgent":"aws-cli"}`);
  const call = book.read(bytes, viewOf(bytes), 1);
  return call && { region: call.region, time: book.time };
}

const head = fc.record({
  time: fc.constantFrom('2026-03-01T12:00:00Z', '2026-03-01T12:09:59Z', '2026-03-01T12:10:00Z', '1999-12-31T23:59:59Z'),
  source: fc.constantFrom('ec2.amazonaws.com', 'iam.amazonaws.com', 'elasticloadbalancing.amazonaws.com', 's3', ''),
  name: fc.constantFrom(
    'CreateTags',
    'CreateTagsAgain',
    'DescribeDBInstances',
    'DescribeDBInstanceAutomatedBackups',
    'é',
  ),
  region: fc.constantFrom('eu-west-1', 'eu-west-10', 'us-east-1', ''),
});

describe('a call book', () => {
  it('tells heads apart however alike they are, and reads the time of each', () => {
    fc.assert(
      fc.property(fc.array(head, { maxLength: 30 }), (heads) => {
        const book = new CallBook();
        for (const one of heads) {
          expect(read(book, one)).toEqual({ region: one.region, time: Date.parse(one.time) });
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    '2026-02-30T12:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T12:00:60Z',
    '2026-03-01T12:0x:00Z',
    '2026-03-01 12:00:00Z',
  ])('leaves the time %s to the exact reading', (time) => {
    const book = new CallBook();
    const good = { time: '2026-03-01T12:00:00Z', source: 'ec2', name: 'CreateTags', region: 'eu-west-1' };
    expect(read(book, good)).toBeDefined();
    expect(read(book, { ...good, time })).toBeUndefined();
    expect(read(book, good)).toEqual({ region: 'eu-west-1', time: Date.parse(good.time) });
  });

  it('knows what a call does from its own name, also among more names than it keeps', () => {
    const book = new CallBook();
    const good = { time: '2026-03-01T12:00:00Z', source: 'ec2.amazonaws.com', region: 'eu-west-1' };
    for (let i = 0; i < 6000; i++) expect(read(book, { ...good, name: `Call${i}` })?.region).toBe('eu-west-1');
  });
});
