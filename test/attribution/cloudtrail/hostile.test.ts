import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AuditFiles } from '../../../src/attribution/cloudtrail/files.ts';
import type { AuditAnswer, Json } from '../../../src/attribution/port.ts';
import { folderWith } from '../../support/folder.ts';
import { keyOf, packed, questionOf, recordOf, trailText } from '../../support/trail.ts';

const good = recordOf();

async function read(files: { readonly [name: string]: string | Uint8Array }): Promise<AuditAnswer> {
  const cwd = folderWith({ 'good.json': trailText([good]), ...files });
  return new AuditFiles({ paths: ['.'], cwd }).ask(questionOf());
}

/** Whatever else is there, the good record is found, and the bad file is named. */
function expectGap({ writes, coverage }: AuditAnswer, what: string, words: RegExp): void {
  expect(writes.map(({ eventId }) => eventId)).toContain(good.eventID);
  const messages = coverage.gaps.filter((gap) => gap.what === what).map(({ message }) => message);
  expect(messages.join('\n')).toMatch(words);
}

const deep = (levels: number): string => `${'{"a":'.repeat(levels)}"sg-0abc"${'}'.repeat(levels)}`;
const withRequest = (request: string): string =>
  JSON.stringify(recordOf()).replace(/"requestParameters":\{[^}]*\}/, `"requestParameters":${request}`);

describe('a hostile log', () => {
  it('cut off in the middle of its packing gives the records before the cut', async () => {
    const records = Array.from({ length: 400 }, () => recordOf({ userAgent: Math.random().toString() }));
    const bytes = packed(trailText(records));
    const answer = await read({ 'cut.json.gz': bytes.subarray(0, bytes.length >> 1) });
    expectGap(answer, 'cut.json.gz', /cut off[\s\S]*could not be read to its end/);
    expect(answer.writes.length).toBeGreaterThan(50);
    expect(answer.writes.length).toBeLessThan(401);
  });

  it('with a line of 200 MB is read in little memory, and the line is named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'driftbom-long-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const filler = Buffer.alloc(1 << 20, 'x');
    function* line(): Generator<Buffer> {
      yield Buffer.from(`{"Records":[${JSON.stringify(good)},{"eventVersion":"1.11","userIdentity":{"x":"`);
      for (let i = 0; i < 200; i++) yield filler;
      yield Buffer.from(`"}},${JSON.stringify(recordOf())}]}`);
    }
    await pipeline(Readable.from(line()), createGzip({ level: 1 }), createWriteStream(join(folder, 'long.json.gz')));
    const before = process.memoryUsage().rss;
    const answer = await new AuditFiles({ paths: ['.'], cwd: folder }).ask(questionOf());
    expect(process.memoryUsage().rss - before).toBeLessThan(150 << 20);
    expectGap(answer, 'long.json.gz', /record 1 is longer than 1 MB/);
    expect(answer.writes).toHaveLength(2);
  });

  it.each([
    ['quick', (inner: string) => `{"Records":[${inner}]}`],
    ['exact', (inner: string) => `[ ${inner} ]`],
  ])('nested 100,000 levels deep overflows nothing (%s reading)', async (_, wrap) => {
    const answer = await read({ 'deep.json': wrap(withRequest(deep(100_000))) });
    expectGap(answer, 'deep.json', /nests deeper/);
  });

  it('nested a little too deep is left out, so that nobody who walks it overflows', async () => {
    const answer = await read({ 'deep.json': `[${withRequest(deep(200))}]` });
    expectGap(answer, 'deep.json', /nests deeper/);
    expect((await read({ 'fine.json': `[${withRequest(deep(60))}]` })).writes).toHaveLength(2);
  });

  it('with keys of prototypes pollutes nothing', async () => {
    const polluting = withRequest(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"x":"sg-0abc"}',
    );
    const answer = await read({ 'proto.json': `[${polluting}]` });
    expect(answer.writes).toHaveLength(2);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('with control characters and markup is handed on as it is: whoever shows it escapes it', async () => {
    const userAgent = '\u001b[31m<script>alert(1)</script>\u202e';
    const answer = await read({ 'ansi.json': trailText([recordOf({ userAgent })]) });
    expect(answer.writes.map(({ json }) => json.userAgent)).toContain(userAgent);
  });

  it.each([
    ['nothing', '', /^$/],
    ['words', 'this is no log', /no JSON/],
    ['half an object', '{"Records":[{"eventVersion":"1.11","userIdentity":{"type"', /cut off/],
    ['brackets that close nothing', ']]}}', /no JSON/],
    ['strings for records', '{"Records":["a","b"]}', /no JSON/],
    ['numbers', '[1,2,3]', /no JSON/],
    ['objects of another kind', '[{"a":1},{"b":2}]', /no record/],
    ['damaged records', '[{"eventName":"A","eventVersion":"1",}]', /is no JSON/],
    ['bytes', Buffer.from([0xff, 0x00, 0x7b, 0x80, 0x7d]), /no JSON/],
    ['no true packing', Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x01]), /could not be read/],
  ])('of %s is a gap', async (_, content, words) => {
    const answer = await read({ 'bad.json': content });
    expectGap(answer, 'bad.json', words);
  });

  it('full of unusable records is named, not listed', async () => {
    const { coverage } = await read({ 'many.json': JSON.stringify(Array.from({ length: 500 }, () => ({ a: 1 }))) });
    expect(coverage.gaps.filter(({ what }) => what === 'many.json').length).toBeLessThan(10);
  });

  it('with wrong types everywhere is read', async () => {
    const wrong: readonly Json[] = [null, 7, 'x', [], {}, { toString: null, valueOf: 1 }];
    const names = Object.keys(recordOf());
    const records = names.flatMap((name) => wrong.map((value) => recordOf({ [name]: value })));
    for (const text of [trailText(records), JSON.stringify(records)]) {
      const { writes, coverage } = await read({ [keyOf('20260301T1205Z')]: gzipSync(text) });
      expect(writes.length).toBeGreaterThan(names.length);
      expect(coverage.records).toBeGreaterThan(records.length - 20);
    }
  });
});
