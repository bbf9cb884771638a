import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Drift } from '../../src/model/drift.ts';
import type { WaiverTerms } from '../../src/model/entry.ts';
import { coverOf, driftOf, waiverStanding, waiversOf } from '../../src/model/waiver.ts';
import { annotationEntry, waiverEntry } from '../support/annotation-samples.ts';
import { change } from '../support/scan-samples.ts';

const NOW = '2026-03-12T00:00:00.000Z';
const ADDRESS = 'module.net["a.b"].aws_lambda_function.worker[0]';

function drift(paths: readonly string[], more: Partial<Drift['resource']> & { kind?: Drift['kind'] } = {}): Drift {
  const { kind = 'changed', ...ref } = more;
  const resource = { address: ADDRESS, type: 'aws_lambda_function', id: 'i', workspace: 'prod', provider: 'p', ...ref };
  return { kind, resource, changes: paths.map((path) => change(path, 1, 2)) };
}

function waivers(...terms: Partial<WaiverTerms>[]) {
  return waiversOf(terms.map((one, i) => waiverEntry(i, one.address ?? ADDRESS, one)));
}

describe('a waiver', () => {
  it('runs from its beginning until its end, which it does not include', () => {
    const [one] = waivers({ from: '2026-03-10T00:00:00.000Z', until: '2026-03-12T00:00:00.000Z' });
    const at = (now: string) => waiverStanding(one as NonNullable<typeof one>, now);
    expect(at('2026-03-09T23:59:59.999Z')).toBe('pending');
    expect(at('2026-03-10T00:00:00.000Z')).toBe('active');
    expect(at('2026-03-11T23:59:59.999Z')).toBe('active');
    expect(at('2026-03-12T00:00:00.000Z')).toBe('expired');
  });

  it('is over where its times cannot be read', () => {
    const [one] = waivers({ until: 'some day' });
    expect(waiverStanding(one as NonNullable<typeof one>, NOW)).toBe('expired');
  });

  it('is revoked by the entry that supersedes it, from then on and not before', () => {
    const waiver = waiverEntry(0, ADDRESS);
    const end = annotationEntry(1, '2026-03-11T00:00:00.000Z', { kind: 'waiver', text: 'over' }, waiver.digest);
    const [one, ...others] = waiversOf([waiver, end]);
    expect(others).toEqual([]);
    expect(one?.revoked).toMatchObject({ index: 1, by: 'kim@example.com', reason: 'over' });
    expect(waiverStanding(one as NonNullable<typeof one>, NOW)).toBe('revoked');
    expect(waiverStanding(one as NonNullable<typeof one>, '2026-03-10T12:00:00.000Z')).toBe('active');
  });
});

describe('what waivers cover', () => {
  it.each([
    ['all of a resource', { address: ADDRESS }, ['timeout', 'tags.Owner'], true],
    ['a glob', { address: 'module.net*.aws_lambda_function.*' }, ['timeout'], true],
    ['an attribute and what lies below', { path: 'tags' }, ['tags.Owner', 'tags["a.b"]'], true],
    ['any index of a list', { path: 'rule[*].priority' }, ['rule[3].priority'], true],
    ['its own workspace', { workspace: 'prod' }, ['timeout'], true],
    ['no other workspace', { workspace: 'test' }, ['timeout'], undefined],
    ['no other resource', { address: 'aws_lambda_function.worker' }, ['timeout'], undefined],
    ['no attribute that is not named', { path: 'timeout' }, ['memory_size'], undefined],
    ['no attribute whose name merely begins so', { path: 'tag' }, ['tags'], undefined],
    ['a part, and says what it leaves', { path: 'timeout' }, ['timeout', 'memory_size'], false],
  ] as const)('%s', (_, terms, paths, complete) => {
    expect(coverOf(drift(paths), waivers(terms), NOW)?.complete).toBe(complete);
  });

  it('is not that a resource is gone, where only an attribute is waived', () => {
    const gone = drift([], { kind: 'missing' });
    expect(coverOf(gone, waivers({ path: 'timeout' }), NOW)).toBeUndefined();
    expect(coverOf(gone, waivers({}), NOW)?.complete).toBe(true);
  });

  it('is what several cover together', () => {
    const cover = coverOf(drift(['timeout', 'tags.Owner']), waivers({ path: 'timeout' }, { path: 'tags' }), NOW);
    expect(cover).toMatchObject({ complete: true, uncovered: [], active: [{ path: 'timeout' }, { path: 'tags' }] });
  });

  it('is nothing for a waiver that has ended; it is told all the same', () => {
    const over = waivers({ until: '2026-03-11T00:00:00.000Z' });
    const cover = coverOf(drift(['timeout']), over, NOW);
    expect(cover).toMatchObject({ complete: false, active: [], expired: [{ index: 0 }], uncovered: ['timeout'] });
  });

  it('names an expired waiver only where no active one covers the same', () => {
    const cover = coverOf(drift(['timeout']), waivers({ until: '2026-03-11T00:00:00.000Z' }, {}), NOW);
    expect(cover).toMatchObject({ complete: true, expired: [] });
  });

  it('grows with every waiver, and is complete exactly where nothing is left', () => {
    const paths = ['timeout', 'memory_size', 'tags.Owner', 'rule[0].port'];
    const terms = fc.array(fc.constantFrom(...paths, 'tags', 'rule', 'other'), { maxLength: 5 });
    fc.assert(
      fc.property(terms, fc.constantFrom(...paths), (covered, added) => {
        const left = (list: readonly string[]) =>
          coverOf(drift(paths), waivers(...list.map((path) => ({ path }))), NOW)?.uncovered ?? paths;
        const [before, after] = [left(covered), left([...covered, added])];
        expect(after.every((path) => before.includes(path))).toBe(true);
        expect(after).not.toContain(added);
        const cover = coverOf(drift(paths), waivers(...covered.map((path) => ({ path }))), NOW);
        expect(cover?.complete ?? false).toBe(before.length === 0);
      }),
    );
  });

  it('is judged for an entry of the ledger as for the drift that it tells of', () => {
    const one = drift(['timeout']);
    const told = driftOf({
      ...{ kind: 'drift', driftKind: 'changed', action: 'update', driftKey: '', fingerprint: '', cause: 'out-of-band' },
      resource: { ...one.resource, id: 'i', workspaceKey: 'name:prod' },
      before: { name: '', digest: { sha256: '' } },
      paths: one.changes,
    });
    expect(coverOf(told, waivers({ path: 'timeout' }), NOW)).toEqual(coverOf(one, waivers({ path: 'timeout' }), NOW));
  });
});
