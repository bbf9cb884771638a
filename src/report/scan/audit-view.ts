import type { AuditedChange, Scan } from '../../model/scan.ts';
import { logSpanText, verdictMeaning, whoText } from '../answer-view.ts';
import { utc } from '../text/time.ts';
import { originMeaning, originWords } from '../words.ts';
import type { ScanReport } from './scan-report.ts';

/** A scan's look into the audit log: what was searched, and what became of every write on a managed resource. */
export interface AuditView {
  readonly source: string;
  /** The window, the regions and the newest event. */
  readonly searched: string;
  /** What the log does not cover. */
  readonly gaps: readonly string[];
  /** `10 since ... (6 in entries, 2 in-band, 1 re-applied, 1 service)`; null where nothing was written. */
  readonly sum: string | null;
  /** Writes that left no drift and are entries of their own. */
  readonly changes: readonly WriteView[];
  /** Whether the list is so long that a page folds it. */
  readonly folded: boolean;
}

interface WriteView {
  readonly address: string;
  readonly workspace: string;
  /** The attributes that the call shows; empty where it shows none. */
  readonly paths: string;
  readonly standing: string;
  readonly meaning: string;
  readonly who: string;
  readonly when: string | null;
  readonly call: string | null;
}

/** An answer of an earlier scan that is better known by now. */
export interface ImprovedView {
  readonly address: string;
  readonly who: string;
  readonly verdict: string;
  readonly meaning: string;
  /** The entry that is spoken of, and the one that speaks. */
  readonly entry: number;
  readonly correction: number;
}

const FIRST_PATHS = 3;
const MOST_OPEN = 20;

/** Null where no log was read. */
export function auditView({ audit }: Scan): AuditView | null {
  if (audit === undefined) return null;
  const { events, entries, excluded, from, difference } = audit.population;
  const parts = [
    `${entries} in entries`,
    ...Object.entries(excluded).map(([word, n]) => `${n} ${word}`),
    ...(difference === 0 ? [] : [`${difference} not accounted for`]),
  ];
  return {
    source: audit.source,
    searched: logSpanText(audit.searched),
    gaps: audit.searched.gaps,
    sum: events === 0 ? null : `${events}${from === null ? '' : ` since ${utc(from)}`} (${parts.join(', ')})`,
    changes: audit.changes.map(writeView),
    folded: audit.changes.length > MOST_OPEN,
  };
}

function writeView({ kind, resource, changes, attribution }: AuditedChange): WriteView {
  const { verdict, actors, occurredAt, call } = attribution;
  const paths = [...new Set(changes.map(({ path }) => path))];
  const more = paths.length > FIRST_PATHS ? ` and ${paths.length - FIRST_PATHS} more` : '';
  return {
    address: resource.address,
    workspace: resource.workspace,
    paths: `${paths.slice(0, FIRST_PATHS).join(', ')}${more}`,
    standing: originWords(kind),
    meaning: originMeaning(kind),
    who: whoText(verdict, actors),
    when: occurredAt === null ? null : utc(occurredAt),
    call,
  };
}

export function improvedViews({ improved = [] }: ScanReport): ImprovedView[] {
  return improved.map(({ address, entry, correction, attribution: { verdict, actors } }) => ({
    address,
    who: whoText(verdict, actors),
    verdict,
    meaning: verdictMeaning(verdict),
    entry,
    correction,
  }));
}
