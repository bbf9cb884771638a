import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DriftbomError } from '../../src/model/error.ts';
import type { Value } from '../../src/model/value.ts';
import { UNKNOWN } from '../../src/model/value.ts';
import { losslessNumber, parseJson, stringifyJson } from '../../src/terraform/json.ts';

const parse = (text: string | Uint8Array): Value => parseJson(text, 'x.json', 'E_STATE_FORMAT');

function faultOf(text: string | Uint8Array): DriftbomError {
  try {
    parse(text);
  } catch (thrown) {
    if (thrown instanceof DriftbomError) return thrown;
    throw thrown;
  }
  throw new Error('no error was thrown');
}

describe('parseJson', () => {
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(JSON.stringify(parse(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('refuses exactly the texts that JSON.parse refuses', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"a"',
      ':',
      ',',
      '1',
      '-',
      '01',
      '1.',
      'true',
      'nul',
      '"\\x"',
      '\t',
      '\u0001',
      '"\n"',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (valid) expect(() => parse(text)).not.toThrow();
        else expect(faultOf(text).code).toBe('E_STATE_FORMAT');
      }),
      { numRuns: 500 },
    );
  });

  it('keeps every digit of a number that a double would change', () => {
    expect(parse('[12345678901234567890, 9007199254740993, 1e400, 0.1234567890123456789]')).toEqual([
      '12345678901234567890',
      '9007199254740993',
      '1e400',
      '0.1234567890123456789',
    ]);
    expect(parse('[9007199254740992, 0.1, 1e3, -0, 1.50, 100000000000000000000]')).toEqual([
      9007199254740992, 0.1, 1000, 0, 1.5, 100000000000000000000,
    ]);
  });

  it('gives a number for every double that JavaScript writes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(losslessNumber(String(number).replace('+', ''))).toBe(number === 0 ? 0 : number);
      }),
    );
  });

  it('takes UTF-8 and UTF-16 of either byte order, with or without a mark', () => {
    const text = '{"a":"é"}';
    const little = Buffer.from(text, 'utf16le');
    const big = Buffer.from(little).swap16();
    const marked = (mark: number[], body: Uint8Array): Uint8Array => Buffer.concat([Buffer.from(mark), body]);
    const forms = [
      Buffer.from(text),
      marked([0xef, 0xbb, 0xbf], Buffer.from(text)),
      little,
      big,
      marked([0xff, 0xfe], little),
      marked([0xfe, 0xff], big),
    ];
    for (const form of forms) expect(parse(form)).toEqual({ a: 'é' });
  });

  it('refuses bytes that are no text', () => {
    expect(faultOf(new Uint8Array([0x7b, 0x22, 0xff, 0x22])).message).toContain('neither UTF-8 nor UTF-16');
  });

  it('keeps __proto__ and constructor as plain keys', () => {
    const value = parse('{"__proto__": {"polluted": true}, "constructor": 1}') as { [key: string]: Value };
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('refuses nesting that would overflow the stack, of any length', () => {
    for (const open of ['[', '{"a":']) {
      expect(faultOf(open.repeat(200_000)).message).toContain('levels deep');
    }
  });

  it('names the file, line and column of a fault, and says when the text is cut off', () => {
    expect(faultOf('{\n  "a": 1,\n  "b": x\n}').message).toMatch(/^x\.json:3:8: not valid JSON/);
    expect(faultOf('{"a": [1, 2').message).toContain('is it cut off?');
    expect(faultOf('').message).toMatch(/^x\.json:1:1:/);
    expect(faultOf('{} {}').message).toContain('after the end');
  });

  it('never quotes the text in an error', () => {
    expect(faultOf('{"password": "hunter2" "x"}').message).not.toContain('hunter2');
  });
});

describe('stringifyJson', () => {
  it('writes what parseJson reads back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const parsed = parse(JSON.stringify(value));
        expect(parse(stringifyJson(parsed, 2))).toEqual(parsed);
      }),
    );
  });

  it('refuses an unknown value at any depth', () => {
    expect(() => stringifyJson({ a: [UNKNOWN] })).toThrow(TypeError);
  });
});
