import type { KnownRule } from '../../model/action-standing.ts';
import type { Entry } from '../../model/entry.ts';
import type { IncidentRecord } from '../../model/incident-record.ts';
import { rolloutSentence } from '../event/sentence.ts';
import type { Incident } from '../incident.ts';
import { lintRecord } from '../lint/record.ts';
import type { Remark } from '../lint/remark.ts';
import { type Duration, durationsOf } from './durations.ts';
import { type Judgement, judgementOf } from './judgement.ts';
import { type DocumentMilestone, milestonesOf } from './milestones.ts';
import { NO_RULES, type RuleFacts, rulesFrom } from './rules.ts';
import { type Timeline, timelineOf } from './timeline.ts';
import { type Why, whysOf } from './whys.ts';

/** All that is known of one incident: what people wrote and what the ledger proves, each told apart from the other. */
export interface IncidentDocument {
  readonly record: IncidentRecord;
  /** The ranking, made again from the case file and the ledger; undefined where no case file is attached. */
  readonly incident: Incident | undefined;
  readonly entries: readonly Entry[];
  readonly judgement: Judgement;
  readonly milestones: readonly DocumentMilestone[];
  readonly durations: readonly Duration[];
  readonly timeline: Timeline;
  readonly rollout: string | null;
  readonly whys: readonly Why[];
  /** Born from this incident. */
  readonly rules: readonly KnownRule[];
  readonly ruleFacts: RuleFacts;
  /** What the linter has to say on the words. */
  readonly remarks: readonly Remark[];
}

/** Joins a record with its ranking. Pure: no clock; the same record, case and entries give the same document. */
export function incidentDocument(
  record: IncidentRecord,
  incident: Incident | undefined,
  entries: readonly Entry[],
  ruleFacts: RuleFacts = NO_RULES,
): IncidentDocument {
  const judgement = judgementOf(record, incident);
  const milestones = milestonesOf(record, incident, judgement.causes[0]?.suspect.candidate);
  return {
    ...{ record, incident, entries, judgement, milestones },
    durations: durationsOf(milestones),
    timeline: timelineOf(record, incident, judgement, milestones),
    rollout: incident === undefined ? null : rolloutSentence(incident),
    whys: whysOf(record),
    rules: rulesFrom(record.id, ruleFacts),
    ruleFacts,
    remarks: lintRecord(record, new Map(milestones.map(({ name, at }) => [name, at]))),
  };
}
