import { readNote } from '../../incident/record/note.ts';
import type { Actor } from '../../model/attribution.ts';
import type { AnnotationEntry, ChangeEntry, Hit, Origin, Picture } from '../../model/picture.ts';
import { entryAnswer } from '../answer-view.ts';
import { type EntryRef, entryRef, windowText } from '../entry-view.ts';
import { driftStories, type ScanEntry } from '../../model/history.ts';
import type { DriftWaiver } from '../../model/scan.ts';
import { noteText } from '../incident/note-text.ts';
import { ruleNoteText } from '../rule-note.ts';
import { resolutionText, type StandingView, standingOf } from '../standing.ts';
import { count } from '../text/plural.ts';
import { utc } from '../text/time.ts';
import type { Row } from './rows.ts';

/** What was said of an entry later, in one line. */
export interface SaidView {
  readonly entry: EntryRef;
  readonly kind: string;
  readonly text: string;
}

/** When something happened, in words: the moment, or the bounds. */
export function happenedText({ statement: { predicate } }: ChangeEntry): string {
  const { when } = predicate;
  if (when.occurredAt === null) return windowText(when);
  return `${utc(when.occurredAt)} (${when.occurredAtSource ?? 'source not recorded'})`;
}

/** Where a drift stands now; null for what is no drift. `newest`: the newest scan, which knows whether it was looked at. */
export function standingView(hit: Hit, newest: ScanEntry | undefined, now: string): StandingView | null {
  const { entry } = hit.picture;
  if (entry.kind !== 'drift' || hit.standing === undefined) return null;
  const next = hit.next === undefined ? [] : [hit.next];
  const scan = hit.standing === 'open' && newest !== undefined && newest.index > entry.index ? [newest] : [];
  const [story] = driftStories([entry, ...next, ...scan]);
  if (story === undefined) return null;
  const view = standingOf(entry, story, now);
  if (hit.standing !== 'ended' || hit.next !== undefined) return view;
  return { ...view, name: 'resolved', text: resolutionText(undefined), exposure: 'for how long is not recorded' };
}

export function standingText(view: StandingView): string {
  const by = view.by === null ? '' : `, entry #${view.by.index}`;
  return view.name === 'moved-on' ? `${view.text}${by}` : `${view.text}${by} (${view.exposure})`;
}

/** Who and why, each with the later entry that it comes from. */
export function answers({ entry, origins }: Picture<ChangeEntry>): { who: string; call: string | null; why: string } {
  const answer = entryAnswer(entry.statement.predicate);
  const verdict = answer.verdict === 'not-attempted' ? '' : ` · ${answer.verdict}`;
  return {
    who: `${answer.who}${verdict}${from(origins.who)}`,
    call: answer.call,
    why: `${answer.why}${from(origins.why)}`,
  };
}

/** `, says #43`: that a part of a picture comes from a later entry. */
export function from(origin: Origin | undefined): string {
  return origin === undefined ? '' : ` [from #${origin.index}]`;
}

export function saidViews({ said }: Picture): SaidView[] {
  return said.map((one) => ({ entry: entryRef(one), kind: one.kind, text: annotationText(one) }));
}

/** What took the place of an annotation, in one line each; what also speaks of it is listed as that. */
export function replacedRows({ replacedBy, picture }: Hit): Row[] {
  const others = replacedBy.filter(({ digest }) => !picture.said.some((one) => one.digest === digest));
  return others.map((one) => ({ label: 'replaced', text: `by #${one.index} ${annotationText(one)}` }));
}

/** Who accepted a drift, and until when. */
export function waiverRows(waivers: DriftWaiver | undefined): Row[] {
  if (waivers === undefined) return [];
  const text = ({ index, address, path, until, approvedBy }: DriftWaiver['active'][number]): string =>
    `#${index} ${path === null ? address : `${address} · ${path}`} until ${utc(until)}, approved by ${approvedBy}`;
  return [
    ...waivers.active.map((one) => ({ label: 'waived', text: text(one) })),
    ...waivers.expired.map((one) => ({ label: 'was', text: `waived: ${text(one)} (expired)` })),
  ];
}

/** What an annotation says, in one line. */
export function annotationText(entry: AnnotationEntry): string {
  const { kind, statement } = entry;
  const { annotation, when } = statement.predicate;
  const { by, text, waiver, correction, erasure, key } = annotation;
  const quoted = text === null ? '' : `: "${text}"`;
  const at = utc(when.statedAt);
  if (waiver !== undefined) {
    const what = waiver.path === null ? waiver.address : `${waiver.address} · ${waiver.path}`;
    return `${what} from ${utc(waiver.from)} until ${utc(waiver.until)}, requested by ${waiver.requestedBy}, approved by ${waiver.approvedBy}${quoted}`;
  }
  if (correction !== undefined) {
    const parts = [
      correction.who === undefined ? [] : ['who'],
      correction.occurredAt === undefined ? [] : ['when'],
      correction.why === undefined ? [] : ['why'],
      correction.paths === undefined ? [] : [count(correction.paths.length, 'attribute')],
    ].flat();
    return `${parts.join(', ') || 'nothing'} by ${by}, ${at}${quoted}`;
  }
  if (erasure !== undefined) {
    const { indexes, requestedBy, approvedBy } = erasure;
    return `of ${indexes.map((index) => `#${index}`).join(', ')}, requested by ${requestedBy}, approved by ${approvedBy}, ${at}${quoted}`;
  }
  if (key !== undefined) return `${key.use} key ${key.keyId} ${key.change} by ${by}, ${at}${quoted}`;
  // A waiver entry without terms takes an earlier one back.
  if (kind === 'waiver') return `revoked by ${by}, ${at}${quoted}`;
  return noteLine(entry);
}

/** What a note or an approval says. */
function noteLine(entry: AnnotationEntry): string {
  const { annotation, when } = entry.statement.predicate;
  const said = `by ${annotation.by}`;
  const note = readNote(entry);
  if (note !== undefined && 'content' in note) {
    return `${note.incident} ${noteText(note.content)}, ${said}, ${utc(when.statedAt)}`;
  }
  const rule = ruleNoteText(entry);
  if (rule !== undefined) {
    return `${rule}, ${said}, ${utc(when.statedAt)}${annotation.text === null ? '' : `: "${annotation.text}"`}`;
  }
  const topic = entry.kind === 'note' && annotation.topic !== undefined ? ` (${annotation.topic})` : '';
  return `${said}${topic}, ${utc(when.statedAt)}${annotation.text === null ? '' : `: "${annotation.text}"`}`;
}

/** What is known of each actor beyond the name, one line each; nothing where that is nothing. */
export function actorLines(actors: readonly Actor[]): string[] {
  return actors.flatMap((actor) => {
    const facts = [
      ...(actor.id === actor.name ? [] : [actor.id]),
      ...(actor.sourceIdentity === null ? [] : [`source identity ${actor.sourceIdentity}`]),
      ...(actor.mfa === null ? [] : [actor.mfa ? 'with MFA' : 'without MFA']),
      ...(actor.lineage.length === 0
        ? []
        : [`by way of ${actor.lineage.map(({ principal }) => principal).join(' ← ')}`]),
    ];
    return facts.length === 0 ? [] : [facts.join(' · ')];
  });
}
