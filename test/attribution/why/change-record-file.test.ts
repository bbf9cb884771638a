import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChangeRecords } from '../../../src/attribution/why/change-record-file.ts';
import { parseCsv } from '../../../src/model/csv.ts';

describe('a file of change records', () => {
  it('is CSV in any order of columns, with quoted cells over several lines', () => {
    const text = [
      '\ufeffReason,id,from,to,resources,approver,approved\r',
      '"Failover, planned\nsecond line ""now""",CHG-1,2026-03-14T02:00:00Z,2026-03-14T04:00:00+01:00,aws_instance.a["x y"]; i-1 i-2,carol,2026-03-13T17:00:00+01:00\r',
      '',
      'Patch,CHG-2,2026-03-14 02:00,2026-03-15,,,',
    ].join('\n');
    expect(parseChangeRecords(text, 'c.csv')).toEqual([
      {
        id: 'CHG-1',
        from: '2026-03-14T02:00:00Z',
        to: '2026-03-14T03:00:00Z',
        resources: ['aws_instance.a["x y"]', 'i-1', 'i-2'],
        reason: 'Failover, planned\nsecond line "now"',
        approver: 'carol',
        approvedAt: '2026-03-13T16:00:00Z',
        place: 'c.csv:2',
      },
      {
        id: 'CHG-2',
        from: '2026-03-14T02:00:00Z',
        to: '2026-03-15T23:59:59Z',
        resources: [],
        reason: 'Patch',
        approver: null,
        approvedAt: null,
        place: 'c.csv:5',
      },
    ]);
  });

  it('is one JSON object a line', () => {
    const text =
      '{"id":7,"from":"2026-03-14","to":"2026-03-14","reason":"r","resources":["a","b c"],"team":"x"}\n\n' +
      '{"id":"8","from":"2026-03-14","to":"2026-03-14","reason":"r","resources":"a b","approver":null}\n';
    expect(parseChangeRecords(text, 'c').map(({ id, resources, place }) => [id, resources, place])).toEqual([
      ['7', ['a', 'b c'], 'c:1'],
      ['8', ['a', 'b'], 'c:3'],
    ]);
  });

  it('is empty where nothing stands in it', () => {
    for (const text of ['', '\n', 'id,from,to,reason\n']) expect(parseChangeRecords(text, 'c')).toEqual([]);
  });

  it('is refused as a whole, with every fault and its line', () => {
    const text = [
      'id,from,to,reason',
      ',2026-02-31,2026-03-14,r',
      'A,2026-03-14,2026-03-13,r,extra',
      'B,soon,2026-03-14,',
    ].join('\n');
    let thrown: unknown;
    try {
      parseChangeRecords(text, 'c.csv');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'E_REASONS' });
    const { message } = thrown as Error;
    for (const fault of [
      'c.csv has 6 fault(s)',
      'c.csv:2: id is missing',
      'c.csv:2: from is no time: "2026-02-31"',
      'c.csv:3: 5 cells, but the header has 4',
      'c.csv:3: it ends before it begins',
      'c.csv:4: from is no time: "soon"',
      'c.csv:4: reason is missing',
    ]) {
      expect(message).toContain(fault);
    }
  });

  it.each([
    [
      '{"id":1}\nnot json\n[]\n',
      ['c:1: from is missing', 'c:2: the line is no JSON', 'c:3: the line is no JSON object'],
    ],
    ['id,to\n', ['no column "from"', 'no column "reason"']],
    ['id,from,to,reason\n1,2026-03-14,2026-03-14,"open\n', ['c:2: a quote begins here and never ends']],
    ['{"id":1,"from":"2026-03-14","to":"2026-03-14","reason":"r","resources":[1]}', ['c:1: resources is neither']],
    ['{"id":1,"from":"2026-03-14","to":"2026-03-14","reason":"r","approver":3}', ['c:1: approver is no text']],
    ['{"__proto__":{"id":"x"},"from":"2026-03-14","to":"2026-03-14","reason":"r"}', ['c:1: id is missing']],
  ])('is refused: %s', (text, faults) => {
    for (const fault of faults) expect(() => parseChangeRecords(text, 'c')).toThrow(fault);
  });

  it('lists twenty faults and counts the rest', () => {
    const text = `${'x\n'.repeat(30)}`;
    expect(() => parseChangeRecords(`{}\n${text}`, 'c')).toThrow('and 14 more');
  });
});

describe('comma-separated values', () => {
  it('come back as they were written, with the line of each row', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', 'ü') });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 })), (rows) => {
        const text = rows.map((row) => `${row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')}\n`).join('');
        const { rows: read, unclosed } = parseCsv(text);
        expect(unclosed).toBeNull();
        expect(read.map((row) => row.cells)).toEqual(rows);
        let line = 1;
        rows.forEach((row, i) => {
          expect(read[i]?.line).toBe(line);
          line += row.join('').split('\n').length;
        });
      }),
    );
  });
});
