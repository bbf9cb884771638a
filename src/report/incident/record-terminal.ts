import pc from 'picocolors';
import type { FoldedIncidents } from '../../incident/record/fold.ts';
import type { Entry } from '../../model/entry.ts';
import { MILESTONES, type IncidentRecord, type SaidIn } from '../../model/incident-record.ts';
import { aboutEntry, shortDigest } from '../entry-view.ts';
import type { Paint } from '../text/paint.ts';
import { count } from '../text/plural.ts';
import { visible } from '../text/visible.ts';
import { displayWidth, padEnd, wrap } from '../text/width.ts';
import { moment, noteText } from './note-text.ts';
import type { SaidReport } from './record-json.ts';

interface RecordTextOptions {
  readonly colour: boolean;
  readonly width: number;
}

/** What was written, in one line: `INC-0001 milestone mitigated 2025-01-18 08:31 UTC, entry #214`. */
export function saidTerminal({ incident, content, entry, about }: SaidReport): string {
  const of = about.length === 0 ? '' : ` (of ${about.map(({ index }) => `#${index}`).join(', ')})`;
  return `${visible(`${incident} ${noteText(content)}${of}, entry #${entry.index}`)}\n`;
}

/** Remarks on the words that were written, one line each. */
export function wordingLines({ wording }: SaidReport): string[] {
  return wording.map(({ words, why, instead }) => visible(`“${words}”: ${why}. Instead: ${instead}`));
}

/** All incidents, the newest last, where the eye is. */
export function listTerminal({ records, strays }: FoldedIncidents, options: RecordTextOptions): string {
  const paint = pc.createColors(options.colour);
  if (records.length === 0 && strays.length === 0)
    return 'no incident is on record; driftbom incident open makes one\n';
  const rows = records.map((one) => {
    const open = one.actions.filter(({ state }) => state === 'open').length;
    return [
      one.id,
      one.severity ?? '-',
      one.status,
      moment(one.opened.at),
      open === 0 ? '-' : String(open),
      one.title,
    ].map(visible);
  });
  const head = ['id', 'severity', 'status', 'opened', 'actions open', 'title'];
  const widths = head.map((name, at) => Math.max(...[name, ...rows.map((row) => row[at] as string)].map(displayWidth)));
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at === row.length - 1 ? cell : padEnd(cell, widths[at] as number))).join('  ');
  const lines = [
    paint.dim(line(head)),
    ...rows.map(line),
    ...strays.map(({ index, why }) => paint.yellow(visible(`entry #${index} belongs to no incident: ${why}`))),
  ];
  return `${lines.join('\n')}\n`;
}

/** One incident: all that stands, each line with the entry that says it. */
export function recordTerminal(
  record: IncidentRecord,
  spoken: ReadonlyMap<string, Entry>,
  options: RecordTextOptions,
): string {
  const paint = pc.createColors(options.colour);
  const width = Math.max(60, options.width);
  const state = [record.severity ?? 'no severity', record.status, ...record.services];
  const lines = [
    `${paint.bold(visible(`${record.id}  ${record.title}`))}`,
    visible(
      `${state.join(' · ')} · opened ${moment(record.opened.at)} by ${record.opened.by}, entry #${record.opened.index}`,
    ),
    ...sectionsOf(record, spoken).flatMap(({ name, rows }) => section(name, rows, paint, width)),
    '',
    paint.dim(
      `${count(record.entries.length, 'entry', 'entries')} in the ledger; driftbom show INDEX has each with its proof`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

interface RecordRow {
  readonly text: string;
  readonly said: Pick<SaidIn, 'index' | 'by'>;
}

function sectionsOf(
  record: IncidentRecord,
  spoken: ReadonlyMap<string, Entry>,
): { readonly name: string; readonly rows: readonly RecordRow[] }[] {
  const milestones = [...record.milestones].sort((a, b) => MILESTONES.indexOf(a.name) - MILESTONES.indexOf(b.name));
  const timeline = [...record.timeline].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const row = (text: string, said: RecordRow['said']): RecordRow => ({ text, said });
  return [
    {
      name: 'milestones',
      rows: milestones.map(({ name, at, basis, source, said }) =>
        row(`${padEnd(name, 13)} ${moment(at)} (${basis}${source === null ? '' : `, ${source}`})`, said),
      ),
    },
    { name: 'roles', rows: record.roles.map(({ role, who, said }) => row(`${padEnd(role, 13)} ${who}`, said)) },
    ...Object.entries(record.texts).map(([name, { text, said }]) => ({ name, rows: [row(text, said)] })),
    {
      name: 'changes',
      rows: record.verdicts.map(({ entry, relation, certainty, text, said }) =>
        row(
          `${changeName(entry, spoken)} ${relation}, certainty ${certainty}${text === null ? '' : `: ${text}`}`,
          said,
        ),
      ),
    },
    {
      name: 'timeline',
      rows: timeline.map(({ at, until, kind, actor, source, link, text, said }) => {
        const more = [kind === 'note' ? null : kind, actor, source, link].filter((part) => part !== null);
        const time = until === null ? moment(at) : `${moment(at)} to ${moment(until)}`;
        return row(`${time}  ${text}${more.length === 0 ? '' : ` (${more.join(', ')})`}`, said);
      }),
    },
    {
      name: 'impact, measured',
      rows: record.metrics.map(({ metric, value, unit, source, said }) =>
        row(`${metric}: ${value}${unit === null ? '' : ` ${unit}`}${source === null ? '' : ` (${source})`}`, said),
      ),
    },
    {
      name: 'whys',
      rows: record.whys.map(({ question, answer, said }) => row(`${question} ${answer ?? '(not answered)'}`, said)),
    },
    { name: 'factors', rows: record.factors.map(({ kind, text, said }) => row(`${kind}: ${text}`, said)) },
    { name: 'lessons', rows: record.lessons.map(({ kind, text, said }) => row(`${kind}: ${text}`, said)) },
    {
      name: 'actions',
      rows: record.actions.map((one) => {
        const more = [one.category, one.owner ?? 'no owner', one.due === null ? 'no due day' : `due ${one.due}`];
        const ends = [
          one.doneWhen === null ? [] : [`done when ${one.doneWhen}`],
          one.rule ?? [],
          one.ticket ?? [],
        ].flat();
        const state = one.stateText === null ? one.state : `${one.state}: ${one.stateText}`;
        return row(`${one.id} [${state}] ${one.text} (${[...more, ...ends].join(', ')})`, one.said);
      }),
    },
    {
      name: 'questions',
      rows: record.questions.map(({ id, text, answer, said }) => row(`${id} ${text} ${answer ?? '(open)'}`, said)),
    },
    {
      name: 'comms',
      rows: record.comms.map(({ audience, state, at, text, said }) =>
        row(`${audience}, ${state}${at === null ? '' : ` ${moment(at)}`}: ${text}`, said),
      ),
    },
    {
      name: 'reviews',
      rows: record.reviews.map(({ role, decision, text, said }) =>
        row(`${decision}${role === null ? '' : ` as ${role}`}${text === null ? '' : `: ${text}`}`, said),
      ),
    },
    { name: 'case files', rows: record.cases.map(({ sha256, said }) => row(`evidence/${sha256}`, said)) },
    { name: 'cannot be read', rows: record.unread.map(({ index, why }) => row(why, { index, by: '' })) },
  ].filter(({ rows }) => rows.length > 0);
}

/** A change by its entry and what it changed; by digest where the entry cannot be read any more. */
function changeName(digest: string, spoken: ReadonlyMap<string, Entry>): string {
  const entry = spoken.get(digest);
  return entry === undefined ? shortDigest(digest) : `#${entry.index} ${aboutEntry(entry)}`;
}

/** Every line ends with its entry and who said it; text that was written in several lines keeps them. */
function section(name: string, rows: readonly RecordRow[], paint: Paint, width: number): string[] {
  const lines = rows.flatMap(({ text, said }) => {
    const own = `#${said.index}${said.by === '' ? '' : ` ${visible(said.by)}`}`;
    const wrapped = text.split(/\r?\n/).flatMap((part) => wrap(visible(part), width - 4));
    const last = wrapped.at(-1) ?? '';
    const fits = displayWidth(last) + own.length + 4 <= width - 2;
    const told = fits ? [...wrapped.slice(0, -1), `${last}  ${paint.dim(own)}`] : [...wrapped, paint.dim(own)];
    return told.map((line, at) => `${at === 0 ? '  ' : '    '}${line}`);
  });
  return ['', paint.bold(name), ...lines];
}
