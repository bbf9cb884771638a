import { describe, expect, it } from 'vitest';
import { missingResource } from '../../src/compare/compare.ts';
import { ignorePathFault, type IgnoreRule } from '../../src/compare/ignore.ts';
import { DriftbomError } from '../../src/model/error.ts';
import { compare, contextOf, declare, type Question } from '../support/compare.ts';

const question: Question = {
  prior: { size: 1, tags: { Owner: 'a', Deploy: '1' }, rule: [{ priority: 1, name: 'r' }] },
  live: { size: 2, tags: { Owner: 'b', Deploy: '2' }, rule: [{ priority: 2, name: 'r' }] },
};
const paths = (more: Partial<Question>) => {
  const comparison = compare({ ...question, ...more });
  return {
    kept: (comparison.drift?.changes ?? []).map((change) => change.path).sort(),
    ignored: comparison.ignored.map((one) => one.path).sort(),
  };
};
const rule = (one: Partial<IgnoreRule>): IgnoreRule => ({ reason: 'agreed', ...one });
const ALL = ['rule[0].priority', 'size', 'tags.Deploy', 'tags.Owner'];

describe('lifecycle.ignore_changes', () => {
  it('sets aside exactly what it names, and keeps it on record', () => {
    expect(paths({ ignoreChanges: [['tags', 'Owner']] })).toEqual({
      kept: ['rule[0].priority', 'size', 'tags.Deploy'],
      ignored: ['tags.Owner'],
    });
    expect(paths({ ignoreChanges: [['tags'], ['rule', 0]] })).toEqual({
      kept: ['size'],
      ignored: ['rule[0].priority', 'tags.Deploy', 'tags.Owner'],
    });
    expect(paths({ ignoreChanges: [['tags_all', 'Owner']] }).ignored).toEqual(['tags.Owner']);
  });

  it('sets aside everything where it says all', () => {
    const comparison = compare({ ...question, ignoreChanges: 'all' });
    expect(comparison.drift).toBeUndefined();
    expect(comparison.ignored).toHaveLength(4);
    expect(comparison.ignored[0]).toMatchObject({ address: 'test_thing.main', rule: 'lifecycle.ignore_changes' });
  });

  it('does not reach what only begins alike', () => {
    expect(paths({ ignoreChanges: [['siz'], ['tags', 'Own'], ['rule', 1]] }).kept).toEqual(ALL);
  });
});

describe('an ignore rule', () => {
  it.each([
    [{ path: 'tags' }, ['tags.Deploy', 'tags.Owner']],
    [{ path: 'tags.Owner' }, ['tags.Owner']],
    [{ path: 'tags.*' }, ['tags.Deploy', 'tags.Owner']],
    [{ path: 'tags.Dep*' }, ['tags.Deploy']],
    [{ path: 'tags["Owner"]' }, ['tags.Owner']],
    [{ path: 'rule[*].priority' }, ['rule[0].priority']],
    [{ path: 'rule[0]' }, ['rule[0].priority']],
    [{ path: 'rule[1]' }, []],
    [{ path: 'rule' }, ['rule[0].priority']],
    [{ path: '*' }, ALL],
    [{ type: 'test_*' }, ALL],
    [{ type: 'other_*' }, []],
    [{ address: 'test_thing.m??n', path: 'size' }, ['size']],
    [{ address: 'test_thing.other' }, []],
    [{ workspace: 'def*', path: 'size' }, ['size']],
    [{ workspace: 'prod', path: 'size' }, []],
    [{ path: 'size', until: '2026-01-01' }, ['size']],
    [{ path: 'size', until: '2025-12-31' }, []],
  ] as [Partial<IgnoreRule>, string[]][])('%j covers %j', (one, covered) => {
    const { kept, ignored } = paths({ ignore: [rule(one)], today: '2026-01-01' });
    expect(ignored).toEqual(covered);
    expect(kept).toEqual(ALL.filter((path) => !covered.includes(path)));
  });

  it('that has run out says so', () => {
    const { explanations } = compare({ ...question, ignore: [rule({ path: 'size', until: '2025-12-31' })] });
    expect(explanations).toContainEqual(
      expect.objectContaining({ path: 'size', detail: 'the rule ended on 2025-12-31' }),
    );
  });

  it('does not cover a protection unless it says so', () => {
    const guarded: Question = { prior: { deletion_protection: true }, live: { deletion_protection: false } };
    expect(compare({ ...guarded, ignore: [rule({ type: '*' })] }).drift).toBeDefined();
    expect(compare({ ...guarded, ignore: [rule({ type: '*', guarded: true })] }).drift).toBeUndefined();
  });

  it('with a path that is none is an error that says how to write it', () => {
    expect(() => compare({ ...question, ignore: [rule({ path: 'tags..' })] })).toThrow(DriftbomError);
    expect(ignorePathFault('tags..')).toContain('no attribute path');
    expect(ignorePathFault('a.b[*]["c d"].e*')).toBeUndefined();
  });
});

describe('a resource that is gone', () => {
  const prior = { id: 'x', name: 'n', password: 'hunter2-hunter2' };
  const gone = (ignore: IgnoreRule[] = [], type = 'test_thing', attributes: object = prior) => {
    const resource = declare({ type, prior: attributes as never });
    return missingResource(resource, undefined, contextOf({ ignore }, [resource]));
  };

  it('is told with what was declared, masked', () => {
    const comparison = gone();
    expect(comparison.drift).toMatchObject({ kind: 'missing', changes: [] });
    expect(comparison.documents).toMatchObject({ declared: { name: 'n' }, live: null });
    expect(JSON.stringify(comparison)).not.toContain('hunter2');
  });

  it('is covered only by a rule that says missing', () => {
    expect(gone([rule({ type: '*' }), rule({ path: 'name' })]).drift).toBeDefined();
    const covered = gone([rule({ type: '*', missing: true })]);
    expect(covered.drift).toBeUndefined();
    expect(covered.ignored).toMatchObject([{ path: '', reason: 'agreed' }]);
    expect(gone([rule({ type: '*', missing: true, until: '2020-01-01' })]).drift).toBeDefined();
  });

  it('is nothing where all that it declared is off', () => {
    const off = {
      bucket: 'b',
      block_public_acls: false,
      block_public_policy: false,
      ignore_public_acls: false,
      restrict_public_buckets: false,
    };
    expect(gone([], 'aws_s3_bucket_public_access_block', off).drift).toBeUndefined();
    expect(gone([], 'aws_s3_bucket_public_access_block', { ...off, block_public_acls: true }).drift).toBeDefined();
  });
});
