import {
  type Column,
  COLUMN_NAMES,
  type ColumnName,
  COLUMNS,
  columnBytes,
  ERASED,
  KIND_CODES,
  NO_SUBJECT,
  NO_VERDICT,
  RELATION_CODES,
  VERDICT_CODES,
} from './columns.ts';
import type { EntryFacts, Subject } from './facts.ts';
import { Segment, type SegmentOutline } from './segment.ts';

/** A link whose earlier entry was found in the log. */
export interface FoundLink {
  readonly relation: keyof typeof RELATION_CODES;
  readonly target: number;
  readonly happened: number;
}

/** Columns of which each entry has exactly one value, and how many elements that is. */
const PER_ENTRY = { kind: 1, verdict: 1, from: 1, to: 1, recorded: 1, digest: 32, entryId: 16, subject: 1 } as const;
type PerEntry = keyof typeof PER_ENTRY;
type Listed = Exclude<ColumnName, PerEntry>;
type Fixed = { readonly [N in PerEntry]: Column<N> };
type Growing = { readonly [N in Listed]: Column<N> extends readonly string[] ? string[] : number[] };

const PER_ENTRY_NAMES = Object.keys(PER_ENTRY) as PerEntry[];
const LISTED_NAMES = COLUMN_NAMES.filter((name): name is Listed => !Object.hasOwn(PER_ENTRY, name));

/** Gathers the columns of one segment, entry by entry. */
export class SegmentBuilder {
  readonly start: number;
  #count = 0;
  readonly #width: number;
  readonly #fixed: Fixed;
  readonly #lists: Growing;
  readonly #subjects = new Map<string, number>();
  readonly #paths = new Map<string, number>();
  readonly #actors = new Map<string, number>();

  private constructor(start: number, width: number, lists: Growing) {
    this.start = start;
    this.#width = width;
    this.#fixed = newFixed(width);
    this.#lists = lists;
  }

  static empty(start: number, width: number): SegmentBuilder {
    return new SegmentBuilder(
      start,
      width,
      Object.fromEntries(LISTED_NAMES.map((name) => [name, []])) as unknown as Growing,
    );
  }

  /** Goes on with a segment that is not full. */
  static async continuing(segment: Segment, width: number): Promise<SegmentBuilder> {
    const lists = await Promise.all(LISTED_NAMES.map(async (name) => [name, [...(await segment.column(name))]]));
    const builder = new SegmentBuilder(segment.outline.start, width, Object.fromEntries(lists) as Growing);
    builder.#count = segment.outline.count;
    for (const name of PER_ENTRY_NAMES) builder.#fixed[name].set(await segment.column(name));
    const { addresses, types, workspaceKeys, paths, actors } = builder.#lists;
    addresses.forEach((address, at) => {
      const subject = { address, type: types[at] as string, workspaceKey: workspaceKeys[at] as string };
      builder.#subjects.set(subjectKey(subject), at);
    });
    paths.forEach((path, at) => void builder.#paths.set(path, at));
    actors.forEach((actor, at) => void builder.#actors.set(actor, at));
    return builder;
  }

  get isFull(): boolean {
    return this.#count === this.#width;
  }

  /** `facts` is undefined for an erased entry. */
  add(digest: Uint8Array, facts: EntryFacts | undefined, links: readonly FoundLink[]): void {
    const at = this.#count++;
    const fixed = this.#fixed;
    fixed.kind[at] = facts === undefined ? ERASED : KIND_CODES[facts.kind];
    fixed.verdict[at] = facts?.verdict === undefined ? NO_VERDICT : VERDICT_CODES[facts.verdict];
    fixed.from[at] = facts?.happened.from ?? Number.NEGATIVE_INFINITY;
    fixed.to[at] = facts?.happened.to ?? Number.POSITIVE_INFINITY;
    fixed.recorded[at] = facts?.recorded ?? Number.NaN;
    fixed.digest.set(digest, at * PER_ENTRY.digest);
    fixed.entryId.set(idBytes(facts?.entryId), at * PER_ENTRY.entryId);
    fixed.subject[at] = facts?.subject === undefined ? NO_SUBJECT : this.#subjectNumber(facts.subject);
    const lists = this.#lists;
    for (const path of facts?.paths ?? []) {
      lists.pathEntry.push(at);
      lists.pathName.push(numberOf(this.#paths, lists.paths, path));
    }
    for (const actor of facts?.actors ?? []) {
      lists.actorEntry.push(at);
      lists.actorName.push(numberOf(this.#actors, lists.actors, actor));
    }
    for (const { relation, target, happened } of links) {
      lists.linkTarget.push(target);
      lists.linkSource.push(at);
      lists.linkRelation.push(RELATION_CODES[relation]);
      lists.linkTime.push(happened);
    }
  }

  segment(): Segment {
    const blocks = new Map<ColumnName, Uint8Array>();
    for (const name of PER_ENTRY_NAMES) {
      blocks.set(name, columnBytes(this.#fixed[name].slice(0, this.#count * PER_ENTRY[name])));
    }
    for (const name of LISTED_NAMES) {
      const made = COLUMNS[name];
      const list = this.#lists[name];
      blocks.set(name, columnBytes(made === 'names' ? (list as string[]) : made.from(list as number[])));
    }
    return new Segment(this.#outline(), async (name) => blocks.get(name) as Uint8Array);
  }

  #outline(): SegmentOutline {
    const { kind, to, recorded } = this.#fixed;
    const latest = (times: Float64Array): number | null => {
      let newest = 0;
      for (let at = 0; at < this.#count; at++) {
        const time = times[at] as number;
        if (kind[at] !== ERASED) newest = Math.max(newest, Number.isNaN(time) ? Number.POSITIVE_INFINITY : time);
      }
      return newest === Number.POSITIVE_INFINITY ? null : newest;
    };
    const corrections = this.#lists.linkRelation.filter((code) => code === RELATION_CODES.corrects).length;
    return { start: this.start, count: this.#count, latest: latest(to), latestRecorded: latest(recorded), corrections };
  }

  #subjectNumber(subject: Subject): number {
    const key = subjectKey(subject);
    const known = this.#subjects.get(key);
    if (known !== undefined) return known;
    const { addresses, types, workspaceKeys } = this.#lists;
    this.#subjects.set(key, addresses.length);
    types.push(subject.type);
    workspaceKeys.push(subject.workspaceKey);
    return addresses.push(subject.address) - 1;
  }
}

function newFixed(width: number): Fixed {
  const columns = PER_ENTRY_NAMES.map((name) => [name, new COLUMNS[name](width * PER_ENTRY[name])]);
  return Object.fromEntries(columns) as Fixed;
}

function numberOf(numbers: Map<string, number>, names: string[], name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  numbers.set(name, names.length);
  return names.push(name) - 1;
}

function subjectKey({ address, type, workspaceKey }: Subject): string {
  return JSON.stringify([address, type, workspaceKey]);
}

const NO_ID = new Uint8Array(16);

/** The 16 bytes of `urn:uuid:…`; zeros where it is none. */
export function idBytes(entryId: string | undefined): Uint8Array {
  const hex = (entryId ?? '').replace('urn:uuid:', '').replaceAll('-', '');
  return /^[0-9a-f]{32}$/i.test(hex) ? Buffer.from(hex, 'hex') : NO_ID;
}
