import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import {
  ACTION_CATEGORIES,
  ACTION_STATES,
  AUDIENCES,
  FACTOR_KINDS,
  INCIDENT_ROLES,
  INCIDENT_STATUSES,
  type IncidentRole,
  LESSON_KINDS,
  MILESTONES,
  type MilestoneName,
  NOTE_KINDS,
  RELATIONS,
  type Relation,
  SEVERITIES,
  TIME_BASES,
  TIMELINE_KINDS,
} from '../model/incident-record.ts';
import { readDay } from '../model/moment.ts';
import type { ActionRequest } from '../wire/incident-action.ts';
import type { NoteOfIncident } from '../wire/incident-note.ts';
import type { wireMilestone, wireRelation, wireRetract, wireReview, wireSet } from '../wire/incident-say.ts';
import type { SaidNote, SpeakRequest } from '../wire/incident-write.ts';
import { INCIDENT, showSaid, speakOptions } from './incident-speak.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { collect } from './options.ts';
import { parseWhen } from './query-options.ts';

type Given<F extends (request: never, io: never) => unknown, Named extends string> = Omit<Parameters<F>[0], Named> & {
  readonly json?: boolean;
};

/** The commands that say one thing of an incident each. */
export function addIncidentSaying(incident: Command, io: Io, finish: (code: ExitCode) => void): void {
  const say = async (json: boolean | undefined, written: Promise<SaidNote>): Promise<void> => {
    await showSaid(await written, json === true, io);
    finish(EXIT.inSync);
  };
  for (const add of [addNote, addMilestone, addRole, addSet, addAction, addVerdict, addReview, addRetract])
    add(incident, say, io);
}

type Say = (json: boolean | undefined, written: Promise<SaidNote>) => Promise<void>;

function addNote(incident: Command, say: Say, io: Io): void {
  const note = incident
    .command('note')
    .description('write down what happened, how bad it is, why, and what was learned')
    .argument('<incident>', INCIDENT)
    .argument('[text]', 'the words; - reads them from standard input')
    .addOption(new Option('--kind <kind>', 'what it is').choices([...NOTE_KINDS]).default('timeline'))
    .addOption(
      timeOption('--at <time>', 'timeline: when (default: now); 2025-01-18T14:15:00Z, or how long ago: 12m', io),
    )
    .addOption(timeOption('--until <time>', 'timeline: until when it lasted', io))
    .addOption(new Option('--row <kind>', 'timeline: what kind of row').choices([...TIMELINE_KINDS]))
    .addOption(basisOption())
    .option('--actor <who>', 'timeline: who did it')
    .option('--source <text>', 'timeline, metric: what says so')
    .option('--link <url>', 'timeline: where that can be read')
    .option('--value <value>', 'metric: how much')
    .option('--unit <unit>', 'metric: of what')
    .option('--question <text>', 'why: what is asked; the text is the answer, where there is one')
    .addOption(new Option('--factor <kind>', 'factor: of which kind').choices([...FACTOR_KINDS]))
    .addOption(new Option('--lesson <kind>', 'lesson: of which kind').choices([...LESSON_KINDS]))
    .option('--answers <id>', 'question: the text answers this one, Q1')
    .addOption(new Option('--audience <audience>', 'comms: for whom').choices([...AUDIENCES]))
    .addOption(timeOption('--sent-at <time>', 'comms: when it was sent (default: a draft)', io))
    .addOption(
      new Option('--entry <entry>', 'timeline, why, factor: entry that it speaks of; repeatable')
        .argParser(collect(String))
        .default([], 'none'),
    )
    .option('--replaces <entry>', 'stands in the place of the note of that entry');
  speakOptions(note).action(
    (name: string, text: string | undefined, options: Omit<NoteOfIncident, 'incident' | 'text'> & { json?: boolean }) =>
      say(
        options.json,
        import('../wire/incident-note.ts').then(({ wireNoteOfIncident }) =>
          wireNoteOfIncident({ ...options, incident: name, ...(text === undefined ? {} : { text }) }, io),
        ),
      ),
  );
}

function addMilestone(incident: Command, say: Say, io: Io): void {
  const milestone = incident
    .command('milestone')
    .description('set one of the moments that every incident has; said again, the last one stands')
    .argument('<incident>', INCIDENT)
    .addArgument(new Argument('<name>', 'which moment').choices([...MILESTONES]))
    .addOption(timeOption('--at <time>', 'when (default: now); 2025-01-18T14:15:00Z, or how long ago: 12m', io))
    .option('--source <text>', 'what says so')
    .addOption(basisOption());
  speakOptions(milestone).action(
    (name: string, which: MilestoneName, options: Given<typeof wireMilestone, 'incident' | 'name'>) =>
      say(
        options.json,
        import('../wire/incident-say.ts').then((wire) =>
          wire.wireMilestone({ ...options, incident: name, name: which }, io),
        ),
      ),
  );
}

function addRole(incident: Command, say: Say, io: Io): void {
  const role = incident
    .command('role')
    .description('name who holds a role: ic (incident commander), comms, ops, scribe')
    .argument('<incident>', INCIDENT)
    .addArgument(new Argument('<role>', 'which role').choices([...INCIDENT_ROLES]))
    .argument('<who>', 'who holds it');
  speakOptions(role).action(
    (name: string, which: IncidentRole, who: string, options: SpeakRequest & { json?: boolean }) =>
      say(
        options.json,
        import('../wire/incident-say.ts').then((wire) =>
          wire.wireRole({ ...options, incident: name, role: which, who }, io),
        ),
      ),
  );
}

function addSet(incident: Command, say: Say, io: Io): void {
  const set = incident
    .command('set')
    .description('set title, severity, status or services; `reviewed` needs an approval by somebody else')
    .argument('<incident>', INCIDENT)
    .option('--title <text>', 'what it is called')
    .addOption(new Option('--severity <severity>', 'how bad it is').choices([...SEVERITIES]))
    .addOption(new Option('--status <status>', 'how far the work on it is').choices([...INCIDENT_STATUSES]))
    .addOption(
      new Option('--service <name>', 'service that suffers; repeatable')
        .argParser(collect(String))
        .default([], 'as before'),
    )
    .option('--text <text>', 'why');
  speakOptions(set).action((name: string, options: Given<typeof wireSet, 'incident'>) =>
    say(
      options.json,
      import('../wire/incident-say.ts').then((wire) => wire.wireSet({ ...options, incident: name }, io)),
    ),
  );
}

function addAction(incident: Command, say: Say, io: Io): void {
  const action = incident
    .command('action')
    .description('add what has to be done so that it does not happen again; or change one: its id in place of the text')
    .argument('<incident>', INCIDENT)
    .argument('<text>', 'what has to be done, beginning with a verb; or the id of an action, A1')
    .addOption(new Option('--category <category>', 'what it is for').choices([...ACTION_CATEGORIES]))
    .option('--owner <who>', 'who does it')
    .addOption(new Option('--due <day>', 'last day for it, 2025-02-01 (UTC)').argParser(parseDay))
    .option('--done-when <text>', 'what has to be true for it to be done')
    .option('--rule <id>', 'rule whose green scans close it')
    .option('--ticket <id>', 'where it is tracked')
    .addOption(new Option('--state <state>', 'of an action that is there').choices([...ACTION_STATES]))
    .option('--text <text>', 'how it came to that state')
    .option('--reword <text>', 'other words for an action that is there');
  speakOptions(action).action(
    (name: string, text: string, options: Omit<ActionRequest, 'incident' | 'action'> & { json?: boolean }) =>
      say(
        options.json,
        import('../wire/incident-action.ts').then(({ wireAction }) =>
          wireAction({ ...options, incident: name, action: text }, io),
        ),
      ),
  );
}

function addVerdict(incident: Command, say: Say, io: Io): void {
  const verdict = incident
    .command('verdict')
    .description('judge one change: what it was to the incident; stands over what the ranking says')
    .argument('<incident>', INCIDENT)
    .argument('<entry>', 'entry of the change: index (12, #12), digest, urn:uuid, or an address: its newest entry')
    .addArgument(new Argument('<relation>', 'what it was').choices([...RELATIONS]))
    .addOption(new Option('--certainty <n>', 'how sure, 0 to 1').argParser(parseShare).default(1))
    .option('--text <text>', 'why');
  speakOptions(verdict).action(
    (
      name: string,
      entry: string,
      relation: Relation,
      options: Given<typeof wireRelation, 'incident' | 'entry' | 'relation'>,
    ) =>
      say(
        options.json,
        import('../wire/incident-say.ts').then((wire) =>
          wire.wireRelation({ ...options, incident: name, entry, relation }, io),
        ),
      ),
  );
}

const DECISIONS = { approve: 'approved', 'request-changes': 'changes-requested' } as const;

function addReview(incident: Command, say: Say, io: Io): void {
  const review = incident
    .command('review')
    .description('approve the record, or ask for changes; who wrote its summary or cause cannot approve it')
    .argument('<incident>', INCIDENT)
    .addArgument(new Argument('<decision>', 'what is decided').choices(Object.keys(DECISIONS)))
    .option('--role <text>', 'in which role, for example "service owner"')
    .option('--text <text>', 'why');
  speakOptions(review).action(
    (name: string, word: keyof typeof DECISIONS, options: Given<typeof wireReview, 'incident' | 'decision'>) =>
      say(
        options.json,
        import('../wire/incident-say.ts').then((wire) =>
          wire.wireReview({ ...options, incident: name, decision: DECISIONS[word] }, io),
        ),
      ),
  );
}

function addRetract(incident: Command, say: Say, io: Io): void {
  const retract = incident
    .command('retract')
    .description('take back what was said in one entry; the log keeps both')
    .argument('<incident>', INCIDENT)
    .argument('<entry>', 'entry of the note: index (12, #12) or digest')
    .option('--text <text>', 'why');
  speakOptions(retract).action(
    (name: string, entry: string, options: Given<typeof wireRetract, 'incident' | 'entry'>) =>
      say(
        options.json,
        import('../wire/incident-say.ts').then((wire) => wire.wireRetract({ ...options, incident: name, entry }, io)),
      ),
  );
}

function basisOption(): Option {
  return new Option('--basis <basis>', 'what the time rests on (default: stated; recorded where it is now)').choices([
    ...TIME_BASES,
  ]);
}

/** A moment, or how long ago: RFC 3339 in UTC. */
function timeOption(flags: string, description: string, io: Io): Option {
  const when = parseWhen(io);
  return new Option(flags, description).argParser((text: string) => new Date(when(text)).toISOString());
}

function parseDay(text: string): string {
  if (readDay(text) === undefined) throw new InvalidArgumentError('Write a day of the calendar: 2025-02-01.');
  return text;
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1)) throw new InvalidArgumentError('A number from 0 to 1.');
  return share;
}
