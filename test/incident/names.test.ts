import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ATTRIBUTION_MODES,
  type AttributionMode,
  masksFor,
  namedActor,
  type Naming,
} from '../../src/incident/names.ts';
import type { Actor } from '../../src/model/attribution.ts';

const naming = (mode: AttributionMode, key = 'k'): Naming => ({
  mode,
  teams: new Map([['Ops', 'platform']]),
  digest: (name) => createHmac('sha256', key).update(name).digest('hex'),
});
const ALICE: Actor = {
  name: 'Alice A.',
  kind: 'person',
  id: 'arn:aws:sts::111122223333:assumed-role/Ops/alice-session',
  type: 'AssumedRole',
  role: 'arn:aws:iam::111122223333:role/Ops',
  sourceIdentity: 'alice@example.com',
  mfa: null,
  via: 'console',
  sourceAddress: null,
  userAgent: null,
  lineage: [
    {
      eventId: 'e',
      eventName: 'AssumeRole',
      eventTime: '2025-01-01T00:00:00Z',
      principal: 'arn:aws:iam::111122223333:user/dev/alice.a',
    },
  ],
};
const TEXT =
  'Alice A. (alice@example.com, arn:aws:sts::111122223333:assumed-role/Ops/alice-session, arn:aws:iam::111122223333:user/dev/alice.a) told bob@example.org and arn:aws:iam::111122223333:user/carol from 192.0.2.7';

describe('names of people', () => {
  it.each(ATTRIBUTION_MODES.filter((mode) => mode !== 'full'))(
    'leave every text in the mode %s, whatever form they have',
    (mode) => {
      const masks = masksFor([ALICE], [], naming(mode));
      expect(masks.prose(TEXT)).not.toMatch(/alice|bob@|carol|192\.0\.2\.7/i);
      expect(namedActor(ALICE, naming(mode)).name).not.toMatch(/alice/i);
    },
  );

  it('are a role, a team, a stable pseudonym or withheld', () => {
    const named = (mode: AttributionMode, key?: string): string => namedActor(ALICE, naming(mode, key)).name;
    expect([named('role'), named('team'), named('none')]).toEqual(['Ops role', 'platform', '(name withheld)']);
    expect(named('pseudonym')).toMatch(/^person-[0-9a-f]{8}$/);
    expect(named('pseudonym')).toBe(named('pseudonym'));
    expect(named('pseudonym')).not.toBe(named('pseudonym', 'another key'));
  });

  it('stay as they are in the mode full', () => {
    expect(masksFor([ALICE], [], naming('full')).prose(TEXT)).toBe(TEXT);
    expect(namedActor(ALICE, naming('full'))).toEqual(ALICE);
  });

  it('are not looked for inside words, and leave networks and roles alone', () => {
    const masks = masksFor([{ ...ALICE, name: 'ann', sourceIdentity: null, lineage: [] }], [], naming('role'));
    expect(masks.prose('planned by ann in 10.0.0.0/16, arn:aws:iam::111122223333:role/Ops')).toBe(
      'planned by Ops role in 10.0.0.0/16, arn:aws:iam::111122223333:role/Ops',
    );
  });

  it('leave services and pipelines as they are, for these are no people', () => {
    const service: Actor = { ...ALICE, kind: 'service', name: 'autoscaling.amazonaws.com', role: null, lineage: [] };
    expect(namedActor(service, naming('none')).name).toBe('autoscaling.amazonaws.com');
  });

  it('of any spelling are taken literally, never as a pattern', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3 }), (name) => {
        const masked = masksFor([], [name], naming('none')).names(`<${name}>`);
        if (name.trim() === name && /^[\p{L}\p{N}].*[\p{L}\p{N}]$/u.test(name))
          expect(masked).toBe('<(name withheld)>');
      }),
    );
  });
});
