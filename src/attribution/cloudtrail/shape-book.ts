import type { KnownCall } from './call-book.ts';
import type { Marks } from './marks.ts';
import type { RecordFields } from './record.ts';
import { RecordShape } from './record-shape.ts';
import type { ShapedText } from './shaped-text.ts';
import { recordMentions } from './spellings.ts';

/** A record whose shape is known. */
export interface KnownText {
  readonly shape: RecordShape;
  readonly text: ShapedText;
  /** Whether it mentions a needle anywhere but in who called. */
  readonly mentions: boolean;
}

interface Page {
  readonly shape: RecordShape;
  /** Whether a needle is the name of a member. */
  readonly mentions: boolean;
}

/** What is known of a call. */
interface Chapter {
  readonly pages: Page[];
  /** How many of its records had no shape that can be learned. */
  refused: number;
}

/** Kinds of callers and of requests: a call has few shapes. One that has more is read whole. */
const MOST_SHAPES = 16;
/** So many records of a call are tried in vain. */
const MOST_REFUSED = 8;

/** The shapes of records that were met so far, by call. */
export class ShapeBook {
  readonly #marks: Marks;
  readonly #chapters = new WeakMap<KnownCall, Chapter>();

  constructor(marks: Marks) {
    this.#marks = marks;
  }

  /** Reads a record of a call; undefined where its shape is not known. */
  read(call: KnownCall, bytes: Buffer, start: number, end: number): KnownText | undefined {
    const pages = this.#chapters.get(call)?.pages ?? [];
    for (let i = 0; i < pages.length; i++) {
      const page = pages[i] as Page;
      const text = page.shape.read(bytes, start, end);
      if (text === undefined) continue;
      // The one that was met last is often the next.
      if (i > 0) [pages[0], pages[i]] = [page, pages[0] as Page];
      const mentions =
        page.mentions || this.#marks.mentionedIn(bytes.subarray(start, end), (needles) => text.mentions(needles));
      return { shape: page.shape, text, mentions };
    }
    return undefined;
  }

  /** Learns the shape of a record that was read whole. `bytes`: its JSON. */
  learn(call: KnownCall, bytes: Buffer, fields: RecordFields): void {
    const chapter = this.#chapters.get(call) ?? { pages: [], refused: 0 };
    if (chapter.pages.length >= MOST_SHAPES || chapter.refused >= MOST_REFUSED) return;
    const shape = RecordShape.of(bytes, fields);
    if (shape === undefined) chapter.refused++;
    else chapter.pages.push({ shape, mentions: this.#isNamed(shape, bytes) });
    this.#chapters.set(call, chapter);
  }

  #isNamed({ skeleton }: RecordShape, bytes: Buffer): boolean {
    return this.#marks.mentionedIn(bytes, (needles) => recordMentions(skeleton, needles));
  }
}
