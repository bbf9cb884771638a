import { count } from '../text/plural.ts';
import { visible } from '../text/visible.ts';

/** What making a report again came to. */
export interface ReportCheck {
  readonly file: string;
  /** What does not fit the ledger, whatever the bytes say. */
  readonly faults: readonly string[];
  /** SHA-256 of the file, and of the report made again. */
  readonly digests: { readonly given: string; readonly again: string };
  readonly difference: { readonly line: number; readonly given: string; readonly again: string } | null;
  readonly size: number;
  readonly root: string;
  readonly tool: { readonly made: string; readonly here: string };
  /** What the report was judged by: the reader has to agree with it. */
  readonly rules: readonly string[];
  readonly thresholds: { readonly [name: string]: unknown };
  readonly frameworks: readonly { readonly id: string; readonly own: boolean }[];
  /** The maker's word about his own verification. */
  readonly said: { readonly trustedKeys: string; readonly anchors: number };
}

const SHOWN = 160;

export function holds({ faults, difference }: ReportCheck): boolean {
  return faults.length === 0 && difference === null;
}

/** The check as a terminal shows it. */
export function checkText(check: ReportCheck): string {
  const { digests, difference, tool, size, root, rules, thresholds, frameworks, said } = check;
  const lines = [
    `driftbom: REPORT ${holds(check) ? 'HOLDS' : 'DIFFERS'} ${check.file}`,
    `  sha256 of the file   ${digests.given}`,
    `  sha256 made again    ${digests.again}`,
    `  made from            the first ${count(size, 'entry', 'entries')}, root ${root}`,
    ...check.faults.map((fault) => `  fault                ${fault}`),
    ...(difference === null
      ? []
      : [
          `  first difference     line ${difference.line}`,
          `    in the file        ${difference.given.slice(0, SHOWN)}`,
          `    made again         ${difference.again.slice(0, SHOWN)}`,
        ]),
    ...(tool.made === tool.here
      ? []
      : [`  versions             made by ${tool.made}, checked by ${tool.here}: that alone may differ`]),
    'Judged by, for you to agree with:',
    `  frameworks           ${frameworks.map(({ id, own }) => (own ? `${id} (not the one that comes with driftbom)` : id)).join(', ') || 'none'}`,
    `  own severity rules   ${rules.join(', ') || 'none'}`,
    `  thresholds           ${Object.keys(thresholds).length === 0 ? 'none declared' : JSON.stringify(thresholds)}`,
    `  its maker's word     keys: ${said.trustedKeys}; checkpoints from elsewhere: ${said.anchors}`,
  ];
  return `${lines.map(visible).join('\n')}\n`;
}
