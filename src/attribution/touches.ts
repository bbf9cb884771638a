import type { Path } from '../model/path.ts';
import type { ResourceRef } from '../model/resource.ts';
import { ANY } from '../model/shape.ts';
import { isArray, isMap, type Value } from '../model/value.ts';
import { isHiddenText } from '../resources/aws/audit-words.ts';
import { maskSecrets, secretsAt } from '../resources/secrets.ts';
import { type AttributeName, attributeName, nameFit } from './attribute-name.ts';
import { contentOf, deletionOf, directionAt, type Touched, touchedOf } from './call-object.ts';
import type { Identifier } from './identify.ts';
import { inOrder, MentionIndex } from './mention-index.ts';
import type { Touch, TouchedLeaf } from './population.ts';
import type { AuditRecord } from './port.ts';
import { Views } from './record-view.ts';
import type { WireLeaf } from './wire-shape.ts';
import { ValueMatcher } from './wire-value.ts';

/** A managed resource as it was read: what calls on it are held against. Values in clear. */
export interface ManagedResource {
  readonly resource: ResourceRef;
  readonly identifiers: readonly Identifier[];
  readonly account?: string;
  readonly region?: string;
  /** Undefined where nothing was read; null where it is gone. */
  readonly live: Value | undefined;
  /** Paths that the state marks sensitive. */
  readonly sensitive: readonly Path[];
}

/** Members of a request that are shown for one call; a policy of thousands of statements is one member. */
const MOST_LEAVES = 64;

/**
 * The managed resources that each write acted on, by event id, with what the request set and whether that is live now.
 * A call that only mentions a resource did not act on it. Secrets are masked by `redact`.
 */
export function touchesOf(
  managed: readonly ManagedResource[],
  writes: readonly AuditRecord[],
  redact: (secret: Value) => string,
): ReadonlyMap<string, readonly Touch[]> {
  const views = new Views();
  const index = new MentionIndex(
    managed.map((one) => ({ ...one, kind: 'changed', changes: [], notBefore: null, notAfter: '' })),
  );
  const matcher = new ValueMatcher(redact);
  const touches = new Map<string, Touch[]>();
  index.find(inOrder(writes), views).forEach((mentioned, i) => {
    const one = managed[i] as ManagedResource;
    const known = new KnownLeaves(one.live);
    for (const { record, mentions } of mentioned) {
      const view = views.of(record);
      const done = mentions.filter(({ reach, leaf }) => reach > 0 && !view.failed.has(leaf.text));
      if (view.noWrite !== undefined || done.length === 0) continue;
      const best = Math.max(...done.map(({ reach }) => reach));
      const on = done.filter(({ reach }) => reach === best);
      const touched = touchedOf(view, on, index.asked[i] as (typeof index.asked)[number]);
      const leaves = leavesOf(touched, one, known, matcher, redact);
      const matched = [...new Set(on.map(({ leaf }) => leaf.at))].sort();
      touches.set(record.eventId, [
        ...(touches.get(record.eventId) ?? []),
        { resource: one.resource, matched, leaves },
      ]);
    }
  });
  return touches;
}

function leavesOf(
  touched: Touched,
  one: ManagedResource,
  known: KnownLeaves,
  matcher: ValueMatcher,
  redact: (secret: Value) => string,
): readonly TouchedLeaf[] {
  if (deletionOf(touched) !== undefined) {
    const live = one.live === undefined ? null : one.live === null;
    return [{ path: '', op: 'remove', value: null, live, before: null }];
  }
  const leaves = toldOnce(contentOf(touched))
    .slice(0, MOST_LEAVES)
    .map((leaf): TouchedLeaf => {
      const op = directionAt(leaf, touched);
      const same = known.named(leaf, touched);
      const path = same[0]?.path ?? leaf.names;
      const holds = same.some(({ value, name }) => matcher.same(value, leaf, name.last));
      const hidden = typeof leaf.value === 'string' && isHiddenText(leaf.value);
      const told = !hidden && one.live !== undefined && same.length > 0;
      return {
        path: path.join('.'),
        op,
        value: hidden ? null : masked(leaf.value, path, one, redact),
        live: told ? (op === 'remove' ? !holds : holds) : null,
        before: null,
      };
    });
  return asMembers(leaves);
}

/** Of a pair that is told as `tags.Owner` too, not its key and its value once more. */
function toldOnce(content: readonly WireLeaf[]): readonly WireLeaf[] {
  const parent = (at: string): string => at.slice(0, at.lastIndexOf('.'));
  const keys = new Map(
    content.filter(({ pair }) => pair).map(({ at, names }) => [parent(at), { at, key: names.at(-1) }]),
  );
  return content.filter((leaf) => {
    const pair = leaf.pair ? undefined : keys.get(parent(leaf.at));
    return pair === undefined || (leaf.at !== pair.at && leaf.value !== pair.key);
  });
}

/** What is added to a set, or taken from it, is one thing: `tcp` in another rule does not keep this rule alive. */
function asMembers(leaves: readonly TouchedLeaf[]): readonly TouchedLeaf[] {
  const stands = (op: TouchedLeaf['op']): boolean => {
    const told = leaves.filter((leaf) => leaf.op === op && leaf.live !== null);
    return op === 'add' ? told.every(({ live }) => live) : told.some(({ live }) => live);
  };
  const [added, removed] = [stands('add'), stands('remove')];
  return leaves.map((leaf) =>
    leaf.op === 'set' || leaf.live === null ? leaf : { ...leaf, live: leaf.op === 'add' ? added : removed },
  );
}

/** Secret by its name, its look, or the state's mark; errs on the side of hiding. */
function masked(value: Value, path: Path, one: ManagedResource, redact: (secret: Value) => string): Value {
  const place = { shape: ANY, path, marks: one.sensitive, type: one.resource.type };
  return maskSecrets(value, secretsAt(value, place), redact);
}

interface LiveLeaf {
  readonly path: Path;
  readonly name: AttributeName;
  readonly value: Value;
}

/** The values of one resource, found by the name that a call uses for them. */
class KnownLeaves {
  readonly #live: Value | undefined;
  readonly #byName = new Map<string, readonly LiveLeaf[]>();
  #leaves: readonly LiveLeaf[] | undefined;

  constructor(live: Value | undefined) {
    this.#live = live;
  }

  named(leaf: WireLeaf, touched: Touched): readonly LiveLeaf[] {
    const { view } = touched;
    const key = `${view.call.source} ${view.call.noun.join(' ')} ${leaf.names.join('.')}`;
    const before = this.#byName.get(key);
    if (before !== undefined) return before;
    this.#leaves ??= flatten(this.#live ?? null, []);
    const context = touched.context;
    let best = 1;
    let found: LiveLeaf[] = [];
    for (const one of this.#leaves) {
      const fit = nameFit(one.name, leaf, context);
      if (fit > best) {
        best = fit;
        found = [one];
      } else if (fit === best && fit > 1) found.push(one);
    }
    this.#byName.set(key, found);
    return found;
  }
}

function flatten(value: Value, path: Path): LiveLeaf[] {
  if (isArray(value)) return value.flatMap((item) => flatten(item, path));
  if (isMap(value)) return Object.entries(value).flatMap(([key, member]) => flatten(member, [...path, key]));
  if (value === null || value === '' || typeof value === 'symbol') return [];
  return [{ path, name: attributeName(path), value }];
}
