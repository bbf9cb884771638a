import type { Catalogue } from './catalogue.ts';
import { type Relation, RELATIONS } from './facts.ts';

/** A reference of one entry to an earlier one, by log indexes. */
export interface IndexedLink {
  readonly from: number;
  readonly to: number;
  readonly relation: Relation;
  /** When a correction says that it happened, milliseconds; NaN where it says nothing of that. */
  readonly happened: number;
}

/** Every reference between the entries of a log, to be followed in both directions. Typed arrays: 25 bytes a link. */
export class Links {
  readonly length: number;
  /** Ascending. */
  readonly #from: Float64Array;
  readonly #to: Uint32Array;
  readonly #relation: Uint8Array;
  readonly #happened: Float64Array;
  /** Where the links to each entry begin in `#byTarget`. */
  readonly #starts: Uint32Array;
  readonly #byTarget: Uint32Array;

  private constructor(size: number, length: number) {
    this.length = length;
    this.#from = new Float64Array(length);
    this.#to = new Uint32Array(length);
    this.#relation = new Uint8Array(length);
    this.#happened = new Float64Array(length);
    this.#starts = new Uint32Array(size + 1);
    this.#byTarget = new Uint32Array(length);
  }

  static async of({ segments, frontier }: Catalogue): Promise<Links> {
    const columns = await Promise.all(
      segments.map(async (segment) => ({
        start: segment.outline.start,
        to: await segment.column('linkTarget'),
        from: await segment.column('linkSource'),
        relation: await segment.column('linkRelation'),
        happened: await segment.column('linkTime'),
      })),
    );
    const links = new Links(
      frontier.size,
      columns.reduce((sum, { to }) => sum + to.length, 0),
    );
    let at = 0;
    for (const { start, to, from, relation, happened } of columns) {
      links.#to.set(to, at);
      links.#relation.set(relation, at);
      links.#happened.set(happened, at);
      for (let i = 0; i < from.length; i++) links.#from[at + i] = start + (from[i] as number);
      at += to.length;
    }
    links.#sortByTarget();
    return links;
  }

  /** Counting sort: links to one entry stay in log order. */
  #sortByTarget(): void {
    const starts = this.#starts;
    for (const target of this.#to) (starts[target + 1] as number)++;
    for (let index = 1; index < starts.length; index++) (starts[index] as number) += starts[index - 1] as number;
    const next = starts.slice();
    for (let at = 0; at < this.length; at++) {
      const target = this.#to[at] as number;
      this.#byTarget[next[target] as number] = at;
      (next[target] as number)++;
    }
  }

  /** Later entries' references to this one, in log order. */
  leadingTo(index: number): readonly IndexedLink[] {
    const first = this.#starts[index] ?? 0;
    const end = this.#starts[index + 1] ?? 0;
    return first === end ? NONE : Array.from(this.#byTarget.subarray(first, end), (at) => this.#link(at));
  }

  /** This entry's references to earlier ones. */
  comingFrom(index: number): readonly IndexedLink[] {
    const found: IndexedLink[] = [];
    for (let at = this.#firstFrom(index); this.#from[at] === index; at++) found.push(this.#link(at));
    return found;
  }

  /** Calls `each` with every correction that says when something happened, in log order. */
  eachMoved(each: (target: number, happened: number, from: number) => void): void {
    for (let at = 0; at < this.length; at++) {
      const happened = this.#happened[at] as number;
      if (!Number.isNaN(happened)) each(this.#to[at] as number, happened, this.#from[at] as number);
    }
  }

  #firstFrom(index: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#from[middle] as number) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #link(at: number): IndexedLink {
    return {
      from: this.#from[at] as number,
      to: this.#to[at] as number,
      relation: RELATIONS[this.#relation[at] as number] as Relation,
      happened: this.#happened[at] as number,
    };
  }
}

const NONE: readonly IndexedLink[] = [];
