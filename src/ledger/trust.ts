import { createPublicKey } from 'node:crypto';
import type { EntryKind } from '../model/entry.ts';
import { sha256Hex } from './bytes.ts';
import { FormatError } from './format-error.ts';
import { type NoteKey, parseVkey } from './note.ts';
import { algorithmOf } from './spki.ts';

/** A key that may sign entries. */
export interface EntryKey {
  /** `sha256:<hex of the SPKI digest>`. */
  readonly keyId: string;
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** What a policy lets it sign; everything where left out. */
  readonly bounds?: KeyBounds;
}

/** What a policy lets an entry key sign. */
export interface KeyBounds {
  readonly name?: string | undefined;
  /** Every kind where left out. */
  readonly kinds?: readonly EntryKind[] | undefined;
  /** RFC 3339, both ends included, against the time at which an entry says that it was recorded. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/** A key that may sign checkpoints. */
export interface CheckpointKey extends NoteKey {
  /** Sizes of the log that a policy lets it sign, both ends included. */
  readonly fromSize?: number | undefined;
  readonly untilSize?: number | undefined;
}

/** What a policy asks beyond keys. Where there is one, the log's own word on new keys is not followed. */
export interface PolicyRules {
  /** Cosigners of the head (C2SP tlog-cosignature), and how many of them must have signed it. */
  readonly witnesses?: { readonly keys: readonly NoteKey[]; readonly quorum: number } | undefined;
  /** Who may approve waivers, erasures and changes: names, and keys (`sha256:...`) that sign approvals. */
  readonly approvers?:
    | { readonly names?: readonly string[] | undefined; readonly keys?: readonly string[] | undefined }
    | undefined;
}

/** Whom a verifier believes. It comes from outside the ledger: a ledger that vouches for itself proves nothing. */
export interface Trust {
  /** Keys that may sign checkpoints; each is named as the log's origin. */
  readonly checkpointKeys: readonly CheckpointKey[];
  /** Keys that may sign entries. */
  readonly entryKeys: readonly EntryKey[];
  /** Checkpoints that were kept elsewhere (last audit's, a git tag's): the log must still begin with each. */
  readonly kept?: readonly Uint8Array[];
  readonly policy?: PolicyRules;
}

/** Key id of a DER SubjectPublicKeyInfo. */
export function entryKeyId(publicKey: Uint8Array): string {
  return `sha256:${sha256Hex(publicKey)}`;
}

/** Where the public half of an entry key stands in the ledger. */
export function entryKeyPath(keyId: string): string {
  return `keys/entry/${keyId.slice('sha256:'.length)}.pem`;
}

/** Where the verifier key of a checkpoint key stands in the ledger. */
export function checkpointKeyPath(key: Pick<NoteKey, 'keyId'>): string {
  return `keys/checkpoint/${key.keyId}.vkey`;
}

/** An entry key as PEM. */
export function formatEntryKey(publicKey: Uint8Array): string {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  return key.export({ format: 'pem', type: 'spki' }) as string;
}

/** Reads an entry key (P-256 or Ed25519) from PEM, in the one spelling that formatEntryKey writes. Throws FormatError. */
export function parseEntryKey(pem: string): EntryKey {
  let publicKey: Buffer;
  try {
    publicKey = createPublicKey({ key: pem, format: 'pem', type: 'spki' }).export({ format: 'der', type: 'spki' });
  } catch {
    throw new FormatError('not a PEM public key');
  }
  algorithmOf(publicKey);
  if (formatEntryKey(publicKey) !== pem) throw new FormatError('the PEM public key is not in its canonical spelling');
  return { keyId: entryKeyId(publicKey), publicKey };
}

/** Reads a checkpoint key from the one line of a .vkey file. Throws FormatError. */
export function parseCheckpointKey(text: string): NoteKey {
  if (!text.endsWith('\n') || text.indexOf('\n') !== text.length - 1) throw new FormatError('not one line');
  return parseVkey(text.slice(0, -1));
}
