import type { ValueMap } from '../../model/value.ts';
import { mapAt, mapsAt, numberAt, pairsOf, readObject, textAt, textsAt } from '../fields.ts';
import { readWhen } from '../moment.ts';
import { type Alert, hintsOf } from './alert.ts';

/**
 * A CloudWatch alarm as SNS delivers it (the message is JSON in a string) or as raw delivery writes it. Source: Amazon
 * CloudWatch User Guide, "Using Amazon CloudWatch alarms"; Amazon SNS Developer Guide, message formats.
 */
export function readAlarmMessage(message: ValueMap): Alert | string {
  const at = readWhen(textAt(message, 'StateChangeTime'));
  if (at === undefined) return 'the alarm has no StateChangeTime that is a time';
  const trigger = mapAt(message, 'Trigger');
  const stats = mapsAt(trigger, 'Metrics').map((one) => mapAt(one, 'MetricStat'));
  const metrics = [trigger, ...stats.map((one) => mapAt(one, 'Metric'))];
  const dimensions = metrics.flatMap((one) => mapsAt(one, 'Dimensions')).flatMap(pairOf);
  const periods = [trigger, ...stats].flatMap((one) => numberAt(one, 'Period') ?? []);
  const arn = textAt(message, 'AlarmArn');
  return {
    ...alarm(at, 'StateChangeTime', {
      period: periods.length === 0 ? null : Math.max(...periods),
      evaluations: numberAt(trigger, 'EvaluationPeriods') ?? 1,
    }),
    format: 'cloudwatch-sns',
    title: textAt(message, 'AlarmName') ?? 'an alarm without a name',
    status: textAt(message, 'NewStateValue') === 'OK' ? 'resolved' : 'firing',
    endedAt: textAt(message, 'NewStateValue') === 'OK' ? at : null,
    // Region holds a display name ("EU (Frankfurt)"); the ARN holds the code.
    region: arn?.split(':')[3] ?? null,
    account: textAt(message, 'AWSAccountId') ?? arn?.split(':')[4] ?? null,
    hints: hintsOf(dimensions, true),
    remarks: stateRemarks(textAt(message, 'NewStateValue')),
  };
}

/** The same as EventBridge delivers it: dimensions are a map here. Source: CloudWatch User Guide, "Alarm events and EventBridge". */
export function readAlarmEvent(root: ValueMap): Alert | string {
  const detail = mapAt(root, 'detail');
  const state = mapAt(detail, 'state');
  const at = readWhen(textAt(state, 'timestamp')) ?? readWhen(textAt(root, 'time'));
  if (at === undefined) return 'the alarm has neither detail.state.timestamp nor time';
  const stats = mapsAt(mapAt(detail, 'configuration'), 'metrics').map((one) => mapAt(one, 'metricStat'));
  const dimensions = stats.flatMap((one) => pairsOf(mapAt(mapAt(one, 'metric'), 'dimensions')));
  const periods = stats.flatMap((one) => numberAt(one, 'period') ?? []);
  const reason = readObject(textAt(state, 'reasonData') ?? '') ?? {};
  const started = readWhen(textAt(reason, 'startDate'));
  const value = textAt(state, 'value');
  const dated =
    started === undefined || started > at
      ? alarm(at, 'detail.state.timestamp', {
          period: periods.length === 0 ? null : Math.max(...periods),
          evaluations: 1,
        })
      : {
          ...alarm(at, 'detail.state.timestamp', { period: null, evaluations: 1 }),
          onset: started,
          onsetFrom: 'startDate of the data that the alarm judged',
        };
  return {
    ...dated,
    format: 'cloudwatch-eventbridge',
    title: textAt(detail, 'alarmName') ?? 'an alarm without a name',
    status: value === 'OK' ? 'resolved' : 'firing',
    endedAt: value === 'OK' ? at : null,
    region: textAt(root, 'region') ?? textsAt(root, 'resources')[0]?.split(':')[3] ?? null,
    account: textAt(root, 'account'),
    hints: [...hintsOf(dimensions, true), ...hintsOf(pairsOf(mapAt(detail, 'alarmTags')))],
    remarks: stateRemarks(value),
  };
}

function alarm(at: number, atFrom: string, judged: { period: number | null; evaluations: number }) {
  const { period, evaluations } = judged;
  const waited = period === null ? 0 : Math.max(0, period * evaluations * 1000);
  return {
    severity: null,
    at,
    atFrom,
    onset: at - waited,
    onsetFrom: period === null ? `${atFrom}, as it gives no period` : `${atFrom} less ${evaluations} × ${period} s`,
  };
}

function stateRemarks(value: string | null): string[] {
  return value === 'INSUFFICIENT_DATA'
    ? ['the alarm lacks data: it says that nothing was measured, not that it was bad']
    : [];
}

function pairOf(dimension: ValueMap): (readonly [string, string])[] {
  const name = textAt(dimension, 'name') ?? textAt(dimension, 'Name');
  const value = textAt(dimension, 'value') ?? textAt(dimension, 'Value');
  return name === null || value === null ? [] : [[name, value]];
}
