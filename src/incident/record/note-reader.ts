import { readDay, readTime } from '../../model/moment.ts';
import { isMap, type Value } from '../../model/value.ts';

/** Why a note cannot be read. */
export class Unreadable extends Error {}

/** Reads the facts of a note, which anybody may have written: what is missing or of another kind makes it Unreadable. */
export class NoteReader {
  readonly #facts: { readonly [name: string]: Value };
  readonly #text: unknown;

  constructor(facts: unknown, text: unknown) {
    this.#facts = isMap(facts as Value) ? (facts as { readonly [name: string]: Value }) : {};
    this.#text = text;
  }

  /** What the speaker wrote; null where that is nothing. */
  get words(): string | null {
    return typeof this.#text === 'string' && this.#text !== '' ? this.#text : null;
  }

  get neededWords(): string {
    return this.words ?? refuse('it says nothing');
  }

  text(name: string): string {
    return this.maybeText(name) ?? refuse(`${name} is missing`);
  }

  maybeText(name: string): string | null {
    const value = this.#value(name);
    if (value === null) return null;
    return typeof value === 'string' && value !== '' ? value : refuse(`${name} is no text`);
  }

  texts(name: string): readonly string[] {
    const value = this.#value(name);
    if (value === null) return [];
    const all = Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== '');
    return all ? (value as readonly string[]) : refuse(`${name} is no list of texts`);
  }

  /** RFC 3339. */
  time(name: string): string {
    return this.maybeTime(name) ?? refuse(`${name} is missing`);
  }

  maybeTime(name: string): string | null {
    const text = this.maybeText(name);
    return text === null || readTime(text) !== undefined ? text : refuse(`${name} is no time with its zone`);
  }

  maybeDay(name: string): string | null {
    const text = this.maybeText(name);
    return text === null || readDay(text) !== undefined ? text : refuse(`${name} is no day of the calendar`);
  }

  /** A number from 0 to 1. */
  share(name: string): number {
    const value = this.#value(name);
    return typeof value === 'number' && value >= 0 && value <= 1 ? value : refuse(`${name} is no number from 0 to 1`);
  }

  oneOf<T extends string>(name: string, words: readonly T[]): T {
    return this.maybeOneOf(name, words) ?? refuse(`${name} is missing`);
  }

  maybeOneOf<T extends string>(name: string, words: readonly T[]): T | null {
    const text = this.maybeText(name);
    if (text === null) return null;
    return words.find((word) => word === text) ?? refuse(`${name} is none of the words that this version knows for it`);
  }

  /** Text of a form. */
  matching(name: string, form: RegExp): string {
    const text = this.text(name);
    return form.test(text) ? text : refuse(`${name} has not the form that is expected`);
  }

  maybeMatching(name: string, form: RegExp): string | null {
    return this.#value(name) === null ? null : this.matching(name, form);
  }

  #value(name: string): Value {
    return Object.hasOwn(this.#facts, name) ? (this.#facts[name] as Value) : null;
  }
}

function refuse(why: string): never {
  throw new Unreadable(why);
}
