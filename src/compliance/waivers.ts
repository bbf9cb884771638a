import type { Entry } from '../model/entry.ts';
import { glob } from '../model/path-pattern.ts';
import { maybeSamePerson } from '../model/person.ts';
import { waiverStanding, waiversOf } from '../model/waiver.ts';
import { refOf } from './coverage.ts';
import type { RegisterRow, WaiverRow } from './model.ts';

const SOON = 30 * 86_400_000;

/** Every waiver that was known at the end of the period and had not ended before it began. */
export function waiverRows(
  entries: readonly Entry[],
  rows: readonly RegisterRow[],
  from: string | undefined,
  end: string,
): WaiverRow[] {
  const open = rows.filter((row) => row.standing.name === 'open');
  return waiversOf(entries)
    .filter(
      ({ terms }) =>
        from === undefined || !(Date.parse(terms.until) < Date.parse(from)) || concerned(terms.address).length > 0,
    )
    .map((waiver) => {
      const { terms, reason, revoked } = waiver;
      const standing = waiverStanding(waiver, end);
      const left = Date.parse(terms.until) - Date.parse(end);
      return {
        entry: refOf(waiver),
        workspace: terms.workspace,
        address: terms.address,
        path: terms.path,
        from: terms.from,
        until: terms.until,
        requestedBy: terms.requestedBy,
        approvedBy: terms.approvedBy,
        reason,
        standing,
        revoked:
          revoked === undefined
            ? null
            : { entry: refOf(revoked), by: revoked.by, at: revoked.at, reason: revoked.reason },
        endsSoon: standing === 'active' && left >= 0 && left <= SOON,
        selfApproved: maybeSamePerson(terms.requestedBy, terms.approvedBy),
        drifts: open
          .filter((row) => row.waiver?.entries.some((one) => one.digest === waiver.digest) === true)
          .map((row) => refOf(row.entry)),
      };
    });

  function concerned(address: string): RegisterRow[] {
    const matches = glob(address);
    return open.filter((row) => matches(row.address));
  }
}
