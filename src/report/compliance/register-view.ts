import type { ComplianceModel, RegisterRow } from '../../compliance/model.ts';
import { SEVERITIES } from '../../compliance/policy.ts';
import { whoText } from '../answer-view.ts';
import { type ChangesView, changesView } from '../change-view.ts';
import { type EntryRef, entryRef, windowShort, windowText } from '../entry-view.ts';
import { resolutionText } from '../standing.ts';
import type { DiffLimits } from '../text/line-diff.ts';
import { span, utc } from '../text/time.ts';
import { causeWord, kindMeaning, kindSign } from '../words.ts';
import { type Cut, cutOf } from './cut.ts';

const LIMITS: DiffLimits = { lines: 60, columns: 200 };
/** Rows that are told in full; where there are more, the worst of them. */
const CARDS = 150;

/** One change in one line. */
export interface RegisterLine {
  readonly entry: EntryRef;
  readonly observed: string;
  readonly address: string;
  readonly workspace: string;
  readonly attributes: string;
  readonly class: string;
  readonly severity: string;
  readonly who: string;
  readonly verdict: string;
  readonly approval: string;
  readonly standing: string;
  readonly standingTone: string;
  readonly carriedOver: boolean;
}

/** One change in full. */
export interface RegisterCard extends ChangesView {
  readonly entry: EntryRef;
  readonly address: string;
  readonly id: string | null;
  readonly workspace: string;
  readonly kind: string;
  readonly sign: string;
  readonly meaning: string;
  readonly class: string;
  readonly cause: string;
  readonly carriedOver: boolean;
  readonly severity: string;
  readonly rule: string;
  readonly facts: readonly string[];
  readonly observed: string;
  readonly window: string;
  readonly who: string;
  readonly verdict: string;
  readonly call: string | null;
  readonly why: string;
  readonly approval: string;
  readonly standing: {
    readonly name: string;
    readonly tone: string;
    readonly text: string;
    readonly by: EntryRef | null;
  };
  readonly age: string;
  readonly waiver: string | null;
  readonly events: readonly string[];
  readonly said: readonly string[];
  readonly controls: string;
}

export interface RegisterView {
  readonly lines: Cut<RegisterLine>;
  readonly cards: Cut<RegisterCard>;
  readonly worst: readonly RegisterLine[];
}

export function registerView({ register }: ComplianceModel): RegisterView {
  const worse = [...register].sort((a, b) => rankOf(a) - rankOf(b) || a.entry.index - b.entry.index);
  const told = new Set((register.length > CARDS ? worse.slice(0, CARDS) : register).map((row) => row.entry.index));
  const cards = register.filter((row) => told.has(row.entry.index)).map(registerCard);
  return {
    lines: cutOf(register, registerLine, { folded: 60, most: 2000 }),
    cards: { rows: cards, folded: cards.length > 40, total: register.length, hidden: register.length - cards.length },
    worst: worse
      .filter((row) => row.standing.name === 'open' && rankOf(row) <= 2)
      .slice(0, 10)
      .map(registerLine),
  };
}

function rankOf({ severity }: RegisterRow): number {
  return SEVERITIES.indexOf(severity);
}

export function registerLine(row: RegisterRow): RegisterLine {
  const paths = [...new Set(row.changes.map(({ path }) => path))].filter((path) => path !== '');
  return {
    entry: entryRef(row.entry),
    observed: utc(row.when.observedAt),
    address: row.address,
    workspace: row.workspace,
    attributes:
      paths.length > 3
        ? `${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more`
        : paths.join(', ') || row.driftKind,
    class: row.class,
    severity: row.severity,
    who: row.attributed ? whoText(row.verdict, row.actors) : `nobody named: ${row.verdict}`,
    verdict: row.verdict,
    approval:
      row.approval.standing === 'not-evidenced' ? 'approval not evidenced' : row.approval.standing.replaceAll('-', ' '),
    standing: standingWord(row),
    standingTone: toneOf(row),
    carriedOver: row.carriedOver,
  };
}

/** A change in full, for the register and the sample. */
export function registerCard(row: RegisterRow): RegisterCard {
  const { when, reason, standing } = row;
  const bounds = { ...when, occurredAtSource: null };
  return {
    ...changesView(row.changes, LIMITS),
    entry: entryRef(row.entry),
    address: row.address,
    id: row.id,
    workspace: row.workspace,
    kind: row.kind === 'change' ? 'recorded' : row.driftKind,
    sign: kindSign(row.driftKind),
    meaning: kindMeaning(row.driftKind),
    class: row.class,
    cause: causeWord(row.cause),
    carriedOver: row.carriedOver,
    severity: row.severity,
    rule: ruleText(row),
    facts: factTexts(row),
    observed: utc(when.observedAt),
    window: when.occurredAt === null ? windowText(bounds) : `${utc(when.occurredAt)} (${windowShort(bounds)})`,
    who: whoText(row.verdict, row.actors),
    verdict: row.verdict,
    call: row.call,
    why:
      reason === null
        ? 'not evidenced by this tool'
        : `"${reason.text}" (${reason.source})${reason.references.length === 0 ? '' : `; ${reason.references.join(', ')}`}`,
    approval: approvalText(row),
    standing: {
      name: standing.name,
      tone: toneOf(row),
      text: standingText(row),
      by: standing.by && entryRef(standing.by),
    },
    age:
      standing.name === 'recorded'
        ? ''
        : `${span(standing.age)}${standing.name === 'open' ? ' so far' : ''}${standing.overdue ? `; was due ${utc(standing.due ?? '')}` : ''}`,
    waiver: row.waiver === null ? null : waiverText(row.waiver),
    events: row.events.map(({ id, name, at, sha256 }) => `${name}, ${utc(at)}, event ${id}, sha256 ${sha256}`),
    said: row.said.map(
      ({ kind, by, at, text, entry }) =>
        `${kind} by ${by}, ${utc(at)} (entry ${entry.index})${text === null ? '' : `: ${text}`}`,
    ),
    controls: row.controls.join(', '),
  };
}

function ruleText({ rule, ruleFaults }: RegisterRow): string {
  if (ruleFaults.length > 0) return `no rule could be asked: ${ruleFaults.join('; ')}`;
  return rule === null ? 'no rule speaks of it' : `${rule.id}: ${rule.title}`;
}

function factTexts({ facts }: RegisterRow): string[] {
  return Object.entries(facts).flatMap(([name, value]: [string, unknown]) => {
    if (value === true) return [name];
    if (!Array.isArray(value) || value.length === 0) return [];
    const shown = value
      .slice(0, 6)
      .map((one) => (typeof one === 'string' ? one : factText(one as Record<string, unknown>)));
    return [`${name}: ${shown.join(', ')}${value.length > 6 ? ` and ${value.length - 6} more` : ''}`];
  });
}

function factText(fact: Record<string, unknown>): string {
  if ('cidr' in fact) return `${String(fact.cidr)} ${String(fact.protocol)} ${String(fact.from)}-${String(fact.to)}`;
  return `${String(fact.field)} ${String(fact.from)} to ${String(fact.to)}`;
}

function approvalText({ approval }: RegisterRow): string {
  const { standing, approvers, at, source } = approval;
  if (standing === 'not-evidenced') return 'not evidenced by this tool';
  const when = at === null ? ', when is not recorded' : `, ${utc(at)}`;
  return `${standing.replaceAll('-', ' ')}: ${approvers.join(', ')}${when}${source === null ? '' : ` (${source})`}`;
}

function waiverText({ complete, entries, until }: NonNullable<RegisterRow['waiver']>): string {
  const which = entries.map(({ index }) => `entry ${index}`).join(', ');
  return `${complete ? 'waived' : until === null ? 'waiver expired' : 'waived in part'}${until === null ? '' : ` until ${utc(until)}`} (${which})`;
}

function standingText({ standing }: RegisterRow): string {
  if (standing.name === 'recorded') return 'a change on record, no drift';
  if (standing.name === 'moved-on') return 'moved on: its values changed again';
  if (standing.name === 'resolved') return resolutionText(standing.resolution ?? undefined);
  return standing.unseenSince === null
    ? 'still open'
    : `open as far as known: scans could not look since ${utc(standing.unseenSince)}`;
}

function standingWord({ standing, waiver }: RegisterRow): string {
  if (standing.name === 'resolved') return standing.resolution ?? 'ended';
  if (standing.name === 'open' && waiver?.complete === true) return 'open, waived';
  return standing.overdue ? `${standing.name}, overdue` : standing.name.replaceAll('-', ' ');
}

function toneOf({ standing, waiver }: RegisterRow): string {
  if (standing.name === 'open') return standing.overdue ? 'failed' : waiver?.complete === true ? 'waived' : 'open';
  return standing.name === 'resolved' ? 'resolved' : 'moved-on';
}
