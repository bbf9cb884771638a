const DIGEST_BYTES = 32;
const EMPTY = 0xffff_ffff;

/**
 * Finds an entry's log index by its statement digest: open addressing over typed arrays, 40 bytes an entry where a Map of
 * strings would take several hundred.
 */
export class DigestTable {
  #slots = new Uint32Array(1024).fill(EMPTY);
  #digests = new Uint8Array(512 * DIGEST_BYTES);
  #count = 0;

  /** Digests are added in log order. */
  add(digest: Uint8Array): void {
    if ((this.#count + 1) * 2 > this.#slots.length) this.#grow();
    this.#digests.set(digest, this.#count * DIGEST_BYTES);
    this.#place(this.#count++);
  }

  /** The first entry of that digest; undefined where none has it. */
  find(digest: Uint8Array): number | undefined {
    const mask = this.#slots.length - 1;
    for (let slot = wordOf(digest, 0) & mask; ; slot = (slot + 1) & mask) {
      const index = this.#slots[slot] as number;
      if (index === EMPTY) return undefined;
      if (this.#same(index, digest)) return index;
    }
  }

  #place(index: number): void {
    const mask = this.#slots.length - 1;
    let slot = wordOf(this.#digests, index * DIGEST_BYTES) & mask;
    while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
    this.#slots[slot] = index;
  }

  #same(index: number, digest: Uint8Array): boolean {
    const start = index * DIGEST_BYTES;
    for (let at = 0; at < DIGEST_BYTES; at++) if (this.#digests[start + at] !== digest[at]) return false;
    return true;
  }

  #grow(): void {
    const digests = new Uint8Array(this.#digests.length * 2);
    digests.set(this.#digests);
    this.#digests = digests;
    this.#slots = new Uint32Array(this.#slots.length * 2).fill(EMPTY);
    for (let index = 0; index < this.#count; index++) this.#place(index);
  }
}

function wordOf(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}
