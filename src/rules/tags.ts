import { formatPath } from '../model/path.ts';
import type { NotAssessed, TagTerms } from '../model/rule.ts';
import { isArray, isMap, type Value, type ValueMap } from '../model/value.ts';
import { TAG_BLOCK, TAG_PLACES } from '../resources/tag-places.ts';
import { isLike } from './like.ts';
import { isMasked, isUnknown } from './places.ts';
import { inWords } from './words.ts';

/** Whether a resource has a place for tags, filled or not. */
export function isTaggable(value: Value): boolean {
  return isMap(value) && TAG_PLACES.some((name) => Object.hasOwn(value, name));
}

interface Tagged {
  readonly name: string;
  readonly value: Value | undefined;
}

/** What a required tag lacks; undefined where it is as it should be. */
export function judgeTag(
  { tag, like }: TagTerms,
  resource: ValueMap,
): { path: string; value: Value; because: string } | { readonly reason: NotAssessed } | undefined {
  const places = TAG_PLACES.filter((name) => Object.hasOwn(resource, name));
  const known = places.map((name): Tagged => ({ name, value: tagIn(resource[name] ?? null, tag) }));
  const there = known.find(({ value }) => value !== undefined);
  if (there === undefined) {
    const hidden = places.map((name) => hiddenBy(resource[name] ?? null)).find((why) => why !== undefined);
    if (hidden !== undefined) return { reason: hidden };
    const path = formatPath([places.find((name) => name !== 'tags_all') ?? 'tags', tag]);
    return { path, value: null, because: `the tag ${tag} is missing` };
  }
  const value: Value = there.value ?? null;
  const path = formatPath([there.name, tag]);
  if (isUnknown(value)) return { reason: 'unknown' };
  if (value === null || value === '') return { path, value: null, because: `the tag ${tag} is empty` };
  if (like === undefined) return undefined;
  if (isMasked(value)) return { reason: 'secret' };
  if (isLike(typeof value === 'string' ? value : inWords(value), like)) return undefined;
  return { path, value, because: `the tag ${tag} is ${inWords(value)} and does not fit ${like}` };
}

function hiddenBy(tags: Value): NotAssessed | undefined {
  if (isMasked(tags)) return 'secret';
  return isUnknown(tags) ? 'unknown' : undefined;
}

function tagIn(tags: Value, key: string): Value | undefined {
  if (isArray(tags)) {
    for (const block of tags.filter(isMap)) {
      for (const names of TAG_BLOCK) if (block[names.key] === key) return block[names.value] ?? null;
    }
    return undefined;
  }
  return isMap(tags) && !isUnknown(tags) && Object.hasOwn(tags, key) ? (tags[key] as Value) : undefined;
}
