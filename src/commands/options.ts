import { InvalidArgumentError } from 'commander';
import { readDay, readTime } from '../model/moment.ts';
import type { Output } from './outputs.ts';

/** Makes an option repeatable. */
export function collect<T>(parse: (text: string) => T): (text: string, earlier: readonly T[]) => readonly T[] {
  return (text, earlier) => [...earlier, parse(text)];
}

/** Parses `-o format=FILE`; a bare format means stdout. */
export function parseOutput<F extends string>(formats: readonly F[]): (text: string) => Output<F> {
  return (text) => {
    const at = text.indexOf('=');
    const format = at < 0 ? text : text.slice(0, at);
    if (!isOneOf(formats, format)) throw new InvalidArgumentError(`Formats: ${formats.join(', ')}.`);
    const file = at < 0 ? '-' : text.slice(at + 1);
    if (file === '') throw new InvalidArgumentError('Write format=FILE; - is stdout.');
    return { format, file };
  };
}

/** Parses `left<separator>right`, both not empty. */
export function parsePair(separator: string, example: string): (text: string) => readonly [string, string] {
  return (text) => {
    const at = text.indexOf(separator);
    if (at < 1 || at === text.length - 1) throw new InvalidArgumentError(`Write it like ${example}.`);
    return [text.slice(0, at), text.slice(at + 1)];
  };
}

/** Parses a number above zero; `whole` refuses fractions. */
export function parsePositive(whole: boolean): (text: string) => number {
  return (text) => {
    const n = Number(text);
    if (text.trim() === '' || !Number.isFinite(n) || n <= 0 || (whole && !Number.isInteger(n))) {
      throw new InvalidArgumentError(whole ? 'A whole number above zero.' : 'A number above zero.');
    }
    return n;
  };
}

/** Parses any number. */
export function parseNumber(text: string): number {
  const n = Number(text);
  if (text.trim() === '' || !Number.isFinite(n)) throw new InvalidArgumentError('A number.');
  return n;
}

/** Parses a moment: a day (its start, UTC) or RFC 3339 with a zone. Gives RFC 3339 in UTC. */
export function parseMoment(text: string): string {
  const at = readDay(text) ?? readTime(text);
  if (at === undefined) {
    throw new InvalidArgumentError('Write a day (2026-03-14) or a time with its zone (2026-03-14T03:00:00Z).');
  }
  return new Date(at).toISOString();
}

function isOneOf<F extends string>(formats: readonly F[], text: string): text is F {
  return (formats as readonly string[]).includes(text);
}
