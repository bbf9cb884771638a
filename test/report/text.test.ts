import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNKNOWN, type Value } from '../../src/model/value.ts';
import { cutPair, diffLines } from '../../src/report/text/line-diff.ts';
import { between, span, utc } from '../../src/report/text/time.ts';
import { inlineValue, jsonDocument, prettyValue } from '../../src/report/text/value-text.ts';
import { visible, visibleDeep, visibleJson } from '../../src/report/text/visible.ts';
import { cut, displayWidth, padEnd, wrap } from '../../src/report/text/width.ts';
import { mask } from '../support/scan-samples.ts';

const LIMITS = { lines: 1000, columns: 1000 };
const anyText = fc.string({ unit: 'binary' });

describe('visible', () => {
  it('shows escapes, direction marks and hidden characters, and leaves the printable alone', () => {
    expect(visible('\u001b[31mred\u009b0m\u202eevil\u200b\n\t')).toBe(
      '\\u001b[31mred\\u009b0m\\u202eevil\\u200b\\n\\t',
    );
    expect(visible('Zürich 東京 🚀 "x" <b>')).toBe('Zürich 東京 🚀 "x" <b>');
    expect(visible('\u{e0041}\ud800')).toBe('\\u{e0041}\\ud800');
  });

  it('leaves nothing that a terminal could act on, whatever comes in', () => {
    fc.assert(fc.property(anyText, (text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(visible(text))));
  });

  it('reaches every string of a view, in lists and objects', () => {
    expect(visibleDeep({ a: ['\u0007', { b: '\r' }], c: null, d: 1 })).toEqual({
      a: ['\\u0007', { b: '\\r' }],
      c: null,
      d: 1,
    });
  });

  it('changes JSON text without changing what it says', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText), (value) => {
        expect(JSON.parse(visibleJson(JSON.stringify(value, null, 2)))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('widths', () => {
  it('counts wide characters as two columns and marks as none', () => {
    expect([displayWidth('abc'), displayWidth('東京'), displayWidth('🚀'), displayWidth('é')]).toEqual([3, 4, 2, 1]);
    expect(padEnd('東', 4)).toBe('東  ');
  });

  it('says how much it cut, and cuts nothing where the note would be longer', () => {
    expect(cut('x'.repeat(100), 40)).toBe(`${'x'.repeat(18)} … +82 characters`);
    expect(cut('x'.repeat(20), 10)).toBe('x'.repeat(20));
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 23, max: 100 }), (text, length) => {
        expect([...cut(text, length)].length).toBeLessThanOrEqual(length);
      }),
    );
  });

  it('wraps prose without losing a word', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }), (words) => {
        const lines = wrap(words.join(' '), 20);
        expect(lines.join(' ')).toBe(words.join(' '));
        expect(lines.every((line) => line.length <= 20)).toBe(true);
      }),
    );
  });
});

describe('times', () => {
  it('are UTC, and what is no time is shown as recorded', () => {
    expect(utc('2026-03-14T02:03:11.482+01:00')).toBe('2026-03-14 01:03:11 UTC');
    expect(utc('yesterday')).toBe('yesterday');
    expect(between('yesterday', '2026-03-14T00:00:00Z')).toBeUndefined();
  });

  it('give lengths in two units at most', () => {
    expect([span(2122), span(250_000), span(7_500_000), span(277_200_000)]).toEqual([
      '2.1 s',
      '4 m 10 s',
      '2 h 05 m',
      '3 d 05 h',
    ]);
  });
});

describe('value text', () => {
  it('shows a masked leaf by the start of its keyed digest, only where the change is sensitive', () => {
    expect(inlineValue({ a: mask('4') }, true)).toBe('{ a: (sensitive) 44444444 }');
    expect(inlineValue(mask('4'), false)).toBe(`"${mask('4')}"`);
  });

  it('writes equal maps alike, whatever the order of their keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (map) => {
        const turned = Object.fromEntries(Object.entries(map).reverse());
        expect(inlineValue(turned, false)).toBe(inlineValue(map, false));
        expect(prettyValue(turned, false)).toBe(prettyValue(map, false));
      }),
    );
  });

  it('names what is unknown, keeps short lists on a line, and survives depth', () => {
    expect(prettyValue({ a: UNKNOWN, b: ['x', 'y'] }, false)).toBe('{\n  a: (unknown),\n  b: ["x", "y"]\n}');
    expect(inlineValue({ a: { $unknown: true }, b: { $unknown: false } }, false)).toBe(
      '{ a: (unknown), b: { "$unknown": false } }',
    );
    let deep: Value = 1;
    for (let i = 0; i < 5000; i++) deep = [deep];
    expect(inlineValue(deep, false)).toContain('(deeper levels are not shown)');
    expect(prettyValue(deep, false)).toContain('(deeper levels are not shown)');
  });

  it('takes a string for a document only where it holds a JSON object or list', () => {
    expect(jsonDocument(' {"a":1}')).toEqual({ a: 1 });
    expect([jsonDocument('{a}'), jsonDocument('12'), jsonDocument('"x"'), jsonDocument(7)]).toEqual(
      Array(4).fill(undefined),
    );
  });
});

describe('line diff', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 30 });

  it('is empty for equal texts, and else shows removed and added lines of both', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const shown = diffLines(before.join('\n'), after.join('\n'), LIMITS);
        if (before.join() === after.join()) {
          expect(shown).toEqual([]);
          return;
        }
        const count = (sign: string) => shown.filter((line) => line.sign === sign).length;
        expect(count('+') - count('-')).toBe(after.length - before.length);
        expect(count('+') + count('-')).toBeGreaterThan(0);
      }),
    );
  });

  it('accounts for every line of the old text: shown, or counted as unchanged', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const shown = diffLines(before.join('\n'), after.join('\n'), LIMITS);
        if (shown.length === 0) return;
        const hidden = shown.filter((line) => line.sign === '~').map((line) => Number(/\d+/.exec(line.text)?.[0]));
        const kept = shown.filter((line) => line.sign === ' ' || line.sign === '-').length;
        expect(kept + hidden.reduce((sum, n) => sum + n, 0)).toBe(before.length);
      }),
    );
  });

  it('counts the lines that it does not show', () => {
    const shown = diffLines('a', Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n'), {
      lines: 10,
      columns: 80,
    });
    expect(shown).toHaveLength(11);
    expect(shown.at(-1)?.text).toBe('… 41 more lines');
  });

  it('keeps the place where two long lines part in sight', () => {
    const [before, after] = cutPair(`${'x'.repeat(500)}old`, `${'x'.repeat(500)}new`, 80);
    expect(before).toMatch(/^…x+old$/);
    expect(after).toMatch(/^…x+new$/);
  });
});
