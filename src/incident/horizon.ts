import type { ChangeEntry, ScanEntry } from '../model/history.ts';

/** How far the evidence reaches: what was done later may not have arrived yet. */
export interface Horizon {
  /** The newest scan. */
  readonly scan: ScanEntry | undefined;
  /** Newest audit event seen, by account and region; empty where no audit log was read. */
  readonly audit: readonly { readonly account: string | null; readonly region: string; readonly newest: string }[];
  /** Milliseconds: nothing after this could be seen; -Infinity where nobody looked. */
  readonly until: number;
}

export function horizonOf(entries: readonly ChangeEntry[], scans: readonly ScanEntry[]): Horizon {
  const newest = new Map<string, { account: string | null; region: string; newest: string }>();
  for (const { statement } of entries) {
    const { who, evidence } = statement.predicate;
    const { searched } = who;
    if (searched === null || searched.horizon === null) continue;
    const account = evidence.flatMap(({ annotations }) => annotations?.account ?? [])[0];
    for (const region of searched.regions) {
      const key = JSON.stringify([account ?? null, region]);
      const before = newest.get(key);
      if (before !== undefined && Date.parse(before.newest) >= Date.parse(searched.horizon)) continue;
      newest.set(key, { account: account === undefined ? null : String(account), region, newest: searched.horizon });
    }
  }
  const scan = scans.at(-1);
  const audit = [...newest.values()].sort((a, b) => (a.region + a.account < b.region + b.account ? -1 : 1));
  const looked = scan === undefined ? Number.NEGATIVE_INFINITY : Date.parse(scan.statement.predicate.scan.startedAt);
  return { scan, audit, until: Math.max(looked, ...audit.map((one) => Date.parse(one.newest))) };
}
