import type { Path } from '../model/path.ts';
import type { ResourceRef } from '../model/resource.ts';
import { ANY } from '../model/shape.ts';
import type { Value } from '../model/value.ts';
import { isHiddenText } from '../resources/aws/audit-words.ts';
import { maskSecrets, secretsAt } from '../resources/secrets.ts';
import { contentOf, deletionOf, directionAt, type Touched, touchedOf } from './call-object.ts';
import type { Identifier } from './identify.ts';
import { LiveLeaves } from './live-leaves.ts';
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
    const held: Held = { one, known: new LiveLeaves(one.live), matcher, redact };
    for (const { record, mentions } of mentioned) {
      const view = views.of(record);
      const done = mentions.filter(({ reach, leaf }) => reach > 0 && !view.failed.has(leaf.text));
      if (view.noWrite !== undefined || done.length === 0) continue;
      const best = Math.max(...done.map(({ reach }) => reach));
      const on = done.filter(({ reach }) => reach === best);
      const touched = touchedOf(view, on, index.asked[i] as (typeof index.asked)[number]);
      const leaves = leavesOf(touched, held);
      const matched = [...new Set(on.map(({ leaf }) => leaf.at))].sort();
      touches.set(record.eventId, [
        ...(touches.get(record.eventId) ?? []),
        { resource: one.resource, matched, leaves },
      ]);
    }
  });
  return touches;
}

/** What the leaves of calls on one resource are held against. */
interface Held {
  readonly one: ManagedResource;
  readonly known: LiveLeaves;
  readonly matcher: ValueMatcher;
  readonly redact: (secret: Value) => string;
}

function leavesOf(touched: Touched, held: Held): readonly TouchedLeaf[] {
  const { one, known } = held;
  if (deletionOf(touched) !== undefined) {
    const live = one.live === undefined ? null : one.live === null;
    return [{ path: '', op: 'remove', value: null, live, before: null }];
  }
  const content = contentOf(touched);
  const emptied = content.length === 0 ? known.emptied(touched) : undefined;
  if (emptied !== undefined) {
    return [{ path: emptied.path.join('.'), op: 'unset', value: null, live: emptied.isEmpty, before: null }];
  }
  const leaves = toldOnce(content).slice(0, MOST_LEAVES);
  return asMembers(leaves.map((leaf) => keyLeaf(leaf, touched, held) ?? memberLeaf(leaf, touched, held)));
}

/** A key of a map is one thing, whatever stood under it: it is set or taken away, and what the map lacks is not live. */
function keyLeaf(leaf: WireLeaf, touched: Touched, { one, known, matcher, redact }: Held): TouchedLeaf | undefined {
  const found = known.key(leaf, touched);
  if (found === undefined) return undefined;
  const { name, value, alone } = found;
  const path = found.path.join('.');
  if (alone) return { path, op: 'unset', value: null, live: value === undefined, before: null };
  const hidden = isHidden(leaf);
  const holds = value !== undefined && matcher.same(value, leaf, name.last);
  const isRemoved = directionAt(leaf, touched) === 'remove';
  return {
    path,
    op: isRemoved ? 'unset' : 'set',
    value: hidden ? null : masked(leaf.value, found.path, one, redact),
    live: value === undefined ? isRemoved : hidden ? null : holds !== isRemoved,
    before: null,
  };
}

function memberLeaf(leaf: WireLeaf, touched: Touched, { one, known, matcher, redact }: Held): TouchedLeaf {
  const op = directionAt(leaf, touched);
  const same = known.named(leaf, touched);
  const path = same[0]?.path ?? leaf.names;
  const holds = same.some(({ value, name }) => matcher.same(value, leaf, name.last));
  const hidden = isHidden(leaf);
  const told = !hidden && one.live !== undefined && same.length > 0;
  return {
    path: path.join('.'),
    op,
    value: hidden ? null : masked(leaf.value, path, one, redact),
    live: told ? (op === 'remove' ? !holds : holds) : null,
    before: null,
  };
}

function isHidden({ value }: WireLeaf): boolean {
  return typeof value === 'string' && isHiddenText(value);
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
    (leaf.op === 'add' || leaf.op === 'remove') && leaf.live !== null
      ? { ...leaf, live: leaf.op === 'add' ? added : removed }
      : leaf,
  );
}

/** Secret by its name, its look, or the state's mark; errs on the side of hiding. */
function masked(value: Value, path: Path, one: ManagedResource, redact: (secret: Value) => string): Value {
  const place = { shape: ANY, path, marks: one.sensitive, type: one.resource.type };
  return maskSecrets(value, secretsAt(value, place), redact);
}
