import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergedPicture } from '../../../src/ledger/query/merged.ts';
import {
  ANNOTATION_PREDICATE,
  type AnnotationPredicate,
  type BetterKnowledge,
  STATEMENT_TYPE,
  type Who,
} from '../../../src/model/entry.ts';
import type { AnnotationEntry, ChangeEntry } from '../../../src/model/picture.ts';
import { LEDGERS } from '../../support/entry-samples.ts';
import { digestOf } from '../../support/scan-samples.ts';

const drift = LEDGERS.week.find((entry): entry is ChangeEntry => entry.kind === 'drift') as ChangeEntry;

function said(
  index: number,
  annotation: Partial<AnnotationPredicate['annotation']> & Pick<AnnotationPredicate['annotation'], 'kind'>,
  supersedes: string | null = null,
): AnnotationEntry {
  const at = '2026-03-15T00:00:00.000Z';
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [],
    predicateType: ANNOTATION_PREDICATE,
    predicate: {
      entryId: `urn:uuid:0195923c-8e6b-7d2a-9c43-${String(index).padStart(12, '0')}`,
      ledger: { origin: 'o' },
      annotation: { about: [drift.digest], text: null, by: 'alice', ...annotation },
      when: { statedAt: at, recordedAt: at },
      evidence: [{ name: `evidence ${index}`, digest: { sha256: digestOf(index) } }],
      detector: { id: 'https://driftbom.dev/detector', version: '0' },
      supersedes,
    },
  } as const;
  return { index, digest: digestOf(5000 + index), kind: annotation.kind, statement };
}

function correction(index: number, better: BetterKnowledge, supersedes: string | null = null): AnnotationEntry {
  return said(index, { kind: 'correction', correction: better, by: `teller-${index}` }, supersedes);
}

function named(name: string): Who {
  const actor = {
    name,
    kind: 'person',
    id: name,
    type: 'IAMUser',
    role: null,
    sourceIdentity: null,
    mfa: null,
    via: 'cli',
    sourceAddress: null,
    userAgent: null,
    lineage: [],
  } as const;
  return { verdict: 'confirmed', actors: [actor], call: null, missing: [], searched: null };
}

const WHY = {
  status: 'stated',
  reason: { text: 'load test', source: 'ticket', trust: 'medium', references: [] },
  lookedIn: [],
} as const;

describe('the merged picture', () => {
  const first = correction(30, {
    who: named('bob'),
    occurredAt: '2026-03-09T01:00:00Z',
    occurredAtSource: 'cloudtrail.eventTime',
  });
  const second = correction(31, { who: named('carol') });
  const third = correction(32, { why: WHY });

  it('takes each part from the newest correction, in whatever order they are given', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([first, second, third], { minLength: 3 }), (shuffled) => {
        const { entry, origins } = mergedPicture(drift, shuffled);
        const { who, when, why } = entry.statement.predicate;
        expect(who.actors.map(({ name }) => name)).toEqual(['carol']);
        expect(when.occurredAt).toBe('2026-03-09T01:00:00Z');
        expect(when.notAfter).toBe(drift.statement.predicate.when.notAfter);
        expect(why.reason?.text).toBe('load test');
        expect([origins.who?.index, origins.occurredAt?.index, origins.why?.index]).toEqual([31, 30, 32]);
        expect(origins.who?.by).toBe('teller-31');
      }),
    );
  });

  it('leaves what is signed as it is, and adds the evidence of corrections', () => {
    const { entry, signed } = mergedPicture(drift, [first, second]);
    expect(signed).toBe(drift);
    expect(drift.statement.predicate.who.actors).toEqual([]);
    expect(entry.statement.predicate.evidence.map(({ name }) => name)).toEqual(['evidence 30', 'evidence 31']);
  });

  it('leaves out what a later annotation took the place of, and keeps it countable', () => {
    const better = correction(40, { who: named('dave') }, second.digest);
    const { entry, said: kept, superseded } = mergedPicture(drift, [first, better, second]);
    expect(entry.statement.predicate.who.actors[0]?.name).toBe('dave');
    expect(kept.map(({ index }) => index)).toEqual([30, 40]);
    expect(superseded.map(({ index }) => index)).toEqual([31]);
  });

  it('falls back to the older correction where the newer one was taken back', () => {
    const back = said(41, { kind: 'note', text: 'wrong account', about: [] }, second.digest);
    const { entry, said: kept } = mergedPicture(drift, [second, back, first]);
    expect(entry.statement.predicate.who.actors[0]?.name).toBe('bob');
    expect(kept.map(({ index }) => index)).toEqual([30]);
  });

  it('replaces the answer of one attribute alone', () => {
    const path = drift.statement.predicate.change.paths[0]?.path as string;
    const answer = { path, verdict: 'likely', actors: ['erin'], occurredAt: null, events: ['e1'] } as const;
    const { entry, origins } = mergedPicture(drift, [correction(50, { paths: [answer] })]);
    const [changed, ...others] = entry.statement.predicate.change.paths;
    expect(changed?.who).toEqual({ verdict: 'likely', actors: ['erin'], occurredAt: null, events: ['e1'] });
    expect(others.every(({ who }) => who === undefined)).toBe(true);
    expect(origins.paths.get(path)?.index).toBe(50);
    expect(origins.who).toBeUndefined();
  });

  it('lists approvals, notes and waivers in log order and changes nothing by them', () => {
    const list = [said(62, { kind: 'note' }), said(60, { kind: 'approval' }), said(61, { kind: 'waiver' })];
    const { entry, said: kept } = mergedPicture(drift, list);
    expect(kept.map(({ index, kind }) => `${index} ${kind}`)).toEqual(['60 approval', '61 waiver', '62 note']);
    expect(entry).toEqual(drift);
  });

  it('passes over annotations of other entries and those that are older than the entry', () => {
    const foreign = said(70, { kind: 'note', about: [digestOf(1)] });
    const early = { ...said(71, { kind: 'note' }), index: drift.index - 1 };
    expect(mergedPicture(drift, [foreign, early]).said).toEqual([]);
  });
});
