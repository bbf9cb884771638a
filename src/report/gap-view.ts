import type { Ignored } from '../model/drift.ts';
import type { Gap, GapReason } from '../model/resource.ts';
import { gapMeaning } from './words.ts';

/** Gaps of one reason, in the order in which they were found. */
export interface GapGroup {
  readonly reason: GapReason;
  readonly meaning: string;
  readonly count: number;
  readonly gaps: readonly { address: string; workspace: string; path: string | null; message: string }[];
}

/** Groups gaps by reason, the largest group first. */
export function gapGroups(gaps: readonly Gap[]): GapGroup[] {
  const groups = new Map<GapReason, Gap[]>();
  for (const gap of gaps) groups.set(gap.reason, [...(groups.get(gap.reason) ?? []), gap]);
  return [...groups]
    .sort(([a, some], [b, others]) => others.length - some.length || a.localeCompare(b, 'en'))
    .map(([reason, members]) => ({
      reason,
      meaning: gapMeaning(reason),
      count: members.length,
      gaps: members.map(({ address, workspace, path, message }) => ({
        address,
        workspace,
        path: path ?? null,
        message,
      })),
    }));
}

/** Ignored differences that share a rule and its reason. */
export interface IgnoredGroup {
  readonly rule: string;
  readonly reason: string;
  readonly count: number;
  readonly members: readonly { address: string; workspace: string; path: string }[];
}

export function ignoredGroups(ignored: readonly Ignored[]): IgnoredGroup[] {
  const groups = new Map<string, Ignored[]>();
  for (const one of ignored) {
    const key = JSON.stringify([one.rule, one.reason]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((members) => ({
    rule: members[0]?.rule ?? '',
    reason: members[0]?.reason ?? '',
    count: members.length,
    members: members.map(({ address, workspace, path }) => ({ address, workspace, path })),
  }));
}
