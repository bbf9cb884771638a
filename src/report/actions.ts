import pc from 'picocolors';
import type { ActionStanding } from '../model/action-standing.ts';
import type { Paint } from './text/paint.ts';
import { count } from './text/plural.ts';
import { visible, visibleDeep, visibleJson } from './text/visible.ts';
import { wrap } from './text/width.ts';

export interface ActionsReport {
  readonly actions: readonly ActionStanding[];
  readonly all: number;
  readonly open: number;
  readonly overdue: number;
  readonly now: string;
  readonly shown: string;
}

/** Action items, by incident: what, who, until when, and how each stands. */
export function actionsTerminal(
  report: ActionsReport,
  { colour, width }: { readonly colour: boolean; readonly width: number },
): string {
  const paint = pc.createColors(colour);
  const lines: string[] = [];
  let before: string | undefined;
  for (const one of visibleDeep(report.actions)) {
    const { id, title, severity } = one.incident;
    if (id !== before) {
      if (before !== undefined) lines.push('');
      lines.push(`${paint.bold(id)} ${title} ${paint.dim(severity ?? 'no severity')}`);
    }
    before = id;
    lines.push(...actionLines(one, paint, Math.max(40, width)));
  }
  const { all, open, overdue, actions, shown } = report;
  const hidden = all === actions.length ? '' : `, ${all - actions.length} not shown`;
  const sum = `${count(all, 'action')}, ${open} open, ${overdue} overdue${hidden} (${visible(shown)})`;
  if (lines.length > 0) lines.push('');
  lines.push(paint.bold((overdue > 0 ? paint.red : String)(`driftbom: ${sum}`)));
  return `${lines.join('\n')}\n`;
}

function actionLines({ action, state, overdue, because }: ActionStanding, paint: Paint, width: number): string[] {
  const word = overdue ? 'OVERDUE' : state;
  const tone = overdue ? paint.red : state === 'open' ? paint.yellow : paint.green;
  const [first = '', ...rest] = wrap(action.text, width - 18);
  const facts = [
    action.category,
    `owner ${action.owner ?? 'nobody'}`,
    action.due === null ? 'no due day' : `due ${action.due}`,
    ...(action.ticket === null ? [] : [action.ticket]),
    ...(action.rule === null ? [] : [`rule ${action.rule}`]),
    `entry ${action.said.index}`,
  ];
  return [
    `  ${tone(word.padEnd(8))} ${paint.bold(action.id.padEnd(4))} ${first}`,
    ...rest.map((line) => `                ${line}`),
    ...wrap(facts.join(' · '), width - 16).map((line) => paint.dim(`                ${line}`)),
    ...(action.doneWhen === null
      ? []
      : wrap(`done when: ${action.doneWhen}`, width - 16).map((line) => `                ${line}`)),
    ...(because === null
      ? []
      : wrap(`${state}: ${because}`, width - 16).map((line) => `                ${tone(line)}`)),
  ];
}

/** The same as JSON: `driftbom.actions/v1`. */
export function actionsJson({ actions, now, shown, all, open, overdue }: ActionsReport): string {
  const document = {
    schema: 'driftbom.actions/v1',
    ...{ ledger: shown, now, counts: { all, open, overdue } },
    actions: actions.map(({ incident, action, state, overdue, because, rule }) => {
      const { said, state: stated, rule: _rule, ...rest } = action;
      return {
        incident,
        ...rest,
        state,
        stated,
        overdue,
        because,
        rule,
        entry: { index: said.index, digest: said.digest },
      };
    }),
  };
  return `${visibleJson(JSON.stringify(document, undefined, 2))}\n`;
}
