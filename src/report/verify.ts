import pc from 'picocolors';
import { count, grouped } from './text/plural.ts';
import { visible } from './text/visible.ts';
import { wrap } from './text/width.ts';
import { type FailureFacts, failureLines } from './verify-failures.ts';

/** What a verification found, as the terminal shows it. */
export interface VerifyReport extends FailureFacts {
  readonly ok: boolean;
  /** `tree`: the entries themselves were not read. */
  readonly scope: 'all' | 'tree';
  readonly place: string;
  readonly origin: string | undefined;
  readonly size: number;
  readonly root: string | undefined;
  readonly trustedKeys: 'given' | 'policy' | 'own' | 'ledger';
  readonly checked: {
    readonly entries: number;
    readonly erased: number;
    readonly signatures: number;
    readonly documents: number;
    readonly tiles: number;
    readonly checkpoints: number;
  };
  readonly failureCount: number;
  readonly firstBad: number | undefined;
  /** Kept checkpoints that the log continues. */
  readonly continues: readonly { readonly size: number; readonly appended: number }[];
  /** Cosigners of the head, where a policy asks for them. */
  readonly witnessed: { readonly quorum: number; readonly by: readonly string[] } | undefined;
  readonly skipped: readonly string[];
  readonly unaccounted: readonly string[];
}

const KEYS = {
  given: 'keys: those that you gave',
  policy: 'keys: those of the policy that you gave',
  own: 'keys: your own',
  ledger: 'keys: the ledger’s word for itself; give --key FILE from elsewhere to be sure',
} as const;

/** The answer of `driftbom verify`; its last line can be grepped. */
export function verifyTerminal(report: VerifyReport, options: { colour: boolean; width: number }): string {
  const paint = pc.createColors(options.colour);
  const lines = [
    paint.dim(`ledger  ${visible(report.origin ?? '(unreadable)')} in ${visible(report.place)}`),
    paint.dim(`root    ${report.root ?? '(none)'} over ${count(report.size, 'leaf', 'leaves')}`),
    paint.dim(`checked ${checkedOf(report)}`),
    paint.dim(KEYS[report.trustedKeys]),
    ...report.continues.map(({ size, appended }) =>
      paint.dim(
        `since   the checkpoint of ${count(size, 'entry', 'entries')}: ${appended} appended, nothing changed before`,
      ),
    ),
    ...witnessLines(report).map(paint.dim),
  ];
  if (report.failures.length > 0) lines.push('', ...failureLines(report, paint, options.width));
  const remarks = report.skipped.map((text) => `not checked: ${visible(text)}`);
  if (report.unaccounted.length > 0) {
    const files = `${count(report.unaccounted.length, 'file')} in the folder`;
    remarks.push(
      report.ok
        ? `${files} that no entry names: leftovers of a crash, or somebody else’s (listed with --json)`
        : `${files} that no checked entry names (listed with --json)`,
    );
  }
  for (const remark of remarks) lines.push(...wrap(remark, options.width - 2).map((line) => paint.dim(`  ${line}`)));
  const first = report.firstBad === undefined ? '' : `, first bad entry ${report.firstBad}`;
  lines.push(
    '',
    report.ok
      ? paint.bold(paint.green(`driftbom: ${verifiedOf(report)}`))
      : paint.bold(paint.red(`driftbom: NOT VERIFIED ${count(report.failureCount, 'failure')}${first}`)),
  );
  return `${lines.join('\n')}\n`;
}

function checkedOf(report: VerifyReport): string {
  const { scope, size, checked } = report;
  const log = `${count(checked.tiles, 'tile')}, ${count(checked.checkpoints, 'checkpoint')}`;
  if (scope === 'tree') return `${count(size, 'leaf', 'leaves')}, ${log}`;
  const erased = checked.erased > 0 ? `; ${checked.erased} erased, proven to have existed` : '';
  const entries = count(checked.entries, 'entry', 'entries');
  return `${entries}, ${signaturesOf(report)}, ${count(checked.documents, 'document')}, ${log}${erased}`;
}

/** Who greps for the words of a whole verification must not find them over a part of it. */
function verifiedOf({ scope, size }: VerifyReport): string {
  if (scope === 'tree') return `TREE VERIFIED ${count(size, 'leaf', 'leaves')}; no entry was read`;
  return `VERIFIED ${count(size, 'entry', 'entries')}`;
}

/** Every signature, or how many of how many: a sample is never told as the whole. */
function signaturesOf({ checked, size }: VerifyReport): string {
  if (checked.signatures >= size || size === 0) return count(checked.signatures, 'signature');
  return `signatures: ${grouped(checked.signatures)} of ${grouped(size)} checked`;
}

function witnessLines({ witnessed }: VerifyReport): string[] {
  if (witnessed === undefined) return [];
  const names = witnessed.by.length === 0 ? 'none' : witnessed.by.map(visible).join(', ');
  return [`witness ${witnessed.by.length} of at least ${witnessed.quorum}: ${names}`];
}
