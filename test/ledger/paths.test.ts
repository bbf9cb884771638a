import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/ledger/format-error.ts';
import { bundleKey, payloadKey, tileKey, tileNumber } from '../../src/ledger/paths.ts';
import { formatBundle, parseBundle } from '../../src/ledger/tiles.ts';

describe('names of tiles (C2SP tlog-tiles)', () => {
  it('group the number in threes, as the specification shows', () => {
    expect(tileNumber(1234067)).toBe('x001/x234/067');
    expect(tileNumber(0)).toBe('000');
    expect(tileNumber(999)).toBe('999');
    expect(tileNumber(1000)).toBe('x001/000');
  });

  it('tell full from partial tiles, and payload files have no partial form', () => {
    expect(tileKey(0, 5, 256)).toBe('tile/0/005');
    expect(tileKey(1, 0, 3)).toBe('tile/1/000.p/3');
    expect(bundleKey(1000, 12)).toBe('tile/entries/x001/000.p/12');
    expect(payloadKey(1000)).toBe('dsse/x001/000.intoto.jsonl');
  });
});

describe('entry bundles', () => {
  it('read back', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 20 }), (leaves) => {
        const read = parseBundle(formatBundle(leaves), leaves.length);
        expect(read.map((leaf) => Buffer.from(leaf).toString('hex'))).toEqual(
          leaves.map((leaf) => Buffer.from(leaf).toString('hex')),
        );
      }),
    );
  });

  it('refuse a leaf of more than 65,535 bytes and take one of exactly that', () => {
    expect(() => formatBundle([Buffer.alloc(65536)])).toThrow(expect.objectContaining({ code: 'E_ENTRY_TOO_LARGE' }));
    expect(parseBundle(formatBundle([Buffer.alloc(65535)]), 1)).toHaveLength(1);
  });

  it('cut off, or with a leaf too many, are malformed', () => {
    const bytes = formatBundle([Buffer.from('one'), Buffer.from('two')]);
    expect(() => parseBundle(bytes.subarray(0, -1), 2)).toThrow(FormatError);
    expect(() => parseBundle(bytes.subarray(0, 1), 1)).toThrow(FormatError);
    expect(() => parseBundle(bytes, 1)).toThrow(FormatError);
  });
});
