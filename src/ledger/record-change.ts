import type { Statement } from '../model/entry.ts';
import { isMap, UNKNOWN, type Value } from '../model/value.ts';
import { type Appended, appendStatements, type Occasion } from './append-statements.ts';
import { sha256Hex } from './bytes.ts';
import type { Writing } from './annotate.ts';
import { statedStatement, type StatedChange } from './change-statement.ts';
import { detachChange } from './detach.ts';
import { type LedgerDocument, storedDocuments } from './documents.ts';
import type { Evidence } from './evidence.ts';
import { type IndexedChanges, KeyHistory, type KnownChange } from './key-history.ts';
import { holdsMask, keyChanges } from './key-value.ts';
import type { Ledger } from './ledger.ts';
import { payloadOf } from './seal.ts';

/** A change as it is handed in: what it was before may be left to the ledger. */
export type HandedIn = Omit<StatedChange, 'before' | 'evidence'> & { readonly before: Value | undefined };

/** What became of one change that was handed in. */
export interface Recording {
  readonly stated: HandedIn;
  /** repeated: it stands in the ledger already. unchanged: the ledger's last value is this one. */
  readonly outcome: 'recorded' | 'repeated' | 'unchanged';
  /** Its entry; for the others, the earlier entry that says so. */
  readonly index: number;
  readonly digest: string;
  /** What is recorded as the value before; UNKNOWN where nobody said and the ledger does not know. */
  readonly before: Value;
  readonly after: Value;
  /** The ledger's last value, where what was said contradicts it. Both facts stand in the ledger then. */
  readonly contradicts: { readonly index: number; readonly value: Value } | undefined;
}

export interface RecordOptions extends Writing {
  /** Record again what stands in the ledger already. */
  readonly force: boolean;
  readonly evidence: readonly Evidence[];
  /** What an index knows of the keys; without it the whole log is read. */
  readonly indexed?: IndexedChanges | undefined;
}

/**
 * Records changes under one checkpoint, in their order. Each is held against what the ledger knows of its key at the
 * moment of which it speaks. Throws E_LEDGER_LOCKED, E_LEDGER_CORRUPT, E_OUTPUT; then the ledger is what it was.
 */
export async function recordChanges(
  ledger: Ledger,
  changes: readonly HandedIn[],
  options: RecordOptions,
): Promise<{ readonly recordings: readonly Recording[]; readonly appended: Appended }> {
  const history = new KeyHistory(ledger.store, changes);
  if (options.indexed === undefined) await history.catchUp();
  else await history.begin(options.indexed);
  const { prepared, appended } = await appendStatements(ledger, options.clock, async (occasion) => {
    await history.catchUp(occasion.head);
    const batch = new Batch(ledger, occasion, history.copy(), options);
    const recordings = changes.map((change) => batch.add(change));
    const recorded = recordings.some((one) => one.outcome === 'recorded');
    const evidence = recorded ? options.evidence.map((one) => one.object) : [];
    const { statements, payloads } = batch;
    return { statements, payloads, objects: [...storedDocuments(batch.documents), ...evidence], recordings };
  });
  let next = 0;
  const recordings = prepared.recordings.map((one): Recording => {
    if (one.outcome !== 'recorded') return one;
    const { index, digest } = appended.entries[next++] as Appended['entries'][number];
    return { ...one, index, digest };
  });
  return { recordings, appended };
}

class Batch {
  readonly statements: Statement<unknown>[] = [];
  readonly payloads: Uint8Array[] = [];
  readonly documents: LedgerDocument[] = [];
  readonly #ledger: Ledger;
  readonly #occasion: Occasion;
  readonly #history: KeyHistory;
  readonly #options: RecordOptions;

  constructor(ledger: Ledger, occasion: Occasion, history: KeyHistory, options: RecordOptions) {
    this.#ledger = ledger;
    this.#occasion = occasion;
    this.#history = history;
    this.#options = options;
  }

  add(stated: HandedIn): Recording {
    const { recordedAt } = this.#occasion;
    const known = this.#history.lastBefore(stated, stated.at ?? recordedAt);
    const after = this.#alike(known, stated.after);
    const said = stated.before === undefined ? undefined : this.#alike(known, stated.before);
    const agrees = known !== undefined && (said === undefined || keyChanges(known.after, said).length === 0);
    const before: Value = said !== undefined ? said : known !== undefined ? known.after : UNKNOWN;
    const contradicts: Recording['contradicts'] =
      known === undefined || agrees ? undefined : { index: known.index, value: known.after };
    const facts: Omit<Recording, 'outcome' | 'index' | 'digest'> = { stated, before, after, contradicts };

    const repeated = this.#options.force ? undefined : this.#history.same({ ...stated, before: said, after });
    if (repeated !== undefined) {
      const { index, digest } = repeated;
      return { ...facts, contradicts: undefined, outcome: 'repeated', index, digest };
    }
    if (agrees && keyChanges(before, after).length === 0) {
      return { ...facts, outcome: 'unchanged', index: known.index, digest: known.digest };
    }
    const evidence = this.#options.evidence.map((one) => one.descriptor);
    const change: StatedChange = { ...stated, before, after, evidence };
    const continued = agrees ? known : undefined;
    const statement = statedStatement(this.#occasion, change, continued, this.documents, this.#options.version);
    const signed = detachChange(statement, this.documents);
    const index = this.#occasion.head.size + this.statements.length;
    const payload = payloadOf(signed);
    this.statements.push(signed);
    this.payloads.push(payload);
    const digest = sha256Hex(payload);
    this.#history.add(change, { index, digest, recordedAt });
    return { ...facts, outcome: 'recorded', index, digest };
  }

  /** What was masked once stays masked: a key does not stop being a secret's because nobody said so this time. */
  #alike(known: KnownChange | undefined, value: Value): Value {
    if (known === undefined || value === null || value === UNKNOWN || holdsMask(value)) return value;
    const whole = [known.before, known.after].some((one) => typeof one === 'string' && holdsMask(one));
    return whole && !isMap(value) ? this.#ledger.redact(value) : value;
  }
}
