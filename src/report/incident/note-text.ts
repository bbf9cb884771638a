import type { NoteContent } from '../../incident/record/note.ts';
import { utc } from '../text/time.ts';

/** What a note of an incident says, in one line: for the log, for one entry, and when it is written. */
export function noteText({ topic, what }: NoteContent): string {
  switch (topic) {
    case 'opened':
      return `opened${listed([what.severity, what.services.join(', ')])}: ${what.title}`;
    case 'case':
      return `case file ${what.case.slice(0, 12)}`;
    case 'set':
      return `${settings(what).join(', ')}${quoted(what.text)}`;
    case 'milestone':
      return `milestone ${what.name} ${moment(what.at)}${listed([what.basis === 'stated' ? null : what.basis, from(what.source)])}`;
    case 'role':
      return `role ${what.role} ${what.who}`;
    case 'text':
      return `${what.name}${quoted(what.text)}`;
    case 'timeline': {
      const until = what.until === null ? '' : ` to ${moment(what.until)}`;
      const kind = what.kind === 'note' ? null : what.kind;
      return `timeline ${moment(what.at)}${until}${listed([kind, what.actor, from(what.source), what.link])}${quoted(what.text)}`;
    }
    case 'metric':
      return `metric ${what.metric}: ${what.value}${what.unit === null ? '' : ` ${what.unit}`}${listed([from(what.source)])}`;
    case 'why':
      return `why: ${what.question} ${what.answer === null ? '(not answered)' : `"${what.answer}"`}`;
    case 'factor':
      return `factor, ${what.kind}${quoted(what.text)}`;
    case 'lesson':
      return `lesson, ${what.kind}${quoted(what.text)}`;
    case 'question':
      return `question ${what.id}${quoted(what.text)}`;
    case 'answer':
      return `answer to ${what.id}${quoted(what.text)}`;
    case 'comms':
      return `comms to ${what.audience}, ${what.state}${what.at === null ? '' : ` ${moment(what.at)}`}${quoted(what.text)}`;
    case 'verdict':
      return `verdict ${what.relation}, certainty ${what.certainty}${quoted(what.text)}`;
    case 'action': {
      const due = what.due === null ? null : `due ${what.due}`;
      const state = what.state === 'open' ? '' : `, ${what.state}${quoted(what.stateText)}`;
      return `action ${what.id}${listed([what.category, what.owner, due, what.rule, what.ticket])}: ${what.text}${state}`;
    }
    case 'review':
      return `review${listed([what.role])}: ${what.decision === 'approved' ? 'approved' : 'changes requested'}${quoted(what.text)}`;
    case 'retracted':
      return `taken back${quoted(what.text)}`;
  }
}

/** `2025-01-18 08:31 UTC`; seconds where there are any. */
export function moment(time: string): string {
  return utc(time).replace(/:00 UTC$/, ' UTC');
}

function settings({ title, severity, status, services }: Extract<NoteContent, { topic: 'set' }>['what']): string[] {
  return [
    ...(status === null ? [] : [`status ${status}`]),
    ...(severity === null ? [] : [`severity ${severity}`]),
    ...(title === null ? [] : [`title "${title}"`]),
    ...(services.length === 0 ? [] : [`services ${services.join(', ')}`]),
  ];
}

function listed(parts: readonly (string | null)[]): string {
  const told = parts.filter((part) => part !== null && part !== '');
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}

function from(source: string | null): string | null {
  return source === null ? null : `from ${source}`;
}

function quoted(text: string | null): string {
  return text === null ? '' : `: "${text}"`;
}
