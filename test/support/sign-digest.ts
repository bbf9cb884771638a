import { createECDH, type KeyObject } from 'node:crypto';

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** ECDSA P-256 over a digest as it is, DER: what KMS does with MessageType DIGEST and node's crypto does not offer. */
export function signDigest(digest: Uint8Array, privateKey: KeyObject): Uint8Array {
  const d = numberOf(Buffer.from(privateKey.export({ format: 'jwk' }).d as string, 'base64url'));
  const once = createECDH('prime256v1');
  // Uncompressed point: 04, x, y.
  const x = numberOf(once.generateKeys().subarray(1, 33));
  const k = numberOf(once.getPrivateKey());
  const r = x % N;
  const s = (inverse(k) * (numberOf(digest) + r * d)) % N;
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

function integer(number: bigint): Buffer {
  const digits = number.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  const positive = (bytes[0] as number) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([Buffer.of(2, positive.length), positive]);
}

function inverse(number: bigint): bigint {
  let [raised, square] = [1n, number];
  for (let left = N - 2n; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) raised = (raised * square) % N;
    square = (square * square) % N;
  }
  return raised;
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}
