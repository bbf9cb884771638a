import { NeedleIndex } from './needle-index.ts';
import { COMPLETING } from './record-fields.ts';

const SPELLINGS = [COMPLETING, '\\', '%'];

/** What marks records that matter: the needles of a question, and the word by which one record completes another. */
export class Marks {
  readonly index: NeedleIndex;
  readonly #needles: ReadonlySet<string>;
  #bare: NeedleIndex | undefined;

  constructor(needles: ReadonlySet<string>) {
    this.#needles = needles;
    this.index = new NeedleIndex([...needles, COMPLETING]);
  }

  /** Whether a record mentions a needle, as `by` looks for one in it. `bytes`: its JSON. */
  mentionedIn(bytes: Buffer, by: (needles: NeedleIndex) => boolean): boolean {
    if (!by(this.index)) return false;
    // The word is rare: only where it stands, or may stand in another spelling, it must be told from a needle.
    if (!SPELLINGS.some((sign) => bytes.includes(sign))) return true;
    this.#bare ??= new NeedleIndex(this.#needles);
    return by(this.#bare);
  }
}
