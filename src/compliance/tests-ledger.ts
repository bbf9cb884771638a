import { RECEIPT_TOPIC } from '../model/receipt.ts';
import { failed, finding, notAssessed, passed, plural } from './judging.ts';
import type { Evidence, Judged } from './evidence.ts';

const DAY = 86_400_000;
/** How a receipt begins that somebody wrote by hand. */
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

/**
 * T8. A receipt is a note about the drift of topic `alert.receipt`, or, as people write them by hand, one whose text begins
 * with `alert:`. The first one counts; one dated before the drift was seen tells of something else.
 */
export function alertTest({ rows, thresholds }: Evidence): Judged {
  const loud = rows.filter(
    (row) => !row.carriedOver && row.kind === 'drift' && ['critical', 'high', 'unclassified'].includes(row.severity),
  );
  if (loud.length === 0) return notAssessed('no drift of high or critical severity: not exercised');
  const skew = (thresholds.clockSkewSeconds ?? 0) * 1000;
  const told = loud.flatMap((row) => {
    const seen = Date.parse(row.when.observedAt);
    const [first] = row.said
      .filter(
        (one) =>
          one.kind === 'note' && (one.topic === RECEIPT_TOPIC || (one.topic === null && ALERT.test(one.text ?? ''))),
      )
      .map((one) => ({ row, at: one.at, entry: one.entry, delay: Date.parse(one.at) - seen }))
      .filter(({ delay }) => delay >= -skew)
      .sort((a, b) => a.delay - b.delay);
    return first === undefined ? [] : [{ ...first, delay: Math.max(0, first.delay) }];
  });
  const limit = thresholds.alertMinutes;
  const without = loud.filter((row) => !told.some((one) => one.row === row));
  const slowest =
    told.length === 0 ? '' : `; the slowest after ${minutes(Math.max(...told.map(({ delay }) => delay)))} min`;
  if (limit === undefined) {
    return notAssessed(
      `${told.length} of ${loud.length} have a receipt on record${slowest}; no time is declared (compliance.alertMinutes)`,
      loud.length,
    );
  }
  const late = told.filter(({ delay }) => delay > limit * 60_000);
  if (without.length + late.length > 0)
    return failed(
      `${told.length - late.length} of ${loud.length} told within ${limit} min, ${late.length} later, ${without.length} without a receipt${slowest}`,
      loud.length,
      [
        ...without.map((row) => finding(`${row.address}: no receipt of an alert on record`, row.entry)),
        ...late.map(({ row, at, entry, delay }) =>
          finding(`${row.address}: told at ${at}, ${minutes(delay)} min after it was seen`, entry),
        ),
      ],
    );
  return passed(`all ${loud.length} told within ${limit} min${slowest}`, loud.length);
}

/** Whole minutes, rounded up: what took 15.2 is not within 15. */
function minutes(milliseconds: number): number {
  return Math.ceil(milliseconds / 60_000);
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
