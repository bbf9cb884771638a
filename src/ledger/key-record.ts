import { join } from 'node:path';
import { z } from 'zod';
import { fromBase64, toBase64 } from './bytes.ts';
import { FormatError } from './format-error.ts';
import { exists, readPrivate, unusable, writePrivate } from './private-files.ts';
import { algorithmOf } from './spki.ts';
import { entryKeyId } from './trust.ts';

export const RECORD_FILE = 'keys.json';

/** What a key is for. */
export type KeyPurpose = 'entry' | 'checkpoint';

/** Where a key signs: with a private key file of the same folder, or in AWS KMS. */
export type SignerPlace = { readonly local: string } | { readonly kms: string };

/** A key that signs, or signed. */
export interface KeptKey {
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly signer: SignerPlace;
}

/**
 * A rotation under way. It took place if the log holds the statement `digest` at `index`, and otherwise it did not;
 * whoever opens the ledger next looks and finishes it.
 */
export interface NextKey extends KeptKey {
  readonly use: KeyPurpose;
  /** File name that the old private key gets; null where it lies in KMS. */
  readonly retiredFile: string | null;
  readonly index: number;
  readonly digest: string;
}

/** Every key of ours, oldest first; the last of a list signs now. Holds no secret: public keys and where each signs. */
export interface KeyRecord {
  readonly entry: readonly KeptKey[];
  readonly checkpoint: readonly KeptKey[];
  readonly next?: NextKey | undefined;
}

const spki = z.string().transform((text, context) => {
  try {
    const publicKey = fromBase64(text);
    algorithmOf(publicKey);
    return publicKey;
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown;
    context.addIssue({ code: 'custom', message: thrown.message });
    return z.NEVER;
  }
});
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*\.pem$/, 'not the name of a key file');
const key = {
  // For people; the public key decides.
  keyId: z.string(),
  publicKey: spki,
  signer: z.union([z.strictObject({ local: fileName }), z.strictObject({ kms: z.string() })]),
};
const recordShape = z.strictObject({
  version: z.literal(1),
  entry: z.array(z.strictObject(key)).min(1),
  checkpoint: z.array(z.strictObject(key)).min(1),
  next: z
    .strictObject({
      ...key,
      use: z.enum(['entry', 'checkpoint']),
      retiredFile: fileName.nullable(),
      index: z.int().nonnegative(),
      digest: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .optional(),
});

/** The key that signs now. */
export function currentKey(record: KeyRecord, use: KeyPurpose): KeptKey {
  return record[use].at(-1) as KeptKey;
}

/** The record of a keys folder; undefined where there is none. Throws E_KEY. */
export async function readKeyRecord(directory: string): Promise<KeyRecord | undefined> {
  const path = join(directory, RECORD_FILE);
  if (!(await exists(path))) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(await readPrivate(path));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw unusable(path, 'it is not JSON');
  }
  const parsed = recordShape.safeParse(json);
  if (parsed.success) return parsed.data;
  const fault = parsed.error.issues[0];
  throw unusable(path, `${fault?.path.join('.') || 'it'}: ${fault?.message}`);
}

/** Writes the record whole or not at all. Throws E_KEY. */
export function writeKeyRecord(directory: string, record: KeyRecord): Promise<void> {
  const written = ({ publicKey, signer }: KeptKey): object => ({
    keyId: entryKeyId(publicKey),
    publicKey: toBase64(publicKey),
    signer,
  });
  const json = {
    version: 1,
    entry: record.entry.map(written),
    checkpoint: record.checkpoint.map(written),
    ...(record.next === undefined ? {} : { next: { ...record.next, ...written(record.next) } }),
  };
  return writePrivate(join(directory, RECORD_FILE), `${JSON.stringify(json, undefined, 2)}\n`);
}
