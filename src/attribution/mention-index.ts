import { byCodeUnit } from '../model/order.ts';
import { callOf } from './call-name.ts';
import { type Identifier, LONGEST_NAME } from './identify.ts';
import { type Asked, askedOf, type Mention, mentionAt } from './mention.ts';
import type { AuditRecord } from './port.ts';
import type { DriftQuestion } from './question.ts';
import type { RecordView, Views } from './record-view.ts';
import type { WireLeaf } from './wire-shape.ts';

/** A record that names a resource, and where. */
export interface Mentioned {
  readonly record: AuditRecord;
  readonly mentions: readonly Mention[];
}

interface Known {
  readonly asked: number;
  readonly identifier: Identifier;
}

/** All identifiers of all questions by text, so that a record's values are looked up once, however many questions there are. */
export class MentionIndex {
  readonly asked: readonly Asked[];
  readonly #known = new Map<string, Known[]>();
  /** By length, whether texts of it are known: most values of a record have another. */
  readonly #lengths = new Uint8Array(LONGEST_NAME + 1);

  constructor(questions: readonly DriftQuestion[]) {
    this.asked = questions.map(askedOf);
    let uses: ReadonlyMap<string, number> | undefined;
    for (const [asked, { identifiers }] of questions.entries()) {
      for (const identifier of identifiers) {
        if (identifier.with === undefined) this.#add(identifier.text, { asked, identifier });
        else {
          uses ??= usesIn(questions);
          this.#add(entryText(identifier, uses), { asked, identifier });
        }
      }
    }
  }

  #add(text: string, known: Known): void {
    if (text.length > LONGEST_NAME) return;
    this.#lengths[text.length] = 1;
    const before = this.#known.get(text);
    if (before === undefined) this.#known.set(text, [known]);
    else before.push(known);
  }

  /** By question, the records that name its resource. One pass over the records. */
  find(records: Iterable<AuditRecord>, views: Views): readonly (readonly Mentioned[])[] {
    const found = this.asked.map((): Mentioned[] => []);
    this.visit(
      records,
      (record) => views.of(record),
      (asked, { record }, mentions) => found[asked]?.push({ record, mentions }),
    );
    return found;
  }

  /** The same, told as it is found: each record is read once, and nothing of it is kept. */
  visit(
    records: Iterable<AuditRecord>,
    viewOf: (record: AuditRecord) => RecordView,
    tell: (asked: number, view: RecordView, mentions: readonly Mention[]) => void,
  ): void {
    for (const record of records) {
      const view = viewOf(record);
      for (const [asked, mentions] of this.#mentionsIn(view)) tell(asked, view, mentions);
    }
  }

  #mentionsIn(view: RecordView): ReadonlyMap<number, Mention[]> {
    let here: Map<number, Mention[]> | undefined;
    const tried = new Set<Known>();
    for (const leaf of view.leaves) {
      if (typeof leaf.value !== 'string' || leaf.pair) continue;
      for (const known of this.#knownAt(leaf.value)) {
        const mention = this.#mention(leaf, known, view, tried);
        if (mention === undefined) continue;
        here ??= new Map();
        const before = here.get(known.asked);
        if (before === undefined) here.set(known.asked, [mention]);
        else before.push(mention);
      }
    }
    return here ?? NOWHERE;
  }

  #knownAt(value: string): readonly Known[] {
    if (isPlain(value)) return this.#knownAs(value) ?? [];
    const found = spellings(value).flatMap((text) => this.#knownAs(text) ?? []);
    return found.length === 0
      ? found
      : found.filter((known) => !isForeignArn(value, known, this.asked[known.asked] as Asked));
  }

  #knownAs(text: string): readonly Known[] | undefined {
    return this.#lengths[text.length] === 1 ? this.#known.get(text) : undefined;
  }

  #mention(leaf: WireLeaf, known: Known, view: RecordView, tried: Set<Known>): Mention | undefined {
    const { identifier } = known;
    const asked = this.asked[known.asked] as Asked;
    if (identifier.with === undefined) return mentionAt(leaf, identifier, view, asked);
    // Found by one of its keys: the parent's name is what must stand in a member that names such parents.
    if (tried.has(known)) return undefined;
    tried.add(known);
    const parents = view.leaves.filter(
      (one) => !one.pair && typeof one.value === 'string' && spellings(one.value).includes(identifier.text),
    );
    const mentions = parents.flatMap((one) => mentionAt(one, identifier, view, asked) ?? []);
    return mentions.sort((a, b) => b.reach - a.reach)[0];
  }
}

const NOWHERE: ReadonlyMap<number, Mention[]> = new Map();

/** How many identifiers a text is of, or stands beside. */
function usesIn(questions: readonly DriftQuestion[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const { identifiers } of questions) {
    for (const { text, with: keys = [] } of identifiers) {
      for (const one of [text, ...keys]) uses.set(one, (uses.get(one) ?? 0) + 1);
    }
  }
  return uses;
}

/** The text under which an identifier is looked up: of a child and its parent, the one that fewer resources share. */
function entryText({ text, with: keys = [] }: Identifier, uses: ReadonlyMap<string, number>): string {
  const useOf = (one: string): number => uses.get(one) ?? 0;
  return keys.filter(isTextKey).reduce((best, key) => (useOf(key) < useOf(best) ? key : best), text);
}

/** Numbers and address blocks have several spellings, and are shared by many. */
function isTextKey(key: string): boolean {
  return key.length >= 4 && /[a-z]/i.test(key) && !/^[0-9a-f.:]+\/\d+$/i.test(key);
}

/** Whether a value can mean nothing but itself: no ARN, no path, nothing encoded, no domain with its last dot. */
function isPlain(value: string): boolean {
  if (value.length === 0 || value.length > LONGEST_NAME || value.endsWith('.') || value.includes('%')) return false;
  return value[0] !== '/' && value[12] !== ':' && !value.startsWith('arn:');
}

/**
 * The texts that a value of the log may mean as a name: itself; decoded; an ARN without its version; what an ARN, a path
 * or a URL ends in; a domain without its last dot.
 */
function spellings(value: string): readonly string[] {
  if (value.length > LONGEST_NAME || value.length === 0) return [];
  if (isPlain(value)) return [value];
  const texts = [value];
  const add = (text: string): void => {
    if (!texts.includes(text)) texts.push(text);
  };
  const decoded = value.includes('%') ? decode(value) : value;
  add(decoded);
  if (decoded.endsWith('.')) add(decoded.slice(0, -1));
  if (decoded.startsWith('arn:') || /^\d{12}:/.test(decoded)) {
    const bare = decoded.endsWith(':*') ? decoded.slice(0, -2) : decoded;
    add(bare);
    const unversioned = bare.includes(':function:') ? bare.replace(VERSIONED, '$1') : bare;
    add(unversioned);
    for (const tail of tailsOf(unversioned)) add(tail);
  } else if (/^\/[a-z]+\/[A-Z0-9]+$/.test(decoded)) add(decoded.slice(decoded.lastIndexOf('/') + 1));
  return texts;
}

/** A function's ARN with a version or an alias behind it. */
const VERSIONED = /^((?:arn:[^:]*:lambda:[^:]*:)?\d{12}:function:[^:]+):.+$/;
/** How many parts of an ARN stand before its resource. */
const ARN_PARTS = 5;

/** `role/team/name` names `name`; `table/orders` names `orders`; a log group keeps its slashes. */
function tailsOf(arn: string): readonly string[] {
  let from = 0;
  for (let part = arn.startsWith('arn:') ? 0 : ARN_PARTS - 1; part < ARN_PARTS; part++) {
    const colon = arn.indexOf(':', from);
    if (colon === -1) return [];
    from = colon + 1;
  }
  const resource = arn.slice(from);
  return [
    resource.slice(resource.lastIndexOf(':') + 1),
    resource,
    resource.slice(resource.lastIndexOf('/') + 1),
    resource.replace(/^[^/:]+[/:]/, ''),
  ];
}

/** An ARN that ends in the resource's name and is not its own names another: of another account, region or service. */
function isForeignArn(value: string, { identifier }: Known, asked: Asked): boolean {
  const text = value.includes('%') ? decode(value) : value;
  if (!text.startsWith('arn:') || identifier.kind === 'unique') return false;
  if (asked.arns.length === 0) return !isOwnService(text, asked);
  return !asked.arns.some((arn) => text === arn || text.startsWith(`${arn}:`) || arn.startsWith(`${text}:`));
}

function isOwnService(arn: string, asked: Asked): boolean {
  return asked.sources.has(arn.split(':')[2] ?? '');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The order of time; ties by id, so that any order of files gives the same answer. One after the other: what is asked of
 * each record has it read, and whoever takes it finds it read still.
 */
export function* inOrder(records: readonly AuditRecord[]): Generator<AuditRecord, void, undefined> {
  const seen = new Map<string, string[]>();
  const shared = new Set<string>();
  const sorted = [...records].sort((a, b) => byCodeUnit(a.eventTime, b.eventTime) || byCodeUnit(a.eventId, b.eventId));
  for (const record of sorted) {
    // The same event by two trails, or delivered to two accounts, is one.
    const action = record.sharedEventId === undefined ? record.json.sharedEventID : record.sharedEventId;
    const { name } = callOf(record);
    const calls = seen.get(record.eventId);
    if (calls?.includes(name) || (typeof action === 'string' && action !== '' && shared.has(action))) continue;
    if (calls === undefined) seen.set(record.eventId, [name]);
    else calls.push(name);
    if (typeof action === 'string' && action !== '') shared.add(action);
    yield record;
  }
}
