import type { Hash } from '../merkle.ts';

const WIDTH = 32;

/** Hashes side by side in one piece of memory: a large log has hundreds of thousands. Some may not be known. */
export class HashList {
  #bytes: Uint8Array;
  #length = 0;
  readonly #missing = new Set<number>();

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity * WIDTH);
  }

  static of(hashes: Iterable<Hash | undefined>): HashList {
    const list = new HashList();
    for (const hash of hashes) list.push(hash);
    return list;
  }

  get length(): number {
    return this.#length;
  }

  /** Whether every hash is known. */
  get isWhole(): boolean {
    return this.#missing.size === 0;
  }

  push(hash: Hash | undefined): void {
    const at = this.#length++;
    if (this.#bytes.length < this.#length * WIDTH) {
      const wider = new Uint8Array(this.#bytes.length * 2);
      wider.set(this.#bytes);
      this.#bytes = wider;
    }
    if (hash === undefined) this.#missing.add(at);
    else this.#bytes.set(hash, at * WIDTH);
  }

  at(index: number): Hash | undefined {
    if (index >= this.#length || this.#missing.has(index)) return undefined;
    return this.#bytes.subarray(index * WIDTH, (index + 1) * WIDTH);
  }

  /** The hashes from `start` on, at most `count` of them, in one piece. All of them have to be known. */
  bytes(start: number, count: number): Uint8Array {
    return this.#bytes.subarray(start * WIDTH, Math.min(start + count, this.#length) * WIDTH);
  }
}
