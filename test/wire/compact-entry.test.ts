import { describe, expect, it } from 'vitest';
import { renderCompliance } from '../../src/report/compliance/formats.ts';
import { incidentOf } from '../../src/incident/incident.ts';
import { stateGraph } from '../../src/incident/state-graph.ts';
import { COMPLIANCE_FORMATS } from '../../src/report/format-names.ts';
import { whole } from '../../src/report/text/chunks.ts';
import { compactor } from '../../src/wire/compact-entry.ts';
import type { Entry } from '../../src/model/entry.ts';
import { modelOf } from '../support/compliance-model.ts';
import { LEDGERS } from '../support/entry-samples.ts';
import { type Story, TEMPLATES } from '../support/rendered.ts';

const stories = Object.keys(LEDGERS) as Story[];

function compacted(entries: readonly Entry[]): Entry[] {
  const compact = compactor();
  return structuredClone(entries).map(compact);
}

describe('entries in their compact form', () => {
  it.each(stories)('make the same report of "%s", in every format', (story) => {
    const [given, compact] = [modelOf(LEDGERS[story]), modelOf(compacted(LEDGERS[story]))];
    for (const format of COMPLIANCE_FORMATS) {
      expect(whole(renderCompliance(format, compact, TEMPLATES))).toBe(
        whole(renderCompliance(format, given, TEMPLATES)),
      );
    }
  });

  it.each(stories)('rank the changes of "%s" as whole ones do', (story) => {
    const ranked = (entries: readonly Entry[]): unknown => {
      const { ranking, verdict } = incidentOf({ entries, events: [], graph: stateGraph([]), stated: {} });
      return [verdict, ranking.steps, ranking.suspects.map(({ score, candidate }) => [score, candidate.label])];
    };
    expect(ranked(compacted(LEDGERS[story]))).toEqual(ranked(LEDGERS[story]));
  });

  it('share what is equal, and nothing else', () => {
    const story = stories.find((name) => LEDGERS[name].filter(({ kind }) => kind === 'drift').length > 1) as Story;
    const entries = LEDGERS[story].filter(({ kind }) => kind === 'drift');
    const twice = compacted([...entries, ...entries]);
    const whens = twice.map(({ statement }) => ('when' in statement.predicate ? statement.predicate.when : null));
    whens.forEach((when, i) => {
      whens.forEach((other, j) => {
        expect(when === other, `${i} and ${j}`).toBe(JSON.stringify(when) === JSON.stringify(other));
      });
    });
  });
});
