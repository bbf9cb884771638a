import { count } from './text/plural.ts';
import { visible } from './text/visible.ts';

/** What an erasure did, as the terminal shows it. */
export interface EraseReport {
  readonly indexes: readonly number[];
  readonly before: readonly number[];
  readonly entry: { readonly index: number } | null;
  readonly removed: number;
  readonly kept: readonly string[];
}

const SHOWN = 10;

export function eraseTerminal({ indexes, before, entry, removed, kept }: EraseReport): string {
  const authority = entry === null ? '' : `, recorded in entry ${entry.index}`;
  const lines = [
    ...(indexes.length === 0
      ? []
      : [`driftbom: erased ${count(indexes.length, 'payload')} (entry ${indexes.join(', ')})${authority}`]),
    ...(before.length === 0 ? [] : [`driftbom: erased before: entry ${before.join(', ')}`]),
    `  ${count(removed, 'document')} that no other entry names removed; the log still proves that the entries existed`,
    '  copies of the ledger elsewhere (backups, bucket versions, clones) still hold what was erased',
  ];
  if (kept.length > 0) {
    lines.push(`driftbom: the store still keeps ${count(kept.length, 'object')}: its retention has not ended`);
    lines.push(...kept.slice(0, SHOWN).map((key) => `  ${visible(key)}`));
    if (kept.length > SHOWN) lines.push(`  … and ${kept.length - SHOWN} more`);
  }
  return `${lines.join('\n')}\n`;
}
