import { type Call, callOf } from './call-name.ts';
import { digestOf } from './evidence.ts';
import { failedTexts, whyNoWrite, whyRead } from './gates.ts';
import type { AuditRecord, ShapedRecord } from './port.ts';
import { isCut, type WireLeaf, wireLeaves } from './wire-shape.ts';

/** A record, read for matching. */
export interface RecordView {
  readonly record: AuditRecord;
  readonly call: Call;
  readonly leaves: readonly WireLeaf[];
  /** Why it changed nothing; undefined where it is a write that took effect. */
  readonly noWrite: string | undefined;
  /** Members of its request that may say what it does to what stands beside them: `action: DELETE`. */
  readonly actions: readonly WireLeaf[];
  /** Texts that its answer lists as not done. */
  readonly failed: ReadonlySet<string>;
  /** The log cut its request short. */
  readonly cut: boolean;
  /** The record's digest (digestOf), worked out once and only where it is asked for. */
  sha256(): string;
}

const NONE: ReadonlySet<string> = new Set();

/** Reads a record. Nothing of it is kept. */
export function viewOf(record: AuditRecord): RecordView {
  const shaped = record.shaped?.();
  return shaped === undefined ? parsedView(record) : shapedView(record, shaped);
}

/** Works a digest out once, and only where it is asked for. */
function once(digest: () => string): () => string {
  let known: string | undefined;
  return () => {
    known ??= digest();
    return known;
  };
}

function shapedView(record: AuditRecord, shaped: ShapedRecord): RecordView {
  const leaves = shaped.leaves();
  return {
    record,
    call: callOf(record),
    leaves,
    actions: leaves.filter(isAction),
    noWrite: whyRead(record, shaped.readOnly),
    failed: NONE,
    cut: false,
    sha256: once(() => shaped.sha256()),
  };
}

function parsedView(record: AuditRecord): RecordView {
  const leaves = wireLeaves(record);
  return {
    record,
    call: callOf(record),
    leaves,
    actions: leaves.filter(isAction),
    noWrite: whyNoWrite(record),
    failed: failedTexts(record.json.responseElements),
    cut: isCut(record),
    sha256: once(() => digestOf(record)),
  };
}

function isAction({ part, names }: WireLeaf): boolean {
  const name = names.at(-1);
  return part === 'request' && name?.length === 'action'.length && name.toLowerCase() === 'action';
}

/** Keeps the views that were asked for last: a log of many records does not fit into memory as views. */
export class Views {
  readonly #kept = new Map<AuditRecord, RecordView>();
  readonly #most: number;

  constructor(most = 512) {
    this.#most = most;
  }

  of(record: AuditRecord): RecordView {
    const before = this.#kept.get(record);
    if (before !== undefined) return before;
    const view = viewOf(record);
    if (this.#kept.size >= this.#most) {
      const oldest = this.#kept.keys().next().value;
      if (oldest !== undefined) this.#kept.delete(oldest);
    }
    this.#kept.set(record, view);
    return view;
  }
}
