import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition, RuleTerms } from '../../src/model/rule.ts';
import { UNKNOWN, type Value } from '../../src/model/value.ts';
import { judge, type Verdict } from '../../src/rules/judge.ts';
import { isLike } from '../../src/rules/like.ts';
import { isTaggable } from '../../src/rules/tags.ts';
import { readWritten } from '../../src/rules/written.ts';

const MASK = `hmac-sha256:k1:${'3'.repeat(64)}`;

function judged(written: object, value: Value, type = 'tiny_server'): Verdict {
  const read = readWritten({ id: 'r', title: 't', type: '*', ...written });
  if ('faults' in read) throw new Error(read.faults.join('; '));
  const { reason: _, ...terms } = read.rule;
  return judge({ terms: terms as RuleTerms }, { type, value, taggable: isTaggable(value) });
}

const range = (terms: object, value: Value): Verdict =>
  judged({ kind: 'range', path: 'size', ...terms }, { size: value });
const kindOf = (verdict: Verdict): string => (verdict.kind === 'not-assessed' ? verdict.reason : verdict.kind);

describe('a range', () => {
  it('is violated outside its bounds and nowhere else, in numbers and in texts that are numbers', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });
    fc.assert(
      fc.property(number, number, number, fc.boolean(), (a, b, value, asText) => {
        const [min, max] = a <= b ? [a, b] : [b, a];
        const verdict = range({ min, max }, asText ? String(value) : value);
        expect(verdict.kind).toBe(value < min || value > max ? 'violates' : 'passes');
      }),
    );
  });

  it('of a list takes these values and no other', () => {
    const terms = { oneOf: ['on', 3, true] };
    for (const value of ['on', 3, '3', true, 'true']) expect(range(terms, value).kind).toBe('passes');
    for (const value of ['off', 4, false, 'On']) expect(range(terms, value).kind).toBe('violates');
  });

  it('goes into lists, maps and JSON inside strings', () => {
    const value = { disk: [{ size: 5 }, { size: 50 }], text: '{"a":{"b":[1,99]}}' };
    expect(judged({ kind: 'range', path: 'disk.size', max: 10 }, value)).toMatchObject({
      places: [{ path: 'disk[1].size', value: 50, because: '50 is above 10' }],
    });
    expect(judged({ kind: 'range', path: 'text.a.b[*]', max: 10 }, value)).toMatchObject({
      places: [{ path: 'text.a.b[1]', value: 99 }],
    });
    expect(judged({ kind: 'range', path: 'disk[0].size', max: 10 }, value).kind).toBe('passes');
  });

  it('never takes what it cannot see for good', () => {
    const cases: [Value, string][] = [
      [MASK, 'secret'],
      [UNKNOWN, 'unknown'],
      [{ $unknown: true }, 'unknown'],
      ['many', 'no-number'],
      [{ a: 1 }, 'no-value'],
      [null, 'not-set'],
      ['', 'not-set'],
      [[], 'not-set'],
      [[1, MASK], 'secret'],
    ];
    for (const [value, reason] of cases) expect(kindOf(range({ max: 10 }, value)), reason).toBe(reason);
    // One value that is seen and wrong is a violation, whatever else is hidden.
    expect(range({ max: 10 }, [11, MASK]).kind).toBe('violates');
    // Below a secret nothing is unset: it is not seen.
    const below = { kind: 'range', path: 'size.deep', max: 1, ifUnset: 'allowed' };
    expect(kindOf(judged(below, { size: MASK }))).toBe('secret');
    expect(
      kindOf(judged({ kind: 'range', path: 'password', oneOf: 'x', ifUnset: 'allowed' }, {}, 'aws_db_instance')),
    ).toBe('never-read');
  });

  it('says of what is not set what it was told to say', () => {
    expect(range({ max: 1, ifUnset: 'allowed' }, null).kind).toBe('passes');
    expect(range({ max: 1, ifUnset: 'violation' }, null)).toMatchObject({
      kind: 'violates',
      places: [{ path: 'size', value: null, because: 'nothing is set' }],
    });
  });
});

describe('a combination', () => {
  const ssh = {
    kind: 'combination',
    each: 'ingress[*]',
    all: [
      {
        any: [
          { path: 'cidr_blocks[*]', is: '0.0.0.0/0' },
          { path: 'ipv6_cidr_blocks[*]', is: '::/0' },
        ],
      },
      {
        any: [
          { path: 'protocol', is: '-1' },
          { path: 'from_port', atMost: 22 },
        ],
      },
      {
        any: [
          { path: 'protocol', is: '-1' },
          { path: 'to_port', atLeast: 22 },
        ],
      },
    ],
  };
  const rule = (from: number, to: number, cidr: string, protocol = 'tcp') => ({
    ...{ from_port: from, to_port: to, cidr_blocks: [cidr], protocol },
  });

  it('holds within one member: two harmless rules do not make a forbidden one', () => {
    const office = rule(22, 22, '10.0.0.0/8');
    const web = rule(443, 443, '0.0.0.0/0');
    expect(judged(ssh, { ingress: [office, web] }).kind).toBe('passes');
    expect(judged(ssh, { ingress: [office, rule(0, 1024, '0.0.0.0/0')] })).toMatchObject({
      kind: 'violates',
      places: [{ path: 'ingress[1].cidr_blocks[0]', value: '0.0.0.0/0' }],
    });
    expect(judged(ssh, { ingress: [rule(0, 0, '0.0.0.0/0', '-1')] }).kind).toBe('violates');
    expect(judged(ssh, { ingress: [] }).kind).toBe('passes');
    expect(kindOf(judged(ssh, { ingress: MASK }))).toBe('secret');
  });

  /** Every way of filling a hidden place decides alike, or nothing is decided: three-valued logic, checked by trying. */
  it('is not assessed exactly where hidden values could change what it says', () => {
    const flag = fc.constantFrom<Value>(1, 2, MASK);
    const condition = fc
      .record({ path: fc.constantFrom('a', 'b', 'c'), n: fc.constantFrom(1, 2), op: fc.constantFrom('is', 'not') })
      .map(({ path, n, op }): Condition => ({ path, [op]: [n] }));
    const clause = fc.oneof(
      condition,
      fc.array(condition, { minLength: 1, maxLength: 2 }).map((any) => ({ any })),
    );
    fc.assert(
      fc.property(fc.array(clause, { minLength: 1, maxLength: 3 }), fc.tuple(flag, flag, flag), (all, [a, b, c]) => {
        const said = judged({ kind: 'combination', all }, { a, b, c });
        const options = (value: Value): Value[] => (value === MASK ? [1, 2, 3] : [value]);
        const worlds = options(a).flatMap((x) =>
          options(b).flatMap((y) =>
            options(c).map((z) => judged({ kind: 'combination', all }, { a: x, b: y, c: z }).kind),
          ),
        );
        const same = new Set(worlds).size === 1;
        // What is decided is right in every world; Kleene's logic may leave undecided what all worlds agree on.
        if (said.kind !== 'not-assessed') expect(worlds.every((one) => one === said.kind)).toBe(true);
        if (!same) expect(said.kind).toBe('not-assessed');
      }),
    );
  });

  it('shows no digest of a secret in words, and masks one that is only asked to be there', () => {
    const set = { kind: 'combination', all: [{ path: 'password', set: true }] };
    expect(judged(set, { password: MASK })).toMatchObject({ places: [{ value: MASK, because: 'password is set' }] });
    expect(judged({ kind: 'combination', all: [{ path: 'password', set: false }] }, { password: MASK }).kind).toBe(
      'passes',
    );
    expect(judged({ kind: 'combination', all: [{ path: 'x', set: false }] }, {})).toMatchObject({
      places: [{ path: 'x', because: 'x is not set' }],
    });
  });
});

describe('a required tag', () => {
  const tag = (value: Value, like?: string) => judged({ kind: 'tag', tag: 'Owner', ...(like ? { like } : {}) }, value);

  it('is looked for in maps and in blocks, and asked of nothing that cannot carry tags', () => {
    expect(tag({ tags: { Owner: 'a' } }).kind).toBe('passes');
    expect(tag({ tags: {}, tags_all: { Owner: 'a' } }).kind).toBe('passes');
    expect(tag({ tag: [{ key: 'Owner', value: 'a' }] }).kind).toBe('passes');
    expect(tag({ name: 'x' }).kind).toBe('not-applicable');
    expect(tag({ tags: null })).toMatchObject({
      places: [{ path: 'tags.Owner', because: 'the tag Owner is missing' }],
    });
    expect(tag({ tags: { Owner: '' } })).toMatchObject({ places: [{ because: 'the tag Owner is empty' }] });
  });

  it('has to fit its pattern, where it can be seen', () => {
    expect(tag({ tags: { Owner: 'team-a' } }, 'team-*').kind).toBe('passes');
    expect(tag({ tags: { Owner: 'x' } }, 'team-*').kind).toBe('violates');
    expect(tag({ tags: { Owner: MASK } }).kind).toBe('passes');
    expect(kindOf(tag({ tags: { Owner: MASK } }, 'team-*'))).toBe('secret');
    expect(kindOf(tag({ tags: UNKNOWN }))).toBe('unknown');
  });
});

describe('judging', () => {
  it('is total over anything that can stand in a resource', () => {
    const rules = [
      { kind: 'range', path: 'a.b', min: 1 },
      {
        kind: 'combination',
        each: '*',
        all: [
          { path: 'a', like: '*' },
          { path: 'b[*]', set: true },
        ],
      },
      { kind: 'tag', tag: '__proto__', like: '*' },
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(...rules), (value, written) => {
        const { kind } = judged(written, value as Value);
        expect(['passes', 'violates', 'not-assessed', 'not-applicable']).toContain(kind);
      }),
    );
  });
});

describe('a pattern', () => {
  it('fits what the same pattern as a regular expression fits', () => {
    const letter = fc.constantFrom('a', 'b', '*', '?');
    const pattern = fc.array(letter, { maxLength: 6 }).map((one) => one.join(''));
    const text = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }).map((one) => one.join(''));
    fc.assert(
      fc.property(text, pattern, (subject, wanted) => {
        const expression = new RegExp(`^${wanted.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
        expect(isLike(subject, wanted)).toBe(expression.test(subject));
      }),
    );
  });

  it('of many stars hangs no scan', () => {
    const range = { id: 'r', kind: 'range', title: 't', address: 'a*a*a*a*a*a*a*a*a*b', min: 1 };
    expect(readWritten({ ...range, path: 'a*a*a*b' })).toMatchObject({ faults: ['path: at most two * in one name'] });
    expect(readWritten({ ...range, path: 'a[*].b*c*.d*[*].*' })).toHaveProperty('rule');
    expect(isLike('a'.repeat(3000), `${'a*'.repeat(150)}b`)).toBe(false);
  });
});
