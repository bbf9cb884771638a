import { byCodeUnit } from '../model/order.ts';
import pc from 'picocolors';
import type { Explanation } from '../model/drift.ts';
import type { Explained, ResourceDocuments } from '../model/scan.ts';
import { isMap, sameValue, type Value } from '../model/value.ts';
import { answerView } from './answer-view.ts';
import { paintAnswer } from './scan/terminal-drift.ts';
import type { Paint } from './text/paint.ts';
import { utc } from './text/time.ts';
import { prettyValue } from './text/value-text.ts';
import { visible, visibleDeep } from './text/visible.ts';
import { padEnd, wrap } from './text/width.ts';

const MARKS = { equal: '=', drift: '~', computed: '·', ignored: '-', gap: '!', 'owned-elsewhere': '>' } as const;

/** Both sides of a resource and the reasoning about each path, for a terminal. */
export function explainTerminal(report: Explained, options: { colour: boolean; width: number }): string {
  const paint = pc.createColors(options.colour);
  const { ref, config, state } = report.resource;
  const lines = [
    `${paint.bold(visible(ref.address))} ${paint.dim(`[${visible(ref.workspace)}]`)}`,
    `  type      ${visible(ref.type)}`,
    `  id        ${visible(ref.id ?? '(none)')}`,
    `  provider  ${visible(ref.provider)}`,
    `  declared  ${[
      state && 'state',
      config && `configuration${config.location ? ` (${visible(config.location)})` : ''}`,
    ]
      .filter(Boolean)
      .join(' and ')}${state?.tainted === true ? ', tainted' : ''}`,
    `  verdict   ${paint.bold(report.verdict)}`,
  ];
  for (const gap of visibleDeep([...report.gaps])) {
    lines.push('', paint.yellow(`! ${gap.reason}${gap.path === undefined ? '' : ` · ${gap.path}`}`));
    lines.push(...wrap(gap.message, options.width - 4).map((line) => `    ${line}`));
  }
  lines.push(...reasoning(report.explanations, paint, options.width), ...audit(report, paint, options.width));
  lines.push(...sides(report.documents, paint));
  return `${lines.join('\n')}\n`;
}

function reasoning(
  explanations: readonly Explanation[],
  paint: ReturnType<typeof pc.createColors>,
  width: number,
): string[] {
  if (explanations.length === 0) return [];
  const shown = visibleDeep([...explanations]).sort((a, b) => byCodeUnit(a.path, b.path));
  const column = Math.min(44, Math.max(...shown.map((one) => one.path.length)));
  const lines = [
    '',
    paint.bold('What the rules say'),
    paint.dim('  = equal  ~ drift  · bookkeeping  - ignored  ! gap  > owned elsewhere'),
  ];
  for (const { path, rule, verdict, detail } of shown) {
    const mark = verdict === 'drift' ? paint.red(MARKS[verdict]) : paint.dim(MARKS[verdict]);
    lines.push(`  ${mark} ${padEnd(path, column)}  ${rule}`);
    lines.push(...wrap(detail, Math.max(40, width - 8)).map((line) => paint.dim(`      ${line}`)));
  }
  return lines;
}

/** The answer of the audit log, and every event that names the resource: which it rests on, and why not on the others. */
function audit({ attribution, considered = [] }: Explained, paint: Paint, width: number): string[] {
  if (attribution === undefined) return [];
  const lines = [
    '',
    paint.bold('What the audit log says'),
    ...paintAnswer(visibleDeep(answerView(attribution)), paint, width, true),
  ];
  if (considered.length === 0) return [...lines, paint.dim('    no event names this resource')];
  lines.push('', paint.dim('  + the answer rests on it  - it does not, and why'));
  for (const { eventTime, eventId, call, who, kept, why } of visibleDeep([...considered])) {
    const text = `${utc(eventTime)}  ${call}  ${who}`;
    lines.push(
      `  ${kept ? paint.green(`+ ${text}`) : paint.dim(`- ${text}`)}`,
      paint.dim(`      ${why} · event ${eventId}`),
    );
  }
  return lines;
}

function sides(documents: ResourceDocuments | undefined, paint: ReturnType<typeof pc.createColors>): string[] {
  if (documents === undefined) return [];
  const { declared, live } = documents;
  const left = isMap(declared) ? declared : {};
  const right = isMap(live) ? live : {};
  const lines = ['', paint.bold('Both sides'), paint.dim('  - declared   + live')];
  for (const key of [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()) {
    const before: Value = left[key] ?? null;
    const after: Value = right[key] ?? null;
    if (sameValue(before, after)) lines.push(...block(' ', key, before, (text) => paint.dim(text)));
    else lines.push(...block('-', key, before, paint.red), ...block('+', key, after, paint.green));
  }
  return lines;
}

function block(sign: string, key: string, value: Value, colour: (text: string) => string): string[] {
  const [first, ...rest] = prettyValue(value, true).split('\n').map(visible);
  return [`  ${sign} ${visible(key)} = ${first}`, ...rest.map((line) => `  ${sign} ${line}`)].map((line) =>
    colour(line),
  );
}
