import pc from 'picocolors';
import { count } from './text/plural.ts';
import { visible } from './text/visible.ts';
import { wrap } from './text/width.ts';

/** What an exported proof showed, as the terminal shows it. */
export interface ProofReport {
  readonly ok: boolean;
  readonly form: 'sigstore-bundle' | 'tlog-proof';
  readonly place: string;
  readonly index: number | undefined;
  readonly origin: string | undefined;
  readonly size: number | undefined;
  readonly root: string | undefined;
  readonly kind: string | undefined;
  readonly digest: string | undefined;
  readonly trustedKeys: 'given' | 'policy' | 'own' | 'ledger';
  readonly failures: readonly { readonly code: string; readonly message: string }[];
  readonly notChecked: readonly string[];
}

const FORMS = { 'sigstore-bundle': 'Sigstore bundle', 'tlog-proof': 'tlog-proof' } as const;

/** The answer of `driftbom verify --bundle`; its last line can be grepped. */
export function proofTerminal(report: ProofReport, options: { colour: boolean; width: number }): string {
  const paint = pc.createColors(options.colour);
  const entry = report.kind === undefined ? 'entry' : `${report.kind} entry`;
  const lines = [
    paint.dim(`proof   ${FORMS[report.form]} in ${visible(report.place)}`),
    paint.dim(
      `log     ${visible(report.origin ?? '(unreadable)')}, ${count(report.size ?? 0, 'entry', 'entries')}, root ${report.root ?? '(none)'}`,
    ),
    paint.dim(
      `entry   ${report.index ?? '(unreadable)'}${report.digest === undefined ? '' : `, statement ${report.digest}`}`,
    ),
    ...(report.trustedKeys === 'given' || report.trustedKeys === 'policy'
      ? []
      : [paint.dim('keys: those of the ledger at hand; give --key and --trusted-root from elsewhere to be sure')]),
  ];
  for (const { code, message } of report.failures) {
    lines.push(`${paint.red('✗')} ${paint.bold(code)}`);
    lines.push(...wrap(visible(message), options.width - 4).map((line) => `    ${line}`));
  }
  for (const text of report.notChecked)
    lines.push(...wrap(`not checked: ${text}`, options.width - 2).map((line) => paint.dim(`  ${line}`)));
  lines.push(
    '',
    report.ok
      ? paint.bold(paint.green(`driftbom: VERIFIED ${entry} ${report.index}`))
      : paint.bold(paint.red(`driftbom: NOT VERIFIED ${count(report.failures.length, 'failure')}`)),
  );
  return `${lines.join('\n')}\n`;
}
