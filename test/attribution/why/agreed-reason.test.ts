import { expect, it } from 'vitest';
import { whoResolver } from '../../../src/attribution/who/actor.ts';
import { evidenceOf } from '../../../src/attribution/evidence.ts';
import type { AuditRecord } from '../../../src/attribution/port.ts';
import type { DriftAttribution } from '../../../src/model/attribution.ts';
import { reasonsOf } from '../../../src/scan/attribution.ts';
import { coverage, questionFor } from '../../support/attribution-story.ts';
import { user, write } from '../../support/who-records.ts';
import { NOWHERE } from '../../support/why-questions.ts';

const PIPELINE = { roles: [], subjects: [], users: [], userAgents: [] };

function reasonOf(writes: readonly AuditRecord[]): Pick<DriftAttribution, 'reason' | 'lookedIn'> {
  const who = whoResolver((text) => text, PIPELINE);
  const question = questionFor({
    type: 'aws_instance',
    values: { id: 'i-0123456789abcdef0' },
    kind: 'changed',
    changes: [],
    notBefore: null,
    notAfter: '2026-03-14T06:00:00Z',
  });
  const attribution: DriftAttribution = {
    verdict: 'several',
    actors: writes.map((record) => who(record, [])),
    occurredAt: '2026-03-14T02:03:11Z',
    call: 'ec2:ModifyInstanceAttribute',
    events: writes.map((record) => evidenceOf(record, [])),
    reason: null,
    lookedIn: [],
    missing: [],
    searched: null,
    paths: [],
  };
  return reasonsOf({ writes, sessions: [], coverage: coverage() }, NOWHERE, PIPELINE).drift(attribution, question, []);
}

function call(name: string, ticket: string): AuditRecord {
  const identity = { ...user(name), sessionContext: { sourceIdentity: `${name}.${ticket}` } };
  const userAgent = `APN/1.0 HashiCorp/1.0 Terraform/1.11.4 (+https://www.terraform.io) ${ticket}`;
  return write(identity, { eventID: `write-${name}`, userAgent });
}

it('takes no reason of one caller where several may have done it', () => {
  const { reason, lookedIn } = reasonOf([call('ann', 'CHG-1'), call('bob', 'CHG-2')]);
  expect(reason).toBeNull();
  expect(lookedIn.at(-1)).toBe('each call by itself (they differ)');
});

it('takes the reason of the only caller, however many calls it took', () => {
  expect(reasonOf([call('ann', 'CHG-1')]).reason?.text).toBe('ann.CHG-1');
});
