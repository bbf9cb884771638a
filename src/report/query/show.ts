import pc from 'picocolors';
import { readNote } from '../../incident/record/note.ts';
import type { AnnotationEntry, ChangeEntry, Hit, Picture } from '../../model/picture.ts';
import type { ScanRules } from '../../model/rule.ts';
import type { DriftWaiver } from '../../model/scan.ts';
import { entryAnswer } from '../answer-view.ts';
import { changesView } from '../change-view.ts';
import { aboutEntry, recordedAt, windowText } from '../entry-view.ts';
import { changeOriginOf, type ScanEntry } from '../../model/history.ts';
import { paintChange } from '../scan/terminal-drift.ts';
import { resolutionText } from '../standing.ts';
import type { Paint } from '../text/paint.ts';
import { count } from '../text/plural.ts';
import { utc } from '../text/time.ts';
import { visible, visibleDeep } from '../text/visible.ts';
import { displayWidth } from '../text/width.ts';
import { causeMeaning, causeWord, kindMeaning, originMeaning, originWords } from '../words.ts';
import {
  actorLines,
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
import type { TextOptions } from './log.ts';
import { labelled, type Row } from './rows.ts';

/** Where an entry stands, and what was proven of that. */
export interface EntryProof {
  readonly origin: string;
  /** Size and root (hex) of the tree of the head. */
  readonly size: number;
  readonly root: string;
  /** Whose keys signed the head; undefined where its signature does not verify. */
  readonly headSignedBy: 'own' | 'ledger' | undefined;
}

/** An entry and all that belongs to its answer. */
export interface ShownEntry {
  readonly hit: Hit;
  /** The drift's entries from its first sight on, this one among them; empty for what is no drift. */
  readonly story: readonly Picture<ChangeEntry>[];
  /** Waivers of the ledger that speak of the resource now. */
  readonly waivers: DriftWaiver | undefined;
  /** Change entries of the same resource that are not in the story. */
  readonly others: number;
  readonly proof: EntryProof;
}

const LIMITS = { lines: 60, columns: 100 };

/** The six answers about one entry on one screen, and where it stands in the log. */
export function showTerminal(shown: ShownEntry, options: TextOptions): string {
  const paint = pc.createColors(options.colour);
  const { entry } = shown.hit.picture;
  const { predicate } = entry.statement;
  const title = `${paint.yellow(`#${entry.index}`)}  ${paint.bold(visible(`${entry.kind} · ${titleOf(shown.hit)}`))}`;
  const lines =
    'change' in predicate
      ? changeLines(shown, shown.hit.picture as Picture<ChangeEntry>, options, paint)
      : 'annotation' in predicate
        ? rows([...annotationRows(shown.hit, entry as AnnotationEntry), ...saidRows(shown.hit.picture)], options, paint)
        : rows(scanRows(entry as ScanEntry), options, paint);
  return `${[title, '', ...lines, ...rows(proofRows(shown), options, paint)].join('\n')}\n`;
}

function titleOf({ picture: { entry }, about }: Hit): string {
  const [first] = about;
  const note = readNote(entry);
  if (note !== undefined && 'content' in note) return `${note.incident} ${note.content.topic}`;
  return 'annotation' in entry.statement.predicate && first !== undefined
    ? `of #${first.index} ${aboutEntry(first)}`
    : aboutEntry(entry);
}

function rows(list: readonly Row[], options: TextOptions, paint: Paint): string[] {
  return labelled(list, paint, options.width, 2, 10);
}

function changeLines(
  { hit, story, waivers, others }: ShownEntry,
  picture: Picture<ChangeEntry>,
  options: TextOptions,
  paint: Paint,
): string[] {
  const { entry, origins } = picture;
  const { predicate } = entry.statement;
  const { change, when } = predicate;
  const answer = entryAnswer(predicate);
  const { who, call, why } = answers(picture);
  const standing = standingView(hit, options.newest, options.now);
  const { resource } = change;
  const what: Row[] = [
    ...whatRows(entry),
    { label: '', text: [resource.type, resource.id ?? 'no id', `workspace ${resource.workspace}`].join(' · ') },
  ];
  const answered: Row[] = [
    { label: 'when', text: `${happenedText(entry)}${from(origins.occurredAt)}` },
    ...(when.occurredAt === null ? [] : [{ label: '', text: windowText(when) }]),
    { label: '', text: `observed ${utc(when.observedAt)}, recorded ${utc(when.recordedAt)}` },
    { label: 'who', text: who },
    ...(answer.verdict === 'not-attempted' ? [] : [{ label: '', text: answer.meaning }]),
    ...actorLines(predicate.who.actors).map((text) => ({ label: '', text })),
    ...(call === null ? [] : [{ label: 'call', text: call }]),
    ...answer.paths.map(({ path, who: name, when: at }) => ({
      label: '',
      text: `${path}: ${name}${at === null ? '' : `, ${at}`}${from(origins.paths.get(path))}`,
    })),
    ...answer.missing.map((text) => ({ label: 'lacks', text })),
    ...(answer.searched === null ? [] : [{ label: 'searched', text: answer.searched }]),
    { label: 'why', text: why },
    ...reasonRows(picture),
    ...evidenceRows(predicate.evidence),
    ...saidRows(picture),
    ...waiverRows(waivers),
    ...(standing === null ? [] : [{ label: 'now', text: standingText(standing) }]),
    ...storyRows(story, entry.index, others, resource.address),
  ];
  return [...rows(what, options, paint), ...changesOf(entry, options, paint), ...rows(answered, options, paint)];
}

/** A drift is what it is and why; what ended one, or what somebody recorded, is something that was done. */
function whatRows({ kind, statement }: ChangeEntry): Row[] {
  const { change } = statement.predicate;
  const { driftKind, cause, resolution, action } = change;
  const origin = changeOriginOf(change);
  if (kind === 'resolved') return [{ label: 'what', text: resolutionText(resolution) }];
  if (origin !== null) {
    return [
      { label: 'what', text: `${ACTIONS[action]} · ${originWords(origin)}` },
      { label: '', text: originMeaning(origin) },
    ];
  }
  return [
    { label: 'what', text: `${driftKind}: ${kindMeaning(driftKind)}` },
    { label: '', text: `${causeWord(cause)}: ${causeMeaning(cause)}` },
  ];
}

const ACTIONS = { create: 'made', update: 'changed', delete: 'taken away', none: 'not touched' } as const;

function changesOf(entry: ChangeEntry, { width }: TextOptions, paint: Paint): string[] {
  const view = visibleDeep(
    changesView(entry.statement.predicate.change.paths, { ...LIMITS, columns: Math.max(40, width - 8) }),
  );
  const column = Math.min(36, Math.max(0, ...view.changes.map(({ path }) => displayWidth(path))));
  const lines = view.changes.flatMap((change) => paintChange(change, view.mixed, paint, column, width));
  return lines.length === 0 ? [] : ['', ...lines, ''];
}

function reasonRows({ entry }: Picture<ChangeEntry>): Row[] {
  const { reason } = entry.statement.predicate.why;
  if (reason === null) return [];
  const more = reason.references.length === 0 ? '' : `; ${reason.references.join(', ')}`;
  return [{ label: '', text: `trust ${reason.trust}${more}` }];
}

function evidenceRows(evidence: ChangeEntry['statement']['predicate']['evidence']): Row[] {
  return evidence.map(({ name, uri, digest, annotations = {} }, at) => {
    const { eventName, eventTime, region, digestChain } = annotations;
    const facts = [eventName, eventTime, region, digestChain === undefined ? undefined : `log ${digestChain}`];
    const told = facts.filter((fact) => fact !== undefined && fact !== null);
    const parts = [name, ...told, ...(uri === undefined ? [] : [uri]), `sha256 ${digest.sha256}`];
    return { label: at === 0 ? 'evidence' : '', text: parts.join(' · ') };
  });
}

function saidRows(picture: Picture): Row[] {
  const said = saidViews(picture).map(({ entry, kind, text }) => ({ label: kind, text: `#${entry.index} ${text}` }));
  const replaced = picture.superseded.map(({ index, kind }) => `#${index} ${kind}`);
  return replaced.length === 0
    ? said
    : [...said, { label: '', text: `superseded by later ones: ${replaced.join(', ')}` }];
}

function storyRows(story: readonly Picture<ChangeEntry>[], shown: number, others: number, address: string): Row[] {
  const told = story.map(({ entry }) => {
    const { resolution, paths } = entry.statement.predicate.change;
    const what = resolution ?? count(paths.length, 'attribute');
    const mark = entry.index === shown ? ' (this one)' : '';
    return `#${entry.index}${mark} ${entry.kind}, ${what}, ${happenedText(entry)}`;
  });
  const more =
    others === 0 ? [] : [`${count(others, 'other entry', 'other entries')} of it: driftbom log --address '${address}'`];
  if (told.length < 2) return more.map((text) => ({ label: 'story', text }));
  return [...told, ...more].map((text, at) => ({ label: at === 0 ? 'story' : '', text }));
}

function annotationRows(hit: Hit, entry: AnnotationEntry): Row[] {
  const { about } = hit;
  const { annotation, when } = entry.statement.predicate;
  return [
    ...about.map((one, at) => ({
      label: at === 0 ? 'about' : '',
      text: `#${one.index} ${one.kind} ${aboutEntry(one)}`,
    })),
    { label: 'says', text: annotationText(entry) },
    { label: 'when', text: `stated ${utc(when.statedAt)}, recorded ${utc(when.recordedAt)}` },
    { label: 'who', text: annotation.by },
    ...replacedRows(hit),
    ...(annotation.correction?.why === undefined
      ? []
      : [{ label: 'why', text: annotation.correction.why.reason?.text ?? 'not recorded' }]),
    ...factsOf(entry).map(([name, value]) => ({ label: name, text: JSON.stringify(value) })),
    ...evidenceRows(entry.statement.predicate.evidence),
  ];
}

/** Facts that stand in no other row. */
function factsOf(entry: AnnotationEntry): [string, unknown][] {
  const note = readNote(entry);
  return note !== undefined && 'content' in note
    ? []
    : Object.entries(entry.statement.predicate.annotation.facts ?? {});
}

function scanRows(entry: ScanEntry): Row[] {
  const { scan } = entry.statement.predicate;
  const { resources, inSync, changed, missing, unread, unmanaged, gaps, ignored } = scan.summary;
  return [
    { label: 'when', text: `${utc(scan.startedAt)} to ${utc(scan.finishedAt)}, recorded ${utc(recordedAt(entry))}` },
    {
      label: 'scope',
      text: `${scan.scope.workspaces.join(', ')} · declared: ${scan.scope.declared.join(', ')} · live: ${scan.scope.live}`,
    },
    {
      label: 'found',
      text: `${count(resources, 'resource')}: ${inSync} in sync, ${changed} changed, ${missing} missing, ${unread} not read; ${unmanaged} unmanaged, ${count(gaps, 'gap')}, ${ignored} ignored by rule`,
    },
    {
      label: 'open',
      text:
        scan.open.length === 0 ? 'no drift' : scan.open.map(({ index, address }) => `#${index} ${address}`).join(', '),
    },
    ...ruleRows(scan.rules),
  ];
}

/** How rules were met, where any was asked. */
function ruleRows(rules: ScanRules | undefined): Row[] {
  if (rules?.off === true) return [{ label: 'rules', text: 'switched off for this scan' }];
  const { judged = [], unreadable = [] } = rules ?? {};
  const rows = judged.map(({ id, checked, violations, notAssessed }): string => {
    const open = notAssessed.map(({ count: n, reason }) => `${n} not assessed (${reason})`);
    return [`${id}: ${checked} checked`, count(violations.length, 'violation'), ...open].join(', ');
  });
  const broken = unreadable.map(({ index, why }) => `#${index} cannot be read: ${why}`);
  return [...rows, ...broken].map((text, i) => ({ label: i === 0 ? 'rules' : '', text }));
}

const SIGNED = {
  own: 'signed by your own key',
  ledger: 'signed by a key that the ledger itself names (driftbom verify --key FILE checks against one from elsewhere)',
} as const;

function proofRows({ hit, proof }: ShownEntry): Row[] {
  const { entry } = hit.picture;
  const head = `checkpoint of ${count(proof.size, 'entry', 'entries')}, root ${proof.root.slice(0, 16)}…`;
  const signed = proof.headSignedBy === undefined ? 'whose SIGNATURE DOES NOT VERIFY' : SIGNED[proof.headSignedBy];
  return [
    { label: 'log', text: `index ${entry.index} of ${proof.origin}, ${entry.statement.predicate.entryId}` },
    { label: '', text: `sha256 ${entry.digest}` },
    { label: '', text: `inclusion verified under the ${head}, ${signed}` },
  ];
}
