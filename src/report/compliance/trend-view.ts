import type { Week } from '../../compliance/model.ts';
import { SEVERITIES, type Severity } from '../../compliance/policy.ts';
import { span } from '../text/time.ts';

const WIDTH = 720;
const HEIGHT = 160;
const LEFT = 30;
const BASE = 136;
const TOP = 10;

/** Two drawings, and the tables that say the same: weeks by what opened, and what was open at their ends. */
export interface TrendView {
  readonly weeks: readonly WeekLine[];
  readonly severities: readonly Severity[];
  readonly opened: Chart;
  readonly open: Chart;
}

interface WeekLine {
  readonly from: string;
  readonly counts: readonly number[];
  readonly opened: number;
  readonly ended: number;
  readonly openAtEnd: number;
  readonly scans: number;
  readonly failed: number;
  readonly detect: string;
  readonly restore: string;
}

/** Numbers of an SVG drawing; templates only place them. */
interface Chart {
  readonly viewBox: string;
  readonly summary: string;
  readonly bars: readonly Bar[];
  readonly grid: readonly { readonly y: number; readonly textY: number; readonly label: string }[];
  readonly labels: readonly { readonly x: number; readonly text: string }[];
  readonly right: number;
  readonly left: number;
  readonly base: number;
}

interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly tone: string;
  readonly title: string;
}

export function trendView(weeks: readonly Week[]): TrendView {
  const shown = SEVERITIES.filter(
    (severity) => severity !== 'unclassified' || weeks.some((week) => week.opened.unclassified > 0),
  );
  return {
    weeks: weeks.map((week) => ({
      from: week.from,
      counts: shown.map((severity) => week.opened[severity]),
      opened: total(week),
      ended: week.ended,
      openAtEnd: week.openAtEnd,
      scans: week.scans,
      failed: week.failed,
      detect: week.detect === null ? 'n/a' : span(week.detect),
      restore: week.restore === null ? 'n/a' : span(week.restore),
    })),
    severities: shown,
    opened: chart(
      weeks,
      (week) => shown.map((severity) => ({ n: week.opened[severity], tone: severity })),
      'Drifts that opened, by week and severity',
    ),
    open: chart(weeks, (week) => [{ n: week.openAtEnd, tone: 'standing' }], 'Drifts open at the end of each week'),
  };
}

function chart(
  weeks: readonly Week[],
  parts: (week: Week) => readonly { readonly n: number; readonly tone: string }[],
  summary: string,
): Chart {
  const most = Math.max(1, ...weeks.map((week) => parts(week).reduce((sum, part) => sum + part.n, 0)));
  const step = (WIDTH - LEFT) / Math.max(1, weeks.length);
  const width = round(Math.min(step * 0.7, 48));
  const scale = (BASE - TOP) / most;
  const bars = weeks.flatMap((week, i) => {
    let y = BASE;
    return parts(week).flatMap(({ n, tone }): Bar[] => {
      if (n === 0) return [];
      y -= n * scale;
      return [
        {
          x: round(LEFT + i * step + (step - width) / 2),
          y: round(y),
          width,
          height: round(n * scale),
          tone,
          title: `${week.from}: ${n}${tone === 'standing' ? ' open' : ` ${tone}`}`,
        },
      ];
    });
  });
  const every = Math.ceil(weeks.length / 8);
  return {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    summary,
    bars,
    grid: [...new Set([most, Math.round(most / 2), 0])].map((n) => ({
      y: round(BASE - n * scale),
      textY: round(BASE - n * scale + 4),
      label: String(n),
    })),
    labels: weeks.flatMap((week, i) =>
      i % every === 0 ? [{ x: round(LEFT + i * step + step / 2), text: week.from.slice(5) }] : [],
    ),
    right: WIDTH,
    left: LEFT,
    base: BASE,
  };
}

function total(week: Week): number {
  return SEVERITIES.reduce((sum, severity) => sum + week.opened[severity], 0);
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}
