import { decodeUtf8, encodeUtf8, fromBase64, toBase64 } from '../bytes.ts';
import { type Envelope, formatEnvelope, parseEnvelope } from '../dsse.ts';
import { FormatError } from '../format-error.ts';
import { canonicalJson } from '../jcs.ts';
import { asObject, parseStrictJson, stringAt } from '../strict-json.ts';
import type { LogProof } from './proof.ts';

/** First line of a proof (C2SP tlog-proof). */
export const TLOG_PROOF_HEADER = 'c2sp.org/tlog-proof@v1';

/** A tlog-proof of ours. Its `extra` line carries what the leaf hash is made of: the leaf, and the envelope it binds. */
export interface TlogProof extends LogProof {
  /** Undefined where the payload was erased: the proof then shows that something was logged, and not what. */
  readonly envelope: Envelope | undefined;
}

export function formatTlogProof({ index, leaf, envelope, hashes, note }: TlogProof): string {
  const extra = canonicalJson({
    leaf: toBase64(leaf),
    envelope: envelope === undefined ? undefined : (JSON.parse(formatEnvelope(envelope)) as unknown),
  });
  const lines = [TLOG_PROOF_HEADER, `extra ${toBase64(encodeUtf8(extra))}`, `index ${index}`, ...hashes.map(toBase64)];
  return `${lines.join('\n')}\n\n${decodeUtf8(note)}`;
}

/** Strict inverse of formatTlogProof: any other spelling is refused. Throws FormatError. */
export function parseTlogProof(text: string): TlogProof {
  const split = text.indexOf('\n\n');
  const [header, extraLine, indexLine, ...hashes] = text.slice(0, split).split('\n');
  if (split < 0 || header !== TLOG_PROOF_HEADER) throw new FormatError(`not a ${TLOG_PROOF_HEADER}`);
  const index = /^index (0|[1-9]\d{0,15})$/.exec(indexLine ?? '')?.[1];
  const base64 = /^extra (.+)$/.exec(extraLine ?? '')?.[1];
  if (index === undefined) throw new FormatError('the proof has no line that says the index');
  if (base64 === undefined) throw new FormatError('the proof does not carry its leaf in an extra line');
  const extra = asObject(parseStrictJson(decodeUtf8(fromBase64(base64))), 'the extra line');
  const proof = {
    index: Number(index),
    leaf: fromBase64(stringAt(extra, 'leaf', 'extra')),
    envelope: extra.envelope === undefined ? undefined : parseEnvelope(canonicalJson(extra.envelope)),
    hashes: hashes.map(fromBase64),
    note: encodeUtf8(text.slice(split + 2)),
  };
  if (formatTlogProof(proof) !== text) throw new FormatError('the proof is not in the spelling of an export');
  return proof;
}
