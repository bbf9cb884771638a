import { sameBytes, toHex } from './bytes.ts';
import { keyBytes } from './spki.ts';

/**
 * Verifies an ECDSA P-256 signature over a digest that is known without its message: all that is left of an erased
 * payload. Node's crypto hashes what it verifies and WebCrypto does too, so the few lines of arithmetic stand here. Only
 * public values go in: nothing needs to be constant in time, and nothing here signs.
 */

/** The field, the order of the group, the curve's b and its base point (NIST SP 800-186 section 3.2.1.3). */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const G: Point = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  z: 1n,
};
const ZERO: Point = { x: 0n, y: 1n, z: 0n };

/** Homogeneous projective: the point (x/z, y/z); z is 0 at infinity. */
interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
}

/**
 * Whether a DER signature holds over a 32-byte digest (FIPS 186-5 section 6.4.2). `publicKey` is a DER
 * SubjectPublicKeyInfo. False for anything malformed.
 */
export function digestSignatureHolds(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const parts = parseSignature(signature);
  const key = pointOf(keyBytes(publicKey));
  if (parts === undefined || key === undefined || digest.byteLength !== 32) return false;
  const [r, s] = parts;
  if (r < 1n || r >= N || s < 1n || s >= N) return false;
  const inverse = power(s, N - 2n, N);
  const sum = twoMultiples((numberOf(digest) * inverse) % N, G, (r * inverse) % N, key);
  if (sum.z === 0n) return false;
  // x/z mod n = r without a division: the field is a little larger than the group, so r or r + n.
  return [r, r + N].some((x) => x < P && (x * sum.z) % P === sum.x);
}

/** The public point; undefined where it is not on the curve y² = x³ - 3x + b. */
function pointOf(bytes: Uint8Array): Point | undefined {
  if (bytes.byteLength !== 64) return undefined;
  const [x, y] = [numberOf(bytes.subarray(0, 32)), numberOf(bytes.subarray(32))];
  const onCurve = x < P && y < P && mod(y * y - (x * x * x - 3n * x + B)) === 0n;
  return onCurve ? { x, y, z: 1n } : undefined;
}

/** r and s of a DER signature, in its one spelling (X.690 section 10). */
function parseSignature(der: Uint8Array): readonly [bigint, bigint] | undefined {
  const lengthOfR = der[3] ?? 0;
  const r = der.subarray(4, 4 + lengthOfR);
  const s = der.subarray(6 + lengthOfR);
  if (r.byteLength === 0 || s.byteLength === 0) return undefined;
  const parts = [numberOf(r), numberOf(s)] as const;
  const body = Buffer.concat(parts.map(derInteger));
  const spelled = Buffer.concat([Uint8Array.of(0x30, body.byteLength), body]);
  return body.byteLength < 0x80 && sameBytes(spelled, der) ? parts : undefined;
}

function derInteger(number: bigint): Uint8Array {
  const digits = number.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  const positive = (bytes[0] as number) >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes;
  return Buffer.concat([Uint8Array.of(0x02, positive.byteLength), positive]);
}

/** a·A + b·B, one doubling for both a bit (Shamir). */
function twoMultiples(a: bigint, A: Point, b: bigint, B: Point): Point {
  const both = add(A, B);
  let sum = ZERO;
  for (let bit = 255n; bit >= 0n; bit--) {
    sum = add(sum, sum);
    const [inA, inB] = [(a >> bit) & 1n, (b >> bit) & 1n];
    if (inA === 1n) sum = add(sum, inB === 1n ? both : A);
    else if (inB === 1n) sum = add(sum, B);
  }
  return sum;
}

/** Complete addition for a = -3: no special case for equal, opposite or infinite points (Renes, Costello, Batina 2016, algorithm 4). */
function add(p: Point, q: Point): Point {
  const [xx, yy, zz] = [mod(p.x * q.x), mod(p.y * q.y), mod(p.z * q.z)];
  const xy = mod((p.x + p.y) * (q.x + q.y) - xx - yy);
  const yz = mod((p.y + p.z) * (q.y + q.z) - yy - zz);
  const xz = mod((p.x + p.z) * (q.x + q.z) - xx - zz);
  const t = 3n * (xz - B * zz);
  const [plus, minus] = [mod(yy + t), mod(yy - t)];
  const u = mod(3n * (B * xz - 3n * zz - xx));
  const v = mod(3n * (xx - zz));
  return { x: mod(xy * plus - yz * u), y: mod(plus * minus + v * u), z: mod(yz * minus + xy * v) };
}

function mod(number: bigint): bigint {
  const rest = number % P;
  return rest < 0n ? rest + P : rest;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [raised, square] = [1n, base];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) raised = (raised * square) % modulus;
    square = (square * square) % modulus;
  }
  return raised;
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`);
}
