import { encodeUtf8 } from '../bytes.ts';
import { parseLeaf } from '../leaf.ts';
import type { NoteKey } from '../note.ts';
import { entryKeyId, formatEntryKey } from '../trust.ts';
import { formatVkey } from '../note.ts';
import type { ExportedLog, LoggedEntry } from './logged.ts';
import { prover } from './prover.ts';
import { formatSigstoreBundle, formatTrustedRoot, logIdOf } from './sigstore.ts';
import type { ExportPiece, Tally } from './tally.ts';
import { formatTlogProof } from './tlog-proof.ts';

const ERASED = 'the payload was erased; the log still proves that it existed (--format tlog-proof)';

/** A Sigstore bundle an entry, the trusted root that clients need, and the entry keys as PEM. */
export async function* sigstoreFiles(
  log: ExportedLog,
  keys: readonly NoteKey[],
  entries: AsyncIterable<LoggedEntry>,
  tally: Tally,
): AsyncGenerator<ExportPiece> {
  const prove = prover(log);
  const { note, head } = log;
  const logId = logIdOf(keys[0] as NoteKey);
  const signers = new SignerFiles();
  yield { file: 'trusted_root.json', content: formatTrustedRoot(keys) };
  for await (const { index, leaf, line } of entries) {
    if (line.kind === 'erased') {
      tally.leaveOut('erased', ERASED);
      continue;
    }
    yield* signers.of(leaf);
    const hint = entryKeyId(parseLeaf(leaf).publicKey);
    const proof = { index, leaf, hashes: await prove(index), note };
    const outer = { outerIndex: index, logId, size: head.size, root: head.root };
    const content = formatSigstoreBundle({ ...proof, ...outer, envelope: line.envelope, hint });
    yield { file: `entry-${entryNumber(index)}.sigstore.json`, content };
    tally.exported++;
  }
}

/** A C2SP tlog-proof and the leaf it proves an entry, the log's verifier keys, and the entry keys as PEM. */
export async function* tlogProofFiles(
  log: ExportedLog,
  keys: readonly NoteKey[],
  entries: AsyncIterable<LoggedEntry>,
  tally: Tally,
): AsyncGenerator<ExportPiece> {
  const prove = prover(log);
  const signers = new SignerFiles();
  yield { file: 'log.vkey', content: keys.map((key) => `${formatVkey(key.name, key.publicKey)}\n`).join('') };
  for await (const { index, leaf, line } of entries) {
    yield* signers.of(leaf);
    const envelope = line.kind === 'erased' ? undefined : line.envelope;
    const hashes = await prove(index);
    const name = `entry-${entryNumber(index)}`;
    yield {
      file: `${name}.tlog-proof`,
      content: encodeUtf8(formatTlogProof({ index, leaf, envelope, hashes, note: log.note })),
    };
    yield { file: `${name}.leaf.json`, content: leaf };
    tally.exported++;
  }
}

/** Indexes in file names sort as they count, up to a million entries. */
function entryNumber(index: number): string {
  return String(index).padStart(6, '0');
}

/** Public keys of the entries, each written once. They are for finding the key, never for trusting it. */
class SignerFiles {
  readonly #written = new Set<string>();

  *of(leaf: Uint8Array): Generator<ExportPiece> {
    const { publicKey } = parseLeaf(leaf);
    const keyId = entryKeyId(publicKey);
    if (this.#written.has(keyId)) return;
    this.#written.add(keyId);
    yield { file: `entry-key-${keyId.slice('sha256:'.length)}.pem`, content: formatEntryKey(publicKey) };
  }
}
