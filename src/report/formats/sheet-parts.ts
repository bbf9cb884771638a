import type { Value } from '../../model/value.ts';
import { cut } from '../text/width.ts';
import { inlineValue } from '../text/value-text.ts';
import type { SheetChange, SheetDrift, SheetGap, SheetPlace, SheetViolation } from './sheet.ts';

/** Machine formats have limits on texts; whole values stand in the ledger and in the JSON of the scan. */
const LONGEST_VALUE = 300;
const LONGEST_TEXT = 900;

/** Stands where no file of the declaration is known: code scanning shows nothing without a file. */
export const NO_PLACE: SheetPlace = { file: 'driftbom.yaml', line: 1 };

/** A file as repositories name theirs: with slashes, not absolute, and never above the repository. */
export function placeAt(file: string, line: number): SheetPlace {
  const parts = file.replaceAll('\\', '/').split('/');
  const inside = parts.filter((part) => part !== '' && part !== '.' && part !== '..');
  return inside.length === 0 ? NO_PLACE : { file: inside.join('/'), line };
}

interface AnyChange {
  readonly path: string;
  readonly op: SheetChange['op'];
  readonly before: Value;
  readonly after: Value;
  readonly sensitive: boolean;
}

export function changeTexts(changes: readonly AnyChange[]): SheetChange[] {
  return changes.map(({ path, op, before, after, sensitive }) => ({
    path,
    op,
    before: cut(inlineValue(before, sensitive), LONGEST_VALUE),
    after: cut(inlineValue(after, sensitive), LONGEST_VALUE),
  }));
}

/** `changed: aws_x.y in prod`. */
export function driftTitle({ kind, address, workspace }: SheetDrift): string {
  return `${kind}: ${address} in ${workspace}`;
}

/** The changed attributes, one a line, declared to live. */
export function changeLines({ kind, changes }: SheetDrift): string[] {
  if (changes.length === 0) return [KINDS[kind]];
  return changes.map(({ path, op, before, after }) => {
    if (op === 'add') return `${path}: + ${after}`;
    return op === 'remove' ? `${path}: - ${before}` : `${path}: ${before} -> ${after}`;
  });
}

const KINDS: Readonly<Record<SheetDrift['kind'], string>> = {
  changed: 'live differs from declared',
  missing: 'declared, but the provider says that it does not exist',
  unmanaged: 'live, but nothing declares it',
};

/** What, standing, who, why, and the entry that proves it. */
export function aboutLines(drift: SheetDrift): string[] {
  const { cause, standing, who, severity, entry, due } = drift;
  const actors = who.actors.map(({ name }) => name).join(', ');
  return [
    ...(severity === 'unranked' ? [] : [`severity: ${severity}${drift.rule === null ? '' : ` (${drift.rule.id})`}`]),
    `cause: ${cause}`,
    `standing: ${standing}${due === null ? '' : `, due ${due}`}`,
    `who: ${actors === '' ? 'not recorded' : actors} (${who.verdict})`,
    `why: ${who.reason ?? 'not recorded'}`,
    ...(drift.waivedBy.length === 0
      ? []
      : [`waiver: ${drift.waivedBy.map(({ index }) => `entry ${index}`).join(', ')}${until(drift)}`]),
    ...(entry === null ? [] : [`ledger: entry ${entry.index}, sha256 ${entry.digest}`]),
  ];
}

function until({ state, waivedUntil }: SheetDrift): string {
  return state === 'waived' && waivedUntil !== null ? `, until ${waivedUntil}` : ' (in part)';
}

/** A drift in one text of at most 900 characters. */
export function driftText(drift: SheetDrift): string {
  return cut([driftTitle(drift), ...changeLines(drift), ...aboutLines(drift)].join('\n'), LONGEST_TEXT);
}

export function gapTitle({ address, path, workspace }: SheetGap): string {
  return `not compared: ${address}${path === null ? '' : ` ${path}`} in ${workspace}`;
}

/** A gap in one text of at most 900 characters. */
export function gapText(gap: SheetGap): string {
  return cut(`${gapTitle(gap)}\n${gap.reason}: ${gap.meaning}\n${gap.message}`, LONGEST_TEXT);
}

/** Text in which no reader of Markdown finds a link. */
export function unlinked(text: string): string {
  return text.replaceAll('](', '] (');
}

/** `against R-0001: aws_x.y timeout in prod`. */
export function violationTitle({ rule, address, path, workspace }: SheetViolation): string {
  return `against ${rule}: ${address} ${path} in ${workspace}`;
}

/** What a rule demands, what stands there, and where the rule is written. */
export function violationLines({ title, because, severity, counts, origin }: SheetViolation): string[] {
  const note = counts ? '' : ' (does not count in the exit code)';
  return [title, because, `severity: ${severity}${note}`, `rule: ${origin}`];
}

/** A violation in one text of at most 900 characters. */
export function violationText(violation: SheetViolation): string {
  return cut([violationTitle(violation), ...violationLines(violation)].join('\n'), LONGEST_TEXT);
}
