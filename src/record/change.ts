import { readTime } from '../model/moment.ts';
import type { Value } from '../model/value.ts';
import { sameValue } from '../model/value.ts';
import { isSecretText } from '../resources/secret-text.ts';
import type { Row } from './rows.ts';

/** A change as somebody states it, checked; secrets are not masked yet. */
export interface WrittenChange {
  readonly key: string;
  readonly workspace: string;
  /** Undefined: not said. */
  readonly old: Value | undefined;
  readonly new: Value;
  readonly reason: string | null;
  readonly by: string;
  /** RFC 3339, UTC; null: not said. */
  readonly at: string | null;
  readonly sensitive: boolean;
}

/** What holds for a change that does not say so itself. */
export interface Defaults {
  readonly by: string | undefined;
  readonly workspace: string;
  readonly reason: string | null;
  readonly sensitive: boolean;
  /** RFC 3339: nothing happens later. */
  readonly now: string;
}

const FIELDS = ['key', 'old', 'new', 'reason', 'by', 'at', 'workspace', 'sensitive'];
const LONGEST = { key: 500, by: 200, workspace: 200, reason: 4000 } as const;
/** Clocks of two machines may differ by so much. */
const CLOCK_SLACK_MS = 300_000;

/** Checks the fields of one change; every fault is told. */
export function readChange({ fields }: Row, defaults: Defaults): { change: WrittenChange } | { faults: string[] } {
  const faults: string[] = [];
  for (const name of fields.keys()) {
    if (!FIELDS.includes(name))
      faults.push(`no field is named ${JSON.stringify(name)}; there are ${FIELDS.join(', ')}`);
  }
  const text = (name: keyof typeof LONGEST, otherwise?: string | null): string | undefined => {
    const value = fields.get(name) ?? otherwise;
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') faults.push(`${name} is no text`);
    else {
      const fault = textFault(value, LONGEST[name], name === 'reason');
      if (fault !== undefined) faults.push(`${name} ${fault}`);
      return value;
    }
    return undefined;
  };
  const key = text('key');
  if (key === undefined && !faults.some((fault) => fault.startsWith('key '))) faults.push('key is missing');
  const by = text('by', defaults.by);
  if (by === undefined && !faults.some((fault) => fault.startsWith('by ')))
    faults.push('by is missing: who made the change');
  if (!fields.has('new')) faults.push('new is missing: the value after (null where there is none)');
  const before: Value | undefined = fields.get('old');
  const after: Value = fields.get('new') ?? null;
  if (fields.has('new') && before !== undefined && sameValue(before, after))
    faults.push('old and new are the same value');
  const sensitive = fields.get('sensitive') ?? defaults.sensitive;
  if (typeof sensitive !== 'boolean') faults.push('sensitive is neither true nor false');
  const at = momentOf(fields.get('at'), defaults.now, faults);
  const change: WrittenChange = {
    key: key ?? '',
    workspace: text('workspace', defaults.workspace) ?? '',
    old: before,
    new: after,
    reason: text('reason', defaults.reason) ?? null,
    by: by ?? '',
    at,
    sensitive: sensitive === true,
  };
  return faults.length > 0 ? { faults } : { change };
}

function momentOf(written: Value | undefined, now: string, faults: string[]): string | null {
  if (written === undefined || written === null) return null;
  const at = typeof written === 'string' ? readTime(written) : undefined;
  if (at === undefined) faults.push('at is no time with its zone, like 2026-03-14T03:00:00Z');
  else if (at > Date.parse(now) + CLOCK_SLACK_MS) faults.push('at lies in the future');
  return at === undefined ? null : new Date(at).toISOString();
}

/**
 * What is wrong with a text that is to stand in a ledger for ever; undefined where nothing is. What looks like a secret is
 * refused and not masked: a reason with a hole in it says nothing.
 */
export function textFault(text: string, longest: number, lines = true): string | undefined {
  if (text.trim() === '') return 'is empty';
  if (text.length > longest) return `is longer than ${longest} characters`;
  if (!lines && /\p{Cc}/u.test(text)) return 'holds a control character';
  if (!lines && text !== text.trim()) return 'begins or ends with a space';
  return isSecretText(text) ? 'looks as if it holds a secret; a ledger is made to be shown' : undefined;
}
