import pc from 'picocolors';
import type { LedgerDiff, ResourceDiff } from '../../model/picture.ts';
import { changesView } from '../change-view.ts';
import { paintChange } from '../scan/terminal-drift.ts';
import type { Paint } from '../text/paint.ts';
import { count } from '../text/plural.ts';
import { utc } from '../text/time.ts';
import { visible, visibleDeep } from '../text/visible.ts';
import { displayWidth, wrap } from '../text/width.ts';
import { happenedText } from './hit-view.ts';
import type { TextOptions } from './log.ts';

const MOST_UNCERTAIN = 8;
const AXES = { happened: 'by when it happened', recorded: 'by when it was recorded' } as const;

/** What the ledger knows of the difference between two moments. */
export function diffTerminal(diff: LedgerDiff, options: Pick<TextOptions, 'colour' | 'width'>): string {
  const paint = pc.createColors(options.colour);
  const [from, to] = [diff.from, diff.to].map((at) => utc(new Date(at).toISOString()));
  const lines = [
    paint.dim(`${from} → ${to}, ${AXES[diff.axis]}`),
    paint.dim(`${count(diff.openBefore, 'drift')} open → ${count(diff.openAfter, 'drift')} open`),
    '',
    ...diff.changed.flatMap((one) => [...resourceLines(one, options.width, paint), '']),
    ...cameBackLines(diff, paint),
    ...uncertainLines(diff, options.width, paint),
  ];
  const same =
    diff.changed.length === 0
      ? 'nothing on record differs'
      : `${count(diff.changed.length, 'resource differs', 'resources differ')}`;
  return `${[...lines, `driftbom: ${same} between the two moments`].join('\n')}\n`;
}

function resourceLines(one: ResourceDiff, width: number, paint: Paint): string[] {
  const view = visibleDeep(changesView(one.changes, { lines: 24, columns: Math.max(40, width - 8) }));
  const column = Math.min(36, Math.max(0, ...view.changes.map(({ path }) => displayWidth(path))));
  const sign =
    one.presence === 'gone' ? paint.red('-') : one.presence === 'appeared' ? paint.green('+') : paint.yellow('~');
  const entries = one.entries.map(({ entry }) => `#${entry.index}`).join(' ');
  return [
    `${sign} ${paint.bold(visible(one.address))} ${paint.dim(visible(`[${one.workspace}]`))}`,
    `  ${paint.dim([presenceText(one), openText(one), entries].filter((text) => text !== '').join(' · '))}`,
    ...view.changes.flatMap((change) => paintChange(change, view.mixed, paint, column, width)),
  ];
}

function presenceText({ presence }: ResourceDiff): string {
  return presence === null ? '' : presence === 'gone' ? 'the resource is gone' : 'the resource appeared';
}

function openText({ openBefore, openAfter }: ResourceDiff): string {
  if (openBefore) return openAfter ? 'drift open at both' : 'drift ended between';
  return openAfter ? 'drift began between' : 'no drift open at either';
}

function cameBackLines({ cameBack }: LedgerDiff, paint: Paint): string[] {
  if (cameBack.length === 0) return [];
  const list = cameBack.map(({ address, entries }) => {
    return `    ${visible(address)} ${paint.dim(entries.map(({ entry }) => `#${entry.index}`).join(' '))}`;
  });
  return [`Changed between, and as it was again: ${cameBack.length}`, ...list, ''];
}

function uncertainLines({ uncertain }: LedgerDiff, width: number, paint: Paint): string[] {
  if (uncertain.length === 0) return [];
  const shown = uncertain.slice(0, MOST_UNCERTAIN).map(({ entry }) => {
    const { address } = entry.statement.predicate.change.resource;
    return `    #${entry.index} ${visible(address)} ${paint.dim(visible(happenedText(entry)))}`;
  });
  const text = `Not certain on which side of a moment: ${uncertain.length}. Only bounds are known; they count where they were seen.`;
  const more = uncertain.length - shown.length;
  return [...wrap(text, width), ...shown, ...(more > 0 ? [paint.dim(`    … and ${more} more`)] : []), ''];
}
