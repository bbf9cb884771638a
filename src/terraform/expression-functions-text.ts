import type { Value } from '../model/value.ts';
import { isArray, UNKNOWN } from '../model/value.ts';
import { toNumber, toText } from './evaluate-convert.ts';
import type { Functions } from './expression-function.ts';

type Text = string | typeof UNKNOWN;

/** Lifts a function of texts: numbers and booleans are converted, as Terraform does for parameters of type string. */
function ofTexts(apply: (...texts: string[]) => Value): (...args: readonly Value[]) => Value {
  return (...args) => {
    const texts = args.map(toText);
    return texts.every((text): text is string => text !== UNKNOWN) && texts.length === apply.length
      ? apply(...texts)
      : UNKNOWN;
  };
}

/** Terraform's string functions, those that are pure and simple. Source: Terraform language, "String Functions". */
export const textFunctions: Functions = {
  lower: ofTexts((text) => eachChar(text, (char) => char.toLowerCase())),
  upper: ofTexts((text) => eachChar(text, (char) => char.toUpperCase())),
  trimspace: ofTexts((text) => text.trim()),
  trimprefix: ofTexts((text, prefix) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trimsuffix: ofTexts((text, suffix) =>
    suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  ),
  trim: ofTexts((text, cut) => trimmed(text, cut)),
  chomp: ofTexts((text) => text.replace(/(?:\r?\n)+$/, '')),
  startswith: ofTexts((text, prefix) => text.startsWith(prefix)),
  endswith: ofTexts((text, suffix) => text.endsWith(suffix)),
  strcontains: ofTexts((text, part) => text.includes(part)),
  split: ofTexts((separator, text) => (text === '' ? [''] : text.split(separator))),
  // A pattern between slashes is a regular expression of another dialect.
  replace: ofTexts((text, old, fresh) => (/^\/.*\/$/s.test(old) ? UNKNOWN : text.replaceAll(old, () => fresh))),
  join: (separator, ...lists) => join(toText(separator ?? null), lists),
  format: (template, ...args) => format(toText(template ?? null), args),
  substr: (text, offset, length) => substr(toText(text ?? null), toNumber(offset ?? null), toNumber(length ?? null)),
  indent: (spaces, text) => indent(toNumber(spaces ?? null), toText(text ?? null)),
};

/** Go maps one character to one: what would become two ("ß") stays. */
function eachChar(text: string, map: (char: string) => string): string {
  return Array.from(text, (char) => {
    const mapped = map(char);
    return [...mapped].length === 1 ? mapped : char;
  }).join('');
}

function trimmed(text: string, cut: string): string {
  const unwanted = new Set(cut);
  const chars = [...text];
  let from = 0;
  let to = chars.length;
  while (from < to && unwanted.has(chars[from] as string)) from++;
  while (to > from && unwanted.has(chars[to - 1] as string)) to--;
  return chars.slice(from, to).join('');
}

function join(separator: Text, lists: readonly Value[]): Value {
  if (separator === UNKNOWN || !lists.every(isArray)) return UNKNOWN;
  const texts = lists.flat().map(toText);
  return texts.includes(UNKNOWN) ? UNKNOWN : texts.join(separator);
}

/** Only the verbs whose outcome does not hang on Go's formatting rules: %s, %d, %v of primitives, %%. */
function format(template: Text, args: readonly Value[]): Value {
  if (template === UNKNOWN) return UNKNOWN;
  let used = 0;
  let known = true;
  const text = template.replace(/%(.?)/gs, (_verb, letter: string) => {
    if (letter === '%') return '%';
    const arg = args[used++] ?? null;
    const piece = letter === 'd' ? integerText(arg) : letter === 's' || letter === 'v' ? toText(arg) : UNKNOWN;
    if (piece === UNKNOWN) known = false;
    return String(piece);
  });
  return known && used === args.length ? text : UNKNOWN;
}

function integerText(value: Value): Text {
  const number = toNumber(value);
  return Number.isSafeInteger(number) ? String(number) : UNKNOWN;
}

function substr(text: Text, offset: number | typeof UNKNOWN, length: number | typeof UNKNOWN): Value {
  if (text === UNKNOWN || offset === UNKNOWN || length === UNKNOWN) return UNKNOWN;
  // Terraform counts grapheme clusters; for plain ASCII they are characters.
  if (!/^[\x00-\x7f]*$/.test(text)) return UNKNOWN;
  const from = offset < 0 ? Math.max(0, text.length + offset) : offset;
  return length < 0 ? text.slice(from) : text.slice(from, from + length);
}

function indent(spaces: number | typeof UNKNOWN, text: Text): Value {
  if (spaces === UNKNOWN || text === UNKNOWN || spaces < 0 || spaces > 1000) return UNKNOWN;
  return text.replaceAll('\n', `\n${' '.repeat(spaces)}`);
}
