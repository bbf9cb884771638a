import type { DeclaredResource, Gap } from '../model/resource.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isEmpty, isMap } from '../model/value.ts';
import type { Aggregate, Owner, Split } from '../resources/facts.ts';
import type { Sides, Telling } from './change.ts';
import { type Sibling, type Siblings, valuesAt } from './siblings.ts';
import { type Atom, atomsOf, ownedAtoms, rulesOf } from './split-rules.ts';

/** What ownership needs to know of the parent. */
export interface Parent {
  readonly resource: DeclaredResource;
  readonly aggregates: readonly Aggregate[];
  readonly siblings: Siblings;
  readonly telling: Telling;
}

interface Owned {
  readonly owner: Owner;
  readonly sibling: Sibling;
}

/**
 * Takes out of a parent what separately declared resources own: by member, on all sides alike, so that a rogue member
 * beside an owned one still shows, and a change of an owned one is its owner's finding. An attribute that has one owner is
 * taken out whole. Gaps tell what cannot be decided: inline and separate at once, or a member that nobody declares.
 */
export function subtractOwned(sides: Sides, parent: Parent): { sides: Sides; gaps: readonly Gap[] } {
  let left = sides;
  const gaps: Gap[] = [];
  for (const aggregate of parent.aggregates) {
    const owned = ownersOf(sides.state, aggregate, parent);
    if (owned.length === 0 && aggregate.strict !== true) continue;
    left = withoutOwned(left, aggregate, owned);
    if (owned.length > 0) {
      const names = [...new Set(owned.map((one) => one.sibling.resource.ref.address))].sort();
      parent.telling.explain(
        [aggregate.place],
        'separate-resource',
        'owned-elsewhere',
        `declared by ${names.join(', ')}`,
      );
    }
    const gap = doubt(sides, aggregate, owned, parent);
    if (gap !== undefined) gaps.push(gap);
  }
  return { sides: left, gaps };
}

function ownersOf(state: Value, aggregate: Aggregate, parent: Parent): Owned[] {
  return aggregate.owners.flatMap((owner) => {
    const names = new Set(owner.names.flatMap((name) => valuesAt(state, name)));
    const siblings = [...names].flatMap((name) =>
      typeof name === 'string' && name !== '' ? parent.siblings.find(owner.type, owner.parent, name) : [],
    );
    return siblings.filter((sibling) => owns(owner, sibling, parent)).map((sibling) => ({ owner, sibling }));
  });
}

function owns(owner: Owner, sibling: Sibling, parent: Parent): boolean {
  if (owner.within === 'account' && !parent.siblings.sameAccount(sibling.resource, parent.resource)) return false;
  return Object.entries(owner.where ?? {}).every(([name, wanted]) => {
    const [value] = valuesAt(sibling.value, name);
    return value === wanted || (wanted === false && isEmpty(value));
  });
}

function withoutOwned(sides: Sides, aggregate: Aggregate, owned: readonly Owned[]): Sides {
  const { members, place } = aggregate;
  if (members === 'whole') {
    return owned.length === 0 ? sides : onEach(sides, (value) => without(value, [place, ...(aggregate.with ?? [])]));
  }
  if (isSplit(members)) return splitSides(sides, place, members, owned);
  if (owned.length === 0) return sides;
  const keys = new Set(owned.flatMap((one) => ownedKeys(one, members)));
  return onEach(sides, (value) => keepMembers(value, place, (key) => !keys.has(key), members));
}

type Plain = Exclude<Aggregate['members'], 'whole' | Split>;

function ownedKeys({ owner, sibling }: Owned, members: Plain): string[] {
  const attributes = owner.member ?? [];
  if (typeof members === 'string' || attributes.length === 1) {
    return valuesAt(sibling.value, attributes[0] ?? 'id').map((value) => keyOf([value]));
  }
  return [keyOf(attributes.map((attribute) => valuesAt(sibling.value, attribute)[0] ?? null))];
}

function memberKey(member: Value, members: Plain): string {
  if (typeof members === 'string') return keyOf([member]);
  return keyOf(members.map((name) => (isMap(member) ? (member[name] ?? null) : null)));
}

function keyOf(values: readonly Value[]): string {
  return JSON.stringify(values.map((value) => (isEmpty(value) ? '' : String(value))));
}

function keepMembers(value: Value, place: string, keep: (key: string) => boolean, members: Plain): Value {
  if (!isMap(value)) return value;
  const aggregate = value[place] ?? null;
  if (isArray(aggregate))
    return replaced(
      value,
      place,
      aggregate.filter((one) => keep(memberKey(one, members))),
    );
  if (!isMap(aggregate)) return value;
  const kept: Record<string, Value> = Object.create(null);
  for (const [key, one] of Object.entries(aggregate)) if (keep(keyOf([key]))) kept[key] = one;
  return replaced(value, place, kept);
}

/** Leaves on each side only the rules that the other side does not have, owned ones taken out of both. */
function splitSides(sides: Sides, place: string, split: Split, owned: readonly Owned[]): Sides {
  if (!isMap(sides.declared) || !isMap(sides.live) || !isMap(sides.state)) return sides;
  const own = sides.state.id ?? null;
  const taken = new Set(owned.flatMap((one) => ownedAtoms(one.sibling, one.owner, split, own)));
  const free = (side: ValueMap): Atom[] =>
    atomsOf(side[place] ?? null, split, own).filter((atom) => !taken.has(atom.key));
  const atoms = { declared: free(sides.declared), live: free(sides.live), state: free(sides.state) };
  const [inDeclared, inLive, inState] = [atoms.declared, atoms.live, atoms.state].map(
    (one) => new Set(one.map(wordOf)),
  );
  // Sources with different stories must not end up in one rule: which sides know a source is part of what groups them.
  const classOf = (atom: Atom): string =>
    [inDeclared, inLive, inState].map((known) => (known?.has(wordOf(atom)) ? 'y' : 'n')).join('');
  const rest = (one: readonly Atom[]): Value =>
    rulesOf(
      one.filter((atom) => !classOf(atom).startsWith('yy')),
      split,
      classOf,
    );
  const left = replaced(sides.declared, place, rest(atoms.declared));
  return {
    declared: left,
    live: replaced(sides.live, place, rest(atoms.live)),
    state: sides.state === sides.declared ? left : replaced(sides.state, place, rest(atoms.state)),
  };
}

function wordOf(atom: Atom): string {
  return `${atom.key} ${atom.content}`;
}

/** What ownership cannot decide: a member declared twice over, or one that nobody declares though the state holds it. */
function doubt(sides: Sides, aggregate: Aggregate, owned: readonly Owned[], parent: Parent): Gap | undefined {
  const { place } = aggregate;
  const { resource, telling } = parent;
  const gap = (reason: Gap['reason'], message: string): Gap => {
    telling.explain([place], reason, 'gap', message);
    return { address: resource.ref.address, workspace: resource.ref.workspace, reason, message, path: place };
  };
  const written = resource.config?.values[place];
  if (owned.length > 0 && conflicts(written, aggregate, owned)) {
    const name = owned[0]?.sibling.resource.ref.address ?? '';
    return gap('owner-conflict', `${place} is written inline and ${name} declares members of it too: keep one of both`);
  }
  if (aggregate.strict !== true || written !== undefined || !hasStray(sides, aggregate, owned)) return undefined;
  if (resource.config !== undefined) {
    return gap(
      'owner-not-loaded',
      `${place} has members that neither the configuration nor any loaded resource declares`,
    );
  }
  const detail = 'ownership not checked: without configuration, a member that a refresh took in looks declared';
  telling.explain([place], 'ownership', 'gap', detail);
  return undefined;
}

function conflicts(written: Value | undefined, aggregate: Aggregate, owned: readonly Owned[]): boolean {
  const { members, strict } = aggregate;
  if (written === undefined || written === null) return false;
  if (strict === true) return true;
  if (isEmpty(written) || isSplit(members)) return false;
  if (members === 'whole' || members === 'value') return true;
  const inline = new Set(
    isMap(written)
      ? Object.keys(written).map((key) => keyOf([key]))
      : membersOf(written).map((one) => memberKey(one, members)),
  );
  return owned.some((one) => ownedKeys(one, members).some((key) => inline.has(key)));
}

/** Whether state and live both hold a member that no declared resource owns. */
function hasStray(sides: Sides, { place, members }: Aggregate, owned: readonly Owned[]): boolean {
  if (members === 'whole') return false;
  const state = attribute(sides.state, place);
  const live = attribute(sides.live, place);
  if (isSplit(members)) {
    const own = attribute(sides.state, 'id');
    const taken = new Set(owned.flatMap((one) => ownedAtoms(one.sibling, one.owner, members, own)));
    const seen = new Set(atomsOf(live, members, own).map((atom) => atom.key));
    return atomsOf(state, members, own).some((atom) => seen.has(atom.key) && !taken.has(atom.key));
  }
  const taken = new Set(owned.flatMap((one) => ownedKeys(one, members)));
  const seen = new Set(membersOf(live).map((one) => memberKey(one, members)));
  return membersOf(state).some((one) => {
    const key = memberKey(one, members);
    return seen.has(key) && !taken.has(key);
  });
}

function attribute(value: Value, name: string): Value {
  return isMap(value) ? (value[name] ?? null) : null;
}

function membersOf(value: Value | undefined): readonly Value[] {
  return isArray(value) ? value : [];
}

function isSplit(members: Aggregate['members']): members is Split {
  return typeof members === 'object' && !Array.isArray(members);
}

function onEach(sides: Sides, change: (value: Value) => Value): Sides {
  const declared = change(sides.declared);
  const state = sides.state === sides.declared ? declared : change(sides.state);
  return { declared, live: change(sides.live), state };
}

function without(value: Value, names: readonly string[]): Value {
  return isMap(value)
    ? names.reduce((left, name) => (Object.hasOwn(left, name) ? replaced(left, name, null) : left), value)
    : value;
}

function replaced(value: ValueMap, name: string, member: Value): ValueMap {
  const copy: Record<string, Value> = Object.assign(Object.create(null), value);
  copy[name] = member;
  return copy;
}
