import type { noteParts } from '../incident/record/note.ts';
import { DriftbomError } from '../model/error.ts';
import { textFault } from '../record/change.ts';

const LONG = 4000;
const SHORT = 200;
/** Facts that may be longer than a name. */
const LENGTHS = new Map([
  ['question', 1000],
  ['doneWhen', 1000],
  ['stateText', LONG],
  ['link', 2000],
  ['source', 1000],
]);
const TIMES = new Set(['at', 'until']);
/** Clocks of two machines may differ by so much. */
const CLOCK_SLACK_MS = 300_000;

/**
 * Refuses text that cannot stand in a ledger for ever, and what is said to have happened in the future. `now`: RFC 3339.
 * Errors: E_RECORD.
 */
export function checkTexts({ text, facts }: ReturnType<typeof noteParts>, now: string): void {
  refuse('the text', text === null ? undefined : textFault(text, LONG));
  for (const [name, value] of Object.entries(facts)) {
    const texts = typeof value === 'number' ? [] : typeof value === 'string' ? [value] : value;
    for (const one of texts) refuse(optionOf(name), factFault(name, one, now));
  }
}

function factFault(name: string, value: string, now: string): string | undefined {
  const ahead = TIMES.has(name) && Date.parse(value) > Date.parse(now) + CLOCK_SLACK_MS;
  return ahead ? 'lies in the future' : textFault(value, LENGTHS.get(name) ?? SHORT, name === 'stateText');
}

function refuse(what: string, fault: string | undefined): void {
  if (fault === undefined) return;
  throw new DriftbomError('E_RECORD', `${what} ${fault}`, 'Nothing was recorded. Say it otherwise.');
}

/** What a fact is given by, where that is no option of its name. */
const OPTIONS = new Map([
  ['who', 'the name'],
  ['services', '--service'],
  ['stateText', '--text'],
]);

/** The option that a fact is given by. */
function optionOf(name: string): string {
  return OPTIONS.get(name) ?? `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
