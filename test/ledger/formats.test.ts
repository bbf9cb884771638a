import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8, fromBase64, toBase64, toHex } from '../../src/ledger/bytes.ts';
import { formatEnvelope, pae, parseEnvelope } from '../../src/ledger/dsse.ts';
import { driftKey } from '../../src/ledger/fingerprint.ts';
import { FormatError } from '../../src/ledger/format-error.ts';
import { formatRedactionKey, parseRedactionKey, redactionKey, redactor } from '../../src/ledger/hmac.ts';
import { canonicalJson } from '../../src/ledger/jcs.ts';
import { toJson } from '../../src/ledger/json-value.ts';
import { formatLeaf, parseLeaf } from '../../src/ledger/leaf.ts';
import { entrySigner, newEntryKey } from '../../src/ledger/signers/local.ts';
import { parseStrictJson } from '../../src/ledger/strict-json.ts';
import { uuidV7 } from '../../src/ledger/uuid.ts';
import { DIAGNOSTICS } from '../../src/ledger/verify/diagnostics.ts';
import { UNKNOWN } from '../../src/model/value.ts';

describe('canonical JSON (RFC 8785)', () => {
  it('writes the example of section 3.2.2 as section 3.2.3 does', () => {
    const input = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
      "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`;
    expect(canonicalJson(JSON.parse(input))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts keys by UTF-16 code units, as section 3.2.3 shows', () => {
    const input = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
      "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`;
    const values = Object.values(JSON.parse(canonicalJson(JSON.parse(input))) as object);
    // JSON.parse keeps the text's order but for the integer-like key, which stands first or second.
    expect(values.filter((value) => value !== 'One')).toEqual([
      'Carriage Return',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
    expect(canonicalJson(JSON.parse(input))).toMatch(/^\{"\\r":"Carriage Return","1":"One","\u0080"/);
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [9007199254740992, '9007199254740992'],
    [295147905179352830000, '295147905179352830000'],
    [1e21, '1e+21'],
    [9.999999999999997e22, '9.999999999999997e+22'],
    [0.000001, '0.000001'],
    [333333333.3333332, '333333333.3333332'],
    [1424953923781206.2, '1424953923781206.2'],
  ])('writes the number %d of appendix B as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([NaN, Infinity, '\ud800', '\udc00x', Symbol('x'), () => 1, 1n])(
    'refuses what JSON cannot hold: %s',
    (value) => {
      expect(() => canonicalJson({ value })).toThrow(FormatError);
    },
  );

  it('gives one text for all orders of keys, and the value back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(toJson(value as never));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(shuffled(JSON.parse(text)))).toBe(text);
      }),
    );
  });

  it('writes an unknown value as a value of its own', () => {
    expect(canonicalJson(toJson({ a: [UNKNOWN] }))).toBe('{"a":[{"$unknown":true}]}');
  });
});

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, one]) => [key, shuffled(one)]),
  );
}

describe('strict JSON', () => {
  it.each([
    '{"a":1,"a":2}',
    String.raw`{"a":1,"\u0061":2}`,
    '{"x":[{"k":{"deep":1,"deep":1}}]}',
    '{"__proto__":1,"__proto__":2}',
  ])('refuses a key that stands twice: %s', (text) => {
    expect(() => parseStrictJson(text)).toThrow(/twice/);
  });

  it.each(['{"a":"\\"a\\":1","b":["a","a"],"c":{"a":1},"d":{"a":1}}', '["a","a"]', '{"a":{},"b":[],"c":"}{"}'])(
    'lets keys of different objects and equal strings be: %s',
    (text) => {
      expect(parseStrictJson(text)).toEqual(JSON.parse(text));
    },
  );

  it('refuses what is no JSON, a byte order mark and endless nesting', () => {
    for (const text of ['', '{', '{"a":1,}', '\ufeff{}', `${'['.repeat(5000)}${']'.repeat(5000)}`]) {
      expect(() => parseStrictJson(text)).toThrow(FormatError);
    }
  });

  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseStrictJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('DSSE', () => {
  it('encodes as the example of the protocol does', () => {
    const encoded = pae('http://example.com/HelloWorld', encodeUtf8('hello world'));
    expect(Buffer.from(encoded).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  it('counts bytes, not characters', () => {
    expect(Buffer.from(pae('t', encodeUtf8('é'))).toString()).toBe('DSSEv1 1 t 2 é');
  });

  const line = formatEnvelope({
    payloadType: 'application/vnd.in-toto+json',
    payload: encodeUtf8('{}'),
    keyId: 'sha256:ab',
    signature: Uint8Array.of(1, 2, 3),
  });

  it('reads back what it writes', () => {
    const envelope = parseEnvelope(line);
    expect(formatEnvelope(envelope)).toBe(line);
    expect(Buffer.from(envelope.payload).toString()).toBe('{}');
  });

  it.each([
    ['white space', line.replace(',', ', ')],
    ['another order', line.replace(/^\{("payload":"[^"]*"),("payloadType":"[^"]*")/, '{$2,$1')],
    ['a further key', line.replace('{', '{"a":1,')],
    ['sloppy base64', line.replace('AQID', 'AQID\\n')],
    ['base64 with spare bits', line.replace('"e30="', '"e31="')],
    ['no signature', line.replace(/"signatures":.*/, '"signatures":[]}')],
    ['two signatures', line.replace(/\[(\{.*\})\]/, '[$1,$1]')],
    ['a key twice', line.replace('{', '{"payload":"",')],
    ['an array', '[]'],
    ['null', 'null'],
  ])('refuses an envelope with %s', (_what, text) => {
    expect(text).not.toBe(line);
    expect(() => parseEnvelope(text)).toThrow(FormatError);
  });
});

describe('the log leaf', () => {
  const leaf = {
    paeSha256: Buffer.alloc(32, 7),
    signature: Buffer.alloc(70, 8),
    publicKey: entrySigner(newEntryKey()).publicKey,
  };

  it('is a hashedrekord 0.0.2 body and reads back', () => {
    const bytes = formatLeaf(leaf);
    expect(JSON.parse(Buffer.from(bytes).toString())).toMatchObject({
      apiVersion: '0.0.2',
      kind: 'hashedrekord',
      spec: { hashedRekordV002: { data: { algorithm: 'SHA2_256', digest: toBase64(leaf.paeSha256) } } },
    });
    const read = parseLeaf(bytes);
    expect(toHex(read.signature)).toBe(toHex(leaf.signature));
    expect(toHex(read.publicKey)).toBe(toHex(leaf.publicKey));
    expect(bytes.byteLength).toBeLessThan(700);
  });

  it('names the kind of the key as sigstore does, and takes no other kind', () => {
    const ed25519 = { ...leaf, publicKey: entrySigner(newEntryKey('ed25519')).publicKey };
    expect(Buffer.from(formatLeaf(leaf)).toString()).toContain('"keyDetails":"PKIX_ECDSA_P256_SHA_256"');
    expect(Buffer.from(formatLeaf(ed25519)).toString()).toContain('"keyDetails":"PKIX_ED25519"');
    expect(parseLeaf(formatLeaf(ed25519)).publicKey).toEqual(Buffer.from(ed25519.publicKey));
    expect(() => formatLeaf({ ...leaf, publicKey: Buffer.alloc(91, 9) })).toThrow(FormatError);
  });

  it('is refused with any byte altered that does not make another well-formed leaf', () => {
    const bytes = formatLeaf(leaf);
    for (let at = 0; at < bytes.byteLength; at++) {
      const altered = Uint8Array.from(bytes);
      altered[at] = (altered[at] as number) ^ 1;
      let reread: Uint8Array | undefined;
      try {
        reread = formatLeaf(parseLeaf(altered));
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(FormatError);
      }
      if (reread !== undefined) expect(toHex(reread)).toBe(toHex(altered));
    }
  });
});

describe('base64', () => {
  it('reads back any bytes and refuses every second spelling', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(toHex(fromBase64(toBase64(bytes)))).toBe(toHex(bytes));
      }),
    );
    for (const text of ['A', 'AA', 'AA=', 'AB==', 'AA==\n', 'A-__', ' AA==']) {
      expect(() => fromBase64(text)).toThrow(FormatError);
    }
  });
});

describe('masks of secrets', () => {
  const key = redactionKey(Buffer.alloc(32, 5));

  it('are equal for equal values and differ for others and under other keys', () => {
    const redact = redactor(key);
    expect(redact({ b: 1, a: 2 })).toBe(redact({ a: 2, b: 1 }));
    expect(redact('x')).not.toBe(redact('y'));
    expect(redact('1')).not.toBe(redact(1));
    expect(redactor(redactionKey(Buffer.alloc(32, 6)))('x')).not.toBe(redact('x'));
    expect(redact('x')).toMatch(/^hmac-sha256:[0-9a-f]{8}:[0-9a-f]{64}$/);
  });

  it('come from a key file that reads back and is refused when damaged', () => {
    const text = formatRedactionKey(key);
    expect(toHex(parseRedactionKey(text).secret)).toBe(toHex(key.secret));
    expect(() => parseRedactionKey(text.replace('BQU', 'BQQ'))).toThrow(FormatError);
    expect(() => parseRedactionKey('')).toThrow(FormatError);
  });
});

describe('names', () => {
  it('of entries sort by time and carry version 7 and the variant', () => {
    const random = Buffer.alloc(10, 0xff);
    const early = uuidV7(new Date('2026-11-02T03:00:00.000Z'), random);
    const late = uuidV7(new Date('2026-11-02T03:00:00.001Z'), Buffer.alloc(10));
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(late > early).toBe(true);
    expect(Number.parseInt(early.slice(0, 13).replace('-', ''), 16)).toBe(Date.parse('2026-11-02T03:00:00.000Z'));
  });

  it('of resources do not run together', () => {
    expect(driftKey('a', 'b.c')).not.toBe(driftKey('a.b', 'c'));
  });
});

describe('the page on the ledger format', () => {
  it('explains every diagnostic and no other', () => {
    const page = readFileSync(fileURLToPath(new URL('../../docs/ledger-format.md', import.meta.url)), 'utf8');
    const table = page.slice(page.indexOf('## What verify checks'), page.indexOf('## Trust'));
    const named = table
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => [...(line.split('|')[1] as string).matchAll(/`([a-z-]+)`/g)].map((match) => match[1]));
    expect(named.toSorted()).toEqual([...DIAGNOSTICS].sort());
  });
});
