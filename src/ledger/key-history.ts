import type { ChangePredicate, Entry } from '../model/entry.ts';
import { STATE_MEDIA_TYPE } from '../model/entry.ts';
import { sameValue, type Value } from '../model/value.ts';
import { documentSource } from './attach.ts';
import type { StatedChange } from './change-statement.ts';
import type { Checkpoint } from './checkpoint.ts';
import { parsing } from './faults.ts';
import { driftKey } from './fingerprint.ts';
import { readCheckpoint } from './head.ts';
import { keyValue, keyWorkspaceKey } from './key-value.ts';
import type { LedgerReader } from './port.ts';
import { provenReader, readEntries } from './read.ts';

/** A recorded change of a key, as later ones are held against it. */
export interface KnownChange {
  readonly index: number;
  readonly digest: string;
  readonly before: Value;
  readonly after: Value;
  /** RFC 3339; null where nobody said. */
  readonly occurredAt: string | null;
  readonly recordedAt: string;
  readonly by: string | undefined;
  readonly reason: string | null;
}

/** With its moments parsed once, milliseconds: each new change is held against all that are known. */
type Held = KnownChange & { readonly occurred: number | null; readonly time: number };

/** Where the change entries of some keys stand, up to a head. */
export interface IndexedChanges {
  readonly head: Checkpoint;
  readonly indexes: readonly number[];
}

type Named = Pick<StatedChange, 'key' | 'workspace'>;

/** What the ledger knows of some keys. It is read once up to the head, then further where others have appended since. */
export class KeyHistory {
  readonly #reader: LedgerReader;
  readonly #changes: Map<string, Held[]>;
  #size = 0;

  constructor(reader: LedgerReader, wanted: readonly Named[]) {
    this.#reader = reader;
    this.#changes = new Map(wanted.map((one) => [nameOf(one), []]));
  }

  /** Reads the entries that an index says are all there are of these keys under a head. Throws E_LEDGER_CORRUPT. */
  async begin({ head, indexes }: IndexedChanges): Promise<void> {
    const proven = provenReader(this.#reader, head);
    for (const index of [...indexes].sort((a, b) => a - b)) {
      const entry = await proven(index);
      if (entry !== undefined && this.#changes.has(keyOf(entry) ?? '')) await this.#take(entry);
    }
    this.#size = head.size;
  }

  /** Reads what the log holds now. Throws E_LEDGER_CORRUPT. */
  async catchUp(head?: Checkpoint): Promise<void> {
    const upTo = head ?? (await readCheckpoint(this.#reader));
    if (upTo.size === this.#size) return;
    const proven = provenReader(this.#reader, upTo);
    for await (const entry of readEntries(this.#reader, { from: this.#size })) {
      if (entry.index >= upTo.size) break;
      if (this.#changes.has(keyOf(entry) ?? '')) await this.#take(await proven(entry.index));
    }
    this.#size = upTo.size;
  }

  /** A history that may be added to without changing this one: an append may have to be prepared again. */
  copy(): KeyHistory {
    const copy = new KeyHistory(this.#reader, []);
    for (const [key, known] of this.#changes) copy.#changes.set(key, [...known]);
    copy.#size = this.#size;
    return copy;
  }

  /** The last change of the key that had happened (or, where nobody said when, was recorded) by a moment. */
  lastBefore(named: Named, moment: string): KnownChange | undefined {
    const at = Date.parse(moment);
    let last: Held | undefined;
    for (const one of this.#changes.get(nameOf(named)) ?? []) {
      if (one.time <= at && (last === undefined || one.time >= last.time)) last = one;
    }
    return last;
  }

  /** The entry that says the same: value, time, person and reason, and the value before where that was said. */
  same(change: Named & Pick<StatedChange, 'after' | 'at' | 'by' | 'reason'> & { before: Value | undefined }) {
    const at = change.at === null ? null : Date.parse(change.at);
    return this.#changes
      .get(nameOf(change))
      ?.find(
        (one) =>
          one.by === change.by &&
          one.reason === change.reason &&
          one.occurred === at &&
          sameValue(one.after, change.after) &&
          (change.before === undefined || sameValue(one.before, change.before)),
      );
  }

  /** Takes in a change that is about to be appended. */
  add(change: StatedChange, { index, digest, recordedAt }: Pick<KnownChange, 'index' | 'digest' | 'recordedAt'>): void {
    const { before, after, at: occurredAt, by, reason } = change;
    const known: KnownChange = { index, digest, before, after, occurredAt, recordedAt, by, reason };
    this.#changes.get(nameOf(change))?.push(held(known));
  }

  async #take(entry: Entry | undefined): Promise<void> {
    if (entry?.kind !== 'change') return;
    const { subject, predicate } = entry.statement;
    const { change, when, who, why } = predicate;
    const document = documentSource(this.#reader);
    const valueIn = (sha256: string): Promise<Value> =>
      parsing(`entry ${entry.index}`, async () => keyValue(await document(sha256)));
    const after = subject.find((one) => one.mediaType === STATE_MEDIA_TYPE)?.digest.sha256;
    const known: KnownChange = {
      index: entry.index,
      digest: entry.digest,
      before: await valueIn(change.before.digest.sha256),
      after: after === undefined ? null : await valueIn(after),
      occurredAt: when.occurredAt,
      recordedAt: when.recordedAt,
      by: who.actors[0]?.id,
      reason: why.reason?.text ?? null,
    };
    this.#changes.get(change.driftKey)?.push(held(known));
  }
}

/** Changes of keys only: a change that an audit log showed is a resource's. */
function keyOf(entry: Entry): string | undefined {
  if (entry.kind !== 'change') return undefined;
  const predicate: ChangePredicate = entry.statement.predicate;
  return predicate.scan === null ? predicate.change.driftKey : undefined;
}

function nameOf({ key, workspace }: Named): string {
  return driftKey(keyWorkspaceKey(workspace), key);
}

function held(known: KnownChange): Held {
  const { occurredAt, recordedAt } = known;
  const occurred = occurredAt === null ? null : Date.parse(occurredAt);
  return { ...known, occurred, time: occurred ?? Date.parse(recordedAt) };
}
