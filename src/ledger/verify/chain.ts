import { type OpenDrift, type ScanPredicate, STATE_MEDIA_TYPE } from '../../model/entry.ts';
import type { Statement } from '../../model/entry.ts';
import { sha256Hex } from '../bytes.ts';
import type { SignedChangePredicate } from '../detach.ts';
import { driftKey } from '../fingerprint.ts';
import { canonicalBytes, canonicalJson } from '../jcs.ts';
import type { Failures } from './diagnostics.ts';

/** An entry as the chain needs it: scans with their lists put back, changes as signed. */
export type ChainEntry =
  | { readonly kind: 'scan'; readonly index: number; readonly statement: Statement<ScanPredicate> }
  | {
      readonly kind: 'change';
      readonly index: number;
      readonly digest: string;
      readonly statement: Statement<SignedChangePredicate>;
    };

type ToldOpen = Omit<OpenDrift, 'seen'>;

interface Held {
  readonly open: ToldOpen;
  /** Digest of the live state document that the drift entry signs; ERASED where that entry was erased. */
  readonly after: string | undefined | typeof ERASED;
}

const ERASED = Symbol('erased');

/**
 * Replays the entries in log order: which drifts are open after each. Tells where an entry continues one that is not
 * open, and where a scan lists other drifts as open or resolved than the entries before it say. An erased entry may have
 * opened or closed one drift; the next scan's lists say which, and may differ by no more than that.
 */
export class ChainChecker {
  #open = new Map<string, Held>();
  #resolved: string[] = [];
  readonly #digests = new WeakMap<readonly unknown[], string>();
  /** Log index of every erased entry by statement digest. */
  readonly #erased = new Map<string, number>();
  /** Entries erased since the last scan whose lists could be read. */
  #unread = 0;
  readonly #failures: Failures;

  constructor(failures: Failures) {
    this.#failures = failures;
  }

  check(entry: ChainEntry): void {
    if (entry.kind === 'scan') this.#scan(entry.index, entry.statement);
    else this.#change(entry.index, entry.digest, entry.statement);
  }

  /** Passes an entry whose payload is gone. */
  pass(index: number, digest: string): void {
    this.#erased.set(digest, index);
    this.#unread++;
  }

  #change(index: number, digest: string, statement: Statement<SignedChangePredicate>): void {
    const { change, supersedes, when } = statement.predicate;
    if (change.kind !== 'drift' && change.kind !== 'resolved') return;
    const { workspace, workspaceKey, address } = change.resource;
    if (change.driftKey !== driftKey(workspaceKey, address)) {
      this.#failures.add('subject-wrong', index, `entry ${index}: its drift key is not that of ${address}`);
    }
    const earlier = supersedes === null ? undefined : this.#open.get(supersedes);
    const unreadable = supersedes !== null && earlier === undefined && this.#erased.has(supersedes);
    if (supersedes !== null && !unreadable && earlier?.open.driftKey !== change.driftKey) {
      this.#failures.add('chain-broken', index, `entry ${index} continues ${supersedes}, which is not open for it`);
    }
    if (supersedes !== null) this.#open.delete(supersedes);
    if (change.kind === 'drift') {
      const after = statement.subject.find((one) => one.mediaType === STATE_MEDIA_TYPE)?.digest.sha256;
      const { driftKey, fingerprint } = change;
      const where = { driftKey, fingerprint, address, workspace, workspaceKey };
      const open = { ...where, entry: digest, index, firstSeen: when.recordedAt };
      this.#open.set(digest, { open, after });
      return;
    }
    if (supersedes === null || change.before.annotations?.statementDigest !== supersedes) {
      this.#failures.add('chain-broken', index, `entry ${index} does not name the drift that it resolves`);
    } else if (earlier !== undefined && earlier.after !== ERASED && change.before.digest.sha256 !== earlier.after) {
      this.#failures.add(
        'chain-broken',
        index,
        `entry ${index} begins from another state than entry ${supersedes} left`,
      );
    }
    if (supersedes !== null) this.#resolved.push(supersedes);
  }

  #scan(index: number, statement: Statement<ScanPredicate>): void {
    const { scan } = statement.predicate;
    const compared = this.#digestOf(scan.scope.compared);
    if (statement.subject[0]?.digest.sha256 !== compared) {
      this.#failures.add('subject-wrong', index, `entry ${index}: its subject is not the list of what it compared`);
    }
    const told = scan.open.map(({ seen: _seen, ...rest }) => rest);
    if (!this.#agrees(told)) {
      this.#failures.add('open-list-wrong', index, `entry ${index}: its list of open drifts is not what the log says`);
    }
    if (!this.#closed(scan.resolved)) {
      const message = `entry ${index}: its list of resolved drifts is not what the log says`;
      this.#failures.add('open-list-wrong', index, message);
    }
    if (this.#unread > 0) this.#adopt(told);
    this.#unread = 0;
    this.#resolved = [];
  }

  /** Whether a list of open drifts is ours, but for what the erased entries since the last scan may have done. */
  #agrees(told: readonly ToldOpen[]): boolean {
    if (this.#unread === 0) return told.length === this.#open.size && this.#areHeld(told);
    const open = [...this.#open.values()].map((held) => held.open);
    const names = new Set(told.map((one) => one.entry));
    const missing = open.filter((one) => !names.has(one.entry)).length;
    const known = told.every((one) => {
      const held = this.#open.get(one.entry);
      if (held === undefined) return this.#erased.get(one.entry) === one.index;
      return canonicalJson(held.open) === canonicalJson(one);
    });
    return known && missing <= this.#unread;
  }

  /** Whether a list names drifts that we hold, each once and as we hold it. */
  #areHeld(told: readonly ToldOpen[]): boolean {
    const names = new Set(told.map((one) => one.entry));
    return names.size === told.length && told.every((one) => isSameOpen(one, this.#open.get(one.entry)?.open));
  }

  #closed(told: readonly string[]): boolean {
    if (this.#unread === 0) return told.length === this.#resolved.length && sameMembers(told, this.#resolved);
    const ours = new Set(this.#resolved);
    // Ours that it does not list may have been listed by a scan that was erased.
    return told.filter((one) => !ours.has(one)).length <= this.#unread;
  }

  /** Scans that compared the same share the document that lists it. */
  #digestOf(compared: readonly unknown[]): string {
    const known = this.#digests.get(compared) ?? sha256Hex(canonicalBytes(compared));
    this.#digests.set(compared, known);
    return known;
  }

  #adopt(told: readonly ToldOpen[]): void {
    this.#open = new Map(told.map((open) => [open.entry, this.#open.get(open.entry) ?? { open, after: ERASED }]));
  }
}

/** Whether two drifts are told in the same words: every field, and none besides. */
function isSameOpen(told: ToldOpen, held: ToldOpen | undefined): boolean {
  if (held === undefined || Object.keys(told).length !== Object.keys(held).length) return false;
  return (Object.keys(held) as (keyof ToldOpen)[]).every((key) => told[key] === held[key]);
}

/** Whether two lists have equal members, in whatever order. */
function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  const sorted = b.toSorted();
  return a.toSorted().every((one, at) => one === sorted[at]);
}
