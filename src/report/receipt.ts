import type { ChangeEntry } from '../model/history.ts';
import type { Receipt } from '../model/receipt.ts';
import { shortDigest } from './entry-view.ts';
import { count } from './text/plural.ts';
import { visible } from './text/visible.ts';

/** A receipt of an alert, and what became of it. */
export interface ReceiptReport {
  readonly standing: 'written' | 'there-already' | 'nothing-new';
  readonly receipt: Receipt;
  readonly by: string;
  readonly about: readonly ChangeEntry[];
  /** Index of the scan whose new drifts it is about; undefined where entries were named. */
  readonly scan: number | undefined;
  readonly entry: { readonly index: number; readonly digest: string } | undefined;
  readonly shown: string;
}

export function receiptTerminal({ standing, receipt, by, about, scan, entry, shown }: ReceiptReport): string {
  if (entry === undefined) {
    return `driftbom: nothing to record: scan #${scan} found no new drift\n`;
  }
  const what = `${count(about.length, 'drift')} (${about.map(({ index }) => `#${index}`).join(', ')})`;
  const place = `entry ${entry.index} ${shortDigest(entry.digest)} in ${shown}`;
  const told = `told of ${what} by ${receipt.via}, receipt ${receipt.receipt}`;
  const line = standing === 'written' ? `${told}, says ${by}; ${place}` : `${told} is on record already: ${place}`;
  return `${visible(`driftbom: ${line}`)}\n`;
}

/** The same as JSON: `driftbom.receipt/v1`. */
export function receiptJson({ standing, receipt, by, about, scan, entry, shown }: ReceiptReport): string {
  const document = {
    schema: 'driftbom.receipt/v1',
    ...{ ledger: shown, by, standing, scan: scan ?? null },
    ...receipt,
    entry: entry === undefined ? null : { index: entry.index, digest: entry.digest },
    about: about.map(({ index, digest }) => ({ index, digest })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
