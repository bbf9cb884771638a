import { annotationStatement } from '../../src/ledger/annotation-statement.ts';
import { appendStatements } from '../../src/ledger/append-statements.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { LedgerReader } from '../../src/ledger/port.ts';
import { readEntries } from '../../src/ledger/read.ts';

/** Appends notes with these texts under one checkpoint: the smallest entries that there are. */
export async function appendNotes(ledger: Ledger, texts: readonly string[], clock: () => Date): Promise<void> {
  await appendStatements(ledger, clock, async (occasion) => ({
    statements: texts.map((text) => {
      const annotation = { kind: 'note', text, by: 'a test' } as const;
      return annotationStatement(occasion, { annotation, about: [] }, '0.0.0');
    }),
    objects: [],
  }));
}

/** The texts of all notes, in log order. */
export async function noteTexts(reader: LedgerReader): Promise<string[]> {
  const texts: string[] = [];
  for await (const entry of readEntries(reader)) {
    if (entry.kind === 'note') texts.push(entry.statement.predicate.annotation.text ?? '');
  }
  return texts;
}
