import { describe, expect, it } from 'vitest';
import { readEvents } from '../../src/incident/event/read.ts';
import { rolloutsOf, stageText } from '../../src/incident/event/rollout.ts';

const one = (row: object) => readEvents(JSON.stringify(row), 'events.ndjson')[0];
const AT = Date.UTC(2025, 2, 5, 14, 20);

describe('rows of rollouts and changes', () => {
  it.each([
    [
      {
        'detail-type': 'CodeDeploy Deployment State-change Notification',
        time: '2025-03-05T14:20:00Z',
        detail: { application: 'shop', deploymentGroup: 'g', deploymentId: 'd-1', state: 'SUCCESS' },
      },
      { system: 'CodeDeploy', id: 'd-1', kind: 'deploy', stage: 'completed', services: ['shop'] },
    ],
    [
      {
        ApplicationName: 'shop',
        ConfigurationName: 'limits',
        DeploymentNumber: 3,
        EventLog: [
          { EventType: 'ROLLBACK_STARTED', TriggeredBy: 'CLOUDWATCH_ALARM', OccurredAt: '2025-03-05T14:20:00Z' },
        ],
      },
      {
        system: 'AppConfig',
        id: 'shop/limits/3',
        kind: 'config',
        stage: 'rolled-back',
        triggeredBy: 'CLOUDWATCH_ALARM',
      },
    ],
    [
      {
        kind: 'Event',
        reason: 'RolloutAborted',
        message: 'aborted at 20%',
        eventTime: '2025-03-05T14:20:00.000000Z',
        involvedObject: { kind: 'Rollout', name: 'shop', namespace: 'prod' },
      },
      { system: 'Argo Rollouts', kind: 'deploy', stage: 'rolled-back', percent: 20, services: ['shop'] },
    ],
    [
      {
        _id: 'x',
        date: AT,
        kind: 'flag',
        name: 'new-checkout',
        titleVerb: 'turned on the flag',
        comment: 'launch',
        member: { email: 'pat@example.com' },
      },
      { system: 'LaunchDarkly', kind: 'flag', by: 'pat@example.com', resource: 'new-checkout' },
    ],
    [
      {
        payload: { summary: 'shop 2 deployed', timestamp: '2025-03-05T14:20:00Z', source: 'ci' },
        routing_key: 'R0UT1NG',
      },
      { system: 'PagerDuty change', kind: 'deploy', services: ['ci'] },
    ],
    [
      {
        data: {
          id: 'p',
          attributes: {
            summary: 'config of shop',
            started_at: '2025-03-05T14:20:00Z',
            services: ['shop'],
            labels: [{ key: 'version', value: '7' }],
          },
        },
      },
      { system: 'Rootly pulse', kind: 'config', services: ['shop'], version: '7' },
    ],
    [
      { at: '2025-03-05T15:20:00+01:00', kind: 'flag', service: 'shop', summary: 'on' },
      { system: 'events file', kind: 'flag', services: ['shop'], summary: 'on' },
    ],
  ])('are read in the shape of their system: %#', (row, expected) => {
    expect(one(row)).toMatchObject({ ...expected, at: AT });
    expect(JSON.stringify(one(row))).not.toContain('R0UT1NG');
  });

  it('are refused line by line, without a word of what they say', () => {
    const text =
      '{"at":"2025-03-05T14:20:00Z","summary":"x"}\n{"secret":"hunter2"}\nnot json\n{"at":"soon","summary":"y"}\n';
    expect(() => readEvents(text, 'e')).toThrow(
      /line 2: of no format.*\n.*line 3: no JSON.*\n.*line 4: it has no time/,
    );
    expect(() => readEvents(text, 'e')).not.toThrow(/hunter2/);
  });

  it('of one rollout are joined, and tell how far it came and when it was taken back', () => {
    const row = (stage: string, minute: number, percent: number | null) => ({
      at: AT + minute * 60_000,
      id: 'r',
      system: 's',
      stage,
      percent,
    });
    const text = [row('started', 0, null), row('step', 2, 5), row('completed', 20, null), row('rolled back', 40, null)]
      .map(({ at, ...rest }) => JSON.stringify({ ...rest, at: new Date(at).toISOString(), summary: 'x' }))
      .reverse()
      .join('\n');
    const [rollout, ...others] = rolloutsOf(readEvents(text, 'e'));
    expect(others).toEqual([]);
    expect(rollout?.rows.map(stageText)).toEqual(['started', 'canary 5 %', 'full', 'rolled back']);
    expect(rollout?.reached.at).toBe(AT + 20 * 60_000);
    expect(rollout?.undone?.at).toBe(AT + 40 * 60_000);
  });
});
