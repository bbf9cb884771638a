import { sha256, sha256Hex, toHex } from './bytes.ts';
import { type Envelope, pae, parseEnvelope, PAYLOAD_TYPE } from './dsse.ts';
import { FormatError } from './format-error.ts';
import { canonicalJson } from './jcs.ts';
import { asObject, parseStrictJson, stringAt } from './strict-json.ts';

/** What stands in the place of an erased payload: proof that it existed. */
export interface Tombstone {
  readonly paeSha256: string;
  readonly payloadSha256: string;
  readonly erasedAt: string;
  /** Statement digest of the entry that authorised the erasure. */
  readonly authorisedBy: string;
}

/** One line of a payload file. */
export type Line =
  | { readonly kind: 'envelope'; readonly envelope: Envelope; readonly paeSha256: Uint8Array; readonly digest: string }
  | { readonly kind: 'erased'; readonly tombstone: Tombstone; readonly paeSha256: Uint8Array };

/** Parses the line of log index `index`. Throws FormatError. */
export function parseLine(text: string, index: number): Line {
  if (text.startsWith('{"authorisedBy":')) return parseTombstone(text, index);
  const envelope = parseEnvelope(text);
  if (envelope.payloadType !== PAYLOAD_TYPE) throw new FormatError(`the payload type is not ${PAYLOAD_TYPE}`);
  return {
    kind: 'envelope',
    envelope,
    paeSha256: sha256(pae(envelope.payloadType, envelope.payload)),
    digest: sha256Hex(envelope.payload),
  };
}

/** The tombstone's line, without a newline. */
export function formatTombstone(tombstone: Tombstone, index: number): string {
  return canonicalJson({ tombstone: 1, logIndex: index, ...tombstone });
}

function parseTombstone(text: string, index: number): Line {
  const object = asObject(parseStrictJson(text), 'the tombstone');
  const tombstone = {
    paeSha256: stringAt(object, 'paeSha256', 'tombstone'),
    payloadSha256: stringAt(object, 'payloadSha256', 'tombstone'),
    erasedAt: stringAt(object, 'erasedAt', 'tombstone'),
    authorisedBy: stringAt(object, 'authorisedBy', 'tombstone'),
  };
  if (formatTombstone(tombstone, index) !== text)
    throw new FormatError('the tombstone is malformed or of another index');
  const paeSha256 = Buffer.from(tombstone.paeSha256, 'hex');
  if (toHex(paeSha256) !== tombstone.paeSha256 || paeSha256.byteLength !== 32) {
    throw new FormatError('the tombstone names no SHA-256');
  }
  return { kind: 'erased', tombstone, paeSha256 };
}

/** The first `count` lines of a payload file. Throws FormatError where there are fewer; later ones are leftovers of a crash. */
export function splitLines(text: string, count: number): string[] {
  const lines = text.split('\n');
  // What follows the last newline is no line.
  if (lines.length - 1 < count) throw new FormatError(`holds ${lines.length - 1} lines where ${count} are in the log`);
  return lines.slice(0, count);
}
