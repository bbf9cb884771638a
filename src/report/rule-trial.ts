import type { NotAssessed, Rule } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import { placeText } from './rule-draft.ts';
import { ruleDocument } from './rules.ts';
import { count } from './text/plural.ts';
import { visible, visibleJson } from './text/visible.ts';

interface Hit {
  readonly index: number;
  readonly address: string;
  readonly workspace: string;
  readonly scan: number | null;
  readonly places: readonly { readonly path: string; readonly value: Value; readonly because: string }[];
}

export interface TrialsReport {
  readonly tried: readonly {
    readonly rule: Rule;
    readonly trial: {
      readonly looked: number;
      readonly caught: readonly Hit[];
      readonly falseAlarms: readonly Hit[];
      readonly notAssessed: readonly { readonly index: number; readonly reason: NotAssessed }[];
      readonly original: { readonly index: number; readonly caught: boolean; readonly scan: number | null } | null;
    };
  }[];
  readonly entries: number;
  readonly shown: string;
}

const SHOWN = 10;

/** What each rule would have said in the history of the ledger. */
export function trialsTerminal({ tried, entries, shown }: TrialsReport): string {
  const lines = tried.flatMap(({ rule, trial }) => {
    const { looked, caught, falseAlarms, notAssessed, original } = trial;
    return [
      `${rule.terms.id}  ${rule.terms.title}`,
      `  looked       ${count(looked, 'drift or end of one', 'drifts and ends of drifts')} that it applies to`,
      ...originalLines(original),
      `  caught       ${count(caught.length, 'drift')}`,
      ...hitLines(caught),
      `  false alarms ${falseAlarms.length} (declared values, and values that agreed again)`,
      ...hitLines(falseAlarms),
      ...(notAssessed.length === 0
        ? []
        : [`  not assessed ${notAssessed.map(({ index, reason }) => `#${index} ${reason}`).join(', ')}`]),
    ];
  });
  const sum = `driftbom: ${count(tried.length, 'rule')} held against ${count(entries, 'entry', 'entries')} (${shown})`;
  return `${[...lines, sum].map(visible).join('\n')}\n`;
}

function originalLines(original: TrialsReport['tried'][number]['trial']['original']): string[] {
  if (original === null) return [];
  const { index, caught, scan } = original;
  const at = scan === null ? '' : `, by scan #${scan}, the first to see it`;
  return [`  original     entry #${index}: ${caught ? `caught${at}` : 'NOT caught'}`];
}

function hitLines(hits: readonly Hit[]): string[] {
  const lines = hits.slice(0, SHOWN).map(({ index, address, workspace, scan, places }) => {
    const at = scan === null ? '' : ` in scan #${scan}`;
    const why = places.map(placeText).join('; ');
    return `               #${index} ${address} [${workspace}]${at}: ${why}`;
  });
  return hits.length > SHOWN ? [...lines, `               … and ${hits.length - SHOWN} more`] : lines;
}

/** The same as JSON: `driftbom.rule-trial/v1`. */
export function trialsJson({ tried, entries, shown }: TrialsReport): string {
  const document = {
    schema: 'driftbom.rule-trial/v1',
    ...{ ledger: shown, entries },
    rules: tried.map(({ rule, trial }) => ({ rule: ruleDocument(rule), ...trial })),
  };
  return `${visibleJson(JSON.stringify(document, undefined, 2))}\n`;
}
