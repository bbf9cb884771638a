import type { AuditAnswer, AuditLog, AuditQuestion, CoverageGap } from '../port.ts';
import type { Collection } from './collection.ts';
import { coverageOf, type Reach } from './coverage.ts';
import { byTime, fold, type Found, unrepeated } from './fold.ts';
import type { StoredRecord } from './record.ts';
import type { Issued } from './findings.ts';
import { foundIssued, issuedBehind } from './sessions.ts';
import type { Scope } from './window.ts';

/** What was collected, and what it was collected for. */
export interface Collected {
  readonly source: string;
  readonly question: AuditQuestion;
  readonly scope: Scope;
  readonly collection: Collection;
  /** Regions that were looked at for certain, also where nothing happened in them. */
  readonly quiet: ReadonlySet<string>;
  /** How far the log reaches; each log by itself where several were asked. */
  readonly reaches: readonly Reach[];
  readonly gaps: readonly CoverageGap[];
  /** What such a log never shows: a gap, unless another log was asked, too. */
  readonly limits: readonly CoverageGap[];
  /** Reads again the calls whose text there was no room to keep. */
  readonly reread: (wanted: readonly Issued[]) => Promise<readonly Found[]>;
}

/** A log whose answer can be made together with those of others. */
export interface TrailLog extends AuditLog {
  /** Errors: as for ask. */
  collect(question: AuditQuestion): Promise<Collected>;
}

/** Makes the answer out of all that was collected. */
export async function answerOf(collected: Collected): Promise<AuditAnswer> {
  const { collection, reread, limits, ...rest } = collected;
  const { records: writes, folded } = fold(collection.writes, collection.addenda);
  const sessions = await sessionsOf(writes, collection, reread);
  const answered = writes.length + sessions.length;
  return {
    writes,
    sessions,
    coverage: coverageOf({ ...rest, gaps: [...limits, ...rest.gaps], collection, folded, answered }),
  };
}

async function sessionsOf(
  writes: readonly StoredRecord[],
  collection: Collection,
  reread: Collected['reread'],
): Promise<readonly StoredRecord[]> {
  const wanted = issuedBehind(writes, collection);
  const put = wanted.filter(({ bytes }) => bytes === undefined);
  const found = [...wanted.flatMap((one) => foundIssued(one, collection)), ...(await reread(put))];
  return unrepeated([...found, ...collection.signIns]).toSorted(byTime);
}
