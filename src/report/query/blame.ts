import pc from 'picocolors';
import type { BlamedPath, BlamedResource } from '../../model/picture.ts';
import { entryAnswer } from '../answer-view.ts';
import { changesView } from '../change-view.ts';
import { shortDigest } from '../entry-view.ts';
import { paintChange } from '../scan/terminal-drift.ts';
import type { Paint } from '../text/paint.ts';
import { count } from '../text/plural.ts';
import { visible, visibleDeep } from '../text/visible.ts';
import { displayWidth } from '../text/width.ts';
import { causeWord } from '../words.ts';
import { from, happenedText, standingText, standingView } from './hit-view.ts';
import type { TextOptions } from './log.ts';
import { labelled, type Row } from './rows.ts';

/** Each attribute with its last recorded change: when, who, why and the entry. */
export function blameTerminal(pattern: string, resources: readonly BlamedResource[], options: TextOptions): string {
  const paint = pc.createColors(options.colour);
  const lines = resources.flatMap(({ address, workspace, paths }) => [
    `${paint.bold(visible(address))} ${paint.dim(visible(`[${workspace}]`))}`,
    ...paths.flatMap((one) => blamed(one, options, paint)),
    '',
  ]);
  const attributes = resources.reduce((sum, { paths }) => sum + paths.length, 0);
  if (attributes === 0) {
    return `driftbom: no change of ${visible(pattern)}, or of anything below it, is on record\n`;
  }
  const end = `driftbom: ${count(attributes, 'attribute')} of ${count(resources.length, 'resource')} with a recorded change`;
  return `${[...lines, end].join('\n')}\n`;
}

function blamed(one: BlamedPath, options: TextOptions, paint: Paint): string[] {
  const { entry, origins } = one.hit.picture;
  const { predicate } = entry.statement;
  const answer = entryAnswer(predicate);
  const own = one.changes.find(({ who }) => who !== undefined)?.who;
  const either = own?.verdict === 'several' ? ' or ' : ', ';
  const who = own !== undefined && own.actors.length > 0 ? own.actors.join(either) : answer.who;
  // An attribute that went back while the drift went on is not a part of that drift any more.
  const partOf = predicate.change.paths.some(({ path }) => path === one.path) || predicate.change.paths.length === 0;
  const standing = partOf ? standingView(one.hit, options.newest, options.now) : null;
  const verdict = own?.verdict ?? answer.verdict;
  const rows: Row[] = [
    { label: 'entry', text: `#${entry.index} ${shortDigest(entry.digest)} · ${wordOf(one)}` },
    { label: 'when', text: `${happenedText(entry)}${from(origins.occurredAt)}` },
    {
      label: 'who',
      text: `${who}${verdict === 'not-attempted' ? '' : ` · ${verdict}`}${from(origins.paths.get(one.path) ?? origins.who)}`,
    },
    { label: 'why', text: `${answer.why}${from(origins.why)}` },
    ...(standing === null ? [] : [{ label: 'now', text: standingText(standing) }]),
  ];
  return [...changeLines(one, options.width, paint), ...labelled(rows, paint, options.width, 8, 5)];
}

const ACTIONS = { create: 'created', update: 'updated', delete: 'deleted', none: 'not touched' } as const;

function wordOf({ hit }: BlamedPath): string {
  const { change } = hit.picture.entry.statement.predicate;
  return [
    hit.picture.entry.kind,
    causeWord(change.cause),
    ...(change.resolution === undefined ? [] : [change.resolution]),
  ].join(' · ');
}

function changeLines({ path, changes, hit }: BlamedPath, width: number, paint: Paint): string[] {
  if (changes.length === 0) {
    const { action } = hit.picture.entry.statement.predicate.change;
    const sign = action === 'create' ? paint.green('+') : action === 'delete' ? paint.red('-') : paint.yellow('~');
    return [`    ${sign} ${path === '' ? '(whole resource)' : visible(path)}  ${ACTIONS[action]}`];
  }
  const view = visibleDeep(changesView(changes, { lines: 6, columns: Math.max(40, width - 8) }));
  return view.changes.flatMap((change) => paintChange(change, false, paint, displayWidth(change.path), width));
}
