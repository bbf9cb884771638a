/**
 * Control, format, separator and lone surrogate characters: everything that can move a cursor, recolour a terminal,
 * turn the reading direction or hide itself. (Unicode general categories Cc, Cf, Zl, Zp, Cs.)
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The same, but for newlines: each one that is matched costs, and laid out JSON has millions. */
const HIDDEN_BUT_NEWLINE = /[\0-\t\v-\x1f\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Most text, which is quickly seen. */
const PLAIN = /^[ -~]*$/;
const PLAIN_LINES = /^[\n -~]*$/;

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Makes hostile text inert and visible: each hidden character becomes its escape (`\u001b`, `\u202e`, `\n`). What is
 * printable stays as it is.
 */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(HIDDEN, (character) => NAMED[character] ?? escapeOf(character));
}

/**
 * The same over every string of a view; called once, where the view is complete, so that no field can be forgotten. What
 * holds nothing hidden is given back as it is.
 */
export function visibleDeep<T>(view: T): T {
  if (typeof view === 'string') return visible(view) as T;
  if (typeof view !== 'object' || view === null) return view;
  let altered = false;
  const shown = (value: unknown): unknown => {
    const text = visibleDeep(value);
    altered ||= text !== value;
    return text;
  };
  const copy = Array.isArray(view)
    ? view.map(shown)
    : Object.entries(view).map(([key, value]) => [key, shown(value)] as const);
  if (!altered) return view;
  return (Array.isArray(view) ? copy : Object.fromEntries(copy as [string, unknown][])) as T;
}

/**
 * Escapes hidden characters inside JSON text without changing what it means: JSON.stringify leaves DEL, the C1 controls
 * (0x9b starts a terminal sequence too) and direction marks as they are. Newlines of the layout stay.
 */
export function visibleJson(json: string): string {
  if (PLAIN_LINES.test(json)) return json;
  return json.replace(HIDDEN_BUT_NEWLINE, (character) => {
    let units = '';
    for (let i = 0; i < character.length; i++) units += unit(character.charCodeAt(i));
    return units;
  });
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) as number;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : unit(code);
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
