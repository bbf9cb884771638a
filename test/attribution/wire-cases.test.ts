import { describe, expect, it } from 'vitest';
import { type AttributedDrift, attribute } from '../../src/attribution/attribute.ts';
import type { AuditRecord } from '../../src/attribution/port.ts';
import type { DriftQuestion } from '../../src/attribution/question.ts';
import { whoResolver } from '../../src/attribution/who/actor.ts';
import { coverage, questionFor, REGION, redact } from '../support/attribution-story.ts';
import { changesOf, WIRE_CASES, type WireCase } from '../support/wire-cases.ts';
import { user, write } from '../support/who-records.ts';

const GLOBAL = new Set(['iam', 'route53', 'cloudfront']);

function recordFor({ call: [source, eventName], request, response, name }: WireCase, more: object = {}): AuditRecord {
  return write(user(name), {
    eventID: `event of ${name}`,
    eventName,
    eventSource: `${source}.amazonaws.com`,
    awsRegion: GLOBAL.has(source) ? 'us-east-1' : REGION,
    recipientAccountId: '111122223333',
    requestParameters: request,
    responseElements: response ?? null,
    ...more,
  });
}

function questionOf(one: WireCase): DriftQuestion {
  return questionFor({
    type: one.type,
    values: one.values,
    kind: one.change === 'missing' ? 'missing' : 'changed',
    changes: changesOf(one),
    account: '111122223333',
    region: REGION,
    notBefore: '2026-03-14T00:00:00Z',
    notAfter: '2026-03-14T06:00:00Z',
  });
}

function ask(questions: readonly DriftQuestion[], writes: readonly AuditRecord[]): readonly AttributedDrift[] {
  return attribute(questions, { writes, sessions: [], coverage: coverage() }, { redact, who: whoResolver(redact) });
}

describe('calls in the shapes of their services', () => {
  for (const one of WIRE_CASES) {
    it(`explain ${one.name} (${one.call[1]})`, () => {
      const [drift] = ask([questionOf(one)], [recordFor(one)]);
      expect(drift?.attribution).toMatchObject({ verdict: one.verdict ?? 'confirmed', actors: [{ name: one.name }] });
    });
  }

  it('explain each its own change and no other, all asked at once', () => {
    const records = WIRE_CASES.map((one) => recordFor(one));
    const drifts = ask(WIRE_CASES.map(questionOf), records);
    const wrong = WIRE_CASES.flatMap((one, i) => {
      const names = drifts[i]?.attribution.actors.map((actor) => actor.name) ?? [];
      return names.length === 1 && names[0] === one.name
        ? []
        : [
            {
              asked: one.name,
              named: names,
              verdict: drifts[i]?.attribution.verdict,
              missing: drifts[i]?.attribution.missing,
            },
          ];
    });
    expect(wrong).toEqual([]);
  });

  it('name nobody where the one call that did it is taken away', () => {
    const wrong = WIRE_CASES.flatMap((one) => {
      const others = WIRE_CASES.filter((other) => other !== one && other.vague !== true).map((other) =>
        recordFor(other),
      );
      const [drift] = ask([questionOf(one)], others);
      const names = drift?.attribution.actors.map((actor) => actor.name) ?? [];
      return names.length === 0 ? [] : [{ asked: one.name, named: names, verdict: drift?.attribution.verdict }];
    });
    expect(wrong).toEqual([]);
  });

  it('explain nothing where they failed', () => {
    const records = WIRE_CASES.map((one) => recordFor(one, { errorCode: 'AccessDenied' }));
    for (const { attribution, considered } of ask(WIRE_CASES.map(questionOf), records)) {
      expect(attribution.actors).toEqual([]);
      expect(considered.filter((event) => event.why !== 'failed call')).toEqual([]);
    }
  });
});
