import type { IncidentRecord, MilestoneName } from '../../model/incident-record.ts';
import { lintAction } from './actions.ts';
import { type KnownMoments, lintOrder } from './order.ts';
import type { Remark } from './remark.ts';
import { lintText } from './text.ts';

interface Written {
  readonly text: string;
  readonly where: string;
  readonly entry: number;
}

/**
 * Remarks on all that people wrote of an incident, in the order of the entries. `derived`: moments that the evidence tells
 * and nobody has set. Pure.
 */
export function lintRecord(record: IncidentRecord, derived: KnownMoments = new Map()): Remark[] {
  const set = new Map(record.milestones.map((one) => [one.name, one] as const));
  const stated = [...set].map(([name, { at }]) => [name, Date.parse(at)] as const);
  const moments = new Map<MilestoneName, number>([...derived, ...stated.filter(([, at]) => !Number.isNaN(at))]);
  const remarks: Remark[] = [
    ...writtenIn(record).flatMap(({ text, where, entry }) =>
      lintText(text, record.severity).map((wording) => ({ ...wording, where, entry })),
    ),
    ...record.actions.flatMap(lintAction),
    ...lintOrder(record, moments, (name) => set.get(name)?.said.index),
    ...withoutBasis(record),
    ...unanswered(record),
    ...withoutSurprise(record),
  ];
  return remarks.sort((a, b) => a.entry - b.entry);
}

function writtenIn(record: IncidentRecord): Written[] {
  const { texts, timeline, factors, lessons, comms, whys, questions, actions, verdicts, reviews } = record;
  const at = (where: string, text: string | null, { index }: { readonly index: number }): Written[] =>
    text === null ? [] : [{ text, where, entry: index }];
  return [
    ...at('title', record.title, record.opened),
    ...Object.entries(texts).flatMap(([name, one]) => at(name, one.text, one.said)),
    ...timeline.flatMap(({ text, said }) => at('timeline note', text, said)),
    ...whys.flatMap(({ answer, said }) => at('answer to a why', answer, said)),
    ...factors.flatMap(({ text, said }) => at('factor', text, said)),
    ...lessons.flatMap(({ text, kind, said }) => at(`lesson (${kind})`, text, said)),
    ...questions.flatMap(({ id, text, answer, said }) => at(`question ${id}`, [text, answer ?? ''].join('\n'), said)),
    ...comms.flatMap(({ text, audience, said }) => at(`message (${audience})`, text, said)),
    ...actions.flatMap(({ id, text, said }) => at(`action ${id}`, text, said)),
    ...verdicts.flatMap(({ text, said }) => at('verdict', text, said)),
    ...reviews.flatMap(({ text, said }) => at('review', text, said)),
  ];
}

/** Times that somebody says, and nothing shows. */
function withoutBasis({ timeline, milestones }: IncidentRecord): Remark[] {
  const rows = [
    ...timeline.map(({ at, basis, source, said, text }) => ({ at, basis, source, said, text, where: 'timeline note' })),
    ...milestones.map(({ at, basis, source, said, name }) => ({
      at,
      basis,
      source,
      said,
      text: name,
      where: `milestone ${name}`,
    })),
  ];
  return rows
    .filter(({ basis, source }) => basis === 'stated' && source === null)
    .map(({ at, said, text, where }) => ({
      rule: 'time-basis',
      words: `${at.slice(0, 16).replace('T', ' ')} UTC: ${text}`,
      why: 'nothing says how the time was found: memory moves things towards each other',
      instead: 'say it with --source: the chat, the ticket, the graph, the shell history',
      entry: said.index,
      where,
    }));
}

function unanswered({ whys, opened }: IncidentRecord): Remark[] {
  if (whys.length === 0)
    return [
      {
        rule: 'why-unanswered',
        words: 'no why is answered',
        why: 'without an answer nothing is learned from it',
        instead:
          'driftbom incident note INC TEXT --kind why --question possible; the full document lists the questions',
        entry: opened.index,
        where: 'why',
      },
    ];
  return whys
    .filter(({ answer }) => answer === null)
    .map(({ question, said }) => ({
      rule: 'why-unanswered',
      words: question,
      why: 'it was asked and not answered',
      instead: 'answer it, or say why it cannot be known: driftbom incident note INC TEXT --kind why --question TEXT',
      entry: said.index,
      where: 'why',
    }));
}

function withoutSurprise({ lessons, opened }: IncidentRecord): Remark[] {
  if (lessons.some(({ kind }) => kind === 'surprised')) return [];
  return [
    {
      rule: 'lesson-surprised',
      words: 'no lesson of the kind "surprised"',
      why: 'what surprised those who were there shows where the picture of the system was wrong',
      instead: 'driftbom incident note INC TEXT --kind lesson --lesson surprised',
      entry: opened.index,
      where: 'lessons',
    },
  ];
}
