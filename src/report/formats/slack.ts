import { count } from '../text/plural.ts';
import { cut } from '../text/width.ts';
import { changeLines, driftTitle, gapTitle, violationLines, violationTitle } from './sheet-parts.ts';
import { countsOf, isBadScan, type Sheet, type SheetDrift } from './sheet.ts';

/** Slack's limits: blocks in a message, characters of a header, and (found by others, not documented) of all blocks. */
const MOST_BLOCKS = 50;
const LONGEST_HEADER = 150;
const MOST_CHARACTERS = 10_000;
const LONGEST_TEXT = 600;
const MOST_CHANGES = 4;

/** Blocks that every message has: header, numbers, three headings with "N more", failed scans and tests, foot. */
const FIXED = 10;

const SEVERITIES = ['critical', 'high', 'unclassified', 'medium', 'unranked', 'low', 'info'];

interface Text {
  readonly type: 'text';
  readonly text: string;
  readonly style?: { readonly bold?: true; readonly code?: true };
}

/**
 * A Slack message in Block Kit. Foreign text stands in `rich_text` elements of type text only, which Slack never reads as
 * mention, link or emphasis; the fallback `text` holds our own numbers alone. What does not fit is counted: "12 more".
 */
export function slack(sheet: Sheet): string {
  const counts = countsOf(sheet);
  const drifts = sheet.drifts.filter(({ state }) => state === 'open').sort(byRank);
  const numbers = [
    count(counts.open, 'open drift'),
    `${counts.waived} waived`,
    ...(sheet.about === 'compliance' ? [`${counts.over} over`] : []),
    count(counts.gaps, 'gap'),
    ...(sheet.rules.length === 0 ? [] : [count(counts.violations, 'rule violation')]),
    ...(counts.notAssessed === 0 ? [] : [`${counts.notAssessed} not assessed by rules`]),
    ...(sheet.about === 'compliance'
      ? [`${count(counts.failedScans, 'failed or missing scan')}`, `${count(counts.failedChecks, 'failed test')}`]
      : []),
  ].join(', ');
  const room = new Room(MOST_BLOCKS - FIXED, MOST_CHARACTERS);
  // Gaps first into the room: a message that shows drifts alone would read as complete.
  const gaps = room.take(
    sheet.gaps.map((gap) => line([code(gapTitle(gap))], `${gap.reason}: ${gap.message}`)),
    Math.floor((MOST_BLOCKS - FIXED) / 3),
  );
  const broken = room.take(
    sheet.violations.map((one) => line([code(violationTitle(one))], violationLines(one).join('\n'))),
    Math.floor((MOST_BLOCKS - FIXED) / 3),
  );
  const shown = room.take(drifts.map(driftBlock), MOST_BLOCKS - FIXED);
  const failed = [
    ...sheet.checks.filter(({ standing }) => standing === 'fail').map(({ id, title }) => `${id} ${title}`),
    ...sheet.scans.filter(isBadScan).map(({ text }) => text),
  ];
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: cut(headline(sheet), LONGEST_HEADER), emoji: false } },
    line([bold(numbers)], sheet.read ? '' : 'Nothing could be read: nothing is known.'),
    ...(drifts.length === 0 ? [] : [...shown, ...more(drifts.length - shown.length, 'more open drift')]),
    ...(sheet.violations.length === 0 ? [] : [line([bold('Against rules')], ''), ...broken]),
    ...more(sheet.violations.length - broken.length, 'more rule violation'),
    ...(sheet.gaps.length === 0 ? [] : [line([bold('Not compared')], ''), ...gaps]),
    ...more(sheet.gaps.length - gaps.length, 'more gap'),
    ...(failed.length === 0 ? [] : [line([bold('Failed')], cut(failed.join('\n'), LONGEST_TEXT))]),
    foot(sheet),
  ];
  const text = `driftbom ${sheet.about}: ${numbers}`;
  return `${JSON.stringify({ text, unfurl_links: false, unfurl_media: false, blocks }, null, 1)}\n`;
}

function headline({ about, title, read }: Sheet): string {
  return about === 'scan' && !read ? 'driftbom scan: nothing could be read' : title;
}

function byRank(a: SheetDrift, b: SheetDrift): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

function driftBlock(drift: SheetDrift): object {
  const lines = changeLines(drift);
  const rest = lines.length - MOST_CHANGES;
  const shown = rest > 0 ? [...lines.slice(0, MOST_CHANGES), `… and ${count(rest, 'more attribute')}`] : lines;
  const actors = drift.who.actors.map(({ name }) => name).join(', ');
  const who = `who: ${actors === '' ? 'not recorded' : actors} (${drift.who.verdict})`;
  const entry = drift.entry === null ? [] : [`entry ${drift.entry.index}`];
  const rank = drift.severity === 'unranked' ? [] : [drift.severity];
  return line([code(driftTitle(drift))], [...shown, [...rank, drift.standing, who, ...entry].join(' · ')].join('\n'));
}

function line(head: readonly Text[], text: string): object {
  const rest: Text[] = text === '' ? [] : [{ type: 'text', text: `\n${cut(text, LONGEST_TEXT)}` }];
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [...head, ...rest] }] };
}

function bold(text: string): Text {
  return { type: 'text', text, style: { bold: true } };
}

function code(text: string): Text {
  return { type: 'text', text: cut(text, 250), style: { code: true } };
}

function more(n: number, what: string): object[] {
  return n > 0 ? [line([bold(`${count(n, what)}, not shown here.`)], '')] : [];
}

function foot({ tool, from, to, about }: Sheet): object {
  const text = `${tool.name} ${tool.version} · ${about === 'scan' ? to : `${from} to ${to}`}`;
  return { type: 'context', elements: [{ type: 'plain_text', text: cut(text, LONGEST_HEADER), emoji: false }] };
}

/** What is left of a message: blocks, and characters of their JSON. */
class Room {
  #blocks: number;
  #characters: number;

  constructor(blocks: number, characters: number) {
    this.#blocks = blocks;
    this.#characters = characters;
  }

  /** Takes from the front as many as fit, at most `most`. */
  take(blocks: readonly object[], most: number): object[] {
    const taken: object[] = [];
    for (const block of blocks.slice(0, Math.min(most, this.#blocks))) {
      const size = JSON.stringify(block).length;
      if (size > this.#characters) break;
      this.#characters -= size;
      taken.push(block);
    }
    this.#blocks -= taken.length;
    return taken;
  }
}
