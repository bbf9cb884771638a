import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isEmpty, isMap } from '../model/value.ts';
import type { Owner, Split } from '../resources/facts.ts';
import { protocolName } from '../resources/protocols.ts';
import { canonicalText } from '../terraform/canonical.ts';
import { type Sibling, valuesAt } from './siblings.ts';

/** A rule that names one source: what a bundle of sources is taken apart into. */
export interface Atom {
  /** Protocol, ports and source: what tells rules apart, whoever declares them. */
  readonly key: string;
  /** What else the rule says (its description). */
  readonly content: string;
  readonly rule: ValueMap;
  /** The list that the source stands in, or the self flag; undefined where the rule names none. */
  readonly list: string | undefined;
  readonly source: Value;
}

/** Takes rules apart, each source a rule of its own. `own` is the parent's id: naming it means the parent itself. */
export function atomsOf(rules: Value, split: Split, own: Value): Atom[] {
  return isArray(rules) ? rules.filter(isMap).flatMap((rule) => atomsOfRule(rule, split, own)) : [];
}

function atomsOfRule(rule: ValueMap, split: Split, own: Value): Atom[] {
  const fields = fieldsKey(split.fields.map((name) => rule[name] ?? null));
  const bare = new Set([...split.sources, split.self.flag]);
  const content =
    canonicalText(Object.fromEntries(Object.entries(rule).filter(([name, one]) => !bare.has(name) && !isEmpty(one)))) ??
    '';
  const atom = (list: string | undefined, source: Value): Atom => ({
    key: atomKey(fields, list, source, split, own),
    content,
    rule,
    list,
    source,
  });
  const atoms = split.sources.flatMap((list) => listOf(rule[list]).map((source) => atom(list, source)));
  if (rule[split.self.flag] === true) atoms.push(atom(split.self.flag, true));
  return atoms.length > 0 ? atoms : [atom(undefined, null)];
}

/** Puts atoms that say the same of their sources, and are of one class, together again, in the order in which they came. */
export function rulesOf(atoms: readonly Atom[], split: Split, classOf: (atom: Atom) => string): Value[] {
  const groups = new Map<string, Atom[]>();
  for (const atom of atoms) {
    const key = `${classOf(atom)} ${atom.content}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [atom]);
    else group.push(atom);
  }
  return [...groups.values()].map((group) => {
    const rule: Record<string, Value> = Object.assign(Object.create(null), group[0]?.rule);
    for (const list of split.sources) {
      const sources = group.filter((atom) => atom.list === list).map((atom) => atom.source);
      rule[list] = sources.length === 0 && rule[list] === null ? null : sources;
    }
    rule[split.self.flag] = group.some((atom) => atom.list === split.self.flag);
    return rule;
  });
}

/** Keys of the rules that a separately declared resource stands for. */
export function ownedAtoms(sibling: Sibling, owner: Owner, split: Split, own: Value): string[] {
  const fields = fieldsKey((owner.member ?? []).map((name) => valuesAt(sibling.value, name)[0] ?? null));
  return Object.entries(owner.sources ?? {}).flatMap(([list, attribute]) =>
    valuesAt(sibling.value, attribute)
      .filter((source) => !isEmpty(source) && source !== false)
      .map((source) => atomKey(fields, list, source, split, own)),
  );
}

function atomKey(fields: string, list: string | undefined, source: Value, split: Split, own: Value): string {
  const { flag, sameAs } = split.self;
  const id = list === sameAs && typeof source === 'string' ? source.replace(/^\d{12}\//, '') : source;
  const self = list === flag || (list === sameAs && id === own);
  return `${fields} ${self ? flag : (list ?? '')} ${self ? '' : String(id)}`;
}

/** Protocol, first and last port: ports mean nothing where every protocol is meant. */
function fieldsKey(values: readonly Value[]): string {
  const [protocol, ...ports] = values.map((value) => (value === null ? '' : String(value)));
  const name = protocolName(protocol ?? '');
  return [name, ...(name === 'all' ? [] : ports)].join(' ');
}

function listOf(value: Value | undefined): readonly Value[] {
  if (isEmpty(value) || value === undefined) return [];
  return isArray(value) ? value : [value];
}
