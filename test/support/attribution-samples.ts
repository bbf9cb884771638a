import type { Actor, Attribution, Searched, Verdict } from '../../src/model/attribution.ts';

export const SEARCHED: Searched = {
  from: '2026-11-01T00:00:00Z',
  to: '2026-11-02T03:00:00Z',
  regions: ['eu-central-1', 'us-east-1'],
  horizon: '2026-11-02T02:55:00Z',
  gaps: [],
};

function actorNamed(name: string): Actor {
  return {
    name,
    kind: 'person',
    id: `arn:aws:sts::111122223333:assumed-role/Ops/${name}`,
    type: 'AssumedRole',
    role: 'arn:aws:iam::111122223333:role/Ops',
    sourceIdentity: null,
    mfa: true,
    via: 'console',
    sourceAddress: null,
    userAgent: null,
    lineage: [],
  };
}

/** An answer with one event for each actor. */
export function attributionOf(verdict: Verdict, names: readonly string[]): Attribution {
  return {
    verdict,
    actors: names.map(actorNamed),
    occurredAt: names.length === 0 ? null : '2026-11-02T02:14:07Z',
    call: names.length === 0 ? null : 'lambda:UpdateFunctionConfiguration',
    events: names.map((name) => ({
      eventId: `event-${name}`,
      eventName: 'UpdateFunctionConfiguration20150331v2',
      eventSource: 'lambda.amazonaws.com',
      eventTime: '2026-11-02T02:14:07Z',
      region: 'eu-central-1',
      account: '111122223333',
      sha256: 'e'.repeat(64),
      file: 'trail/one.json.gz',
      index: 4,
      digestChain: 'verified',
      matched: ['requestParameters.functionName', 'requestParameters.timeout'],
    })),
    reason: names.length === 0 ? null : { text: 'OPS-1', source: 'role session name', trust: 'low', references: [] },
    lookedIn: ['role session name', 'session tags'],
    missing: [],
    searched: SEARCHED,
  };
}
