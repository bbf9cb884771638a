import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Value, type ValueMap, UNKNOWN } from '../../src/model/value.ts';
import { attribute, block, changesOf, compare, schemaOf } from '../support/compare.ts';

describe('a secret that changed', () => {
  const schema = schemaOf({ password: attribute('string', '?*'), name: attribute('string') });

  it('shows as a change of masks', () => {
    const comparison = compare({
      prior: { password: 'old-hunter2', name: 'n' },
      live: { password: 'new-hunter2', name: 'n' },
      schema,
    });
    const [change] = changesOf(comparison);
    expect(change).toMatchObject({ path: 'password', op: 'replace', sensitive: true });
    expect(change?.before).toMatch(/^hmac-sha256:/);
    expect(change?.after).not.toBe(change?.before);
    expect(JSON.stringify(comparison)).not.toContain('hunter2');
  });

  it('does not make a plain change beside it sensitive', () => {
    const comparison = compare({
      prior: { password: 'p-hunter2', name: 'a' },
      live: { password: 'p-hunter2', name: 'b' },
      schema,
    });
    expect(changesOf(comparison)).toMatchObject([{ path: 'name', before: 'a', after: 'b', sensitive: false }]);
    const { declared, live } = comparison.documents as { declared: ValueMap; live: ValueMap };
    expect(declared).toMatchObject({ name: 'a', password: expect.stringMatching(/^hmac/) });
    expect(live.password).toBe(declared.password);
  });

  it('inside a set element, a block and a JSON text is hidden there', () => {
    const nested = schemaOf(
      { definitions: attribute('string') },
      { user: block('set', { name: attribute('string'), secret_word: attribute('string', '?*') }) },
    );
    const json = (password: string) => JSON.stringify([{ environment: [{ name: 'DB_PASSWORD', value: password }] }]);
    const comparison = compare({
      schema: nested,
      prior: { user: [{ name: 'a', secret_word: 'sesame-1' }], definitions: json('sesame-2') },
      live: {
        user: [
          { name: 'a', secret_word: 'sesame-3' },
          { name: 'b', secret_word: 'sesame-4' },
        ],
        definitions: json('sesame-5'),
      },
    });
    const shown = changesOf(comparison).map((change) => `${change.path} ${change.op} ${change.sensitive}`);
    expect(shown).toEqual(['definitions replace true', 'user remove true', 'user add true', 'user add true']);
    expect(JSON.stringify(comparison)).not.toContain('sesame');
  });

  it('is hidden wherever else its text stands', () => {
    const comparison = compare({
      prior: { tags: { Pin: 'sesame-42' }, tags_all: { Pin: 'sesame-42' }, description: 'uses sesame-42', name: 'a' },
      live: { tags: { Pin: 'sesame-42' }, tags_all: { Pin: 'sesame-42' }, description: 'uses sesame-42!', name: 'b' },
      sensitive: [['tags', 'Pin']],
    });
    expect(changesOf(comparison)).toHaveLength(2);
    expect(JSON.stringify(comparison)).not.toContain('sesame');
  });

  it('in the configuration is hidden, too', () => {
    const comparison = compare({
      prior: { password: 'sesame-1' },
      live: { password: 'sesame-1' },
      config: { password: 'sesame-2' },
      schema,
    });
    expect(changesOf(comparison)).toMatchObject([{ cause: 'unapplied', sensitive: true }]);
    expect(JSON.stringify(comparison)).not.toContain('sesame');
  });
});

const leaf: fc.Arbitrary<Value> = fc.oneof(fc.string({ maxLength: 6 }), fc.integer(), fc.boolean(), fc.constant(null));
const tree: fc.Arbitrary<Value> = fc.letrec<{ node: Value }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    leaf,
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), tie('node'), { maxKeys: 3 }),
  ),
})).node;

describe('whatever the values are', () => {
  it('a marked secret stands in nothing that leaves the comparison', () => {
    const secret = 'S3CR3T-MARK-0042';
    fc.assert(
      fc.property(tree, tree, fc.boolean(), (around, other, wrapped) => {
        const hidden: Value = wrapped ? [{ deep: `x ${secret} y` }] : `${secret}`;
        const prior: ValueMap = {
          marked: hidden,
          around,
          note: `has ${secret} inside`,
          json: JSON.stringify({ a: [secret] }),
        };
        const live: ValueMap = {
          marked: 'other',
          around: other,
          note: `still ${secret}`,
          json: JSON.stringify({ a: [secret, 1] }),
        };
        const whole = compare({ prior, live, sensitive: [['marked']] });
        const text = JSON.stringify(whole, (_, value) => (value === UNKNOWN ? 'unknown' : value));
        expect(text.includes(wrapped ? `x ${secret} y` : secret)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
