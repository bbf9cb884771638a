import type { Entry } from '../../model/entry.ts';
import { attachEntry, type DocumentSource, documentSource } from '../attach.ts';
import { FormatError } from '../format-error.ts';
import { leafHash } from '../merkle.ts';
import type { LedgerReader } from '../port.ts';
import type { SignatureThread } from '../signature-thread.ts';
import type { AnnotationChecker } from './annotations.ts';
import type { StoredEntry } from './batches.ts';
import { ChainChecker } from './chain.ts';
import type { Failures } from './diagnostics.ts';
import { type DocumentChecker, namedBy, type NamedDocuments, type ReadAhead } from './documents.ts';
import type { BegunEntry, CheckedEntry, EntryChecker } from './entry.ts';
import { HashList } from './hash-list.ts';

/** What a walk over all entries of a log found. */
export interface CheckedLog {
  readonly leaves: HashList;
  /** Entries that are sound, erased ones among them. */
  readonly sound: number;
  readonly erased: number;
  /** Where the chain of drifts could not be followed any further. */
  readonly brokenAt: number | undefined;
}

export interface Checkers {
  readonly entries: EntryChecker;
  readonly annotations: AnnotationChecker;
  /** Undefined: no document is looked at but those whose lists and values belong into an entry. */
  readonly documents: DocumentChecker | undefined;
  /** Checks the signatures where there are many; else they are checked at once. */
  readonly thread: SignatureThread | undefined;
}

/** Entries that are looked at together: their documents are read and their signatures checked at the same time. */
const GROUP = 32;
/** Groups that wait for documents and signatures while the next one is looked at. */
const AHEAD = 4;

/**
 * Checks entries one by one, in log order, and the chain that they make. `onEntry` is given each one that is sound, with
 * lists and values in their places.
 */
export async function checkEntries(
  reader: LedgerReader,
  stored: AsyncIterable<StoredEntry>,
  checkers: Checkers,
  failures: Failures,
  onEntry: ((entry: Entry) => void) | undefined,
): Promise<CheckedLog> {
  const chain = new ChainLink(reader, failures, onEntry);
  const leaves = new HashList();
  const waiting: Begun[] = [];
  const counts = { sound: 0, erased: 0 };
  for await (const group of groupsOf(stored)) {
    for (const { leaf } of group) leaves.push(leaf && leafHash(leaf));
    waiting.push(begin(group, checkers));
    if (waiting.length > AHEAD) await finish(waiting.shift() as Begun, checkers, chain, counts);
  }
  for (const begun of waiting) await finish(begun, checkers, chain, counts);
  checkers.annotations.finish();
  return { leaves, ...counts, brokenAt: chain.brokenAt };
}

interface Begun {
  readonly indexes: readonly number[];
  readonly entries: readonly BegunEntry[];
  readonly named: readonly NamedDocuments[];
  readonly ahead: Promise<ReadAhead>;
}

function begin(group: readonly StoredEntry[], { entries, documents, thread }: Checkers): Begun {
  const begun = group.map((one): BegunEntry => {
    return thread === undefined ? { entry: entries.check(one), signature: undefined } : entries.begin(one, thread);
  });
  thread?.send();
  const named = begun.map(({ entry }) => namedBy(documents && entry?.kind === 'entry' ? entry.signed : undefined));
  const ahead = documents?.prepare(named) ?? Promise.resolve<ReadAhead>(new Map());
  // Awaited in its turn; until then a failure is nobody's.
  for (const promise of [ahead, ...begun.map(({ signature }) => signature)]) promise?.catch(() => undefined);
  return { indexes: group.map(({ index }) => index), entries: begun, named, ahead };
}

async function finish(
  { indexes, entries, named, ahead }: Begun,
  checkers: Checkers,
  chain: ChainLink,
  counts: { sound: number; erased: number },
): Promise<void> {
  const documents = await ahead;
  for (const [at, begun] of entries.entries()) {
    const one = begun.signature === undefined ? begun.entry : await checkers.entries.settled(begun);
    if (one !== undefined) checkers.annotations.check(one);
    if (one?.kind === 'erased') counts.erased++;
    const holds =
      one?.kind === 'entry' && checkers.documents !== undefined
        ? await checkers.documents.check(one.signed, one.index, named[at] as NamedDocuments, documents)
        : one !== undefined;
    if (holds) counts.sound++;
    await chain.follow(holds ? one : undefined, indexes[at] as number);
  }
}

async function* groupsOf(stored: AsyncIterable<StoredEntry>): AsyncGenerator<readonly StoredEntry[]> {
  let group: StoredEntry[] = [];
  for await (const one of stored) {
    if (group.push(one) < GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Feeds the chain entry by entry, as far as it can be followed, and whoever wants to know the entries. */
class ChainLink {
  /** Index of the first entry that is bad: later ones have nothing to continue. */
  brokenAt: number | undefined;
  readonly #chain: ChainChecker;
  readonly #source: DocumentSource;
  readonly #failures: Failures;
  readonly #onEntry: ((entry: Entry) => void) | undefined;

  constructor(reader: LedgerReader, failures: Failures, onEntry: ((entry: Entry) => void) | undefined) {
    this.#chain = new ChainChecker(failures);
    this.#source = documentSource(reader);
    this.#failures = failures;
    this.#onEntry = onEntry;
  }

  async follow(entry: CheckedEntry | undefined, index: number): Promise<void> {
    if (entry === undefined) this.brokenAt ??= index;
    if (this.brokenAt !== undefined || entry === undefined) return;
    if (entry.kind === 'erased') {
      this.#chain.pass(index, entry.tombstone.payloadSha256);
      return;
    }
    try {
      await this.#followWhole(entry, index);
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown;
      this.#failures.add('statement-malformed', index, `entry ${index}: ${thrown.message}`);
    }
  }

  async #followWhole({ digest, signed }: CheckedEntry & { kind: 'entry' }, index: number): Promise<void> {
    if (signed.kind === 'change') this.#chain.check({ kind: 'change', index, digest, statement: signed.statement });
    if (signed.kind !== 'scan' && this.#onEntry === undefined) return;
    const entry = await attachEntry(signed, { index, digest }, this.#source);
    if (entry.kind === 'scan') this.#chain.check({ kind: 'scan', index, statement: entry.statement });
    this.#onEntry?.(entry);
  }
}
