import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangePredicate, SignedChange } from '../../src/model/entry.ts';
import type { RuleTerms } from '../../src/model/rule.ts';
import type { Value } from '../../src/model/value.ts';
import { type Draft, draftsOf } from '../../src/rules/draft.ts';
import { judge } from '../../src/rules/judge.ts';
import { isTaggable } from '../../src/rules/tags.ts';
import { readWritten } from '../../src/rules/written.ts';

type Change = Pick<ChangePredicate['change'], 'driftKind' | 'resource' | 'paths'>;

function changeOf(type: string, ...paths: readonly (readonly [string, Value, Value])[]): Change {
  const resource = { address: `${type}.a`, type, id: 'i', workspace: 'w', workspaceKey: 'k', provider: 'p' };
  const changes = paths.map(([path, before, after]): SignedChange => {
    return { path, op: 'replace', before, after, sensitive: false, cause: 'out-of-band' };
  });
  return { driftKind: 'changed', resource, paths: changes };
}

const drafts = (change: Change, more = {}): readonly Draft[] => draftsOf(change, { margin: 10, ...more }).drafts;

function kindOf(draft: Draft, type: string, value: Value): string {
  const read = readWritten({ kind: draft.kind, id: 'r', title: draft.title, type, ...draft.terms });
  if ('faults' in read) throw new Error(read.faults.join('; '));
  const { reason: _, ...terms } = read.rule;
  return judge({ terms: terms as RuleTerms }, { type, value, taggable: isTaggable(value) }).kind;
}

describe('a draft', () => {
  it('of a number that moved lets the declared value pass and forbids the live one, with a stated margin', () => {
    const [draft] = drafts(changeOf('x', ['size', 1000, 50]));
    expect(draft).toMatchObject({
      kind: 'range',
      terms: { path: 'size', min: 900 },
      note: 'margin: 10 % of the declared 1000',
    });
    expect(drafts(changeOf('x', ['size', 1000, 990]))[0]?.note).toContain('half way between 1000 and 990');
    expect(drafts(changeOf('x', ['size', 1000, 50]), { min: 500, max: 2000 })[0]?.terms).toMatchObject({
      min: 500,
      max: 2000,
    });
    const number = fc.oneof(fc.integer({ min: -1e6, max: 1e6 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(number, number, fc.integer({ min: 1, max: 90 }), (before, after, margin) => {
        fc.pre(Math.abs(before - after) > 1e-6);
        const [one] = drafts(changeOf('x', ['size', before, after]), { margin });
        expect(kindOf(one as Draft, 'x', { size: before })).toBe('passes');
        expect(kindOf(one as Draft, 'x', { size: after })).toBe('violates');
      }),
    );
  });

  it('of any plain value, of one that came or went, and of a value inside JSON tells both sides apart', () => {
    const cases: [string, Value, Value][] = [
      ['mode', 'on', 'off'],
      ['public', false, true],
      ['size', 5, null],
      ['mode', 'on', null],
      ['mode', null, 'debug'],
      ['ports', [80], [80, 22]],
      ['tags.Owner', 'a', null],
      ['value', '{"batch":1000,"x":1}', '{"batch":50,"x":1}'],
      ['rules', null, { port: 22, cidr: '0.0.0.0/0' }],
      ['rules', { port: 22, cidr: '10.0.0.0/8' }, { port: 22, cidr: '0.0.0.0/0' }],
    ];
    for (const [path, before, after] of cases) {
      const [draft] = drafts(changeOf('x', [path, before, after]));
      const side = (value: Value): Value => {
        const [name, key] = path.split('.');
        const held: Value = name === 'rules' ? (value === null ? [] : [value]) : value;
        return { [name as string]: key === undefined ? held : value === null ? {} : { [key]: value } };
      };
      expect(kindOf(draft as Draft, 'x', side(before)), path).toBe('passes');
      expect(kindOf(draft as Draft, 'x', side(after)), path).toBe('violates');
    }
    expect(drafts(changeOf('x', ['value', '{"batch":1000}', '{"batch":50}']))[0]?.terms).toMatchObject({
      path: 'value.batch',
    });
    expect(drafts(changeOf('x', ['tags.Owner', 'a', null]))[0]?.kind).toBe('tag');
  });

  it('of a group opened to everybody forbids that port to everybody, and no other', () => {
    const rule = (port: number, cidr = '0.0.0.0/0') => ({
      ...{ from_port: port, to_port: port, protocol: 'tcp', cidr_blocks: [cidr] },
      ...{ ipv6_cidr_blocks: [], description: '' },
    });
    const [draft] = drafts(changeOf('aws_security_group', ['ingress', null, rule(22)]));
    expect(draft).toMatchObject({ kind: 'combination', title: expect.stringContaining('port 22') });
    const judged = (...rules: Value[]) => kindOf(draft as Draft, 'aws_security_group', { ingress: rules });
    expect(judged(rule(443), rule(22, '10.0.0.0/8'))).toBe('passes');
    expect(judged(rule(443), rule(22))).toBe('violates');
    expect(judged({ ...rule(0), to_port: 65535 })).toBe('violates');
    expect(judged({ ...rule(0), protocol: '-1' })).toBe('violates');
    expect(judged({ ...rule(22), cidr_blocks: [], ipv6_cidr_blocks: ['::/0'] })).toBe('violates');
  });

  it('is not made of secrets, nor of resources that are gone', () => {
    const mask = (digit: string): string => `hmac-sha256:k1:${digit.repeat(64)}`;
    const secret = draftsOf(changeOf('x', ['password', mask('1'), mask('2')]), { margin: 10 });
    expect(secret).toMatchObject({
      drafts: [],
      undrafted: [{ path: 'password', why: expect.stringContaining('secret') }],
    });
    const gone = draftsOf({ ...changeOf('x'), driftKind: 'missing' }, { margin: 10 });
    expect(gone).toMatchObject({ drafts: [], undrafted: [{ why: expect.stringContaining('gone') }] });
  });
});
