import type { IncidentRecord, SaidIn } from '../../model/incident-record.ts';
import type { NoteTopic } from './note.ts';

/** Something that was said and stands now. */
export interface StandingNote {
  readonly topic: NoteTopic;
  readonly said: SaidIn;
}

/** What of an incident stands now and may be said anew or taken back; what opened it, its cases and settings apart. */
export function standingNotes(record: IncidentRecord): StandingNote[] {
  const of = (topic: NoteTopic, list: readonly { readonly said: SaidIn }[]): StandingNote[] =>
    list.map(({ said }) => ({ topic, said }));
  return [
    ...of('milestone', record.milestones),
    ...of('role', record.roles),
    ...of('text', Object.values(record.texts)),
    ...of('timeline', record.timeline),
    ...of('metric', record.metrics),
    ...of('why', record.whys),
    ...of('factor', record.factors),
    ...of('lesson', record.lessons),
    ...of('question', record.questions),
    ...of('comms', record.comms),
    ...of('verdict', record.verdicts),
    ...of('action', record.actions),
    ...of('review', record.reviews),
  ];
}
