import { SAME_WORDS } from '../resources/aws/audit-words.ts';

const known = new Map<string, readonly string[]>();
/** Names come from a log that anybody may have written to. */
const MOST_KNOWN = 50_000;

/**
 * The words of a name, in lower case and singular: `dBInstanceIdentifier` and `db_instance_identifier` give db, instance,
 * identifier. CloudTrail writes the first letter of a member small whatever follows it (`cIDRIP`, `tTL`, `sSHPublicKey`).
 */
export function wordsOf(name: string): readonly string[] {
  const before = known.get(name);
  if (before !== undefined) return before;
  const words = split(name.slice(0, 200)).map((word) => oneForm(singular(word)));
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, words);
  return words;
}

/** A name without case and separators: tells that two spellings are one name. */
export function compact(name: string): string {
  return wordsOf(name).join('');
}

function split(name: string): readonly string[] {
  return name
    .replace(/^([a-z])([A-Z]+)(?=[A-Z][a-z]|[0-9_]|$)/, (_, first: string, rest: string) => first + rest.toLowerCase())
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

function singular(word: string): string {
  if (/(?:ss|us|is|dns|sns|sqs|kms|rds|ecs|eks|efs|aws|tls|https)$/.test(word) || word.length < 3) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:sses|xes|ches|shes)$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

function oneForm(word: string): string {
  return Object.hasOwn(SAME_WORDS, word) ? (SAME_WORDS[word] as string) : word;
}
