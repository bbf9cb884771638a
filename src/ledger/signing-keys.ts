import type { EntryKind } from '../model/entry.ts';
import { corrupt, parsing } from './faults.ts';
import { readCheckpoint } from './head.ts';
import { parseLeaf } from './leaf.ts';
import { parseLine } from './line.ts';
import { formatVkey, parseNote } from './note.ts';
import { trustInLedger } from './own-trust.ts';
import type { EntryAlgorithm, LedgerReader } from './port.ts';
import { algorithmOf } from './spki.ts';
import { parseStatement } from './statement-shape.ts';
import { entryKeyId } from './trust.ts';
import { storedEntries } from './verify/batches.ts';
import { Failures } from './verify/diagnostics.ts';

/** The key entry that added or retired a key. */
export interface Turn {
  readonly index: number;
  /** RFC 3339, as recorded. */
  readonly at: string;
}

interface KeyLife {
  /** Null: it was there from the beginning. */
  readonly added: Turn | null;
  /** Null: it is in use. */
  readonly retired: Turn | null;
}

export interface EntryKeyLife extends KeyLife {
  readonly keyId: string;
  readonly publicKey: Uint8Array;
  readonly algorithm: EntryAlgorithm;
  /** Entries that it signed; first and last are log indexes, null where there is none. */
  readonly signed: number;
  readonly first: number | null;
  readonly last: number | null;
  /** What it signed; the kind of an erased entry is not known any more. */
  readonly kinds: readonly (EntryKind | 'erased')[];
}

export interface CheckpointKeyLife extends KeyLife {
  readonly vkey: string;
  /** Kept checkpoints that carry its signature. */
  readonly signed: number;
}

/** Every key that a ledger names, oldest first. */
export interface SigningKeys {
  readonly origin: string;
  readonly size: number;
  readonly entryKeys: readonly EntryKeyLife[];
  readonly checkpointKeys: readonly CheckpointKeyLife[];
}

/**
 * The history of the keys as the ledger tells it. Believes it: whether all of it holds is for verify to say. Throws
 * E_LEDGER_MISSING, E_LEDGER_CORRUPT, E_KEY.
 */
export async function readSigningKeys(reader: LedgerReader): Promise<SigningKeys> {
  const { origin, size } = await readCheckpoint(reader);
  const files = await trustInLedger(reader);
  const uses = new Map(files.entryKeys.map(({ publicKey }) => [entryKeyId(publicKey), new Use(publicKey)]));
  const turns = { added: new Map<string, Turn>(), retired: new Map<string, Turn>() };
  const failures = new Failures();
  for await (const { index, leaf, line } of storedEntries(reader, size, [], failures)) {
    await parsing(`entry ${index}`, () => {
      if (leaf === undefined || line === undefined) throw corrupt(`entry ${index} is missing`);
      const { publicKey } = parseLeaf(leaf);
      const use = uses.get(entryKeyId(publicKey)) ?? new Use(publicKey);
      uses.set(entryKeyId(publicKey), use);
      const parsed = parseLine(line, index);
      if (parsed.kind === 'erased') return use.count(index, 'erased');
      const signed = parseStatement(parsed.envelope.payload);
      if (signed.kind === 'scan') return use.count(index, 'scan');
      if (signed.kind === 'change') return use.count(index, signed.statement.predicate.change.kind);
      const { annotation, when } = signed.statement.predicate;
      use.count(index, annotation.kind);
      if (annotation.key !== undefined)
        turns[annotation.key.change].set(annotation.key.keyId, { index, at: when.recordedAt });
    });
  }
  const lifeOf = (id: string): KeyLife => ({
    added: turns.added.get(id) ?? null,
    retired: turns.retired.get(id) ?? null,
  });
  const notes = await notesOf(reader);
  const entryKeys = [...uses].map(([keyId, use]) => ({ keyId, ...use.told(), ...lifeOf(keyId) }));
  const checkpointKeys = files.checkpointKeys.map(({ name, keyId, publicKey }) => {
    const vkey = formatVkey(name, publicKey);
    return { vkey, signed: notes.filter((signers) => signers.has(`${name}+${keyId}`)).length, ...lifeOf(vkey) };
  });
  return { origin, size, entryKeys: entryKeys.sort(byAge), checkpointKeys: checkpointKeys.sort(byAge) };
}

function byAge(a: KeyLife, b: KeyLife): number {
  return (a.added?.index ?? -1) - (b.added?.index ?? -1);
}

/** Who signed each kept checkpoint. */
async function notesOf(reader: LedgerReader): Promise<ReadonlySet<string>[]> {
  const signers: ReadonlySet<string>[] = [];
  for (const key of await reader.list('checkpoints/')) {
    const bytes = await reader.get(key);
    if (bytes === undefined) continue;
    const { signatures } = await parsing(key, () => parseNote(bytes));
    signers.push(new Set(signatures.map(({ name, keyId }) => `${name}+${keyId}`)));
  }
  return signers;
}

/** What one key signed so far. */
class Use {
  readonly #publicKey: Uint8Array;
  readonly #kinds = new Set<EntryKind | 'erased'>();
  #signed = 0;
  #first: number | null = null;
  #last: number | null = null;

  constructor(publicKey: Uint8Array) {
    this.#publicKey = publicKey;
  }

  count(index: number, kind: EntryKind | 'erased'): void {
    this.#signed++;
    this.#first ??= index;
    this.#last = index;
    this.#kinds.add(kind);
  }

  told(): Omit<EntryKeyLife, 'keyId' | keyof KeyLife> {
    const publicKey = this.#publicKey;
    return {
      publicKey,
      algorithm: algorithmOf(publicKey),
      signed: this.#signed,
      first: this.#first,
      last: this.#last,
      kinds: [...this.#kinds],
    };
  }
}
