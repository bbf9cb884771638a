import type { IncidentDocument } from '../../incident/document/document.ts';
import { approvalsOf, digestOf } from '../../incident/document/judgement.ts';
import type { Why, WhyKey } from '../../incident/document/whys.ts';
import type { Candidate } from '../../incident/rank/candidate.ts';
import { length } from '../../incident/rank/terms.ts';
import { observedAt } from '../../model/history.ts';
import { RULE_ADDED } from '../../model/rule.ts';
import { type EntryRef, entryRef } from '../entry-view.ts';
import { utc } from '../text/time.ts';
import { count } from '../text/plural.ts';
import { moment, spanText } from './document-times.ts';

export interface WhyView {
  /** Word for `--question`; null for a question that somebody put himself. */
  readonly key: WhyKey | null;
  readonly question: string;
  /** What the ledger and the case file tell towards an answer. */
  readonly evidence: readonly string[];
  /** Null: not answered. */
  readonly answer: string | null;
  readonly entry: EntryRef | null;
}

/** The whys, each with its evidence. Where nothing on record speaks to a question, that is said. */
export function whysPart(document: IncidentDocument): WhyView[] {
  return document.whys.map(({ key, question, step }: Why) => ({
    key,
    question,
    evidence: key === null ? [] : EVIDENCE[key](document),
    answer: step?.answer ?? null,
    entry: step === null ? null : entryRef(step.said),
  }));
}

const EVIDENCE: Readonly<Record<WhyKey, (document: IncidentDocument) => string[]>> = {
  possible: possibleEvidence,
  caught: caughtEvidence,
  canary: canaryEvidence,
  detection: detectionEvidence,
  rollback: rollbackEvidence,
};

const NO_CAUSE = 'no change is taken for the cause: nothing on record speaks to it';

function causeOf({ judgement }: IncidentDocument): Candidate | undefined {
  return judgement.causes[0]?.suspect.candidate;
}

/** The path, the role, the approval. */
function possibleEvidence(document: IncidentDocument): string[] {
  const cause = causeOf(document);
  if (cause === undefined) return [NO_CAUSE];
  if (cause.source.kind === 'rollout')
    return [
      `it was rolled out by ${cause.source.rollout.reached.system}; approvals of that system are not on record here`,
    ];
  const { entry } = cause.source;
  const { who } = entry.statement.predicate;
  const ways = who.actors.map(({ via, role }) => {
    const name = role === null ? 'no role' : `the role ${role.slice(role.lastIndexOf('/') + 1)}`;
    return `${VIA[via]} with ${name}`;
  });
  const path = [...new Set(ways)].join('; ');
  const approvals = approvalsOf(document.entries, digestOf(cause));
  return [
    `path: ${who.call ?? 'the call is not on record'}${path === '' ? '' : `, ${path}`} (entry ${entry.index})`,
    `kind: ${cause.changeClass}`,
    approvals.length === 0
      ? 'no approval of it is on record'
      : `approved: ${approvals.map(({ index }) => `entry ${index}`).join(', ')}`,
  ];
}

const VIA = {
  console: 'in the console',
  cli: 'by the AWS CLI',
  sdk: 'by an SDK',
  terraform: 'by Terraform',
  cloudformation: 'by CloudFormation',
  service: 'by a service',
  unknown: 'by a tool that the log does not name',
} as const;

/** What saw it, and what would have had to judge it. */
function caughtEvidence(document: IncidentDocument): string[] {
  const cause = causeOf(document);
  if (cause === undefined) return [NO_CAUSE];
  if (cause.source.kind === 'rollout') return ['no scan sees a rollout of another system'];
  const { entry } = cause.source;
  const detected = document.milestones.find(({ name }) => name === 'detected')?.at;
  const seen = Date.parse(observedAt(entry));
  const lead =
    detected === undefined || detected <= seen
      ? 'after or without an alert'
      : `${length(detected - seen)} before the alert`;
  const rules = document.entries.filter(
    ({ kind, statement }) =>
      kind === 'note' &&
      'annotation' in statement.predicate &&
      statement.predicate.annotation.topic === RULE_ADDED &&
      Date.parse(statement.predicate.when.recordedAt) <= cause.to,
  ).length;
  return [
    `the scan of ${utc(observedAt(entry))} recorded it, ${lead} (entry ${entry.index})`,
    rules === 0
      ? 'no rule stood in the ledger when it was made: a scan records drift and judges no value'
      : `${count(rules, 'rule')} stood in the ledger when it was made; driftbom rule list shows what they ask`,
  ];
}

/** The rollout, and the guardrails that were gone. */
function canaryEvidence({ rollout, incident }: IncidentDocument): string[] {
  const all = incident === undefined ? [] : [...incident.ranking.suspects, ...incident.ranking.ruledOut];
  const gone = all.filter(({ candidate }) => candidate.guardrail !== undefined).map(({ candidate }) => candidate);
  return [
    rollout === null ? 'no rollout was given (--events): no gradual rollout of it is on record' : rollout,
    ...gone.map(
      ({ label, guardrail, from, to, inEffect, source }) =>
        `guardrail: ${label}, ${guardrail}, ${from === to ? moment(to) : `by ${moment(to)}`}${inEffect === true ? ', still gone' : ''}${source.kind === 'entry' ? ` (entry ${source.entry.index})` : ''}`,
    ),
  ];
}

function detectionEvidence({ durations }: IncidentDocument): string[] {
  return durations
    .filter(({ name }) => name === 'exposure' || name === 'time to detect')
    .map(({ name, length: ms, from, to, why }) =>
      ms === null ? `${name}: unavailable, ${why}` : `${name}: ${spanText(ms)} (${from} to ${to})`,
    );
}

/** How long it took, what else was put back meanwhile, and whether a way back was ready. */
function rollbackEvidence(document: IncidentDocument): string[] {
  const { durations, incident, judgement, timeline } = document;
  const cause = causeOf(document);
  const onset = incident?.question.onset;
  const lengths = durations
    .filter(({ name }) => name === 'time to attribute' || name === 'time to mitigate')
    .map(({ name, length: ms, why }) => (ms === null ? `${name}: unavailable, ${why}` : `${name}: ${spanText(ms)}`));
  const elsewhere = timeline.rows.flatMap(({ told, at }) =>
    told.kind === 'rollout' && told.event.stage === 'rolled-back' && onset !== undefined && at >= onset
      ? [`put back meanwhile: ${told.event.services[0] ?? told.event.system} (${told.event.summary}), ${moment(at)}`]
      : [],
  );
  const innocent = judgement.others.filter(
    ({ suspect, verdict }) => suspect.candidate.undoneAt !== undefined && verdict?.relation === 'dismissed',
  );
  return [
    ...lengths,
    ...elsewhere,
    ...innocent.map(
      ({ suspect, verdict }) =>
        `${suspect.candidate.label} was put back and judged dismissed (entry ${verdict?.said.index})`,
    ),
    cause === undefined
      ? NO_CAUSE
      : cause.source.kind === 'rollout'
        ? 'the way back lies in the system that rolled it out'
        : 'the way back is printed under Remedy, with a machine check of the plan',
  ];
}
