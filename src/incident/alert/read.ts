import { DriftbomError } from '../../model/error.ts';
import type { ValueMap } from '../../model/value.ts';
import { mapAt, mapsAt, readObject, textAt } from '../fields.ts';
import type { Alert, AlertOptions } from './alert.ts';
import { readAlertmanager } from './alertmanager.ts';
import { readAlarmEvent, readAlarmMessage } from './cloudwatch.ts';
import { readOpsgenie, readPagerduty } from './pagers.ts';

const MOST_CHARACTERS = 1024 * 1024;
const KNOWN =
  'driftbom reads webhooks of Alertmanager (version 4) and Grafana, CloudWatch alarms by SNS or EventBridge, PagerDuty (v3) and Opsgenie. Or say --onset and --service yourself.';

/**
 * Reads an alert, whichever of the known formats it has. `name`: the file as the user named it. Errors: E_ALERT, which never
 * quotes the alert.
 */
export function readAlert(text: string, name: string, options: AlertOptions): Alert {
  if (text.length > MOST_CHARACTERS) throw refused(name, 'larger than 1 MB');
  const root = readObject(text.trim());
  if (root === undefined) throw refused(name, 'not one JSON object, or nested too deep');
  const alert = read(root, options);
  if (typeof alert === 'string') throw refused(name, alert);
  return {
    ...alert,
    remarks: [...alert.remarks, 'unverified: who sent it was not checked, and no link in it was followed'],
  };
}

function read(root: ValueMap, options: AlertOptions): Alert | string {
  const records = mapsAt(root, 'Records').map((one) => mapAt(one, 'Sns'));
  const notice = records.find((one) => textAt(one, 'Message') !== null) ?? root;
  const kind = textAt(notice, 'Type');
  if (kind === 'SubscriptionConfirmation' || kind === 'UnsubscribeConfirmation') {
    return 'a message of SNS about the subscription itself, no alarm; its links were not followed';
  }
  const message = textAt(notice, 'Message');
  if (message !== null && (kind === 'Notification' || notice !== root)) {
    const inner = readObject(message);
    if (inner === undefined || textAt(inner, 'AlarmName') === null)
      return 'a message of SNS that holds no CloudWatch alarm';
    return readAlarmMessage(inner);
  }
  if (textAt(root, 'AlarmName') !== null && textAt(root, 'NewStateValue') !== null) return readAlarmMessage(root);
  if (textAt(root, 'detail-type') === 'CloudWatch Alarm State Change') return readAlarmEvent(root);
  if (textAt(root, 'detail-type') !== null) {
    return 'an event of EventBridge that is no alarm; changes and deployments come in by --events';
  }
  if (textAt(mapAt(root, 'event'), 'event_type') !== null) return readPagerduty(root, options);
  if (mapsAt(root, 'alerts').length > 0 && (textAt(root, 'version') !== null || Object.hasOwn(root, 'orgId'))) {
    return readAlertmanager(root, options);
  }
  if (textAt(mapAt(root, 'alert'), 'alertId') !== null && textAt(root, 'action') !== null) {
    return readOpsgenie(root, options);
  }
  return 'of no format that is known';
}

function refused(name: string, why: string): DriftbomError {
  return new DriftbomError('E_ALERT', `${name} cannot be read as an alert: ${why}`, KNOWN);
}
