import { CREATING, EMPTIED_MEMBERS, FILLER_WORDS, isHiddenText } from '../resources/aws/audit-words.ts';
import { type AttributeName, type NameContext, nameContext } from './attribute-name.ts';
import type { Call } from './call-name.ts';
import type { Asked, Mention } from './mention.ts';
import type { RecordView } from './record-view.ts';
import type { WireLeaf } from './wire-shape.ts';
import { wordsOf } from './words.ts';

/** A record on a resource: what it says, where it names it. */
export interface Touched {
  readonly view: RecordView;
  readonly mentions: readonly Mention[];
  readonly asked: Asked;
  /** Values of the request that speak of this resource, its names left out. */
  readonly request: readonly WireLeaf[];
  /** What explains words of its members' names. */
  readonly context: NameContext;
}

export function touchedOf(view: RecordView, mentions: readonly Mention[], asked: Asked): Touched {
  const named = new Set(mentions.map((mention) => mention.leaf.at));
  const scopes = mentions.flatMap(({ scope, leaf }) => (scope === undefined || leaf.part !== 'request' ? [] : [scope]));
  const whole = mentions.some(({ scope, leaf }) => scope === undefined && leaf.part === 'request');
  const request = view.leaves.filter(
    (leaf) =>
      leaf.part === 'request' &&
      !named.has(leaf.at) &&
      (whole || scopes.length === 0 || scopes.some((scope) => leaf.within.includes(scope))),
  );
  const context = nameContext(asked.question.resource.type, asked.type, view.call);
  return { view, mentions, asked, request, context };
}

/** Members that say nothing of what is to be. */
const NOISE = /^(?:host|clienttoken|clientrequesttoken|dryrun|apply.*|expectedbucketowner|content-.*)$/i;

export type Direction = 'add' | 'remove' | 'set';

const REMOVING = /^(?:DELETE|REMOVE|REVOKE)$/i;
const ADDING = /^(?:CREATE|ADD|GRANT)$/i;

/** What a call does with a value: by its verb, by a member on the way (`valuesToAdd`), by an `action` beside it. */
export function directionAt(leaf: WireLeaf | undefined, { view }: Touched): Direction {
  if (leaf !== undefined) {
    const action = view.actions.find((one) => one.within.every((id) => leaf.within.includes(id)));
    if (action !== undefined && REMOVING.test(action.text)) return 'remove';
    if (action !== undefined && ADDING.test(action.text)) return 'add';
    for (const name of leaf.names) {
      const words = wordsOf(name);
      if (words[0] === 'remove' || /(?:^| )to (?:remove|delete)$/.test(words.join(' '))) return 'remove';
      if (words[0] === 'add' || words.join(' ').endsWith('to add')) return 'add';
    }
  }
  const { verb } = view.call;
  return verb === 'add' || verb === 'remove' ? verb : 'set';
}

/** Whether the noun of a call is the resource's own type: `DeleteBucketPolicy` and the policy of a bucket, not the bucket. */
export function isOwnObject(call: Call, { type }: Asked): boolean {
  const noun = withoutFillers(call.noun);
  const lasts = [type.at(-1), withoutFillers(type).at(-1)];
  if (![call.noun.at(-1), noun.at(-1)].some((word) => word !== undefined && lasts.includes(word))) return false;
  return noun.slice(0, -1).filter((word) => !type.includes(word)).length <= 1;
}

/** Whether the noun of a call is what the resource belongs to: the bucket of a bucket's policy. */
function isParentObject(call: Call, asked: Asked): boolean {
  return call.noun.length > 0 && !isOwnObject(call, asked) && call.noun.every((word) => asked.type.includes(word));
}

/** Whether the call brought the resource into being: its own noun, or an id that only the answer knows. */
export function isCreation({ view, mentions, asked }: Touched): boolean {
  if (!CREATING.has(view.call.word)) return false;
  if (mentions.some((mention) => mention.identifier.with !== undefined)) return isOwnObject(view.call, asked);
  return isOwnObject(view.call, asked) || mentions.every((mention) => mention.reach === 1);
}

/** Whether the call took the resource away. `parent`: with what it belongs to. */
export function deletionOf(touched: Touched): 'own' | 'parent' | undefined {
  const { view, mentions, asked } = touched;
  const child = mentions.some((mention) => mention.identifier.with !== undefined && mention.reach >= 2);
  const direction = directionAt(touched.request[0] ?? mentions[0]?.leaf, touched);
  if (direction !== 'remove' || !mentions.some((mention) => mention.reach >= 2)) return undefined;
  if (child || isOwnObject(view.call, asked)) return 'own';
  return isParentObject(view.call, asked) ? 'parent' : undefined;
}

/** Whether the call's name speaks of the attribute, or of what sets this type apart from its parent. */
export function isAbout({ view, asked, mentions }: Touched, attribute: AttributeName): boolean {
  const named = new Set(mentions.flatMap(({ leaf }) => wordsOf(leaf.names.at(-1) ?? '')));
  const more = view.call.noun.filter((word) => !named.has(word) && !FILLER_WORDS.has(word));
  return more.length > 0
    ? more.every((word) => asked.type.includes(word) || attribute.words.has(word))
    : isOwnObject(view.call, asked);
}

/** What a request says beyond names, hosts and tokens. */
export function contentOf(touched: Touched): readonly WireLeaf[] {
  return touched.request.filter((leaf) => isBody(leaf) && leaf.text !== '');
}

/** Whether there is any of it. */
export function hasContent({ request }: Touched): boolean {
  return request.some((leaf) => leaf.text !== '' && isBody(leaf));
}

/** The same with what arrived empty. */
export function hasBody({ request }: Touched): boolean {
  return request.some(isBody);
}

function isBody({ names }: WireLeaf): boolean {
  return !NOISE.test(names.at(-1) ?? '');
}

/**
 * Why the log cannot show a value that the call carried; undefined where it would. An emptied member stands in every such
 * call: only where the call shows nothing else, it was what the call was for.
 */
export function whyHidden(touched: Touched, attribute: AttributeName, leaves: readonly WireLeaf[]): string | undefined {
  const { view, request } = touched;
  if (leaves.some((leaf) => typeof leaf.value === 'string' && isHiddenText(leaf.value)))
    return 'AWS hides the value in the log';
  const emptied = EMPTIED_MEMBERS.some(
    ({ source, member }) =>
      source === view.call.source &&
      wordsOf(member).every((word) => attribute.words.has(word)) &&
      !hasContent(touched) &&
      request.some((leaf) => leaf.names.at(-1) === member && leaf.value === null),
  );
  return emptied ? 'AWS leaves the value out of the log' : undefined;
}

/** `DeleteBucketWebsite` deletes what the provider calls a website configuration. */
function withoutFillers(words: readonly string[]): readonly string[] {
  const kept = words.filter((word) => !/^(?:configuration|setting|specification)$/.test(word));
  return kept.length > 0 ? kept : words;
}
