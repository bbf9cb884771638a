import pc from 'picocolors';
import type { DriftAttribution, Verdict } from '../model/attribution.ts';
import { answerView } from './answer-view.ts';
import { paintAnswer } from './scan/terminal-drift.ts';
import { count } from './text/plural.ts';
import { visibleDeep, visibleJson } from './text/visible.ts';

/** A later look into the audit log: what was asked, and what was recorded. */
interface LateLookFacts {
  readonly open: number;
  readonly asked: readonly {
    readonly address: string;
    readonly was: Verdict;
    readonly attribution: DriftAttribution;
  }[];
  readonly improved: readonly { readonly address: string; readonly entry: number; readonly correction: number }[];
}

/** For a terminal; the last line says how many answers became better. */
export function attributeTerminal(
  look: LateLookFacts,
  options: { readonly colour: boolean; readonly width: number },
): string {
  const paint = pc.createColors(options.colour);
  const corrections = new Map(look.improved.map((one) => [one.address, one]));
  const lines = look.asked.flatMap(({ address, was, attribution }) => {
    const { answer, shown } = visibleDeep({ answer: answerView(attribution), shown: address });
    const better = corrections.get(address);
    const said =
      better === undefined
        ? paint.dim(`no better answer than ${was}`)
        : `${was} → ${answer.verdict} ${paint.dim(`· entry ${better.entry}, corrected by entry ${better.correction}`)}`;
    const answers = better === undefined ? [] : paintAnswer(answer, paint, options.width, true);
    return [`${paint.bold(shown)}`, `    ${said}`, ...answers, ''];
  });
  const asked = `asked about ${look.asked.length} of ${count(look.open, 'open drift')}`;
  const verdict = `driftbom: ${count(look.improved.length, 'better answer')} recorded, ${asked}`;
  return `${[...lines, verdict].join('\n')}\n`;
}

export function attributeJson(look: LateLookFacts): string {
  return `${visibleJson(JSON.stringify({ schema: 'driftbom.attribute/v1', ...look }, null, 2))}\n`;
}
