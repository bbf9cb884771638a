/** Names come from a log that anybody may write to: so many characters of places are kept at most. */
const MOST_CHARACTERS = 2_000_000;
let kept = 0;
const parts = new Map<string, MemberPlace>();

/**
 * Where a member stands in a record, as a text: `requestParameters.ipPermissions.items[0].fromPort`. Answers hold many of
 * them, and few that differ: each is made once.
 */
export class MemberPlace {
  readonly text: string;
  #inner: Map<string | number, MemberPlace> | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** The place of a member of what stands here: a name, or an index of a list. */
  to(step: string | number): MemberPlace {
    const before = this.#inner?.get(step);
    if (before !== undefined) return before;
    const made = new MemberPlace(typeof step === 'string' ? `${this.text}.${step}` : `${this.text}[${step}]`);
    kept += made.text.length;
    if (kept > MOST_CHARACTERS) {
      parts.clear();
      kept = 0;
    } else {
      this.#inner ??= new Map();
      this.#inner.set(step, made);
    }
    return made;
  }
}

/** Where a part of a record begins: `requestParameters`. */
export function placeOfPart(name: string): MemberPlace {
  const before = parts.get(name);
  if (before !== undefined) return before;
  const made = new MemberPlace(name);
  parts.set(name, made);
  return made;
}
