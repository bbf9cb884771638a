import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSecretText } from '../../src/resources/secret-text.ts';
import { type Defaults, readChange } from '../../src/record/change.ts';
import { faultsError } from '../../src/record/fault.ts';
import { jsonRows, type Row, tableRows } from '../../src/record/rows.ts';
import { readValue } from '../../src/record/value.ts';

const DEFAULTS: Defaults = {
  ...{ by: undefined, workspace: 'default', reason: null, sensitive: false, now: '2026-03-14T03:00:00.000Z' },
};
const GOOD = { key: 'app/x', new: 50, by: 'github:ops' };

function faultsOf(fields: object, defaults = DEFAULTS): readonly string[] {
  const row: Row = { line: 1, fields: new Map(Object.entries(fields)) };
  const read = readChange(row, defaults);
  return 'faults' in read ? read.faults : [];
}

describe('a value on the command line', () => {
  it.each([
    ['50', 50],
    ['-1.5e3', -1500],
    ['true', true],
    ['null', null],
    ['"50"', '50'],
    ['{"max": 10, "names": ["a"]}', { max: 10, names: ['a'] }],
    ['on', 'on'],
    ['"half', '"half'],
    ['{broken', '{broken'],
    ['', ''],
    [' spaced text ', ' spaced text '],
    ['007', '007'],
    ['12345678901234567890', '12345678901234567890'],
    ['[12345678901234567890]', ['12345678901234567890']],
    ['1e999', '1e999'],
  ])('%j is %j', (text, value) => expect(readValue(text)).toEqual(value));

  it('comes back from its JSON', () => {
    const value = fc.jsonValue({ maxDepth: 3 }).filter((one) => !/\d{16}|\de/i.test(JSON.stringify(one)));
    fc.assert(
      fc.property(value, (one) => {
        expect(readValue(JSON.stringify(one))).toEqual(JSON.parse(JSON.stringify(one)));
      }),
    );
  });
});

describe('a file of changes', () => {
  it('has one JSON object a line; empty lines are passed over and counted', () => {
    const { rows, faults } = jsonRows(
      '{"key":"a","new":1}\r\n\n  {"key":"b","new":{"big":12345678901234567890}}\nnope\n[1]\n',
    );
    expect(rows.map((row) => [row.line, row.fields.get('key')])).toEqual([
      [1, 'a'],
      [3, 'b'],
    ]);
    expect(rows[1]?.fields.get('new')).toEqual({ big: '12345678901234567890' });
    expect(faults.map((fault) => fault.line)).toEqual([4, 5]);
  });

  it('refuses a line that names a key twice: nobody can tell which of the two was meant', () => {
    const { rows, faults } = jsonRows(
      '{"key":"a","new":1,"key":"b"}\n{"key":"a","new":{"x":1,"\\u0078":2}}\n{"key":"a","new":[{"key":1},{"key":2}]}',
    );
    expect(faults).toEqual([
      { line: 1, message: 'a JSON object names the key "key" twice' },
      { line: 2, message: 'a JSON object names the key "x" twice' },
    ]);
    expect(rows.map(({ line }) => line)).toEqual([3]);
  });

  it('or is a table, whose first row names the fields and whose empty cells say nothing', () => {
    const { rows, faults } = tableRows('key,old,new,reason\na,,50,"x, ""y""\nz"\nb,true,null,\nc,1,2,3,4\n');
    expect(rows.map(({ line, fields }) => [line, Object.fromEntries(fields)])).toEqual([
      [2, { key: 'a', new: 50, reason: 'x, "y"\nz' }],
      [4, { key: 'b', old: true, new: null }],
    ]);
    expect(faults).toEqual([{ line: 5, message: '5 cells under 4 names' }]);
  });

  it('is refused as a table with a quote that never ends, or a field twice', () => {
    expect(tableRows('key,new\na,"x\n').faults).toMatchObject([{ line: 2 }]);
    expect(tableRows('key,key\na,b\n').faults[0]?.message).toContain('stands twice');
  });

  it('never throws, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const { rows, faults } of [jsonRows(text), tableRows(text)]) {
          for (const row of rows) readChange(row, DEFAULTS);
          expect(faults.every((fault) => typeof fault.message === 'string')).toBe(true);
        }
      }),
    );
  });
});

describe('a change that is handed in', () => {
  it('needs a key, a value after, and somebody who made it', () => {
    expect(faultsOf(GOOD)).toEqual([]);
    expect(faultsOf({})).toEqual([
      'key is missing',
      'by is missing: who made the change',
      'new is missing: the value after (null where there is none)',
    ]);
  });

  it('takes what it does not say from the defaults', () => {
    const row = { line: 1, fields: new Map(Object.entries({ key: 'a', new: null })) };
    expect(readChange(row, { ...DEFAULTS, by: 'lee', reason: 'r', workspace: 'prod', sensitive: true })).toEqual({
      change: {
        ...{
          key: 'a',
          workspace: 'prod',
          old: undefined,
          new: null,
          reason: 'r',
          by: 'lee',
          at: null,
          sensitive: true,
        },
      },
    });
  });

  it.each([
    [{ ...GOOD, kei: 1 }, /no field is named "kei"/],
    [{ ...GOOD, key: 7 }, /key is no text/],
    [{ ...GOOD, key: ' x' }, /begins or ends with a space/],
    [{ ...GOOD, key: 'a\u001b[2J' }, /control character/],
    [{ ...GOOD, key: 'x'.repeat(501) }, /longer than 500/],
    [{ ...GOOD, old: 50 }, /same value/],
    [{ ...GOOD, old: { a: [1] }, new: { a: [1] } }, /same value/],
    [{ ...GOOD, at: '2026-03-14' }, /at is no time/],
    [{ ...GOOD, at: '2026-03-14T03:10:00Z' }, /future/],
    [{ ...GOOD, sensitive: 'yes' }, /neither true nor false/],
    [{ ...GOOD, reason: '' }, /reason is empty/],
    [{ ...GOOD, reason: 'set password=hunter22 again' }, /looks as if it holds a secret/],
    [{ ...GOOD, by: 'a\nb' }, /by holds a control character/],
  ])('is refused with its fault: %j', (fields, fault) => {
    const faults = faultsOf(fields);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
    expect(isSecretText(faults[0] as string)).toBe(false);
  });

  it('has its time in UTC', () => {
    const row = { line: 1, fields: new Map(Object.entries({ ...GOOD, at: '2026-03-14T03:00:00+02:00' })) };
    expect(readChange(row, DEFAULTS)).toMatchObject({ change: { at: '2026-03-14T01:00:00.000Z' } });
  });
});

describe('the error for many faults', () => {
  it('lists twenty and counts the rest', () => {
    const faults = Array.from({ length: 25 }, (_, i) => ({ line: i + 1, message: 'bad' }));
    const { code, message } = faultsError('f.ndjson', faults);
    expect(code).toBe('E_RECORD');
    expect(message).toContain('f.ndjson has 25 faults');
    expect(message.split('\n')).toHaveLength(22);
    expect(message).toContain('… and 5 more');
  });
});
