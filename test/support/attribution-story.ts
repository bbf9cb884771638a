import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AttributedDrift, attribute } from '../../src/attribution/attribute.ts';
import type { AuditAnswer, AuditCoverage, AuditRecord, JsonMap } from '../../src/attribution/port.ts';
import { type DriftQuestion, questionOf } from '../../src/attribution/question.ts';
import { whoResolver } from '../../src/attribution/who/actor.ts';
import type { PipelineIdentities } from '../../src/attribution/who/pipeline.ts';
import type { Change, DriftKind } from '../../src/model/drift.ts';
import type { Value, ValueMap } from '../../src/model/value.ts';
import { recordOf } from './who-records.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/cases-attribution/', import.meta.url));
export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';

interface StoryQuestion {
  readonly type: string;
  readonly values: ValueMap;
  readonly kind: DriftKind;
  readonly changes: readonly Change[];
  readonly account?: string;
  readonly region?: string;
  readonly notBefore: string | null;
  readonly notAfter: string;
}

/** A drift, the records of a log, and who did it: fixtures/cases-attribution. */
export interface Story {
  readonly name: string;
  readonly says: string;
  readonly origin: string;
  /** Number in the list of hardest cases. */
  readonly case?: number;
  readonly question: StoryQuestion;
  readonly coverage?: Partial<AuditCoverage>;
  readonly pipeline?: PipelineIdentities;
  readonly records: readonly JsonMap[];
  readonly sessions?: readonly JsonMap[];
  readonly expected: {
    readonly verdict: string;
    readonly actors: readonly string[];
    readonly call: string | null;
    readonly events: readonly string[];
    readonly missing?: readonly string[];
    readonly considered?: { readonly [eventId: string]: string };
  };
  readonly also?: { readonly via?: string };
}

export function stories(): readonly Story[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({
      ...(JSON.parse(readFileSync(FOLDER + name, 'utf8')) as Story),
      name: name.replace(/\.json$/, ''),
    }));
}

/** The mask of a secret, as the stories' values are masked. */
export function redact(value: Value): string {
  return `hmac-sha256:5704:${createHash('sha256')
    .update(`story${JSON.stringify(value)}`)
    .digest('hex')}`;
}

/** A coverage without gaps of 13 and 14 March 2026. */
export function coverage(more: Partial<AuditCoverage> = {}): AuditCoverage {
  const newest = '2026-03-14T07:00:00Z';
  return {
    source: 'trail',
    window: { from: null, to: newest },
    horizons: [REGION, 'us-east-1'].map((region) => ({ account: ACCOUNT, region, newest })),
    oldest: '2026-03-13T00:00:00Z',
    gaps: [],
    silences: [],
    files: 1,
    records: 1,
    unrelated: 0,
    folded: { duplicates: 0, shared: 0, superseded: 0 },
    digestChain: 'not-verified',
    ...more,
  };
}

/** The question that a resource's drift puts, as a scan would. */
export function questionFor(question: StoryQuestion): DriftQuestion {
  const { type, values, kind, changes, notBefore, notAfter, account, region } = question;
  const id = typeof values.id === 'string' ? values.id : undefined;
  const ref = { address: `${type}.it`, type, id, workspace: 'w', provider: 'aws' };
  const state = { attributes: values, schemaVersion: 0, private: undefined, sensitive: [], tainted: false };
  const resource = { ref, providerKey: 'aws', state, config: undefined };
  return questionOf({ kind, resource: ref, changes }, resource, undefined, { notBefore, notAfter, account, region });
}

export function answerFor(story: Story): AuditAnswer {
  return {
    writes: story.records.map(recordOf),
    sessions: (story.sessions ?? []).map(recordOf),
    coverage: coverage(story.coverage),
  };
}

/** Answers a story, or the same question over other records. */
export function answered(story: Story, writes?: readonly AuditRecord[], question?: DriftQuestion): AttributedDrift {
  const answer = answerFor(story);
  const [drift] = attribute(
    [question ?? questionFor(story.question)],
    { ...answer, ...(writes === undefined ? {} : { writes }) },
    { redact, who: whoResolver((text) => redact(text)), pipeline: story.pipeline },
  );
  if (drift === undefined) throw new Error(`no answer for ${story.name}`);
  return drift;
}

/** What a story is judged by. */
export function judged({ attribution }: AttributedDrift): object {
  const { verdict, actors, call, events, occurredAt, missing } = attribution;
  return {
    verdict,
    actors: actors.map((actor) => actor.name),
    call,
    events: events.map((event) => event.eventId),
    occurredAt,
    missing,
  };
}
