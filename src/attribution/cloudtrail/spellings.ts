import type { Json, JsonMap } from '../port.ts';
import type { NeedleIndex } from './needle-index.ts';

/** Deeper than any record of the log nests, shallow enough that whoever walks it by recursion is safe. */
const DEEPEST = 128;

/** Whether something nests deeper than any true record does. Goes no deeper itself: the log may be hostile. */
export function tooDeep(json: Json, levels = DEEPEST): boolean {
  if (!nests(json)) return false;
  if (levels === 0) return true;
  for (const member of membersOf(json)) if (nests(member) && tooDeep(member, levels - 1)) return true;
  return false;
}

/** Where the names of what a call acts on stand, as a rule. */
const LIKELY = ['requestParameters', 'resources', 'responseElements'];
/** Who called: a call does nothing to the role that makes it. */
const CALLER = 'userIdentity';

/**
 * Whether a record, which must not be too deep, mentions a needle anywhere but in who called: in a text or a key, as it
 * is, percent-encoded, or escaped in JSON within a text.
 */
export function recordMentions(record: JsonMap, needles: NeedleIndex): boolean {
  const others = Object.keys(record).filter((key) => key !== CALLER && !LIKELY.includes(key));
  return [...LIKELY, ...others].some((key) => Object.hasOwn(record, key) && mentions(record[key] as Json, needles));
}

function mentions(json: Json, needles: NeedleIndex): boolean {
  if (typeof json === 'string') return textMentions(json, needles);
  if (!nests(json)) return false;
  for (const member of membersOf(json)) if (mentions(member, needles)) return true;
  return !Array.isArray(json) && Object.keys(json).some((key) => textMentions(key, needles));
}

function textMentions(text: string, needles: NeedleIndex): boolean {
  return needles.has(text) || spellings(text).some((one) => needles.occursInText(one));
}

function nests(json: Json): json is readonly Json[] | JsonMap {
  return typeof json === 'object' && json !== null;
}

function membersOf(json: readonly Json[] | JsonMap): readonly Json[] {
  return Array.isArray(json) ? json : Object.values(json);
}

function spellings(text: string): readonly string[] {
  const plain = text.includes('\\') ? [text, unescaped(text)] : [text];
  return text.includes('%') ? [...plain, ...plain.map(percentDecoded)] : plain;
}

/** JSON's escapes undone, however many times a text was put into JSON again. */
function unescaped(text: string): string {
  return text
    .replace(/\\+u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\+(["\\/])/g, '$1');
}

/** What is no percent-encoding stays as it is. Twice: a policy in a path is encoded within an encoded text. */
function percentDecoded(text: string): string {
  return decodedOnce(decodedOnce(text));
}

function decodedOnce(text: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
}
