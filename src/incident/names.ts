import type { Actor } from '../model/attribution.ts';

/** How people are named. The ledger keeps who it was; each rendering says its mode. */
export const ATTRIBUTION_MODES = ['role', 'team', 'pseudonym', 'full', 'none'] as const;
export type AttributionMode = (typeof ATTRIBUTION_MODES)[number];

export interface Naming {
  readonly mode: AttributionMode;
  /** Names of people or roles, and the team that each belongs to. */
  readonly teams: ReadonlyMap<string, string>;
  /** Keyed digest of a name, for pseudonyms. */
  readonly digest: (name: string) => string;
}

/** Takes names out of texts. */
export interface Masks {
  /** Names, e-mail addresses and principals in ARNs: for every text. */
  readonly names: (text: string) => string;
  /** Network addresses too: for what people wrote. */
  readonly prose: (text: string) => string;
}

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
const PRINCIPAL =
  /(arn:[\w-]+:(?:iam|sts)::\d*:)(?:assumed-role\/([\w+=,.@-]+)\/|federated-user\/|user\/(?:[\w+=,.@-]+\/)*)([\w+=,.@:-]+)/g;
const ADDRESS =
  /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d./])|(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}(?![\w:/])/gi;
/** Shorter names would be found inside words. */
const SHORTEST = 3;

/**
 * What takes the names of these actors, and of whoever else stands in a text by e-mail or principal, out of any text.
 * `others`: names that are known from elsewhere (who recorded a change, who started a rollout).
 */
export function masksFor(actors: readonly Actor[], others: readonly string[], naming: Naming): Masks {
  if (naming.mode === 'full') return { names: (text) => text, prose: (text) => text };
  const known = new Map<string, string>();
  for (const actor of actors) {
    const shown = actorName(actor, naming);
    for (const name of namesOf(actor)) if (shown !== name && !known.has(name)) known.set(name, shown);
  }
  for (const name of others) if (!known.has(name)) known.set(name, otherName(name, naming));
  const words = [...known.keys()].filter((name) => name.length >= SHORTEST).sort((a, b) => b.length - a.length);
  const pattern =
    words.length === 0
      ? undefined
      : new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.map(escaped).join('|')})(?![\\p{L}\\p{N}_])`, 'gu');
  const names = (text: string): string => {
    const replaced = pattern === undefined ? text : text.replace(pattern, (name) => known.get(name) ?? name);
    return replaced
      .replace(PRINCIPAL, (_all, start: string, role: string | undefined, who: string) =>
        role === undefined
          ? `${start}user/${otherName(who, naming)}`
          : `${start}assumed-role/${role}/${otherName(who, naming)}`,
      )
      .replace(EMAIL, (email) => otherName(email, naming));
  };
  return { names, prose: (text) => names(text).replace(ADDRESS, '(network address)') };
}

/** The actor under the name that the mode gives it; nothing else of it is changed. */
export function namedActor(actor: Actor, naming: Naming): Actor {
  return { ...actor, name: actorName(actor, naming) };
}

/** How one actor is named in a mode. */
function actorName(actor: Actor, naming: Naming): string {
  if (actor.kind === 'service' || (actor.kind === 'pipeline' && naming.mode !== 'none')) return actor.name;
  const role = actor.role === null ? null : actor.role.slice(actor.role.lastIndexOf('/') + 1);
  switch (naming.mode) {
    case 'full':
      return actor.name;
    case 'none':
      return WITHHELD;
    case 'pseudonym':
      return pseudonym(personOf(actor), naming);
    case 'team':
      return (
        [...namesOf(actor), role ?? ''].map((name) => naming.teams.get(name)).find((team) => team !== undefined) ??
        UNMAPPED
      );
    case 'role':
      if (role !== null) return `${role} role`;
      return actor.kind === 'account'
        ? 'the account itself'
        : actor.kind === 'role'
          ? actor.name
          : 'a person without a role';
  }
}

/** How a name is shown of which nothing but itself is known. */
function otherName(name: string, naming: Naming): string {
  if (name === '' || name.startsWith('(') || name === WITHHELD) return name;
  switch (naming.mode) {
    case 'full':
      return name;
    case 'none':
      return WITHHELD;
    case 'pseudonym':
      return /^person-[0-9a-f]{8}$/.test(name) ? name : pseudonym(name, naming);
    case 'team':
      return naming.teams.get(name) ?? UNMAPPED;
    case 'role':
      return SOMEBODY;
  }
}

const WITHHELD = '(name withheld)';
const UNMAPPED = '(no team mapped)';
const SOMEBODY = '(a person)';

function pseudonym(name: string, naming: Naming): string {
  return `person-${naming.digest(name).slice(0, 8)}`;
}

/** One name for a person, whatever principal was used. */
function personOf({ sourceIdentity, id, name }: Actor): string {
  return sourceIdentity ?? sessionOf(id) ?? name;
}

function sessionOf(id: string): string | undefined {
  return /:assumed-role\/[^/]+\/(.+)$/.exec(id)?.[1] ?? /:user\/(?:.*\/)?([^/]+)$/.exec(id)?.[1];
}

/** Every name under which an actor stands somewhere; never the name of a role, which is no person's. */
function namesOf(actor: Actor): string[] {
  const { name, id, sourceIdentity, lineage, kind } = actor;
  const principals = [id, ...lineage.map(({ principal }) => principal)];
  const sessions = principals.flatMap((one) => sessionOf(one) ?? []);
  const all = [...(kind === 'role' ? [] : [name]), sourceIdentity ?? '', ...principals, ...sessions];
  return [...new Set(all)].filter((one) => one !== '' && !one.includes(':role/'));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
