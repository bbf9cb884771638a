import { DriftbomError } from '../../model/error.ts';
import type { ValueMap } from '../../model/value.ts';
import { readObject } from '../fields.ts';
import type { ChangeEvent } from './event.ts';
import { EVENT_FORMATS } from './formats.ts';

const MOST_CHARACTERS = 16 * 1024 * 1024;
const LISTED = 10;
const CURE =
  'One JSON object a line: change events of PagerDuty, Rootly, LaunchDarkly, AppConfig, CodeDeploy or Argo Rollouts, or {"at", "kind", "service", "summary"}.';

/**
 * Reads rows of rollouts and changes, one JSON object a line, in the order of time. `name`: the file as the user named it.
 * Errors: E_ALERT with every line that cannot be read; rows are never quoted.
 */
export function readEvents(text: string, name: string): ChangeEvent[] {
  if (text.length > MOST_CHARACTERS) throw new DriftbomError('E_ALERT', `${name} is larger than 16 MB`, CURE);
  const faults: string[] = [];
  const events: ChangeEvent[] = [];
  for (const [i, written] of text.split('\n').entries()) {
    if (written.trim() === '') continue;
    const line = i + 1;
    const row = readObject(written);
    const read = row === undefined ? 'no JSON object, or nested too deep' : readRow(row, line);
    if (typeof read === 'string') faults.push(`line ${line}: ${read}`);
    else events.push(...read);
  }
  if (faults.length > 0) {
    const more = faults.length > LISTED ? [`and ${faults.length - LISTED} more`] : [];
    throw new DriftbomError(
      'E_ALERT',
      `${name} cannot be read as events:\n  ${[...faults.slice(0, LISTED), ...more].join('\n  ')}`,
      CURE,
    );
  }
  return events.sort((a, b) => a.at - b.at || a.line - b.line);
}

function readRow(row: ValueMap, line: number): ChangeEvent[] | string {
  for (const format of EVENT_FORMATS) {
    const read = format(row);
    if (read === undefined) continue;
    if (typeof read === 'string') return read;
    const whole = read.flatMap((part) => (part.at === undefined ? [] : [{ ...EMPTY, ...part, at: part.at, line }]));
    return whole.length === read.length ? whole : 'it has no time that can be read';
  }
  return 'of no format that is known';
}

const EMPTY: Omit<ChangeEvent, 'at' | 'line'> = {
  system: 'events file',
  id: null,
  kind: 'change',
  stage: 'changed',
  percent: null,
  verdict: null,
  triggeredBy: null,
  services: [],
  summary: '',
  by: null,
  resource: null,
  version: null,
};
