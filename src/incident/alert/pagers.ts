import type { ValueMap } from '../../model/value.ts';
import { firstText, mapAt, mapsAt, pairsOf, textAt, textsAt } from '../fields.ts';
import { readWhen } from '../moment.ts';
import { type Alert, type AlertOptions, hintsOf } from './alert.ts';

/** PagerDuty's webhook, version 3. Source: PagerDuty developer documentation, "V3 webhook payload". */
export function readPagerduty(root: ValueMap, { pad }: AlertOptions): Alert | string {
  const event = mapAt(root, 'event');
  const data = mapAt(event, 'data');
  const at = readWhen(textAt(data, 'created_at')) ?? readWhen(textAt(event, 'occurred_at'));
  if (at === undefined) return 'the event has neither data.created_at nor occurred_at';
  const type = textAt(event, 'event_type') ?? '';
  const named = (key: string): string | null => firstText(mapAt(data, key), 'summary', 'name');
  const teams = mapsAt(data, 'teams').flatMap((one) => firstText(one, 'summary', 'name') ?? []);
  const service = named('service');
  const resolved = textAt(data, 'status') === 'resolved';
  return {
    format: 'pagerduty',
    title: textAt(data, 'title') ?? textAt(data, 'summary') ?? type,
    status: resolved ? 'resolved' : 'firing',
    severity: named('priority') ?? textAt(data, 'urgency'),
    at,
    atFrom: 'event.data.created_at',
    onset: at - pad,
    onsetFrom: padded('created_at', pad),
    endedAt: resolved ? (readWhen(textAt(event, 'occurred_at')) ?? null) : null,
    region: null,
    account: null,
    hints: hintsOf([
      ...(service === null ? [] : [['service', service] as const]),
      ...teams.map((team) => ['team', team] as const),
      ...pairsOf({ incident_key: textAt(data, 'incident_key') }),
      ...pairsOf(mapAt(mapAt(data, 'body'), 'details')),
      ...pairsOf(mapAt(data, 'custom_fields')),
    ]),
    remarks: type === 'incident.triggered' ? [] : [`the event is ${type}, not the one that opened the incident`],
  };
}

/** Opsgenie's webhook. Source: Opsgenie documentation, "Webhook integration": createdAt in milliseconds, updatedAt in nanoseconds. */
export function readOpsgenie(root: ValueMap, { pad }: AlertOptions): Alert | string {
  const alert = mapAt(root, 'alert');
  const at = readWhen(textAt(alert, 'createdAt')) ?? readWhen(textAt(alert, 'updatedAt'));
  if (at === undefined) return 'alert.createdAt is no time';
  const action = textAt(root, 'action') ?? '';
  const tags = textsAt(alert, 'tags').map((tag) => {
    const colon = tag.search(/[:=]/);
    return colon < 1 ? (['tag', tag] as const) : ([tag.slice(0, colon), tag.slice(colon + 1)] as const);
  });
  const over = action === 'Close';
  return {
    format: 'opsgenie',
    title: textAt(alert, 'message') ?? 'an alert without a message',
    status: over ? 'resolved' : 'firing',
    severity: textAt(alert, 'priority'),
    at,
    atFrom: 'alert.createdAt',
    onset: at - pad,
    onsetFrom: padded('createdAt', pad),
    endedAt: over ? (readWhen(textAt(alert, 'updatedAt')) ?? null) : null,
    region: null,
    account: null,
    hints: hintsOf([
      ...pairsOf({ entity: textAt(alert, 'entity'), alias: textAt(alert, 'alias'), team: textAt(alert, 'team') }),
      ...textsAt(alert, 'teams').map((team) => ['team', team] as const),
      ...tags,
      ...pairsOf(mapAt(alert, 'details')),
    ]),
    remarks: [
      ...(action === 'Create' ? [] : [`the action is ${action || 'not named'}, not Create`]),
      ...((textAt(alert, 'description') ?? '').length >= 1000 ? ['its description was cut off by the sender'] : []),
    ],
  };
}

function padded(member: string, pad: number): string {
  return `${member} less ${pad / 60_000} min, as the time until somebody was paged is not in the payload`;
}
