import pc from 'picocolors';
import { count } from './text/plural.ts';
import { visible } from './text/visible.ts';

/** One key, as `driftbom keys` lists it; stands so in its JSON. */
export interface KeyRow {
  readonly id: string;
  readonly use: 'entry' | 'checkpoint';
  readonly algorithm: string;
  /** `in use` signs now with the keys at hand; `current` is not retired; `retired`. */
  readonly standing: 'in use' | 'current' | 'retired';
  /** Where its private half is, if it is ours: `local` or the ARN. */
  readonly signer: string | null;
  /** Log index of the entry that added it; null: there from the beginning. */
  readonly since: number | null;
  /** Log index of the entry that retired it; null: not retired. */
  readonly until: number | null;
  /** Entries, or kept checkpoints, that it signed. */
  readonly signed: number;
  readonly kinds: readonly string[];
}

export interface KeysReport {
  readonly place: string;
  readonly origin: string;
  readonly size: number;
  readonly keys: readonly KeyRow[];
}

/** The answer of `driftbom keys`. */
export function keysTerminal({ place, origin, size, keys }: KeysReport, colour: boolean): string {
  const paint = pc.createColors(colour);
  const lines = [paint.dim(`ledger  ${visible(origin)} in ${visible(place)}, ${count(size, 'entry', 'entries')}`)];
  for (const key of keys) {
    const standing = key.standing === 'retired' ? paint.dim(key.standing) : paint.green(key.standing);
    const signer = key.signer === null ? '' : `, ${visible(key.signer)}`;
    const since = key.since === null ? 'from the beginning' : `added in entry ${key.since}`;
    const until = key.until === null ? '' : `, retired in entry ${key.until}`;
    const what = key.use === 'entry' ? count(key.signed, 'entry', 'entries') : count(key.signed, 'checkpoint');
    const kinds = key.use === 'entry' && key.kinds.length > 0 ? `: ${key.kinds.join(', ')}` : '';
    lines.push(
      '',
      `${paint.bold(key.use)}  ${visible(key.id)}`,
      `  ${standing}  ${key.algorithm}${signer}; ${since}${until}`,
      `  signed ${what}${kinds}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
