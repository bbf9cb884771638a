/** A text of four bytes or more that is looked for at given places: four bytes are compared at a time. */
export class ByteText {
  readonly bytes: Buffer;
  readonly length: number;
  readonly #words: readonly number[];

  constructor(text: string | Buffer) {
    this.bytes = Buffer.from(text as string);
    this.length = this.bytes.length;
    if (this.length < 4) throw new RangeError('a text of four bytes or more is needed');
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.length);
    this.#words = placesOf(this.length).map((place) => view.getInt32(place, true));
  }

  /** Whether it stands there; false where that is outside. */
  standsAt(view: DataView, at: number): boolean {
    const last = at + this.length - 4;
    // Engines read within bounds several times faster than where they have met a place outside.
    if (at < 0 || last + 4 > view.byteLength) return false;
    const words = this.#words;
    let place = at;
    for (let i = 0; i < words.length - 1; i++, place += 4) if (view.getInt32(place, true) !== words[i]) return false;
    return view.getInt32(last, true) === words[words.length - 1];
  }
}

/** Where words of four bytes begin that cover a text: the last may overlap the one before. */
function placesOf(length: number): readonly number[] {
  const places: number[] = [];
  for (let place = 0; place + 4 < length; place += 4) places.push(place);
  return [...places, length - 4];
}

/** Bytes as what words can be read from, at any place. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
