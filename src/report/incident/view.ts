import { rolloutSentence } from '../../incident/event/sentence.ts';
import type { Incident } from '../../incident/incident.ts';
import { masksFor, type Naming } from '../../incident/names.ts';
import { CONFIDENT, type RuledOut } from '../../incident/rank/rank.ts';
import { type EntryRef, entryRef } from '../entry-view.ts';
import { type GapGroup, gapGroups } from '../gap-view.ts';
import { type LedgerFacts, type LedgerFactsView, ledgerFactsView } from '../ledger-facts.ts';
import { count } from '../text/plural.ts';
import { utc } from '../text/time.ts';
import { visibleDeep } from '../text/visible.ts';
import { moment } from './document-times.ts';
import { maskedDeep } from './masked.ts';
import { type SuspectView, suspectView } from './suspect.ts';

export interface BriefOptions {
  readonly ledger: LedgerFacts;
  readonly tool: { readonly name: string; readonly version: string };
  readonly naming: Naming;
  /** What was read beside the ledger, by digest. */
  readonly inputs: readonly IncidentInput[];
}

export interface IncidentInput {
  readonly kind: 'alert' | 'events' | 'state';
  readonly name: string;
  readonly sha256: string;
}

/** One screen for who is on call. Every value stands here; no format computes any. */
export interface IncidentView {
  readonly title: string;
  readonly verdict: Incident['verdict'];
  readonly headline: string;
  readonly tone: 'drift' | 'incomplete';
  readonly tool: string;
  /** The newest moment that anything tells of: lengths of time are counted to it. */
  readonly asOf: string;
  readonly attribution: string;
  readonly alert: AlertView | null;
  readonly question: readonly { readonly label: string; readonly value: string }[];
  readonly scope: readonly string[];
  readonly steps: readonly StepView[];
  /** The first, in full. */
  readonly lead: readonly SuspectView[];
  /** In one paragraph each. */
  readonly others: readonly SuspectView[];
  /** In one line each. */
  readonly further: readonly SuspectView[];
  /** How many more there are. */
  readonly unlisted: number;
  readonly ruledOut: readonly RuledOutGroup[];
  /** Made after onset and still there: it may be a mitigation that a pending apply would undo. */
  readonly hold: readonly RuledOutView[];
  readonly rollout: string | null;
  readonly horizon: HorizonView | null;
  readonly gaps: { readonly count: number; readonly groups: readonly GapGroup[] };
  readonly inputs: readonly IncidentInput[];
  readonly ledger: LedgerFactsView;
}

interface RuledOutGroup {
  readonly why: string;
  readonly count: number;
  readonly items: readonly RuledOutView[];
  /** How many of them are not listed. */
  readonly unlisted: number;
}

interface AlertView {
  readonly title: string;
  readonly format: string;
  readonly at: string;
  readonly remarks: readonly string[];
}

interface StepView {
  readonly name: string;
  readonly found: string;
}

interface RuledOutView {
  readonly label: string;
  readonly when: string;
  readonly proof: EntryRef | null;
}

interface HorizonView {
  readonly scan: EntryRef;
  readonly at: string;
  readonly compared: string;
  readonly audit: string;
}

const OTHERS = 2;
const MOST_FURTHER = 100;
const MOST_RULED_OUT = 20;

export function incidentView(incident: Incident, options: BriefOptions): IncidentView {
  const { ranking, question, asOf, verdict } = incident;
  const context = { onset: question.onset, asOf, naming: options.naming };
  const shown = ranking.suspects.slice(0, MOST_FURTHER);
  const views = shown.map((suspect, i) => suspectView(suspect, i + 1, context));
  const leads = verdict === 'confident' ? 1 : 0;
  const gaps = incident.horizon.scan?.statement.predicate.scan.gaps ?? [];
  const held = ranking.ruledOut.filter(({ afterOnset, candidate }) => afterOnset && candidate.inEffect === true);
  const view: IncidentView = {
    title: 'Incident brief',
    verdict,
    headline: headlineOf(incident, views),
    tone: verdict === 'confident' ? 'drift' : 'incomplete',
    tool: `${options.tool.name} ${options.tool.version}`,
    asOf: asOf === 0 ? 'nothing on record' : moment(asOf),
    attribution: options.naming.mode,
    alert: alertView(incident),
    question: questionRows(incident),
    scope: incident.scope.why,
    steps: ranking.steps.map(({ name, candidates, best, reached }) => ({
      name,
      found: `${count(candidates, 'change')}${best === undefined ? '' : `, best ${best.toFixed(2)}`}${reached ? `: reaches ${CONFIDENT.toFixed(2)}` : ''}`,
    })),
    lead: views.slice(0, leads),
    others: views.slice(leads, leads + OTHERS),
    further: views.slice(leads + OTHERS),
    unlisted: ranking.suspects.length - views.length,
    ruledOut: groupsOf(ranking.ruledOut),
    hold: held.map(ruledOutView),
    rollout: rolloutSentence(incident),
    horizon: horizonView(incident),
    gaps: { count: gaps.length, groups: gapGroups(gaps) },
    inputs: options.inputs,
    ledger: ledgerFactsView(options.ledger),
  };
  return visibleDeep(maskedDeep(view, masksOf(incident, options.naming)));
}

function masksOf({ ranking, events }: Incident, naming: Naming) {
  const candidates = [...ranking.suspects, ...ranking.ruledOut].map(({ candidate }) => candidate);
  const actors = candidates.flatMap(({ source }) =>
    source.kind === 'entry' ? source.entry.statement.predicate.who.actors : [],
  );
  return masksFor(actors, [...new Set(events.flatMap(({ by }) => by ?? []))], naming);
}

function headlineOf({ verdict, ranking }: Incident, [first, second]: readonly SuspectView[]): string {
  if (verdict === 'confident' && first !== undefined) {
    const next = second === undefined ? 'no other' : `next best ${second.score}`;
    return `Most likely cause (score ${first.score}, ${next}): ${first.label}`;
  }
  const why = ranking.why ?? '';
  if (verdict === 'evidence-gap') return `No confident suspect, and the evidence ends before the onset: ${why}`;
  return `No confident suspect: ${why}`;
}

function alertView({ question: { alert } }: Incident): AlertView | null {
  if (alert === undefined) return null;
  const { title, format, severity, status, at, atFrom, remarks } = alert;
  const words = [format, status, ...(severity === null ? [] : [severity])].join(', ');
  return { title, format: words, at: `${moment(at)} (${atFrom})`, remarks };
}

function questionRows({ question }: Incident): IncidentView['question'] {
  const { onset, onsetFrom, service, resource } = question;
  return [
    { label: 'Onset', value: onset === undefined ? 'not given' : `${moment(onset)} (${onsetFrom})` },
    ...(service === undefined ? [] : [{ label: 'Service', value: service }]),
    ...(resource === undefined ? [] : [{ label: 'Resource', value: resource }]),
  ];
}

function groupsOf(ruledOut: readonly RuledOut[]): IncidentView['ruledOut'] {
  const groups = new Map<string, RuledOut[]>();
  for (const one of ruledOut) {
    const group = groups.get(one.why);
    if (group === undefined) groups.set(one.why, [one]);
    else group.push(one);
  }
  return [...groups].map(([why, items]) => ({
    why,
    count: items.length,
    items: items.slice(0, MOST_RULED_OUT).map(ruledOutView),
    unlisted: Math.max(0, items.length - MOST_RULED_OUT),
  }));
}

function ruledOutView({ candidate: { label, source, from, to } }: RuledOut): RuledOutView {
  const when =
    from === to
      ? moment(to)
      : from === Number.NEGATIVE_INFINITY
        ? `before ${moment(to)}`
        : `${moment(from)} to ${moment(to)}`;
  return { label, when, proof: source.kind === 'entry' ? entryRef(source.entry) : null };
}

function horizonView({ horizon }: Incident): HorizonView | null {
  const { scan, audit } = horizon;
  if (scan === undefined) return null;
  const { startedAt, summary } = scan.statement.predicate.scan;
  const places = audit.map(
    ({ account, region, newest }) => `${region}${account === null ? '' : ` (${account})`} ${utc(newest)}`,
  );
  return {
    scan: entryRef(scan),
    at: utc(startedAt),
    compared: `${summary.resources - summary.unread} of ${count(summary.resources, 'declared resource')}`,
    audit:
      places.length === 0
        ? 'No audit log was read.'
        : `Newest audit event: ${places.join(', ')}; later ones may not have arrived yet.`,
  };
}
