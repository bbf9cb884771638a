import { type Chunks, inPieces } from './chunks.ts';

/** Longer lists are written part by part. */
const LONG = 200;
/** Items that are made and written at a time. */
const PART = 100;

/** The items of a list, each made of another when it is asked for, and anew each time. */
export function eachOf<T>(list: Iterable<T>, make: (one: T) => unknown): Iterable<unknown> {
  return {
    *[Symbol.iterator]() {
      for (const one of list) yield make(one);
    },
  };
}

/** A list whose items are made when they are written; it can be gone through more than once. */
export class LongList {
  readonly items: Iterable<unknown>;
  readonly empty: 'written' | 'left out';

  constructor(items: Iterable<unknown>, empty: LongList['empty'] = 'written') {
    this.items = items;
    this.empty = empty;
  }
}

/**
 * What JSON.stringify(value, undefined, indent) gives, in pieces; `value` holds no dates and no cycles. A LongList stands as a
 * list; where it is empty and to be left out, its key is, too.
 */
export function jsonChunks(value: unknown, indent: number): Chunks {
  return inPieces(parts(value, indent, 0));
}

function* parts(value: unknown, indent: number, depth: number): Generator<string> {
  if (value instanceof LongList) yield* longParts(value.items, indent, depth);
  else if (Array.isArray(value)) {
    if (value.length > LONG) yield* longParts(value, indent, depth);
    else
      yield* members(
        value.map((item) => ['', item] as const),
        '[]',
        indent,
        depth,
      );
  } else if (typeof value === 'object' && value !== null) {
    const present = Object.entries(value).filter(([, member]) => isPresent(member));
    yield* members(
      present.map(([key, member]) => [`${JSON.stringify(key)}: `, member] as const),
      '{}',
      indent,
      depth,
    );
  } else yield JSON.stringify(value) ?? 'null';
}

function isPresent(value: unknown): boolean {
  if (value instanceof LongList && value.empty === 'left out') return !isEmpty(value.items);
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}

function isEmpty(items: Iterable<unknown>): boolean {
  for (const _item of items) return false;
  return true;
}

function* members(
  list: readonly (readonly [string, unknown])[],
  brackets: '[]' | '{}',
  indent: number,
  depth: number,
): Generator<string> {
  if (list.length === 0) {
    yield brackets;
    return;
  }
  const [open, close] = brackets;
  for (const [at, [key, member]] of list.entries()) {
    yield `${at === 0 ? open : ','}${newLine(indent, depth + 1)}${key}`;
    yield* parts(member, indent, depth + 1);
  }
  yield `${newLine(indent, depth)}${close}`;
}

/** Several items are laid out in one call, at their depth; what stands around them there is cut off. */
function* longParts(items: Iterable<unknown>, indent: number, depth: number): Generator<string> {
  const around = Array.from({ length: depth + 1 }, (_, at) => 1 + newLine(indent, at + 1).length);
  const before = around.reduce((sum, one) => sum + one, 0);
  const after = before - (depth + 1) * indent;
  let empty = true;
  for (const part of partsOf(items)) {
    let nested: unknown = part;
    for (let level = 0; level < depth; level++) nested = [nested];
    const text = JSON.stringify(nested, undefined, indent);
    yield `${empty ? '[' : ','}${newLine(indent, depth + 1)}${text.slice(before, text.length - after)}`;
    empty = false;
  }
  yield empty ? '[]' : `${newLine(indent, depth)}]`;
}

function* partsOf(items: Iterable<unknown>): Generator<unknown[]> {
  let part: unknown[] = [];
  for (const item of items) {
    if (part.push(item) < PART) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

function newLine(indent: number, depth: number): string {
  return `\n${' '.repeat(indent * depth)}`;
}
