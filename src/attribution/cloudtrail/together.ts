import { DriftbomError } from '../../model/error.ts';
import type { AuditAnswer, AuditLog, AuditQuestion, CoverageGap } from '../port.ts';
import { answerOf, type Collected, type TrailLog } from './answer.ts';
import { Collection } from './collection.ts';
import type { Found } from './fold.ts';
import { scopeOf } from './window.ts';

/** One log among several. */
export interface LogPart {
  readonly log: TrailLog;
  /** How far back it is read where the question has no beginning: RFC 3339, or null for all of it. */
  readonly oldest: string | null;
  /** Whether it must be readable; another that cannot be read at all is a gap beside those that can. */
  readonly needed: boolean;
}

/**
 * Several logs as one: files of an old trail, the bucket of the new one, LookupEvents for the last hour. An event that two
 * of them hold is one; credentials that one of them saw issued explain the calls of another; where one ends before the next
 * begins, there is a gap.
 */
export class AuditTogether implements AuditLog {
  readonly name: string;
  readonly #parts: readonly LogPart[];

  constructor(parts: readonly LogPart[]) {
    this.#parts = parts;
    this.name = parts.map(({ log }) => log.name).join(', ');
  }

  /** One after the other: where a needed one cannot be read, nothing goes on behind its error. */
  async ask(question: AuditQuestion): Promise<AuditAnswer> {
    const { window } = question;
    const collected: Collected[] = [];
    const unread: { readonly what: string; readonly fault: DriftbomError }[] = [];
    for (const { log, oldest, needed } of this.#parts) {
      try {
        collected.push(await log.collect({ ...question, window: { ...window, from: window.from ?? oldest } }));
      } catch (thrown) {
        if (needed || !(thrown instanceof DriftbomError) || thrown.code !== 'E_AUDIT_LOG') throw thrown;
        unread.push({ what: log.name, fault: thrown });
      }
    }
    if (collected.length === 0 && unread[0] !== undefined) throw unread[0].fault;
    const gaps = unread.map(({ what, fault }) => ({ what, message: fault.message }));
    return answerOf(joined(this.name, question, collected, gaps));
  }
}

function joined(
  source: string,
  question: AuditQuestion,
  parts: readonly Collected[],
  unread: readonly CoverageGap[],
): Collected {
  const collection = new Collection();
  const shifts = parts.map((part) => {
    const shift = collection.length;
    collection.absorb(part.collection, shift);
    return shift;
  });
  return {
    source,
    question,
    scope: scopeOf(question),
    collection,
    quiet: new Set(parts.flatMap(({ quiet }) => [...quiet])),
    reaches: parts.flatMap(({ reaches }) => reaches),
    gaps: [...unread, ...parts.flatMap(({ gaps }) => gaps)],
    // What one of them never shows, another may; where none does, their reaches tell.
    limits: [],
    reread: async (wanted) => {
      const found: Found[] = [];
      for (const [i, part] of parts.entries()) {
        const [shift, end] = [shifts[i] as number, shifts[i + 1] ?? collection.length];
        const own = wanted.filter(({ file }) => file >= shift && file < end);
        found.push(...(await part.reread(own.map((one) => ({ ...one, file: one.file - shift })))));
      }
      return found;
    },
  };
}
