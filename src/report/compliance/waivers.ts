import type { Entry } from '../../model/entry.ts';
import { isBefore, type Period } from '../../model/period.ts';
import { type Waiver, type WaiverStanding, waiverStanding, waiversOf } from '../../model/waiver.ts';
import { type EntryRef, entryRef } from '../entry-view.ts';
import { utc } from '../text/time.ts';

/** A waiver that ran at some time in the period: who asked, who agreed, for how long, and what became of it. */
export interface WaiverRow {
  readonly entry: EntryRef;
  readonly address: string;
  readonly path: string | null;
  /** null: every workspace. */
  readonly workspace: string | null;
  readonly span: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly reason: string;
  readonly standing: WaiverStanding;
  readonly revokedBy: EntryRef | null;
  readonly revoked: string | null;
}

/** `known`: the entries up to the end of the period; `until`: the moment at which standing is judged, RFC 3339. */
export function waiverRows(known: readonly Entry[], period: Period, until: string): WaiverRow[] {
  return waiversOf(known)
    .filter((waiver) => period.from === undefined || isBefore(period.from, endOf(waiver)))
    .map((waiver) => {
      const { terms, revoked, reason } = waiver;
      return {
        entry: entryRef(waiver),
        address: terms.address,
        path: terms.path,
        workspace: terms.workspace,
        span: `${utc(terms.from)} to ${utc(terms.until)}`,
        requestedBy: terms.requestedBy,
        approvedBy: terms.approvedBy,
        reason: reason ?? 'not recorded',
        standing: waiverStanding(waiver, until),
        revokedBy: revoked === undefined ? null : entryRef(revoked),
        revoked: revoked === undefined ? null : `${utc(revoked.at)} by ${revoked.by}: ${revoked.reason ?? 'no reason'}`,
      };
    });
}

function endOf({ terms, revoked }: Waiver): string {
  return revoked !== undefined && isBefore(revoked.at, terms.until) ? revoked.at : terms.until;
}
