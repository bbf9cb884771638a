import { driftUuid, markup, paragraphs, props, timeOf, uuidOf } from './oscal-parts.ts';
import type { Sheet, SheetWaiver } from './sheet.ts';

/** Waivers as risks, with the decision in the log of each. */
export function waiverRisks(sheet: Sheet): object[] {
  return sheet.waivers.map((waiver) => {
    const related = sheet.drifts.filter((drift) => waiver.drifts.some(({ digest }) => digest === drift.entry?.digest));
    const stillThere = related.some(({ state }) => state !== 'over');
    return {
      uuid: waiverUuid(waiver),
      title: markup(`Waiver of ${waiver.covers}`),
      description: markup(`Ledger entry ${waiver.entry.index}: ${waiver.standing}`),
      statement: paragraphs([
        waiver.reason,
        `Asked for by ${waiver.requestedBy}, approved by ${waiver.approvedBy}, ${waiver.from} to ${waiver.until}.`,
      ]),
      ...props([
        { name: 'kind', value: 'waiver' },
        { name: 'id', value: waiver.id },
        { name: 'standing', value: waiver.standing },
        { name: 'requested-by', value: waiver.requestedBy },
        { name: 'approved-by', value: waiver.approvedBy },
      ]),
      status: statusOf(waiver, stillThere),
      deadline: timeOf(waiver.until, sheet),
      'risk-log': {
        entries: [
          {
            uuid: uuidOf('waiver-approved', waiver.id),
            title: 'Waiver approved',
            description: markup(`Approved by ${waiver.approvedBy}.`),
            start: timeOf(waiver.from, sheet),
            'status-change': 'deviation-approved',
          },
        ],
      },
      ...(related.length === 0
        ? {}
        : { 'related-observations': related.map(({ id }) => ({ 'observation-uuid': driftUuid(id) })) }),
    };
  });
}

export function waiverUuid({ id }: SheetWaiver): string {
  return uuidOf('waiver', id);
}

/** A waiver that ended leaves an open risk where the drift is still there, and a closed one where it is not. */
function statusOf({ standing }: SheetWaiver, stillThere: boolean): string {
  if (standing === 'active' || standing === 'pending') return 'deviation-approved';
  return stillThere ? 'open' : 'closed';
}
