import type { AnnotationKind, Entry } from '../model/entry.ts';
import { RULE_ADDED, RULE_RETIRED, type ScanRules } from '../model/rule.ts';
import { corrupt } from './faults.ts';
import { lastScan } from './last-look.ts';
import type { EntryReader } from './read.ts';

type NoteEntry = Extract<Entry, { kind: AnnotationKind }>;

/** The rules of a log that stand: the notes that added them, each proven to be in it. */
export interface ReadRules extends Pick<ScanRules, 'size' | 'standing'> {
  readonly added: readonly NoteEntry[];
  /** Log indexes of rules that stand, and whose payload is erased. */
  readonly erased: readonly number[];
}

/**
 * Reads the rules that are not retired. Begins at the list that the last scan left, so that what it costs does not grow with
 * the log. A rule that was erased still stands: that it cannot be read is for every scan to say until it is retired.
 * Throws E_LEDGER_CORRUPT.
 */
export async function readRules(read: EntryReader, size: number): Promise<ReadRules> {
  const list = (await lastScan(read, size, (scan) => scan.rules !== undefined))?.rules;
  const standing = new Map<string, { readonly index: number; readonly note: NoteEntry | undefined }>();
  for (const { index, entry } of list?.standing ?? []) {
    const note = await read(index);
    if (note !== undefined && note.digest !== entry) {
      throw corrupt(`entry ${index} is not the rule that the last scan names`);
    }
    standing.set(entry, { index, note: note === undefined ? undefined : asNote(note) });
  }
  for (let index = list?.size ?? 0; index < size; index++) {
    const entry = await read(index);
    const note = entry === undefined ? undefined : asNote(entry);
    if (note === undefined) continue;
    const { annotation, supersedes } = note.statement.predicate;
    if (annotation.topic === RULE_ADDED) standing.set(note.digest, { index, note });
    else if (annotation.topic === RULE_RETIRED && supersedes !== null) standing.delete(supersedes);
  }
  const all = [...standing].map(([entry, one]) => ({ entry, ...one })).sort((a, b) => a.index - b.index);
  return {
    size,
    standing: all.map(({ index, entry }) => ({ index, entry })),
    added: all.flatMap(({ note }) => note ?? []),
    erased: all.flatMap(({ index, note }) => (note === undefined ? [index] : [])),
  };
}

function asNote(entry: Entry): NoteEntry | undefined {
  return entry.kind === 'note' ? entry : undefined;
}
