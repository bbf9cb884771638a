import { meaningOf, sameMeaning } from '../compare/text-meaning.ts';
import type { Value } from '../model/value.ts';
import { isArray, isMap } from '../model/value.ts';
import { SWITCH_TEXTS } from '../resources/aws/audit-words.ts';
import { protocolName } from '../resources/protocols.ts';
import { canonicalText } from '../terraform/canonical.ts';
import { maskedBlock } from './address-block.ts';

/** What a value of a drift is, for holding it against values of the log. */
interface Wanted {
  readonly isMasked: boolean;
  readonly text: string;
  /** May hold a document, plain or URL-encoded. */
  readonly isDocument: boolean;
  readonly turned: boolean | undefined;
}

const MOST_WANTED = 20_000;

/** How a text that holds a JSON object or list begins. */
const DOCUMENT = /^\s*[[{]|^%7[Bb]/;

/** How a masked leaf of a drift begins (`hmac-sha256:<key id>:<hex>`). */
const MASK = /^hmac-sha256:[^:]+:[0-9a-f]+$/;

/** Dates in answers, such as `Aug 1, 2024 1:37:41 PM`; always UTC. */
const LOG_DATE = /^[A-Z][a-z]{2} \d{1,2}, \d{4},? \d{1,2}:\d{2}:\d{2} [AP]M$/;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/**
 * One text for all spellings of a scalar that mean the same on the wire and in Terraform: true and "true", 22 and "22",
 * a CIDR block with host bits set, a policy as JSON, URL-encoded or reordered, a date of an answer.
 */
export function scalarText(value: Value): string {
  if (value === null || typeof value === 'symbol') return '';
  if (typeof value !== 'string') return isArray(value) || isMap(value) ? (canonicalText(value) ?? '') : String(value);
  if (value.length > 256 || DOCUMENT.test(value)) return meaningOf(value);
  if (value.length <= 5 && /^(?:true|false)$/i.test(value)) return value.toLowerCase();
  if (value.length <= 26 && /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?$/.test(value)) return String(Number(value));
  if (LOG_DATE.test(value)) return dateText(`${value} UTC`, value);
  if (DATE.test(value)) return dateText(value, value);
  return value.includes('/') ? (maskedBlock(value) ?? value) : value;
}

/** Whether a value of a drift is a mask of a secret. */
export function isMask(value: Value): value is string {
  return typeof value === 'string' && MASK.test(value);
}

/** Compares values of a drift with values of the log; masked ones by masking what the log holds in the same way. */
export class ValueMatcher {
  readonly #redact: (secret: Value) => string;
  readonly #wanted = new Map<Value, Wanted>();

  constructor(redact: (secret: Value) => string) {
    this.#redact = redact;
  }

  /** Whether a leaf of the log says what a leaf of the drift says. `words`: those of the attribute. */
  same(wanted: Value, leaf: { readonly value: Value; readonly text: string }, words: readonly string[]): boolean {
    const { isMasked, text, isDocument, turned } = this.#read(wanted);
    if (isMasked) return this.#unmasks(wanted as string, leaf.value);
    if (text === leaf.text) return true;
    if (isDocument && typeof leaf.value === 'string' && sameMeaning(wanted as string, leaf.value)) return true;
    if (words.includes('protocol')) return protocolName(text) === protocolName(leaf.text);
    if (turned === undefined || turned !== switchOf(leaf.value)) return false;
    return typeof wanted === 'boolean' || sameSwitchText(text, leaf.text);
  }

  /** Reads a value of a drift. It is held against many calls. */
  #read(wanted: Value): Wanted {
    const before = this.#wanted.get(wanted);
    if (before !== undefined) return before;
    const made = {
      isMasked: isMask(wanted),
      text: scalarText(wanted),
      isDocument: typeof wanted === 'string' && DOCUMENT.test(wanted),
      turned: switchOf(wanted),
    };
    if (this.#wanted.size >= MOST_WANTED) this.#wanted.clear();
    this.#wanted.set(wanted, made);
    return made;
  }

  /** Secrets are told from each other by type, too: the log may write a number where the state has its text. */
  #unmasks(mask: string, value: Value): boolean {
    if (value === null || typeof value === 'symbol' || isArray(value) || isMap(value)) return false;
    const spellings: Value[] = [value];
    if (typeof value === 'string') {
      if (/^-?\d{1,15}$/.test(value)) spellings.push(Number(value));
      if (value === 'true' || value === 'false') spellings.push(value === 'true');
    } else spellings.push(String(value));
    return spellings.some((one) => this.#redact(one) === mask);
  }
}

/** What a setting of a switch says; undefined for anything else. */
export function switchOf(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  const word = value.toLowerCase();
  return Object.hasOwn(SWITCH_TEXTS, word) ? SWITCH_TEXTS[word] : undefined;
}

/**
 * Whether a value is so particular that two calls hardly share it by chance: true, 0, `Enabled` and `tcp` are not.
 */
export function isTelling(value: Value): boolean {
  if (isMask(value)) return true;
  const text = scalarText(value);
  if (switchOf(value) !== undefined) return false;
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return text.length >= 5;
  return text.length >= 8;
}

/** ENABLED and Enabled are one; Suspended and Disabled are two settings of different switches. */
function sameSwitchText(a: string, b: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/d$/, '');
  return plain(a) === plain(b) || /^(?:true|false)$/.test(b) || /^(?:true|false)$/.test(a);
}

function dateText(text: string, otherwise: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? otherwise : `${new Date(time).toISOString().slice(0, 19)}Z`;
}
