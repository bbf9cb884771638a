import type { IncidentDocument } from '../../incident/document/document.ts';
import { type Masks, masksFor, type Naming } from '../../incident/names.ts';
import type { IncidentRecord } from '../../model/incident-record.ts';

/** Masks that count the texts in which they took something out. */
export interface CountingMasks extends Masks {
  readonly count: () => number;
}

/** Names of groups are no names of people; only `none` takes them out too. */
const GROUP = /(?:^|[\s._:/-])(?:teams?|squad|crew|guild|group|on-?call|department|dept)(?:$|[\s._:/-])/i;
const EMAIL = /^([^@\s]+)@/;
const SHORTEST_NAME = 3;
/** Names that are words too: they are taken for a name only where they do not stand in small letters. */
const WORDS = new Set(
  'alma art august bill bob chase chip dean drew earl faith frank gene grace grant guy harry hope ivy jack jay jean joy june lance luna mark max may miles nick olive pat penny pierce ray rich rob robin rose ruth sandy skip sky sue summer terry victor violet wade ward will'.split(
    ' ',
  ),
);

/** What stands in addresses and names and is no person's. */
const THINGS = new Set(
  'admin alert alerts api app apps backend bot build cicd cloud core customer data database dba default deploy desk dev devops ec2 engineering engineer frontend global group help infra infrastructure lead mail main maintenance monitor monitoring net network noc noreply oncall ops pager page person platform prod product production release root run runner sales scanner sec security server service services site sre staff staging status support sys system team test user web who work'.split(
    ' ',
  ),
);

/**
 * What takes the names out of a document: of the actors of all changes, of whoever started a rollout, and of all who wrote,
 * hold a role or own an action. A person who is known by an e-mail address is also found under the names in it.
 */
export function documentMasks({ record, incident }: IncidentDocument, naming: Naming): CountingMasks {
  const candidates =
    incident === undefined
      ? []
      : [...incident.ranking.suspects, ...incident.ranking.ruledOut].map((one) => one.candidate);
  const actors = candidates.flatMap(({ source }) =>
    source.kind === 'entry' ? source.entry.statement.predicate.who.actors : [],
  );
  const others = [...new Set([...(incident?.events ?? []).flatMap(({ by }) => by ?? []), ...peopleOf(record)])].filter(
    (name) => naming.mode === 'none' || !GROUP.test(name),
  );
  const masks = masksFor(actors, others, naming);
  const people = [...others, ...actors.flatMap(({ name, kind }) => (kind === 'person' ? name : []))];
  const parts = naming.mode === 'full' ? [] : partsOf(people);
  const pattern =
    parts.length === 0
      ? undefined
      : new RegExp(`(?<![\\p{L}\\p{N}_@./-])(?:${parts.join('|')})(?![\\p{L}\\p{N}_/])`, 'giu');
  const shownPart = naming.mode === 'none' ? '(name withheld)' : '(a person)';
  let taken = 0;
  const counted =
    (mask: (text: string) => string) =>
    (text: string): string => {
      const shown = mask(text);
      if (shown !== text) taken += 1;
      return shown;
    };
  return {
    names: counted(masks.names),
    prose: counted((text) => {
      const shown = masks.prose(text);
      return pattern === undefined ? shown : shown.replace(pattern, (name) => (WORDS.has(name) ? name : shownPart));
    }),
    count: () => taken,
  };
}

function peopleOf(record: IncidentRecord): string[] {
  const said = [record.opened, ...record.entries].map(({ by }) => by);
  return [
    ...said,
    ...record.roles.map(({ who }) => who),
    ...record.actions.flatMap(({ owner }) => owner ?? []),
    ...record.timeline.flatMap(({ actor }) => actor ?? []),
  ];
}

/** `ana` and `petrova` of `ana.petrova@example.com`, `github:ana-petrova` and `Ana Petrova`; nothing that names a group or a thing. */
function partsOf(names: readonly string[]): string[] {
  const parts = names.flatMap((name) => {
    const local = EMAIL.exec(name)?.[1] ?? /^[a-z]+:(.+)$/i.exec(name)?.[1] ?? /^[\p{L} .'-]+$/u.exec(name)?.[0];
    return local === undefined ? [] : local.split(/[\s._+\-\d]+/);
  });
  return [...new Set(parts.map((one) => one.toLowerCase()))].filter(
    (one) => one.length >= SHORTEST_NAME && /^\p{L}+$/u.test(one) && !THINGS.has(one),
  );
}
