import pc from 'picocolors';
import { UNKNOWN, type Value } from '../model/value.ts';
import { shortDigest } from './entry-view.ts';
import { count } from './text/plural.ts';
import { utc } from './text/time.ts';
import { inlineValue, jsonValue } from './text/value-text.ts';
import { visible, visibleJson } from './text/visible.ts';
import { cut } from './text/width.ts';

/** What became of one change that was handed in to be recorded. */
interface RecordingView {
  readonly stated: {
    readonly key: string;
    readonly by: string;
    readonly at: string | null;
    readonly reason: string | null;
  };
  readonly outcome: 'recorded' | 'repeated' | 'unchanged';
  readonly index: number;
  readonly digest: string;
  readonly before: Value;
  readonly after: Value;
  readonly contradicts: { readonly index: number; readonly value: Value } | undefined;
}

export interface RecordReport {
  readonly recordings: readonly RecordingView[];
  readonly shown: string;
  readonly size: number;
}

const LISTED = 20;
const VALUE_COLUMNS = 60;

/** What was recorded, for the terminal; the last line sums up. */
export function recordTerminal(
  { recordings, shown, size }: RecordReport,
  options: { readonly colour: boolean },
): string {
  const paint = pc.createColors(options.colour);
  const lines = recordings.slice(0, LISTED).flatMap((one) => {
    const key = paint.bold(visible(one.stated.key));
    const entry = `entry ${one.index} ${shortDigest(one.digest)}`;
    if (one.outcome === 'repeated') {
      const again = one.stated.at === null ? 'if it happened again, say when with --at' : '--force records it again';
      return [`= ${key} ${paint.dim(`stands in ${entry} already: ${again}`)}`];
    }
    if (one.outcome === 'unchanged')
      return [`= ${key} ${paint.dim(`has that value since ${entry}: nothing to record`)}`];
    const { by, at, reason } = one.stated;
    const when = at === null ? 'time not said' : utc(at);
    return [
      `${paint.green('+')} ${key}  ${paint.red(valueText(one.before))} ${paint.dim('→')} ${paint.green(valueText(one.after))}`,
      paint.dim(visible(`    ${by} · ${when} · ${reason ?? 'no reason given'} · ${entry}`)),
    ];
  });
  if (recordings.length > LISTED) lines.push(paint.dim(`… and ${recordings.length - LISTED} more`));
  const recorded = recordings.filter((one) => one.outcome === 'recorded').length;
  const rest = recordings.length - recorded;
  const others = rest === 0 ? '' : `, ${rest} not recorded again`;
  lines.push(
    paint.bold(
      `driftbom: recorded ${count(recorded, 'change')}${others} in ${shown} (${count(size, 'entry', 'entries')})`,
    ),
  );
  return `${lines.join('\n')}\n`;
}

/** What the ledger held against what was said, a line each. */
export function contradictions(recordings: readonly RecordingView[]): string[] {
  return recordings.flatMap(({ stated, contradicts, before, outcome }) => {
    if (contradicts === undefined || outcome !== 'recorded') return [];
    const { index, value } = contradicts;
    const held = `the ledger's last value is ${valueText(value)} (entry ${index}), not ${valueText(before)}`;
    return [visible(`${stated.key}: ${held}; both are on record, and a change between them is not`)];
  });
}

function valueText(value: Value): string {
  if (value === null) return '(not set)';
  return value === UNKNOWN ? '(unknown)' : visible(cut(inlineValue(value, true), VALUE_COLUMNS));
}

/** The same as JSON: `driftbom.record/v1`. */
export function recordJson({ recordings, shown, size }: RecordReport): string {
  const document = {
    schema: 'driftbom.record/v1',
    ledger: shown,
    size,
    changes: recordings.map(({ stated, outcome, index, digest, before, after, contradicts }) => ({
      ...{ key: stated.key, by: stated.by, at: stated.at, reason: stated.reason, outcome },
      ...{ before: jsonValue(before), after: jsonValue(after), entry: { index, digest } },
      contradicts: contradicts === undefined ? null : contradicts.index,
    })),
  };
  return `${visibleJson(JSON.stringify(document, undefined, 2))}\n`;
}
