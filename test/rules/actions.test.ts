import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KnownRule } from '../../src/model/action-standing.ts';
import type { ScanEntry } from '../../src/model/history.ts';
import type { ActionItem, IncidentRecord } from '../../src/model/incident-record.ts';
import type { RuleJudgement } from '../../src/model/rule.ts';
import { actionStandings } from '../../src/rules/actions.ts';
import { rulesOfConfig } from '../../src/rules/written.ts';
import { scanOf } from '../support/ledger-world.ts';

const said = { index: 5, digest: 'd', by: 'kim', at: '2026-01-01T00:00:00Z' };

function record(more: Partial<ActionItem> = {}): IncidentRecord {
  const action = {
    ...{ id: 'A1', category: 'prevention', text: 't', owner: 'lee', due: '2026-02-01', doneWhen: null, rule: 'r' },
    ...{ ticket: null, state: 'open', stateText: null, said, ...more },
  };
  return { id: 'INC-0001', title: 'x', severity: 'sev1', opened: said, actions: [action] } as unknown as IncidentRecord;
}

const [rule] = rulesOfConfig([{ id: 'r', kind: 'tag', title: 't', severity: 'high', tag: 'Owner' }]);
const known = (added = 6, retired: KnownRule['retired'] = null): KnownRule => ({
  rule: { ...(rule as KnownRule['rule']), origin: { source: 'ledger', index: added, entry: 'e' } },
  retired,
});

type Met = 'green' | 'violated' | 'open' | 'nothing' | 'other' | 'silent';

function scan(index: number, met: Met, workspace = 'default'): ScanEntry {
  const place = { workspace, address: 'a', type: 't', path: 'p', value: null, sensitive: false, because: 'b' };
  const judged = {
    ...{ id: 'r', title: 't', kind: 'tag', severity: 'high', origin: { source: 'config' } },
    digest: met === 'other' ? 'other' : known().rule.digest,
    checked: met === 'nothing' || met === 'open' ? 0 : 2,
    violations: met === 'violated' ? [place] : [],
    notAssessed: met === 'open' ? [{ reason: 'unread', count: 1, first: place }] : [],
  } as RuleJudgement;
  const rules = { size: 0, standing: [], unreadable: [], judged: [judged] };
  const facts = scanOf(['a'], [], { workspace, ...(met === 'silent' ? {} : { rules }) });
  return { index, digest: `${index}`, kind: 'scan', statement: { predicate: { scan: facts } } } as unknown as ScanEntry;
}

const NOW = '2026-01-20T00:00:00Z';
const standing = (scans: readonly ScanEntry[], rules = [known()], now = NOW, more = {}) =>
  actionStandings([record(more)], scans, rules, now)[0];
const run = (...met: Met[]) => standing(met.map((one, i) => scan(10 + i, one)));

describe('an action with a rule', () => {
  it('closes after three green scans in a row, and says which', () => {
    expect(run('green', 'green')).toMatchObject({ state: 'open', because: 'r green in scans #10, #11: 2 of 3' });
    expect(run('green', 'green', 'green')).toMatchObject({
      state: 'closed',
      because: 'r green in scans #10, #11, #12',
    });
    expect(run('green', 'green', 'violated', 'green')).toMatchObject({
      state: 'open',
      because: 'r green in scan #13: 1 of 3',
    });
    expect(run('violated')).toMatchObject({ because: 'r violated in scan #10' });
    expect(run('green', 'green', 'open')).toMatchObject({ because: 'r not assessed in full in scan #12' });
    expect(run()).toMatchObject({ because: 'no scan has looked at r yet' });
  });

  it('takes nothing from scans that say nothing of it: no rule asked, nothing met, other terms', () => {
    expect(run('green', 'nothing', 'silent', 'other', 'green', 'green')?.state).toBe('closed');
    expect(run('nothing', 'nothing', 'nothing')?.state).toBe('open');
  });

  it('counts only scans after the rule was added and the incident opened', () => {
    const scans = [3, 7, 8, 9].map((index) => scan(index, 'green'));
    expect(standing(scans, [known(7)])).toMatchObject({ state: 'open', rule: { green: [8, 9] } });
    expect(standing(scans, [known(1)])).toMatchObject({ state: 'closed', rule: { green: [7, 8, 9] } });
  });

  it('stays open while a workspace that was not scanned again holds a violation', () => {
    const first = [scan(10, 'violated', 'b'), ...[11, 12, 13].map((index) => scan(index, 'green', 'a'))];
    expect(standing(first)).toMatchObject({ state: 'open', because: 'r violated in scan #13' });
    const after = [...first, ...[14, 15, 16].map((index) => scan(index, 'green', 'b'))];
    expect(standing(after)).toMatchObject({ state: 'closed', rule: { green: [14, 15, 16] } });
  });

  it('stays closed where the rule is violated later, and says so; a retired rule closes nothing', () => {
    expect(run('green', 'green', 'green', 'violated')).toMatchObject({
      state: 'closed',
      because: 'r green in scans #10, #11, #12; violated again in scan #13',
    });
    const retired = { index: 12, by: 'kim', at: NOW, reason: null };
    const scans = [10, 11, 13].map((index) => scan(index, 'green'));
    expect(standing(scans, [known(6, retired)])).toMatchObject({
      state: 'open',
      because: expect.stringContaining('#12'),
    });
    expect(standing(scans, [])).toMatchObject({ state: 'open', because: 'there is no rule r' });
  });

  it('is closed exactly where somewhere three telling scans in a row were green', () => {
    const met = fc.constantFrom<Met>('green', 'violated', 'open', 'nothing', 'silent');
    fc.assert(
      fc.property(fc.array(met, { maxLength: 12 }), (list) => {
        const telling = list.filter((one) => one !== 'nothing' && one !== 'silent').map((one) => one[0]);
        expect(run(...list)?.state).toBe(telling.join('').includes('ggg') ? 'closed' : 'open');
      }),
    );
  });
});

describe('a due day', () => {
  it('is over when the day is over in UTC, for what is open alone', () => {
    const at = (now: string, more = {}) => standing([], [], now, { rule: null, ...more })?.overdue;
    expect(at('2026-02-01T23:59:59.999Z')).toBe(false);
    expect(at('2026-02-02T00:00:00.000Z')).toBe(true);
    expect(at('2026-02-02T00:30:00+01:00')).toBe(false);
    for (const state of ['done', 'dropped']) expect(at('2027-01-01T00:00:00Z', { state })).toBe(false);
    expect(at('2027-01-01T00:00:00Z', { due: null })).toBe(false);
    const green = [10, 11, 12].map((index) => scan(index, 'green'));
    expect(standing(green, [known()], '2027-01-01T00:00:00Z')).toMatchObject({ state: 'closed', overdue: false });
  });
});
