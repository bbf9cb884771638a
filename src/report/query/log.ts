import pc from 'picocolors';
import type { AnnotationEntry, ChangeEntry, Hit, Picture } from '../../model/picture.ts';
import { changesView } from '../change-view.ts';
import { aboutEntry, shortDigest } from '../entry-view.ts';
import { changeOriginOf, type ScanEntry } from '../../model/history.ts';
import { paintChange } from '../scan/terminal-drift.ts';
import type { Paint } from '../text/paint.ts';
import { count } from '../text/plural.ts';
import { utc } from '../text/time.ts';
import { visible, visibleDeep } from '../text/visible.ts';
import { displayWidth, wrap } from '../text/width.ts';
import { causeWord, originWords } from '../words.ts';
import { type Row, labelled } from './rows.ts';
import {
  annotationText,
  answers,
  from,
  happenedText,
  replacedRows,
  saidViews,
  standingText,
  standingView,
  waiverRows,
} from './hit-view.ts';

export interface TextOptions {
  readonly colour: boolean;
  readonly width: number;
  /** RFC 3339: up to when what is open is counted. */
  readonly now: string;
  /** The newest scan, where there is one. */
  readonly newest: ScanEntry | undefined;
}

const MOST_CHANGES = 6;
const LIMITS = { lines: 6, columns: 100 };

/** One entry of the log, a compact paragraph: nothing in it can move the cursor or change colours. */
export function logParagraph(hit: Hit, options: TextOptions): string {
  const paint = pc.createColors(options.colour);
  const { picture } = hit;
  const { entry } = picture;
  const head = `${paint.yellow(`#${entry.index}`)} ${paint.dim(shortDigest(entry.digest))}`;
  // The first row is the title, the second what it is about.
  const rows: Row[] =
    'change' in entry.statement.predicate
      ? changeRows(hit, picture as Picture<ChangeEntry>, options)
      : 'annotation' in entry.statement.predicate
        ? annotationRows(hit, picture.entry as AnnotationEntry)
        : scanRows(entry as ScanEntry);
  const [title, ...rest] = rows;
  const changes = 'change' in entry.statement.predicate ? changeLines(entry as ChangeEntry, paint, options.width) : [];
  return [
    `${head}  ${visible(title?.text ?? '')}`,
    ...rest
      .slice(0, 1)
      .flatMap(({ text }) => wrap(visible(text), options.width - 2).map((line) => `  ${paint.bold(line)}`)),
    ...changes,
    ...labelled(rest.slice(1), paint, options.width),
    '',
  ]
    .join('\n')
    .concat('\n');
}

function changeRows(hit: Hit, picture: Picture<ChangeEntry>, options: TextOptions): Row[] {
  const { entry, origins } = picture;
  const { change } = entry.statement.predicate;
  const standing = standingView(hit, options.newest, options.now);
  const { who, call, why } = answers(picture);
  const title: string[] = [entry.kind];
  const origin = changeOriginOf(change);
  if (origin !== null) title.push(change.action, originWords(origin));
  else title.push(change.resolution ?? change.driftKind, causeWord(change.cause));
  return [
    { label: '', text: title.join(' · ') },
    { label: '', text: `${change.resource.address}  [${change.resource.workspace}]` },
    { label: 'when', text: `${happenedText(entry)}${from(origins.occurredAt)}` },
    { label: 'who', text: call === null ? who : `${who} · ${call}` },
    { label: 'why', text: why },
    ...waiverRows(hit.waivers),
    ...(standing === null ? [] : [{ label: 'now', text: standingText(standing) }]),
    ...saidRows(picture),
  ];
}

function changeLines(entry: ChangeEntry, paint: Paint, width: number): string[] {
  const view = visibleDeep(
    changesView(entry.statement.predicate.change.paths, { ...LIMITS, columns: Math.max(40, width - 8) }),
  );
  const shown = view.changes.slice(0, MOST_CHANGES);
  const column = Math.min(36, Math.max(0, ...shown.map(({ path }) => displayWidth(path))));
  const lines = shown.flatMap((change) => paintChange(change, view.mixed, paint, column, width));
  const more = view.changes.length - shown.length;
  return more === 0 ? lines : [...lines, paint.dim(`    … and ${more} more (driftbom show ${entry.index})`)];
}

function annotationRows(hit: Hit, entry: AnnotationEntry): Row[] {
  const { about, picture } = hit;
  const of = about.map((one) => `#${one.index} ${aboutEntry(one)}`);
  const { supersedes } = entry.statement.predicate;
  return [
    { label: '', text: entry.kind + (supersedes === null ? '' : `, in the place of ${shortDigest(supersedes)}`) },
    ...(of.length === 0 ? [] : [{ label: '', text: `of ${of.join(', ')}` }]),
    ...(of.length === 0
      ? [{ label: '', text: annotationText(entry) }]
      : [{ label: 'says', text: annotationText(entry) }]),
    ...replacedRows(hit),
    ...saidRows(picture),
  ];
}

function scanRows(entry: ScanEntry): Row[] {
  const { scan } = entry.statement.predicate;
  const { resources, changed, missing, unmanaged, gaps } = scan.summary;
  const found = [
    count(resources, 'resource'),
    `${changed} changed`,
    `${missing} missing`,
    ...(unmanaged > 0 ? [`${unmanaged} unmanaged`] : []),
    count(gaps, 'gap'),
    count(scan.open.length, 'drift open', 'drifts open'),
  ];
  return [
    { label: '', text: `scan · ${utc(scan.startedAt)}` },
    { label: '', text: scan.scope.workspaces.join(', ') },
    { label: 'found', text: found.join(', ') },
  ];
}

function saidRows(picture: Picture): Row[] {
  const rows = saidViews(picture).map(({ entry, kind, text }) => ({ label: kind, text: `#${entry.index} ${text}` }));
  const gone = picture.superseded.length;
  return gone === 0 ? rows : [...rows, { label: '', text: `${count(gone, 'annotation')} superseded by later ones` }];
}

/** What a log says of itself at its end. */
export interface LogSummary {
  readonly shown: number;
  /** Entries under the head. */
  readonly looked: number;
  readonly erased: number;
  /** Scan entries, which are listed only where they are asked for. */
  readonly scansLeftOut: number;
  /** Whether --limit cut it off. */
  readonly limited: boolean;
  /** Resources that fit the filter and that the newest scan could not look at. */
  readonly gaps: number;
  readonly newestScan: string | null;
}

export function logEnd(summary: LogSummary, options: Pick<TextOptions, 'colour' | 'width'>): string {
  const paint = pc.createColors(options.colour);
  const { shown, looked, erased, scansLeftOut, limited, gaps, newestScan } = summary;
  const of = count(looked, 'entry', 'entries');
  const found = shown === 0 ? `no entry matches; ${of} looked at` : `${limited ? 'the first ' : ''}${shown} of ${of}`;
  const notes = [
    ...(limited ? ['more may match: --limit cut the list off'] : []),
    ...(erased > 0 ? [`${count(erased, 'entry was', 'entries were')} erased and could not be looked at`] : []),
    ...(scansLeftOut > 0 ? [`${count(scansLeftOut, 'scan is', 'scans are')} not listed (--kind scan)`] : []),
    ...(gaps > 0
      ? [`the newest scan (${utc(newestScan ?? '')}) could not look at ${count(gaps, 'resource')} that would fit`]
      : []),
  ];
  const lines = notes.flatMap((note) =>
    wrap(visible(note), Math.max(40, options.width - 2)).map((line) => paint.dim(`  ${line}`)),
  );
  return `${[`driftbom: ${found}`, ...lines].join('\n')}\n`;
}
