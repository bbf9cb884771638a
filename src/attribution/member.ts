/** Names come from a log that anybody may write to: so many characters of them are kept at most. */
const MOST_CHARACTERS = 4_000_000;
let kept = 0;
const parts = new Map<string, Member>();

/** Names of the two halves of a pair, those that are looked for first in front. */
const KEYS = ['key', 'Key', 'name', 'Name', 'attributeName', 'AttributeName', 'parameterName', 'optionName', 'field'];
const VALUES = ['value', 'Value', 'attributeValue', 'AttributeValue', 'parameterValue', 'optionValue', 'values'];

/**
 * A place in a record, and how it is called. Logs have few shapes: each place is made once, however many records have
 * something there.
 */
export class Member {
  /** Names from the root of the part inwards; wrappers, list indexes and the request's own envelope are left out. */
  readonly names: readonly string[];
  /** The names as one text: members that stand alike have the same. */
  readonly path: string;
  /** `requestParameters.ipPermissions.items[0].fromPort` */
  readonly at: string;
  /** Its own name among those of a pair's key: the smaller, the sooner it is one. Infinity: it is none. */
  readonly asKey: number;
  /** The same of a pair's value. */
  readonly asValue: number;
  #members: Map<string, Member> | undefined;
  #within: Map<string, Member> | undefined;
  #called: Map<string, Member> | undefined;
  #items: Member[] | undefined;

  constructor(names: readonly string[], at: string, name: string) {
    this.names = names;
    this.path = names.join('\u0000');
    this.at = at;
    this.asKey = rankIn(KEYS, name);
    this.asValue = rankIn(VALUES, name);
  }

  /** A member of what stands here. */
  to(name: string): Member {
    const known = this.#members?.get(name);
    if (known !== undefined) return known;
    this.#members ??= new Map();
    return keep(this.#members, name, new Member([...this.names, name], `${this.at}.${name}`, name));
  }

  /** What a wrapper here holds: it is called as the wrapper is. */
  through(name: string): Member {
    const known = this.#within?.get(name);
    if (known !== undefined) return known;
    this.#within ??= new Map();
    return keep(this.#within, name, new Member(this.names, `${this.at}.${name}`, name));
  }

  /** The same place by another name: the value of a pair is called as its key says. */
  called(name: string): Member {
    const known = this.#called?.get(name);
    if (known !== undefined) return known;
    this.#called ??= new Map();
    return keep(this.#called, name, new Member([...this.names.slice(0, -1), name], this.at, ''));
  }

  /** An item of the list that stands here. */
  item(index: number): Member {
    this.#items ??= [];
    const known = this.#items[index];
    if (known !== undefined) return known;
    const made = new Member(this.names, `${this.at}[${index}]`, '');
    if (isKept(made)) this.#items[index] = made;
    return made;
  }
}

/** Where a part of a record begins: `requestParameters`. */
export function partMember(name: string): Member {
  return parts.get(name) ?? keep(parts, name, new Member([], name, ''));
}

function keep(members: Map<string, Member>, name: string, made: Member): Member {
  if (isKept(made)) members.set(name, made);
  return made;
}

/** Whether there is room for one more; where there is none, all are let go. */
function isKept({ path, at }: Member): boolean {
  kept += path.length + at.length;
  if (kept <= MOST_CHARACTERS) return true;
  parts.clear();
  kept = 0;
  return false;
}

function rankIn(names: readonly string[], name: string): number {
  const rank = names.indexOf(name);
  return rank === -1 ? Number.POSITIVE_INFINITY : rank;
}
