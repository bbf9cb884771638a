import type { Scan } from '../../model/scan.ts';
import { whoText } from '../answer-view.ts';
import { utc } from '../text/time.ts';
import { originWords } from '../words.ts';

/** What became of every write on a managed resource since the last scan. */
export interface AuditView {
  /** `10 since ... (6 in entries, 2 in-band, 1 re-applied, 1 service)`. */
  readonly sum: string;
  /** Writes that left no drift and are entries of their own. */
  readonly changes: readonly { address: string; workspace: string; what: string; who: string }[];
}

/** Null where no log was read, or nothing was written. */
export function auditView({ audit }: Scan): AuditView | null {
  if (audit === undefined || audit.population.events === 0) return null;
  const { events, entries, excluded, from, difference } = audit.population;
  const parts = [
    `${entries} in entries`,
    ...Object.entries(excluded).map(([word, n]) => `${n} ${word}`),
    ...(difference === 0 ? [] : [`${difference} not accounted for`]),
  ];
  return {
    sum: `${events}${from === null ? '' : ` since ${utc(from)}`} (${parts.join(', ')})`,
    changes: audit.changes.map(({ kind, resource, changes, attribution }) => {
      const { verdict, actors, occurredAt, call } = attribution;
      const paths = [...new Set(changes.map(({ path }) => path))].slice(0, 3).join(', ');
      return {
        address: resource.address,
        workspace: resource.workspace,
        what: [paths, originWords(kind)].filter((text) => text !== '').join(' · '),
        who: [whoText(verdict, actors), occurredAt === null ? null : utc(occurredAt), call].filter(Boolean).join(' · '),
      };
    }),
  };
}
