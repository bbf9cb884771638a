import type { Json, JsonMap } from '../port.ts';
import type { NeedleIndex } from './needle-index.ts';

/** Deeper than any record of the log nests, shallow enough that whoever walks it by recursion is safe. */
const DEEPEST = 128;

/** Whether something nests deeper than any true record does. Walks without recursion: the log may be hostile. */
export function tooDeep(json: Json): boolean {
  let level: readonly Json[] = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one).filter(nests) : []));
  }
  return false;
}

/** Whether a record mentions a needle anywhere but in who called: a call does nothing to the role that makes it. */
export function recordMentions(record: JsonMap, needles: NeedleIndex): boolean {
  return Object.keys(record).some((key) => key !== 'userIdentity' && mentions(record[key] as Json, needles));
}

/**
 * Whether any needle stands in a text or a key of the value: as it is, percent-encoded, or escaped in JSON within a
 * text. The value must not be too deep.
 */
function mentions(json: Json, needles: NeedleIndex): boolean {
  if (typeof json === 'string') return spellings(json).some((text) => needles.occursInText(text));
  if (!nests(json)) return false;
  return Object.entries(json).some(
    ([key, value]) => mentions(value as Json, needles) || (!Array.isArray(json) && mentions(key, needles)),
  );
}

function nests(json: Json): json is Exclude<Json, null | boolean | number | string> {
  return typeof json === 'object' && json !== null;
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
