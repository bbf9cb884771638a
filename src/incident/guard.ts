import { factsTable } from '../resources/index.ts';
import { isArray, isMap, sameValue, type Value } from '../model/value.ts';

/** One change of a plan, as far as guarding an apply needs it. */
export interface PlannedChange {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly deposed: string | undefined;
  readonly actions: readonly string[];
  readonly importing: boolean;
  readonly before: Value;
  readonly after: Value;
  readonly afterUnknown: Value;
}

export interface GuardedPlan {
  readonly errored: boolean;
  readonly changes: readonly PlannedChange[];
  readonly deferred: readonly { readonly reason: string; readonly change: { readonly address: string } }[];
}

/** What an apply may do: this address, and of it these attributes. */
export interface Allowed {
  readonly address: string;
  /** Attribute paths; what stands below one is allowed too. Empty: all of the resource, which must then be created. */
  readonly attributes: readonly string[];
}

export interface GuardVerdict {
  /** Why the plan must not be applied; empty: it may. */
  readonly refusals: readonly string[];
  /** Attributes that it changes, all of them allowed. */
  readonly changed: readonly string[];
  /** Bookkeeping of the provider that moves along. */
  readonly alongside: readonly string[];
}

/**
 * Holds a plan against what was meant: it may update this one address in these attributes, or create it where no attribute is
 * named, and do nothing else. Replacing, destroying, importing, and whatever is known only after the apply is refused, but
 * for what the provider moves by itself (ResourceFacts.volatile).
 */
export function guardPlan(plan: GuardedPlan, allowed: Allowed): GuardVerdict {
  const refusals: string[] = [];
  if (plan.errored) refusals.push('planning ended at an error: the plan is not whole');
  for (const { change, reason } of plan.deferred) refusals.push(`${change.address} was put off (${reason})`);
  const doing = plan.changes.filter(
    ({ actions, importing }) => importing || actions.some((one) => one !== 'no-op' && one !== 'read'),
  );
  const own = doing.filter(({ address, deposed }) => address === allowed.address && deposed === undefined);
  for (const other of doing.filter((one) => !own.includes(one))) {
    refusals.push(
      `it would ${other.actions.join(' and ') || 'import'} ${other.address}${other.deposed === undefined ? '' : ' (a deposed object)'}`,
    );
  }
  const [change] = own;
  if (change === undefined)
    return { refusals: [...refusals, `it changes nothing of ${allowed.address}`], changed: [], alongside: [] };
  const wanted = allowed.attributes.length === 0 ? 'create' : 'update';
  if (change.importing) refusals.push(`it would import ${change.address}`);
  if (change.actions.length !== 1 || change.actions[0] !== wanted) {
    refusals.push(`it would ${change.actions.join(' and ')} ${change.address}, where only ${wanted} is allowed`);
    return { refusals, changed: [], alongside: [] };
  }
  if (wanted === 'create') return { refusals, changed: [], alongside: [] };
  const moved = movedOf(change, allowed.attributes);
  refusals.push(...moved.others.map((path) => `it would also change ${path}`));
  const missed = allowed.attributes.filter((one) => !moved.changed.some((path) => isBelow(path, one)));
  refusals.push(...missed.map((one) => `it does not change ${one}`));
  return { refusals, changed: moved.changed, alongside: moved.alongside };
}

/** The attributes that an update moves: those allowed, those that the provider moves along by itself, and all others. */
function movedOf({ type, before, after, afterUnknown }: PlannedChange, attributes: readonly string[]) {
  const later = new Set(unknowns(afterUnknown, ''));
  const paths = [...new Set([...differences(before, after, afterUnknown, ''), ...later])];
  const volatile = Object.hasOwn(factsTable.types, type) ? (factsTable.types[type]?.volatile ?? []) : [];
  const copies = Object.entries({ tags_all: 'tags', ...factsTable.types[type]?.copies });
  const changed = paths.filter((path) => {
    const copy = copies.find(([name]) => isBelow(path, name));
    const own = copy === undefined ? path : copy[1] + path.slice(copy[0].length);
    return attributes.some((one) => isBelow(own, one) || isBelow(path, one));
  });
  // A value that the plan already knows was chosen by somebody; only what is known after the apply is the provider's own.
  const alongside = paths.filter(
    (path) =>
      !changed.includes(path) &&
      later.has(path) &&
      [...volatile, ...EVERYWHERE].some((one) => isBelow(placeOf(path), one)),
  );
  const others = paths.filter((path) => !changed.includes(path) && !alongside.includes(path));
  return { changed, alongside, others };
}

/** Set by the provider on every update, whatever the type. */
const EVERYWHERE = ['version', 'last_modified', 'last_updated_date', 'updated_at'];

function differences(before: Value, after: Value, unknown: Value, path: string): string[] {
  if (unknown === true || sameValue(before, after)) return [];
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) =>
      differences(
        before[key] ?? null,
        after[key] ?? null,
        isMap(unknown) ? (unknown[key] ?? null) : null,
        path === '' ? key : `${path}.${key}`,
      ),
    );
  }
  if (isArray(before) && isArray(after) && before.length === after.length) {
    return before.flatMap((one, i) =>
      differences(one, after[i] ?? null, isArray(unknown) ? (unknown[i] ?? null) : null, `${path}[${i}]`),
    );
  }
  return [path === '' ? '(the whole resource)' : path];
}

function unknowns(unknown: Value, path: string): string[] {
  if (unknown === true) return [path];
  if (isMap(unknown))
    return Object.keys(unknown).flatMap((key) => unknowns(unknown[key] ?? null, path === '' ? key : `${path}.${key}`));
  return isArray(unknown) ? unknown.flatMap((one, i) => unknowns(one, `${path}[${i}]`)) : [];
}

function isBelow(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`);
}

function placeOf(path: string): string {
  return path.replace(/\[\d+\]/g, '');
}
