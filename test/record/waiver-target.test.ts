import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { glob } from '../../src/model/path-pattern.ts';
import { splitTarget } from '../../src/record/waiver-target.ts';
import { readEnd } from '../../src/record/waiver-terms.ts';

const KNOWN = [
  'aws_sqs_queue.q',
  'aws_instance.web[0]',
  'aws_instance.web[1]',
  'aws_s3_bucket.b["a.b[0]"]',
  'module.net["x"].aws_subnet.main',
  'module.net["x"].module.deep.aws_route.r',
];

describe('what a waiver is to cover', () => {
  it.each([
    ['aws_sqs_queue.q', 'aws_sqs_queue.q', null, 1],
    ['aws_sqs_queue.q.tags', 'aws_sqs_queue.q', 'tags', 1],
    ['aws_sqs_queue.q.tags["a.b"]', 'aws_sqs_queue.q', 'tags["a.b"]', 1],
    ['aws_sqs_queue.q.rule[*].port', 'aws_sqs_queue.q', 'rule[*].port', 1],
    ['aws_instance.web[0].tags.Owner', 'aws_instance.web[0]', 'tags.Owner', 1],
    ['aws_instance.web', 'aws_instance.web[*]', null, 2],
    ['aws_instance.web.ami', 'aws_instance.web[*]', 'ami', 2],
    ['aws_s3_bucket.b["a.b[0]"].tags', 'aws_s3_bucket.b["a.b[0]"]', 'tags', 1],
    ['aws_instance.*', 'aws_instance.*', null, 2],
    ['aws_instance.*.ami', 'aws_instance.*', 'ami', 2],
    ['module.net["x"]', 'module.net["x"].*', null, 2],
    ['module.net["x"].aws_subnet.main.tags', 'module.net["x"].aws_subnet.main', 'tags', 1],
    ['*', '*', null, 6],
  ])('is, with the ledger’s knowledge, in %s: %s and %s', (word, address, path, matched) => {
    expect(splitTarget(word, KNOWN)).toMatchObject({ address, path });
    expect(splitTarget(word, KNOWN)?.matched).toHaveLength(matched);
  });

  it.each([
    ['aws_sqs_queue.new', 'aws_sqs_queue.new', null],
    ['aws_sqs_queue.new.tags.Owner', 'aws_sqs_queue.new', 'tags.Owner'],
    ['module.a.module.b["k.v"].aws_x.y[3].rule[0].p', 'module.a.module.b["k.v"].aws_x.y[3]', 'rule[0].p'],
    ['module.new', 'module.new.*', null],
    ['aws_*.new', 'aws_*.new', null],
    ['*', '*', null],
  ])('is, by Terraform’s grammar, in %s: %s and %s', (word, address, path) => {
    expect(splitTarget(word, [])).toEqual({ address, path, matched: [] });
  });

  it.each(['', 'aws_sqs_queue', 'a b.c', 'aws_x.y..z', 'aws_x.y[', 'module.', '.a.b'])('is nothing in %j', (word) => {
    expect(splitTarget(word, KNOWN)).toBeUndefined();
  });

  it('covers what it says it matched, and loses no part of what was written', () => {
    const words = fc
      .constantFrom(...KNOWN)
      .chain((address) =>
        fc
          .constantFrom('', '.tags', '.tags.Owner', '.rule[0].port', '.labels["a.b"]')
          .map((path) => ({ address, path })),
      );
    fc.assert(
      fc.property(words, ({ address, path }) => {
        const target = splitTarget(address + path, KNOWN);
        expect(target?.matched.every(glob(target.address))).toBe(true);
        expect(target).toMatchObject({ address, path: path === '' ? null : path.slice(1) });
      }),
    );
  });
});

describe('the end of a waiver', () => {
  const NOW = '2026-03-14T03:00:00.000Z';
  const rules = { maxDays: 30, approvers: undefined };

  it('is the end of the day that is named, or the very time', () => {
    expect(readEnd('2026-03-14', NOW, rules)).toEqual({ until: '2026-03-15T00:00:00.000Z' });
    expect(readEnd('2026-03-15T12:00:00+02:00', NOW, rules)).toEqual({ until: '2026-03-15T10:00:00.000Z' });
  });

  it('lies in the time that the rules allow', () => {
    expect(readEnd('2026-04-13', NOW, rules)).toHaveProperty('until');
    expect(readEnd('2026-04-14', NOW, rules)).toMatchObject({
      fault: expect.stringContaining('the last day is 2026-04-13'),
    });
    expect(readEnd('2026-03-13', NOW, rules)).toMatchObject({ fault: expect.stringContaining('over already') });
    expect(readEnd(NOW, NOW, rules)).toHaveProperty('fault');
  });

  it.each(['soon', '2026-02-31', '2026-03-20T03:00:00', ''])('is malformed as %j', (text) => {
    expect(readEnd(text, NOW, rules)).toHaveProperty('malformed');
  });
});
