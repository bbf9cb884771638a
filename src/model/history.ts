import type { ChangeKind, ChangeOrigin, Entry, Resolution } from './entry.ts';

export type ScanEntry = Extract<Entry, { kind: 'scan' }>;
export type ChangeEntry = Extract<Entry, { kind: ChangeKind }>;

/**
 * One drift from its first sight to its end. Its values may move on while it is open: then it has several drift
 * entries, the latest last.
 */
export interface DriftStory {
  readonly driftKey: string;
  readonly entries: readonly [ChangeEntry, ...ChangeEntry[]];
  /** What ended it: a resolved entry, or, where only the scan says so, the scan's. Undefined while it is open. */
  readonly ended:
    | { readonly by: ScanEntry | ChangeEntry; readonly at: string; readonly resolution: Resolution | undefined }
    | undefined;
  /** Set while the latest scans could not look whether it is still there: the first of them, RFC 3339. */
  readonly unseenSince: string | undefined;
}

/**
 * When an entry's fact was observed, for all entries of a scan the moment at which it was done; for annotations, when it
 * was stated: RFC 3339.
 */
export function observedAt(entry: Entry): string {
  if (entry.kind === 'scan') return entry.statement.predicate.scan.finishedAt;
  const { when } = entry.statement.predicate;
  return 'observedAt' in when ? when.observedAt : when.statedAt;
}

/** Where a change that is no drift is known from; null for drifts and their ends. A person's record does not say it. */
export function changeOriginOf({
  kind,
  origin = 'recorded',
}: Pick<ChangeEntry['statement']['predicate']['change'], 'kind' | 'origin'>): ChangeOrigin | null {
  return kind === 'change' ? origin : null;
}

export function firstOf(story: DriftStory): ChangeEntry {
  return story.entries[0];
}

export function lastOf(story: DriftStory): ChangeEntry {
  return story.entries.at(-1) as ChangeEntry;
}

interface Draft {
  driftKey: string;
  entries: [ChangeEntry, ...ChangeEntry[]];
  ended: DriftStory['ended'];
  unseenSince: string | undefined;
}

/**
 * Folds entries, in the order of the ledger, into the drifts that they tell of, in the order of first sight. A drift
 * entry continues a drift of the same resource that is open; after its end it begins a new one.
 */
export function driftStories(entries: readonly Entry[]): DriftStory[] {
  const drafts = new Drafts();
  for (const entry of entries) {
    if (entry.kind === 'scan') drafts.scan(entry);
    else if (entry.kind === 'drift') drafts.drift(entry);
    else if (entry.kind === 'resolved') drafts.resolved(entry);
  }
  return drafts.stories;
}

class Drafts {
  readonly stories: Draft[] = [];
  readonly #byKey = new Map<string, Draft>();
  readonly #byDigest = new Map<string, Draft>();

  scan(entry: ScanEntry): void {
    const { open, resolved } = entry.statement.predicate.scan;
    for (const digest of resolved) endByScan(this.#byDigest.get(digest), entry);
    for (const one of open) sight(this.#byDigest.get(one.entry), one.seen, observedAt(entry));
  }

  drift(entry: ChangeEntry): void {
    const known = this.#find(entry);
    if (known === undefined || known.ended !== undefined) {
      const { driftKey } = entry.statement.predicate.change;
      const begun: Draft = { driftKey, entries: [entry], ended: undefined, unseenSince: undefined };
      this.stories.push(begun);
      this.#byKey.set(driftKey, begun);
      this.#byDigest.set(entry.digest, begun);
    } else {
      known.entries.push(entry);
      known.unseenSince = undefined;
      this.#byDigest.set(entry.digest, known);
    }
  }

  resolved(entry: ChangeEntry): void {
    const known = this.#find(entry);
    const { resolution } = entry.statement.predicate.change;
    if (known !== undefined) known.ended = { by: entry, at: observedAt(entry), resolution };
  }

  #find(entry: ChangeEntry): Draft | undefined {
    const { change, supersedes } = entry.statement.predicate;
    return (supersedes === null ? undefined : this.#byDigest.get(supersedes)) ?? this.#byKey.get(change.driftKey);
  }
}

function endByScan(story: Draft | undefined, scan: ScanEntry): void {
  if (story !== undefined && story.ended === undefined) {
    story.ended = { by: scan, at: observedAt(scan), resolution: undefined };
  }
}

function sight(story: Draft | undefined, seen: boolean, at: string): void {
  if (story !== undefined) story.unseenSince = seen ? undefined : (story.unseenSince ?? at);
}
