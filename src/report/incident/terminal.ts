import pc from 'picocolors';
import type { Paint } from '../text/paint.ts';
import { count } from '../text/plural.ts';
import { wrap } from '../text/width.ts';
import type { SuspectView } from './suspect.ts';
import type { IncidentView } from './view.ts';

export interface BriefTextOptions {
  readonly colour: boolean;
  readonly width: number;
}

const LABEL = 10;
const MOST_FAULTS = 5;

/** The brief for a terminal, on one screen. Nothing in it can move the cursor or change colours: the view made it visible. */
export function incidentTerminal(view: IncidentView, options: BriefTextOptions): string {
  const paint = pc.createColors(options.colour);
  const width = Math.max(60, options.width);
  const row = rowsOf(paint, width);
  const [lead] = view.lead;
  const rest = view.further.length + view.unlisted;
  const head = view.alert === null ? view.title : view.alert.title;
  const lines = [
    paint.bold(head),
    ...(view.alert === null
      ? []
      : row('alert', `${view.alert.format}, ${view.alert.at}; ${view.alert.remarks.join('; ')}`)),
    ...view.question.flatMap(({ label, value }) => row(label.toLowerCase(), value)),
    ...(view.scope.length === 0 ? [] : row('scope', view.scope.join('; '))),
    ...row('looked', view.steps.map(({ name, found }) => `${name} (${found})`).join(' → ')),
    ...(view.rollout === null ? [] : row('rollout', view.rollout)),
    '',
    ...wrap(view.headline, width).map((line) =>
      paint.bold(view.verdict === 'confident' ? paint.red(line) : paint.yellow(line)),
    ),
    ...(lead === undefined ? [] : leadLines(lead, row, paint)),
    ...view.others.flatMap((one) => ['', ...otherLines(one, row, paint)]),
    ...(rest === 0 ? [] : ['', paint.dim(`  ${count(rest, 'more suspect')} (-o markdown lists them)`)]),
    '',
    ...holdLines(view, row),
    ...row('ruled out', ruledOutText(view)),
    ...row('horizon', horizonText(view)),
    ...row('ledger', `${view.ledger.origin}, ${count(view.ledger.size, 'entry', 'entries')}, ${view.ledger.outcome}`),
    paint.dim(`  names: ${view.attribution} · as of ${view.asOf} · commands are printed, never run`),
  ];
  return `${[...brokenLines(view, paint), ...lines].join('\n')}\n`;
}

type RowOf = (label: string, text: string) => string[];

function rowsOf(paint: Paint, width: number): RowOf {
  return (label, text) => {
    const [first = '', ...rest] = wrap(text, width - LABEL - 3);
    const indent = ' '.repeat(LABEL + 3);
    return [`  ${paint.dim(label.padEnd(LABEL))} ${first}`, ...rest.map((line) => indent + line)];
  };
}

function leadLines(one: SuspectView, row: RowOf, paint: Paint): string[] {
  const { wayOut } = one;
  return [
    ...row('changed', one.glance),
    ...row('when', one.when),
    ...row('who', [one.who, ...(one.call === null ? [] : [one.call])].join(' · ')),
    ...row('why', one.why),
    ...row('terms', termsText(one)),
    ...row('status', `${one.status} · exposed ${one.exposure} · ${proofText(one)}`),
    ...row('undo', `${paint.bold(wayOut.direction)}: ${wayOut.why}`),
    ...wayOut.risks.flatMap((risk) => row('', risk)),
    ...wayOut.commands.map((command) => `      ${command}`),
    ...(wayOut.patch === null ? [] : ['      or, refused where the live value has moved:', `      ${wayOut.patch}`]),
    ...wayOut.steps.flatMap((step) => row('', step)),
    ...row('verify', wayOut.verify),
    ...(wayOut.keep === null ? [] : row('or accept', [wayOut.keep.title, ...wayOut.keep.lines].join(': '))),
  ];
}

function otherLines(one: SuspectView, row: RowOf, paint: Paint): string[] {
  return [
    `  ${paint.bold(`${one.rank}. ${one.label}`)} ${paint.dim(`${one.score} · ${one.changeClass} · ${one.wayOut.direction} · ${proofText(one)}`)}`,
    ...row('changed', `${one.glance} · ${one.when} · ${one.status}`),
    ...row('terms', one.terms.map(({ name, value }) => `${name} ${value}`).join(' · ')),
  ];
}

function termsText({ terms, leftOut, known: weight }: SuspectView): string {
  const known = terms.map(({ name, value, evidence }) => `${name} ${value} (${evidence})`);
  return [
    ...known,
    ...(leftOut.length === 0
      ? []
      : [`left out: ${leftOut.map(({ name }) => name).join(', ')} (weight known: ${weight})`]),
  ].join(' · ');
}

function proofText({ proof }: SuspectView): string {
  return proof === null ? 'from the events file' : `entry ${proof.index} ${proof.short}`;
}

function holdLines(view: IncidentView, row: RowOf): string[] {
  const items = view.hold.map(({ label, when }) => `${label} (${when})`);
  return items.length === 0 ? [] : row('hold', `made after onset, a pending apply would undo: ${items.join(', ')}`);
}

function ruledOutText({ ruledOut }: IncidentView): string {
  return ruledOut.length === 0 ? 'nothing' : ruledOut.map(({ why, count: n }) => `${n} ${why}`).join(' · ');
}

function horizonText({ horizon, gaps }: IncidentView): string {
  if (horizon === null) return 'no scan is on record: nothing is known of what is live';
  const unseen = gaps.count === 0 ? '' : `, ${count(gaps.count, 'gap')}`;
  return `last scan ${horizon.at}, ${horizon.compared} compared${unseen}. ${horizon.audit}`;
}

function brokenLines({ ledger }: IncidentView, paint: Paint): string[] {
  if (!ledger.broken) return [];
  const more = ledger.verification.statements.length - MOST_FAULTS;
  return [
    paint.red(paint.bold('The ledger does not verify. Do not rely on what stands below.')),
    ...ledger.verification.statements.slice(0, MOST_FAULTS).map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and more: ${ledger.verification.command}`] : []),
    '',
  ];
}
