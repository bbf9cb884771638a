import type { ValueMap } from '../../model/value.ts';
import { firstText, mapAt, mapsAt, numberAt, pairsOf, textAt } from '../fields.ts';
import { readWhen } from '../moment.ts';
import { type Alert, type AlertOptions, hintsOf } from './alert.ts';

/**
 * The webhook of Alertmanager (version "4") and of Grafana, which adds orgId. Source: Prometheus Alertmanager documentation,
 * webhook_config; Grafana documentation, webhook notifier. A rule's `for:` is not in it, so the onset is padded.
 */
export function readAlertmanager(root: ValueMap, { pad }: AlertOptions): Alert | string {
  const alerts = mapsAt(root, 'alerts');
  const begun = alerts.flatMap((one) => readWhen(textAt(one, 'startsAt')) ?? []);
  if (begun.length === 0) return 'no alert in it has a startsAt';
  const firing = alerts.filter((one) => textAt(one, 'status') !== 'resolved');
  const ended = alerts.flatMap((one) => readWhen(textAt(one, 'endsAt')) ?? []);
  const at = Math.min(...begun);
  const common = mapAt(root, 'commonLabels');
  const labels = [common, ...alerts.map((one) => mapAt(one, 'labels'))].flatMap(pairsOf);
  const annotations = mapAt(root, 'commonAnnotations');
  const first = alerts[0] ?? {};
  const truncated = numberAt(root, 'truncatedAlerts') ?? 0;
  const over = firing.length === 0 || textAt(root, 'status') === 'resolved';
  return {
    format: Object.hasOwn(root, 'orgId') ? 'grafana' : 'alertmanager',
    title:
      firstText(annotations, 'summary', 'title') ??
      firstText(mapAt(first, 'annotations'), 'summary', 'title') ??
      firstText(common, 'alertname') ??
      firstText(mapAt(first, 'labels'), 'alertname') ??
      firstText(root, 'title') ??
      'an alert without a name',
    status: over ? 'resolved' : 'firing',
    severity: firstText(common, 'severity', 'priority') ?? firstText(mapAt(first, 'labels'), 'severity', 'priority'),
    at,
    atFrom: 'alerts[].startsAt',
    onset: at - pad,
    onsetFrom: `startsAt less ${pad / 60_000} min, as the time that the rule waited is not in the payload`,
    endedAt: over && ended.length > 0 ? Math.max(...ended) : null,
    region: firstText(common, 'region'),
    account: firstText(common, 'account_id', 'account'),
    hints: hintsOf(labels),
    remarks: [
      ...(alerts.length > 1 ? [`${alerts.length} alerts in one notification; the earliest counts`] : []),
      ...(truncated > 0 ? [`incomplete: ${truncated} more alerts were cut off by the sender`] : []),
    ],
  };
}
