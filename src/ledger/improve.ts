import type { DriftAttribution } from '../model/attribution.ts';
import type { Entry } from '../model/entry.ts';
import type { Appended } from './append-statements.ts';
import { annotate, type Writing } from './annotate.ts';
import { correctionOf, isBetter } from './better-answer.ts';
import { corrupt } from './faults.ts';
import { openHead } from './head.ts';
import type { Ledger } from './ledger.ts';
import { provenReader } from './read.ts';
import type { OpenAnswer } from './recall-answers.ts';

/** A later answer for a drift that is open, beside the recorded one. */
export interface LaterAnswer {
  readonly recorded: OpenAnswer;
  readonly attribution: DriftAttribution;
}

/** What was improved: the drift's entry, and the correction that says so. */
export interface Improved {
  readonly address: string;
  readonly entry: number;
  readonly correction: number;
  readonly attribution: DriftAttribution;
}

/**
 * Writes a correction for each later answer that knows more than the recorded one, all under one checkpoint; nothing
 * where none does. Throws E_LEDGER_LOCKED, E_LEDGER_CORRUPT, E_OUTPUT.
 */
export async function improveAnswers(
  ledger: Ledger,
  later: readonly LaterAnswer[],
  writing: Writing,
): Promise<readonly Improved[]> {
  const better = later.filter(({ recorded, attribution }) => isBetter(recorded, attribution));
  if (better.length === 0) return [];
  const { checkpoint } = await openHead(ledger.store, ledger.trust.checkpointKeys);
  const read = provenReader(ledger.store, checkpoint);
  const sayings = [];
  for (const { recorded, attribution } of better) {
    sayings.push(correctionOf(await entryOf(read, recorded), attribution));
  }
  const { entries }: Appended = await annotate(ledger, sayings, writing);
  return better.map(({ recorded, attribution }, i) => ({
    address: recorded.drift.address,
    entry: recorded.drift.index,
    correction: entries[i]?.index ?? -1,
    attribution,
  }));
}

async function entryOf(read: (index: number) => Promise<Entry | undefined>, { drift }: OpenAnswer): Promise<Entry> {
  const entry = await read(drift.index);
  if (entry?.digest !== drift.entry) throw corrupt(`entry ${drift.index} is not the drift of ${drift.address}`);
  return entry;
}
