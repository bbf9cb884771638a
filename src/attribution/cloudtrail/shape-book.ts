import type { RecordFields } from './record-fields.ts';
import { RecordShape } from './record-shape.ts';
import type { ShapedText } from './shaped-text.ts';

/** What is known of a call. */
interface Chapter {
  readonly shapes: RecordShape[];
  /** How many of its records were met whose shape was not known. */
  met: number;
  /** Of how many no shape could be made. */
  refused: number;
}

/** Kinds of callers and of requests: a call has few shapes. One that has more is read whole. */
const MOST_SHAPES = 16;
/** So many records of a call are tried in vain. */
const MOST_REFUSED = 8;
/** Names come from the log: it shall not fill the memory with them. */
const MOST_CALLS = 10_000;

/** The shapes of records that were met so far, by call. A shape pays from the second record on that has it. */
export class ShapeBook {
  readonly #chapters = new Map<string, Chapter>();

  /** Reads a record of a call; undefined where its shape is not known. */
  read(call: string, bytes: Buffer, start: number, end: number): ShapedText | undefined {
    const shapes = this.#chapters.get(call)?.shapes ?? [];
    for (let i = 0; i < shapes.length; i++) {
      const shape = shapes[i] as RecordShape;
      const text = shape.read(bytes, start, end);
      if (text === undefined) continue;
      // The one that was met last is often the next.
      if (i > 0) [shapes[0], shapes[i]] = [shape, shapes[0] as RecordShape];
      return text;
    }
    return undefined;
  }

  /** Learns the shape of a record that has none of those known; undefined where that does not pay or cannot be done. */
  learn(
    call: string,
    bytes: Buffer,
    fields: Pick<RecordFields, 'eventName' | 'eventSource' | 'region'>,
  ): ShapedText | undefined {
    const chapter = this.#chapters.get(call) ?? { shapes: [], met: 0, refused: 0 };
    if (this.#chapters.size < MOST_CALLS) this.#chapters.set(call, chapter);
    if (chapter.met++ === 0 || chapter.shapes.length >= MOST_SHAPES || chapter.refused >= MOST_REFUSED)
      return undefined;
    const shape = RecordShape.of(bytes, fields);
    if (shape === undefined) chapter.refused++;
    else chapter.shapes.push(shape);
    return shape?.read(bytes, 0, bytes.length);
  }
}
