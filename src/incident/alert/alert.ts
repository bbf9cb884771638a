export const ALERT_FORMATS = [
  'alertmanager',
  'grafana',
  'cloudwatch-sns',
  'cloudwatch-eventbridge',
  'pagerduty',
  'opsgenie',
] as const;
export type AlertFormat = (typeof ALERT_FORMATS)[number];

/** A word of the alert that may say what it is about: a label, a dimension, a tag. */
export interface Hint {
  readonly name: string;
  readonly value: string;
  /** dimension: names a thing by its own id. service and owner: names of people's making. label: anything else. */
  readonly kind: 'dimension' | 'service' | 'owner' | 'label';
}

/** What an alert says, whoever sent it. All text is foreign: nothing in it was checked, and no URL of it is ever followed. */
export interface Alert {
  readonly format: AlertFormat;
  readonly title: string;
  readonly status: 'firing' | 'resolved';
  readonly severity: string | null;
  /** When the alert began, milliseconds, and the member that says so. */
  readonly at: number;
  readonly atFrom: string;
  /** When what it tells of began, as far as the alert can say, and how that was found. */
  readonly onset: number;
  readonly onsetFrom: string;
  readonly endedAt: number | null;
  readonly region: string | null;
  readonly account: string | null;
  readonly hints: readonly Hint[];
  /** What a reader has to know of the alert: cut off, several in one, not an alarm. */
  readonly remarks: readonly string[];
}

/** How an alert's onset is found where it does not say how long it waited before it fired. */
export interface AlertOptions {
  /** Time for which a rule has to hold before it fires, milliseconds. */
  readonly pad: number;
}

const SERVICE = /^(service|service_?name|app|application|component|system|job|function|pipeline|workload)$/i;
const OWNER = /^(owner|team|squad|responder|teams)$/i;
const NOISE =
  /^(severity|priority|alertname|alert_?name|env|environment|stage|grafana_folder|monitor|prometheus|le|quantile|url|runbook.*|dashboard.*|panel.*|.*url)$/i;
const MOST_HINTS = 200;
const LONGEST = 512;

/** Sorts labels into hints; what says nothing of which thing is meant is left out. */
export function hintsOf(pairs: Iterable<readonly [string, string]>, dimensions = false): Hint[] {
  const hints: Hint[] = [];
  for (const [name, value] of pairs) {
    if (NOISE.test(name) || value.length > LONGEST || hints.length === MOST_HINTS) continue;
    const kind = OWNER.test(name) ? 'owner' : SERVICE.test(name) ? 'service' : dimensions ? 'dimension' : 'label';
    if (!hints.some((one) => one.name === name && one.value === value)) hints.push({ name, value, kind });
  }
  return hints;
}
