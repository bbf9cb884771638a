import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute } from '../../src/attribution/attribute.ts';
import type { AuditRecord } from '../../src/attribution/port.ts';
import { whoResolver } from '../../src/attribution/who/actor.ts';
import { answered, answerFor, judged, questionFor, redact, type Story, stories } from '../support/attribution-story.ts';
import { recordOf, user, write } from '../support/who-records.ts';

const STORIES = stories();
const NAMING = ['confirmed', 'likely', 'several', 'service', 'by-iac'];
const byName = (name: string): Story => {
  const found = STORIES.find((story) => story.name === name);
  if (found === undefined) throw new Error(`no story ${name}`);
  return found;
};
const anyStory = fc.constantFrom(...STORIES);

describe('answers of attribution', () => {
  it('do not depend on the order of the records', () => {
    fc.assert(
      fc.property(
        anyStory.chain((story) =>
          fc.tuple(fc.constant(story), fc.shuffledSubarray([...story.records], { minLength: story.records.length })),
        ),
        ([story, records]) => {
          expect(judged(answered(story, records.map(recordOf)))).toEqual(judged(answered(story)));
        },
      ),
    );
  });

  it('do not depend on how often a record is delivered', () => {
    fc.assert(
      fc.property(anyStory, fc.array(fc.nat(), { maxLength: 6 }), (story, again) => {
        const records = story.records.map(recordOf);
        const more = records.length === 0 ? [] : again.map((n) => records[n % records.length] as AuditRecord);
        expect(judged(answered(story, [...more, ...records]))).toEqual(judged(answered(story)));
      }),
    );
  });

  it('do not change with 10,000 records on other resources', () => {
    const noise = Array.from({ length: 10_000 }, (_, i) =>
      write(user(`noise${i % 50}`), {
        eventID: `noise-${i}`,
        eventName: i % 2 === 0 ? 'AuthorizeSecurityGroupIngress' : 'UpdateTable',
        eventSource: i % 2 === 0 ? 'ec2.amazonaws.com' : 'dynamodb.amazonaws.com',
        eventTime: `2026-03-14T0${i % 6}:00:00Z`,
        requestParameters:
          i % 2 === 0
            ? {
                groupId: `sg-${String(i).padStart(17, '0')}`,
                cidrIp: '0.0.0.0/0',
                fromPort: 22,
                toPort: 22,
                ipProtocol: 'tcp',
              }
            : { tableName: `other-${i}`, deletionProtectionEnabled: false },
      }),
    );
    for (const name of ['01-same-user-same-key-seconds-apart', '02b-only-a-failed-call', '25-one-name-in-two-places']) {
      const story = byName(name);
      expect(judged(answered(story, [...noise, ...story.records.map(recordOf)]))).toEqual(judged(answered(story)));
    }
  });

  it('do not change with 10,000 failed calls that hold the very value', () => {
    const story = byName('01-same-user-same-key-seconds-apart');
    const failed = Array.from({ length: 10_000 }, (_, i) =>
      recordOf({
        ...(story.records[1] ?? {}),
        eventID: `failed-${i}`,
        userIdentity: user(`noise${i}`),
        errorCode: 'Client.UnauthorizedOperation',
      }),
    );
    expect(judged(answered(story, [...failed, ...story.records.map(recordOf)]))).toEqual(judged(answered(story)));
  });

  it('name nobody when the culprit’s call lies before the window, or after it', () => {
    for (const story of STORIES.filter((one) => one.question.notBefore !== null)) {
      for (const eventTime of ['2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z', '']) {
        const { attribution } = answered(
          story,
          story.records.map((record) => recordOf({ ...record, eventTime })),
        );
        expect(NAMING, story.name).not.toContain(attribution.verdict);
        expect(attribution.actors, story.name).toEqual([]);
      }
    }
  });

  it('never name who made a call that failed, or a read', () => {
    for (const story of STORIES) {
      for (const more of [{ errorCode: 'AccessDenied' }, { eventName: 'DescribeSecurityGroups', readOnly: true }]) {
        const { attribution } = answered(
          story,
          story.records.map((record) => recordOf({ ...record, ...more })),
        );
        expect(attribution.actors, story.name).toEqual([]);
      }
    }
  });

  it('name nobody whose calls changed nothing: without the evidence of an answer, its actors are gone from it', () => {
    for (const story of STORIES) {
      const { attribution } = answered(story);
      const evidence = new Set(attribution.events.map((event) => event.eventId));
      const copies = new Set(
        story.records
          .filter((one) => evidence.has(String(one.eventID)))
          .flatMap((one) => (typeof one.sharedEventID === 'string' ? [one.sharedEventID] : [])),
      );
      const rest = story.records.filter(
        (one) => !evidence.has(String(one.eventID)) && !copies.has(String(one.sharedEventID)),
      );
      expect(answered(story, rest.map(recordOf)).attribution.actors, story.name).toEqual([]);
    }
  });

  it('are the same for a question alone and among all others', () => {
    const alone = STORIES.filter(
      (story) => story.sessions === undefined && story.coverage === undefined && story.pipeline === undefined,
    );
    const writes = alone.map((story) => story.records.map(recordOf));
    alone.forEach((story, i) => {
      const drifts = attribute(
        alone.map((one) => questionFor(one.question)),
        { ...answerFor(story), writes: writes[i] ?? [] },
        { redact, who: whoResolver(redact) },
      );
      const own = drifts[i];
      expect(own === undefined ? undefined : judged(own), story.name).toEqual(judged(answered(story)));
    });
  });

  it('survive records of any shape', () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(
        anyStory,
        fc.array(
          fc.record({
            requestParameters: json,
            responseElements: json,
            resources: json,
            userIdentity: json,
            errorCode: json,
          }),
          { maxLength: 4 },
        ),
        (story, odd) => {
          const records = odd.map((one, i) =>
            recordOf({ ...(story.records[0] ?? {}), eventID: `odd-${i}`, ...(one as object) }),
          );
          expect(() => answered(story, [...records, ...story.records.map(recordOf)])).not.toThrow();
        },
      ),
    );
  });

  it('hold a secret against the log without showing it', () => {
    const secret = 'hunter2-hunter2';
    const story = byName('09b-environment-left-out');
    const change = {
      path: 'description',
      op: 'replace',
      before: redact('old one'),
      after: redact(secret),
      sensitive: true,
      cause: 'out-of-band',
      class: 'declared',
    } as const;
    const question = questionFor({ ...story.question, changes: [change] });
    const record = recordOf({
      ...(story.records[0] ?? {}),
      requestParameters: { functionName: 'orders-checkout', description: secret },
    });
    const { attribution } = answered(story, [record], question);
    expect(attribution).toMatchObject({ verdict: 'confirmed', actors: [{ name: 'alice' }] });
    expect(JSON.stringify(attribution)).not.toContain(secret);
    const other = recordOf({
      ...record.json,
      requestParameters: { functionName: 'orders-checkout', description: 'another one' },
    });
    expect(answered(story, [other], question).attribution.verdict).toBe('touched');
  });
});
