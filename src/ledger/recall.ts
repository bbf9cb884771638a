import type { OpenDrift } from '../model/entry.ts';
import { openHead } from './head.ts';
import { lastLooks, lastScan, type Whereabouts } from './last-look.ts';
import type { Ledger } from './ledger.ts';
import { provenReader } from './read.ts';
import { type RecalledAnswers, recallAnswers } from './recall-answers.ts';
import { type ReadRules, readRules } from './rules.ts';
import { type ReadWaivers, readWaivers } from './waivers.ts';

/** What a scan wants to know of the scans before it. */
export interface Recalled {
  /** Drifts that are open, so that their resources are revisited. */
  readonly open: readonly OpenDrift[];
  /** Up to when the audit log was reconciled; null where it never was. */
  readonly reconciledTo: string | null;
  /** When the last scan began; null before the first. RFC 3339. */
  readonly lastScanAt: string | null;
  /** When each resource was last looked at, by `whereabouts`; missing where that is not known. */
  looks(resources: readonly Whereabouts[]): Promise<ReadonlyMap<string, string>>;
  /** How the open drifts are explained so far, which events are recorded, and what people stated. */
  answers(): Promise<RecalledAnswers>;
  /** Waivers that stand, or ended not long before `now` (RFC 3339). */
  waivers(now: string): Promise<ReadWaivers>;
  /** Rules that are not retired. */
  rules(): Promise<ReadRules>;
}

/** Nothing is known before the first scan. */
export const NOTHING_RECALLED: Recalled = {
  open: [],
  reconciledTo: null,
  lastScanAt: null,
  looks: async () => new Map(),
  answers: async () => ({ open: [], events: new Set(), stated: [] }),
  waivers: async () => ({ size: 0, standing: [], waivers: [] }),
  rules: async () => ({ size: 0, standing: [], added: [], erased: [] }),
};

/** Asks the ledger. Throws E_LEDGER_CORRUPT. */
export async function recall(ledger: Ledger): Promise<Recalled> {
  const { checkpoint } = await openHead(ledger.store, ledger.trust.checkpointKeys);
  const read = provenReader(ledger.store, checkpoint);
  const last = await lastScan(read, checkpoint.size);
  let answers: Promise<RecalledAnswers> | undefined;
  return {
    open: last?.open ?? [],
    reconciledTo: last?.population?.to ?? null,
    lastScanAt: last?.startedAt ?? null,
    answers: () => {
      answers ??= recallAnswers(read, checkpoint.size, last?.open ?? []);
      return answers;
    },
    looks: (resources) => lastLooks(read, checkpoint.size, resources),
    waivers: (now) => readWaivers(read, checkpoint.size, now),
    rules: () => readRules(read, checkpoint.size),
  };
}
