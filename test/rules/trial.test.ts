import { describe, expect, it } from 'vitest';
import type { ChangeEntry } from '../../src/model/history.ts';
import type { Rule } from '../../src/model/rule.ts';
import { tryRule, type Witness } from '../../src/rules/trial.ts';
import { ruleOf, readWritten } from '../../src/rules/written.ts';

function rule(from: string | null = 'd1'): Rule {
  const read = readWritten({ id: 'r', kind: 'range', title: 't', address: 'x.*', path: 'size', min: 900, max: 1100 });
  if ('faults' in read) throw new Error(read.faults.join('; '));
  const birth = from === null ? null : { incident: 'INC-0001', entry: from, action: null };
  return ruleOf(read.rule, { origin: { source: 'config' }, from: birth, reason: null });
}

function witness(index: number, kind: 'drift' | 'resolved', before: unknown, after: unknown, address = 'x.a'): Witness {
  const resource = { address, type: 'x', workspace: 'w' };
  const entry = { index, digest: `d${index}`, kind, statement: { predicate: { change: { kind, resource } } } };
  const subject = (size: unknown) => ({ type: 'x', value: { size: size as number }, taggable: false });
  return { entry: entry as unknown as ChangeEntry, before: subject(before), after: subject(after), scan: index + 1 };
}

describe('a rule over the history of a ledger', () => {
  it('has caught the original at the scan that saw it first, and counts what else it would have caught', () => {
    const history = [witness(1, 'drift', 1000, 50), witness(3, 'resolved', 50, 1000), witness(5, 'drift', 1000, 2000)];
    expect(tryRule(rule(), history)).toMatchObject({
      looked: 3,
      original: { index: 1, caught: true, scan: 2 },
      caught: [
        { index: 1, places: [{ because: '50 is below 900' }] },
        { index: 5, places: [{ because: '2000 is above 1100' }] },
      ],
      falseAlarms: [],
    });
  });

  it('counts false alarms: what was declared, and what agreed again', () => {
    const history = [witness(1, 'drift', 2000, 1000), witness(3, 'resolved', 1000, 2000)];
    expect(tryRule(rule(), history)).toMatchObject({
      falseAlarms: [{ index: 1 }, { index: 3 }],
      caught: [],
      original: { caught: false },
    });
  });

  it('looks at nothing that it does not apply to, and never takes a secret for clean', () => {
    const mask = `hmac-sha256:k1:${'3'.repeat(64)}`;
    const history = [witness(1, 'drift', 1000, 50, 'y.a'), witness(2, 'drift', 1000, mask)];
    expect(tryRule(rule(null), history)).toMatchObject({
      looked: 1,
      caught: [],
      notAssessed: [{ index: 2, reason: 'secret' }],
      original: null,
    });
  });
});
