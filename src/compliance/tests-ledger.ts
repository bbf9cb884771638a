import { failed, finding, notAssessed, passed, plural } from './judging.ts';
import type { Evidence, Judged } from './evidence.ts';

const DAY = 86_400_000;
/** Topic of notes that tell of a receipt: whoever pages people writes them. */
const ALERT = /^alert:/;

/** T6. A ledger that vouches for itself proves that it is whole, not that it is the one that was kept. */
export function ledgerTest({ ledger }: Evidence): Judged {
  const { verification, trustedKeys, anchors, size } = ledger;
  if (verification.outcome === 'failed')
    return failed(
      'the ledger does not verify',
      size,
      verification.statements.map((text) => finding(text, null)),
    );
  if (verification.outcome === 'not-run')
    return notAssessed('the ledger was not verified when this report was made', size);
  if (trustedKeys === 'ledger')
    return notAssessed('it verifies with keys taken from the ledger itself; give --key or --policy', size);
  if (anchors === 0)
    return notAssessed('it verifies, and was held against no checkpoint from elsewhere; give --checkpoint', size);
  return passed(`it verifies, and continues ${plural(anchors, 'checkpoint')} from elsewhere`, size);
}

/** T7. */
export function waiverTest({ waivers }: Evidence): Judged {
  if (waivers.length === 0) return passed('no waiver is on record', 0);
  const findings = waivers.flatMap((one) => [
    ...(one.selfApproved ? [finding(`${one.address}: requested and approved by ${one.approvedBy}`, one.entry)] : []),
    ...(one.standing === 'expired' && one.drifts.length > 0
      ? [
          finding(
            `${one.address}: expired on ${one.until}, and ${plural(one.drifts.length, 'drift')} it covered stand open`,
            one.entry,
          ),
        ]
      : []),
  ]);
  const all = plural(waivers.length, 'waiver');
  if (findings.length > 0) return failed(`${plural(findings.length, 'fault')} in ${all}`, waivers.length, findings);
  return passed(`${all}, none expired over an open drift, each approved by another`, waivers.length);
}

/** T8. A receipt is a note about the drift whose text begins with `alert:`. */
export function alertTest({ rows, thresholds }: Evidence): Judged {
  const loud = rows.filter(
    (row) => !row.carriedOver && row.kind === 'drift' && ['critical', 'high', 'unclassified'].includes(row.severity),
  );
  if (loud.length === 0) return notAssessed('no drift of high or critical severity: not exercised');
  const limit = thresholds.alertMinutes;
  const receipts = loud.map((row) => ({
    row,
    told: row.said.find((one) => one.kind === 'note' && ALERT.test(one.text ?? '')),
  }));
  const without = receipts.filter(({ told }) => told === undefined);
  if (limit === undefined) {
    return notAssessed(
      `${loud.length - without.length} of ${loud.length} have a receipt on record; no time is declared (compliance.alertMinutes)`,
      loud.length,
    );
  }
  const late = receipts.filter(
    ({ row, told }) => told !== undefined && Date.parse(told.at) - Date.parse(row.when.observedAt) > limit * 60_000,
  );
  const findings = [
    ...without.map(({ row }) => finding(`${row.address}: no receipt of an alert on record`, row.entry)),
    ...late.map(({ row, told }) => finding(`${row.address}: told at ${told?.at}`, row.entry)),
  ];
  if (findings.length > 0)
    return failed(
      `${without.length} of ${loud.length} without a receipt, ${late.length} later than ${limit} min`,
      loud.length,
      findings,
    );
  return passed(`all ${loud.length} told within ${limit} min`, loud.length);
}

/** T11. */
export function retentionTest({ ledger, oldest, end, thresholds }: Evidence): Judged {
  const { retentionDays } = thresholds;
  const erased = ledger.erased === 0 ? 'no payload is erased' : `${plural(ledger.erased, 'payload')} erased`;
  if (oldest === undefined) return notAssessed('the ledger is empty');
  if (retentionDays === undefined)
    return notAssessed(
      `no retention is declared (compliance.retentionDays); the oldest entry is of ${oldest}; ${erased}`,
      ledger.size,
    );
  const age = Math.floor((Date.parse(end) - Date.parse(oldest)) / DAY);
  if (ledger.erased > 0)
    return failed(`${erased}: the log proves that they existed, and they can be read no more`, ledger.size, []);
  if (age < retentionDays)
    return notAssessed(
      `the ledger begins ${plural(age, 'day')} before the end of the period; ${retentionDays} are declared`,
      ledger.size,
    );
  return passed(`the oldest entry is ${plural(age, 'day')} old; ${retentionDays} are declared; ${erased}`, ledger.size);
}
