import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestSignatureHolds } from '../../src/ledger/ecdsa.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = publicKey.export({ format: 'der', type: 'spki' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'der', type: 'spki' });
const digestOf = (message: Uint8Array): Uint8Array => createHash('sha256').update(message).digest();
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** DER of r and s, whatever they are. */
function der(r: bigint, s: bigint, pad = 0): Uint8Array {
  const integer = (number: bigint): Buffer => {
    const digits = number.toString(16);
    const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
    const zeros = Buffer.alloc(((bytes[0] as number) >= 0x80 ? 1 : 0) + pad);
    return Buffer.concat([Buffer.of(2, bytes.length + zeros.length), zeros, bytes]);
  };
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

describe('a signature over a digest alone', () => {
  it('holds where node says so over the message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
        const signature = sign('sha256', message, privateKey);
        expect(digestSignatureHolds(spki, digestOf(message), signature)).toBe(true);
        expect(digestSignatureHolds(other, digestOf(message), signature)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it('agrees with node about every altered byte of digest and signature', () => {
    const message = Buffer.from('an erased payload');
    const signature = sign('sha256', message, privateKey);
    for (let at = 0; at < 32; at++) {
      const digest = digestOf(message);
      digest[at] = (digest[at] as number) ^ (1 << (at % 8));
      expect(digestSignatureHolds(spki, digest, signature)).toBe(false);
    }
    for (let at = 0; at < signature.length; at++) {
      const altered = Buffer.from(signature);
      altered[at] = (altered[at] as number) ^ (1 << (at % 8));
      expect(digestSignatureHolds(spki, digestOf(message), altered)).toBe(
        verify('sha256', message, publicKey, altered),
      );
    }
  });

  it.each([
    ['r of zero', 0n, 1n],
    ['s of zero', 1n, 0n],
    ['r of the order', N, 1n],
    ['s of the order', 1n, N],
    ['r beyond 256 bits', 1n << 256n, 1n],
    ['a random pair', 5n, 7n],
  ])('does not hold with %s', (_what, r, s) => {
    expect(digestSignatureHolds(spki, digestOf(Buffer.from('x')), der(r, s))).toBe(false);
    expect(digestSignatureHolds(spki, Buffer.alloc(32), der(r, s))).toBe(false);
  });

  it('holds for digests of any size of number, and for the twin with -s as ECDSA has it', () => {
    for (const byte of [0x00, 0xff]) {
      // Signing a chosen digest: sign a message, and use its digest as it is; then the twin.
      const message = Buffer.alloc(5, byte);
      const signature = sign('sha256', message, privateKey);
      const lengthOfR = signature[3] as number;
      const r = BigInt(`0x${signature.subarray(4, 4 + lengthOfR).toString('hex')}`);
      const s = BigInt(`0x${signature.subarray(6 + lengthOfR).toString('hex')}`);
      expect(digestSignatureHolds(spki, digestOf(message), der(r, N - s))).toBe(true);
      expect(verify('sha256', message, publicKey, der(r, N - s))).toBe(true);
    }
  });

  it('is refused in any other spelling', () => {
    const message = Buffer.from('y');
    const signature = sign('sha256', message, privateKey);
    const digest = digestOf(message);
    for (const bytes of [
      Buffer.concat([signature, Buffer.of(0)]),
      signature.subarray(0, -1),
      Buffer.of(),
      Buffer.of(0x30),
    ]) {
      expect(digestSignatureHolds(spki, digest, bytes)).toBe(false);
    }
    const lengthOfR = signature[3] as number;
    const r = BigInt(`0x${signature.subarray(4, 4 + lengthOfR).toString('hex')}`);
    const s = BigInt(`0x${signature.subarray(6 + lengthOfR).toString('hex')}`);
    expect(digestSignatureHolds(spki, digest, der(r, s))).toBe(true);
    expect(digestSignatureHolds(spki, digest, der(r, s, 1))).toBe(false);
    expect(digestSignatureHolds(spki, digest.subarray(1), signature)).toBe(false);
  });

  it('is refused under a point that is not on the curve', () => {
    const message = Buffer.from('z');
    const off = Buffer.from(spki);
    off[off.length - 1] = (off[off.length - 1] as number) ^ 1;
    expect(digestSignatureHolds(off, digestOf(message), sign('sha256', message, privateKey))).toBe(false);
  });
});
