import { describe, expect, it } from 'vitest';
import { belowMatcher, globMatcher } from '../../../src/ledger/query/pattern.ts';

describe('a pattern for addresses and paths', () => {
  it.each([
    ['module.net', 'module.net.aws_vpc.main', true],
    ['module.net', 'module.net["a"].aws_vpc.main', true],
    ['module.net', 'module.network.aws_vpc.main', false],
    ['aws_x.y', 'aws_x.y', true],
    ['aws_x.y', 'aws_x.y[0]', true],
    ['aws_x.y', 'module.m.aws_x.y', false],
    ['*.aws_x.y', 'module.m.aws_x.y[1]', true],
    ['module.*.aws_x.*', 'module.a.module.b.aws_x.z', true],
    ['module.net["a.b"]', 'module.net["a.b"].aws_vpc.main', true],
    ['module.net?', 'module.net2.aws_vpc.main', true],
    ['tags', 'tags.Owner', true],
    ['tags', 'tags_all.Owner', false],
    ['rule[*].port', 'rule[3].port', true],
    ['a.b', 'aXb', false],
    ['a|b', 'b', false],
  ])('%s covers %s: %s', (pattern, text, covered) => {
    expect(belowMatcher(pattern)(text)).toBe(covered);
  });
});

describe('a pattern for names', () => {
  it.each([
    ['alice@*', 'Alice@example.com', true],
    ['alice', 'alice@example.com', false],
    ['arn:*:role/Ops', 'arn:aws:iam::1:role/Ops', true],
    ['aws_s3_*', 'aws_s3_bucket', true],
    ['aws_s3', 'aws_s3_bucket', false],
  ])('%s fits %s: %s', (pattern, text, fits) => {
    expect(globMatcher(pattern)(text)).toBe(fits);
  });
});
