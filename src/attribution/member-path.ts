/** Names come from a log that anybody may write to: so many characters of paths are kept at most. */
const MOST_CHARACTERS = 2_000_000;
let kept = 0;

/**
 * Names of members, from the root of a part of a record inwards. Logs have few shapes: a path is made once, however many
 * records hold it.
 */
export class MemberPath {
  readonly names: readonly string[];
  /** The names as one text: members that stand alike have the same. */
  readonly text: string;
  #inner: Map<string, MemberPath> | undefined;

  constructor(names: readonly string[]) {
    this.names = names;
    this.text = names.join('\u0000');
  }

  /** The path of a member of what stands here. */
  to(name: string): MemberPath {
    const before = this.#inner?.get(name);
    if (before !== undefined) return before;
    const made = new MemberPath([...this.names, name]);
    kept += made.text.length;
    if (kept > MOST_CHARACTERS) {
      NO_MEMBER.#inner = undefined;
      kept = 0;
    } else {
      this.#inner ??= new Map();
      this.#inner.set(name, made);
    }
    return made;
  }
}

/** Where every part of a record begins. */
export const NO_MEMBER = new MemberPath([]);
