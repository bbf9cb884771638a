import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditFiles } from '../../../src/attribution/cloudtrail/files.ts';
import { NeedleIndex } from '../../../src/attribution/cloudtrail/needle-index.ts';
import { readFields } from '../../../src/attribution/cloudtrail/record-fields.ts';
import { RecordShape } from '../../../src/attribution/cloudtrail/record-shape.ts';
import { ShapeBook } from '../../../src/attribution/cloudtrail/shape-book.ts';
import { recordMentions } from '../../../src/attribution/cloudtrail/spellings.ts';
import { digestOf } from '../../../src/attribution/evidence.ts';
import type { AuditRecord, Json, JsonMap, ShapedRecord } from '../../../src/attribution/port.ts';
import { viewOf } from '../../../src/attribution/record-view.ts';
import type { WireLeaf } from '../../../src/attribution/wire-shape.ts';
import { folderWith } from '../../support/folder.ts';
import { keyOf, packed, questionOf, recordOf, trailText } from '../../support/trail.ts';
import { stories } from '../../support/attribution-story.ts';
import { WIRE_CASES } from '../../support/wire-cases.ts';

const NEEDLES = new NeedleIndex(['sg-0abc', 'groupId', 'orders-production']);

function bytesOf(json: JsonMap): Buffer {
  return Buffer.from(JSON.stringify(json));
}

/** Reads one record by the shape of another. */
function readBy(sample: JsonMap, json: JsonMap): ReturnType<RecordShape['read']> {
  const bytes = bytesOf(sample);
  return RecordShape.of(bytes, readFields(sample, bytes))?.read(bytesOf(json), 0, bytesOf(json).length);
}

function asRecord(json: JsonMap, shaped?: ShapedRecord): AuditRecord {
  const fields = readFields(json, bytesOf(json));
  const origin = { file: 'log', index: 0, digestChain: 'not-verified' } as const;
  return { ...fields, json, origin, ...(shaped === undefined ? {} : { shaped: () => shaped }) };
}

function told(leaf: WireLeaf): unknown {
  const { part, names, path, at, within, value, pair, text } = leaf;
  return { part, names, path, at, within, value, pair, text };
}

/** All that is worked out of a record, by its shape or by its JSON. */
function saidBy(json: JsonMap, shaped?: ReturnType<RecordShape['read']>): unknown {
  const view = viewOf(asRecord(json, shaped));
  return {
    fields: shaped === undefined ? readFields(json, bytesOf(json)) : shaped.fields(),
    mentions: shaped === undefined ? recordMentions(json, NEEDLES) : shaped.mentions(NEEDLES),
    leaves: view.leaves.map(told),
    actions: view.actions.map(told),
    noWrite: view.noWrite,
    failed: [...view.failed],
    cut: view.cut,
    sha256: view.sha256(),
  };
}

const plain = fc.constantFrom('sg-0abc', 'sg-0abcd', 'tcp', 'Owner', '10.0.0.0/16', 'arn:aws:sqs:eu-west-1:1:q', '');
const odd = fc.constantFrom('a"b', 'a\\b', '50%25', 'naïve', '\u2028', '{"a":1}', 'a\nb', '\ue0001\ue000');
const name = fc.constantFrom(
  'items',
  'value',
  'key',
  'groupId',
  'tagSet',
  'action',
  'Name',
  'content',
  'quantity',
  'x',
);
const whole = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 443, 123456789012345));
const strange = fc.constantFrom(1.5, -0.25, 1e21, 1e-7, 1234567890123456);

/** A request, and how to make others of the same shape: each scalar is one that is asked for. */
const tree = fc.letrec<{ node: Json; leaf: Json }>((tie) => ({
  leaf: fc.oneof(fc.constant('text'), fc.constant(1), fc.constant(true), fc.constant(null)),
  node: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(name, tie('node'), { maxKeys: 4 }),
  ),
}));

function filled(json: Json, next: { text: () => string; number: () => number; flag: () => boolean }): Json {
  if (json === 'text') return next.text();
  if (json === 1) return next.number();
  if (json === true) return next.flag();
  if (Array.isArray(json)) return json.map((item) => filled(item as Json, next));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, member]) => [key, filled(member as Json, next)]));
}

function recordWith(
  request: Json,
  response: Json,
  values: readonly (string | number)[],
  flags: readonly boolean[],
): JsonMap {
  const texts = values.filter((one) => typeof one === 'string');
  const numbers = values.filter((one) => typeof one === 'number');
  let n = 0;
  const next = {
    text: () => texts[n++ % texts.length] ?? 'x',
    number: () => numbers[n++ % numbers.length] ?? 7,
    flag: () => flags[n++ % flags.length] ?? false,
  };
  return recordOf({ requestParameters: filled(request, next), responseElements: filled(response, next) });
}

describe('a record that is read by the shape of another', () => {
  const values = fc.array(fc.oneof({ weight: 6, arbitrary: plain }, { weight: 4, arbitrary: whole }, odd, strange), {
    minLength: 1,
    maxLength: 6,
  });
  const flags = fc.array(fc.boolean(), { maxLength: 3 });

  it('says all that its JSON says', () => {
    let read = 0;
    fc.assert(
      fc.property(
        tree.node,
        tree.node,
        fc.array(fc.oneof(plain, whole), { minLength: 2, maxLength: 6 }),
        values,
        flags,
        (request, response, first, second, booleans) => {
          const sample = recordWith(request, response, first, [true, false]);
          const json = recordWith(request, response, second, booleans);
          const shaped = readBy(sample, json);
          if (shaped === undefined) return;
          read++;
          expect(saidBy(json, shaped)).toEqual(saidBy(json));
        },
      ),
      { numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(1000);
  });

  it('is read so where all of its values are plain', () => {
    fc.assert(
      fc.property(tree.node, fc.array(fc.oneof(plain, whole), { minLength: 2 }), flags, (request, some, booleans) => {
        const json = recordWith(request, null, some, booleans);
        expect(readBy(recordWith(request, null, ['a', 5], [true]), json)).toBeDefined();
      }),
    );
  });

  const sample = recordOf({ requestParameters: { groupId: 'sg-1', port: 22, tags: [{ key: 'a', value: 'b' }] } });
  const asked = (members: JsonMap): JsonMap => ({
    groupId: 'sg-2',
    port: 22,
    tags: [{ key: 'a', value: 'b' }],
    ...members,
  });

  it.each<readonly [string, JsonMap]>([
    ['an escape', recordOf({ requestParameters: asked({ groupId: 'a"b' }) })],
    ['a percent-encoded text', recordOf({ requestParameters: asked({ groupId: 'sg%2D1' }) })],
    ['a text that is not ASCII', recordOf({ requestParameters: asked({ groupId: 'naïve' }) })],
    ['a fraction', recordOf({ requestParameters: asked({ port: 2.5 }) })],
    ['a number that no double holds', recordOf({ requestParameters: asked({ port: 1234567890123456 }) })],
    ['a text for a number', recordOf({ requestParameters: asked({ port: '22' }) })],
    [
      'one tag more',
      recordOf({
        requestParameters: asked({
          tags: [
            { key: 'a', value: 'b' },
            { key: 'c', value: 'd' },
          ],
        }),
      }),
    ],
    ['a failure', recordOf({ requestParameters: asked({}), errorCode: 'AccessDenied' })],
    ['an answer that says no', recordOf({ requestParameters: asked({}), responseElements: { _return: false } })],
    ['another kind of event', recordOf({ requestParameters: asked({}), eventType: 'AwsCloudTrailInsight' })],
    ['another call', recordOf({ requestParameters: asked({}), eventName: 'RevokeSecurityGroupIngress' })],
    ['another region', recordOf({ requestParameters: asked({}), awsRegion: 'us-east-1' })],
    ['an id that is empty', recordOf({ requestParameters: asked({}), eventID: '' })],
    ['an id that is cut where it is read', recordOf({ requestParameters: asked({}), eventID: 'x'.repeat(3000) })],
    ['a caller without a name', recordOf({ requestParameters: asked({}), userIdentity: { type: 'x', arn: '' } })],
  ])('is left to who reads it whole where it has %s', (_, json) => {
    expect(readBy(sample, recordOf({ requestParameters: asked({}) }))).toBeDefined();
    expect(readBy(sample, json)).toBeUndefined();
  });

  it.each<readonly [string, JsonMap]>([
    ['says what failed', recordOf({ errorCode: 'AccessDenied' })],
    ['lists what was not done', recordOf({ responseElements: { unprocessedItems: ['sg-0abc'] } })],
    ['was cut short', recordOf({ requestParameters: { omitted: true } })],
    ['was a dry run, or not', recordOf({ requestParameters: { dryRun: false } })],
    ['completes another record', recordOf({ addendum: { reason: 'UPDATED_DATA', originalEventID: 'x' } })],
    ['holds a policy', recordOf({ requestParameters: { policy: { Statement: [{ Effect: 'Allow' }] } } })],
    ['is of a service that marks what was meant', recordOf({ eventSource: 's3.amazonaws.com' })],
    ['does not say whether it writes', recordOf({ readOnly: null })],
    ['has no id', recordOf({ eventID: null })],
    ['names a member like a stand-in', recordOf({ requestParameters: { '9000000000003': 'x' } })],
  ])('has no shape of its own where it %s', (_, json) => {
    expect(RecordShape.of(bytesOf(json), readFields(json, bytesOf(json)))).toBeUndefined();
  });

  it('is not mistaken for one, however its text is cut or changed', () => {
    const bytes = bytesOf(sample);
    const shape = RecordShape.of(bytes, readFields(sample, bytes));
    for (let at = 0; at < bytes.length; at++) {
      expect(shape?.read(bytes, 0, at), `cut at ${at}`).toBeUndefined();
      for (const sign of ['"', '{', ',', '9', '\\', 'x', '\u0001']) {
        const changed = Buffer.from(bytes);
        changed.write(sign, at, 'latin1');
        const read = shape?.read(changed, 0, changed.length);
        if (read === undefined) continue;
        const json = JSON.parse(changed.toString()) as JsonMap;
        expect(read.sha256(), `${sign} at ${at}`).toBe(digestOf({ json }));
      }
    }
  });

  it('says the same of every call of the stories and of the cases', () => {
    const calls = WIRE_CASES.map(({ call: [source, eventName], request, response }) =>
      recordOf({
        eventName,
        eventSource: `${source}.amazonaws.com`,
        requestParameters: request as Json,
        responseElements: (response ?? null) as Json,
      }),
    );
    const records = [...calls, ...stories().flatMap((story) => story.records as readonly JsonMap[])];
    const read = records.filter((json) => {
      const shaped = readBy(json, json);
      if (shaped !== undefined) expect(saidBy(json, shaped)).toEqual(saidBy(json));
      return shaped !== undefined;
    });
    expect(read.length).toBeGreaterThan(30);
  });
});

describe('a book of shapes', () => {
  const known = (book: ShapeBook, json: JsonMap): boolean =>
    book.read('call', bytesOf(json), 0, bytesOf(json).length) !== undefined;
  const learn = (book: ShapeBook, json: JsonMap): void => {
    book.learn('call', bytesOf(json), readFields(json, bytesOf(json)));
  };

  it('learns a shape where it comes again, and knows it for that call alone', () => {
    const book = new ShapeBook();
    learn(book, recordOf());
    expect(known(book, recordOf())).toBe(false);
    learn(book, recordOf());
    expect(known(book, recordOf())).toBe(true);
    expect(book.read('other', bytesOf(recordOf()), 0, bytesOf(recordOf()).length)).toBeUndefined();
  });

  it('gives up on a call that has too many, or none that can be learned', () => {
    const book = new ShapeBook();
    const withNames = (n: number): JsonMap =>
      recordOf({ requestParameters: Object.fromEntries(Array.from({ length: n }, (_, i) => [`a${i}`, 'x'])) });
    for (let n = 0; n < 40; n++) learn(book, withNames(n));
    const shapes = Array.from({ length: 40 }, (_, n) => known(book, withNames(n))).filter(Boolean);
    expect(shapes).toHaveLength(16);
    const refused = new ShapeBook();
    for (let n = 0; n < 10; n++) learn(refused, recordOf({ requestParameters: { text: 'a"b' } }));
    learn(refused, recordOf());
    expect(known(refused, recordOf())).toBe(false);
  });
});

describe('a log of calls that are alike', () => {
  it('is answered as if each of them had been parsed', async () => {
    const records = Array.from({ length: 8 }, (_, i) =>
      recordOf({
        eventTime: `2026-03-01T0${i}:00:00Z`,
        requestParameters: {
          groupId: i % 3 === 0 ? 'sg-9' : 'sg-0abc',
          fromPort: 20 + i,
          tagSet: [{ key: 'k', value: 'v' }],
        },
        responseElements: { _return: i !== 5 },
      }),
    );
    const cwd = folderWith({ [keyOf('20260301T1205Z')]: packed(trailText(records)) });
    const { writes, coverage } = await new AuditFiles({ paths: ['.'], cwd }).ask(questionOf());
    expect(writes.map(({ json }) => json)).toEqual(records.filter((_, i) => i % 3 !== 0));
    expect(coverage.records).toBe(8);
    const shaped = writes.filter((record) => record.shaped?.() !== undefined);
    // The first of a call is read whole, as is the one that says that it failed.
    expect(shaped.map(({ eventTime }) => eventTime.slice(11, 13))).toEqual(['02', '04', '07']);
    for (const record of writes) {
      const { leaves, ...view } = viewOf(record);
      const plain = viewOf({ ...record, json: record.json });
      expect(leaves.map(told)).toEqual(plain.leaves.map(told));
      expect([view.noWrite, view.sha256()]).toEqual([plain.noWrite, plain.sha256()]);
    }
  });
});
