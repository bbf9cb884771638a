import type { CallVerb } from '../resources/aws/audit-words.ts';
import { VERB_NOUNS, verbOf } from '../resources/aws/audit-words.ts';
import type { AuditRecord } from './port.ts';
import { wordsOf } from './words.ts';

/** A call's name taken apart. */
export interface Call {
  /** Without API date and version: `UpdateFunctionConfiguration`. */
  readonly name: string;
  /** `lambda`: the event source without its domain. */
  readonly source: string;
  /** First word: `update`. */
  readonly word: string;
  readonly verb: CallVerb;
  /** What it acts on, in words, with the noun that the verb implies: function, configuration. */
  readonly noun: readonly string[];
}

const known = new Map<string, Call>();
const MOST_KNOWN = 20_000;

/**
 * Takes the name of a record's call apart. Event names may carry the API's date and a version
 * (`UpdateFunctionConfiguration20150331v2`).
 */
export function callOf({ eventName, eventSource }: Pick<AuditRecord, 'eventName' | 'eventSource'>): Call {
  const key = `${eventSource} ${eventName}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const name = eventName.replace(/(?<=[a-z])\d{4}_?\d{2}_?\d{2}(?:v\d+)?$/i, '');
  const words = wordsOf(name);
  const [word = '', ...rest] = words;
  const scheduled = rest.at(-1) === 'deletion';
  const noun = Object.hasOwn(VERB_NOUNS, word) ? [...rest, VERB_NOUNS[word] as string] : rest;
  const call: Call = {
    name,
    source: eventSource.replace(/\.amazonaws\.com$/, ''),
    word,
    verb: scheduled && word === 'schedule' ? 'remove' : word === 'batch' ? verbOf(rest[0] ?? '') : verbOf(word),
    noun: scheduled ? noun.slice(0, -1) : noun,
  };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, call);
  return call;
}

/** The call as people name it: `ec2:AuthorizeSecurityGroupIngress`. */
export function callLabel(record: Pick<AuditRecord, 'eventName' | 'eventSource'>): string {
  const { source, name } = callOf(record);
  return `${source}:${name}`;
}
