import pc from 'picocolors';
import type { Paint } from '../text/paint.ts';
import { count } from '../text/plural.ts';
import { padEnd, wrap } from '../text/width.ts';
import { paintDrift } from './terminal-drift.ts';
import { ruleLines } from './terminal-rules.ts';
import type { ScanReport } from './scan-report.ts';
import { type ScanView, scanView } from './view.ts';

export interface TerminalOptions {
  readonly colour: boolean;
  /** Columns of the terminal; 100 is a good number where there is none. */
  readonly width: number;
  /** Also what is shown on request: computed changes, each ignored difference, every gap. */
  readonly all: boolean;
}

const FIRST_GAPS = 3;
const FIRST_WRITES = 5;
const FIRST_LOG_GAPS = 5;

/** The scan for a terminal. The last line is the verdict; nothing in the text can move the cursor or change colours. */
export function scanTerminal(report: ScanReport, options: TerminalOptions): string {
  const width = Math.max(40, options.width);
  const paint = pc.createColors(options.colour);
  const limits = { columns: width - 8, lines: options.all ? 400 : 24 };
  const view = scanView(report, limits);
  const lines = [
    ...headLines(view, paint),
    ...view.workspaces.flatMap(({ name, drifts }) => [
      '',
      paint.bold(paint.underline(name)),
      ...drifts.flatMap((drift) => ['', ...paintDrift(drift, paint, width, options.all)]),
    ]),
    ...waivedLines(view, paint, width, options.all),
    ...ruleLines(view.rules, paint, width, options.all),
    ...gapLines(view, paint, width, options.all),
    ...ignoredLines(view, paint, options.all),
    ...computedLines(view, paint, width, options.all),
    ...auditLines(view, paint, width, options.all),
    ...improvedLines(view, paint, width),
    ...ledgerLines(view, paint),
    '',
    verdictPaint(view, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function headLines(view: ScanView, paint: Paint): string[] {
  const providers = view.scan.providers.map(({ source, version }) => `${source.split('/').pop()} ${version}`);
  const from = [`live: ${view.scan.live}`, ...providers].join(', ');
  const legend = view.workspaces.length + view.waived.count > 0 ? [paint.dim('declared → live')] : [];
  return [paint.dim(`${view.scan.tool} · ${view.scan.coverage} · ${from}`), ...legend];
}

function waivedLines(view: ScanView, paint: Paint, width: number, all: boolean): string[] {
  if (view.waived.count === 0) return [];
  const note = paint.dim('(still on record as drift; not counted in the exit code)');
  return [
    '',
    `${paint.bold(paint.yellow(`Waived: ${view.waived.count}`))} ${note}`,
    ...view.waived.workspaces.flatMap(({ name, drifts }) =>
      drifts.flatMap((drift) => ['', paint.dim(`[${name}]`), ...paintDrift(drift, paint, width, all)]),
    ),
  ];
}

function gapLines(view: ScanView, paint: Paint, width: number, all: boolean): string[] {
  if (view.gaps.count === 0) return [];
  const lines = ['', paint.bold(paint.yellow(`Not compared: ${view.gaps.count}`))];
  for (const group of view.gaps.groups) {
    lines.push(`  ${paint.yellow(`! ${group.reason}`)} ${paint.dim(`(${group.count}) ${group.meaning}`)}`);
    const shown = all ? group.gaps : group.gaps.slice(0, FIRST_GAPS);
    for (const gap of shown) {
      lines.push(`      ${gap.address}${gap.path === null ? '' : ` · ${gap.path}`} ${paint.dim(`[${gap.workspace}]`)}`);
      lines.push(...wrap(gap.message, width - 10).map((line) => paint.dim(`        ${line}`)));
    }
    if (shown.length < group.count) lines.push(paint.dim(`      … and ${group.count - shown.length} more`));
  }
  return lines;
}

function ignoredLines(view: ScanView, paint: Paint, all: boolean): string[] {
  if (view.ignored.count === 0) return [];
  const lines = ['', paint.dim(`Ignored by rule: ${view.ignored.count}`)];
  for (const group of view.ignored.groups) {
    lines.push(paint.dim(`  ${group.rule} (${group.count}): ${group.reason}`));
    if (all)
      lines.push(...group.members.map((one) => paint.dim(`      ${one.address} · ${one.path} [${one.workspace}]`)));
  }
  return lines;
}

function computedLines(view: ScanView, paint: Paint, width: number, all: boolean): string[] {
  if (view.computed.count === 0) return [];
  const note = all ? '' : ' (show them with --all)';
  const lines = ['', paint.dim(`Only the provider's own bookkeeping moved: ${view.computed.count}${note}`)];
  if (all) lines.push(...view.computed.drifts.flatMap((drift) => paintDrift(drift, paint, width, all)));
  return lines;
}

function auditLines({ audit }: ScanView, paint: Paint, width: number, all: boolean): string[] {
  if (audit === null) return [];
  const { sum, gaps } = audit;
  const shown = all ? audit.changes : audit.changes.slice(0, FIRST_WRITES);
  const lines = sum === null ? [] : ['', ...wrap(`Writes in the audit log on managed resources: ${sum}`, width)];
  for (const { address, workspace, paths, standing, who, when, call } of shown) {
    const what = [paths, standing].filter((text) => text !== '').join(' · ');
    const told = [who, when, call].filter((text) => text !== null).join(' · ');
    lines.push(
      `  ${address} ${paint.dim(`[${workspace}]`)} ${what}`,
      ...wrap(told, width - 6).map((line) => `      ${line}`),
    );
  }
  if (shown.length < audit.changes.length) {
    lines.push(paint.dim(`  … and ${audit.changes.length - shown.length} more (show them with --all)`));
  }
  if (gaps.length > 0) lines.push('', paint.bold(paint.yellow('Not covered by the audit log')));
  for (const gap of all ? gaps : gaps.slice(0, FIRST_LOG_GAPS)) {
    lines.push(...wrap(gap, width - 4).map((line, i) => `${i === 0 ? '  ' : '    '}${line}`));
  }
  if (!all && gaps.length > FIRST_LOG_GAPS) {
    lines.push(paint.dim(`  … and ${gaps.length - FIRST_LOG_GAPS} more (show them with --all)`));
  }
  return lines;
}

function improvedLines({ improved }: ScanView, paint: Paint, width: number): string[] {
  if (improved.length === 0) return [];
  const lines = improved.flatMap(({ address, who, verdict, entry, correction }) =>
    wrap(`${address}: ${who} · ${verdict} · entry ${entry}, corrected by entry ${correction}`, width - 4).map(
      (line, i) => `${i === 0 ? '  ' : '      '}${line}`,
    ),
  );
  return ['', paint.bold('Better known by now'), ...lines];
}

function ledgerLines(view: ScanView, paint: Paint): string[] {
  if (view.ledger === null) return ['', paint.dim('Nothing was recorded.')];
  const { entry, place, size, resolved } = view.ledger;
  const lines = [''];
  const widest = Math.max(0, ...resolved.map((one) => one.address.length));
  for (const one of resolved) {
    const address = padEnd(one.address, Math.min(widest, 60));
    lines.push(
      `${paint.green('✓')} ${address} ${paint.dim(`resolved: ${one.resolution} · entry ${one.index} ${one.short}`)}`,
    );
  }
  lines.push(
    paint.dim(`Recorded as entry ${entry.index} ${entry.short} in ${place} (${count(size, 'entry', 'entries')})`),
  );
  return lines;
}

function verdictPaint(view: ScanView, paint: Paint): string {
  switch (view.verdict.name) {
    case 'drift':
    case 'violation':
    case 'unread':
      return paint.bold(paint.red(view.verdict.line));
    case 'waived':
    case 'incomplete':
      return paint.bold(paint.yellow(view.verdict.line));
    case 'in-sync':
      return paint.bold(paint.green(view.verdict.line));
  }
}
