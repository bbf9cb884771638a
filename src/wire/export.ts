import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openCheckpoint } from '../ledger/checkpoint.ts';
import { beginExport, type Export, type ExportSummary } from '../ledger/export/export.ts';
import { type ExportFormat, isOneFile } from '../ledger/export/formats.ts';
import type { ExportedLog } from '../ledger/export/logged.ts';
import { corrupt, parsing } from '../ledger/faults.ts';
import { FormatError } from '../ledger/format-error.ts';
import { readHeadNote } from '../ledger/head.ts';
import type { NoteKey } from '../ledger/note.ts';
import { checkpointKey } from '../ledger/paths.ts';
import type { Signer } from '../ledger/port.ts';
import { entrySigner, newEntryKey } from '../ledger/signers/local.ts';
import { uuidV7 } from '../ledger/uuid.ts';
import { followCheckpointKeys } from '../ledger/verify/succession.ts';
import { DriftbomError, errnoOf, messageOf } from '../model/error.ts';
import { type WrittenFiles, writeFile, writeFolder } from './export-files.ts';
import type { WireIo } from './io.ts';
import { type Verified, wireVerify } from './verify.ts';

export interface ExportOptions {
  readonly ledger?: string;
  readonly config?: string;
  readonly format: ExportFormat;
  readonly entry: readonly string[];
  /** RFC 3339. */
  readonly from?: string;
  readonly to?: string;
  /** File of jsonl and csv, where `-` is stdout; folder of the others. */
  readonly output: string;
  /** Ed25519 private key that signs Makoto v0.2 statements. */
  readonly key?: string;
}

/** What was exported, and what to print of it. */
export interface Exported {
  readonly summary: ExportSummary;
  readonly trustedKeys: Verified['trustedKeys'];
  /** SHA-256 of the one file, hex; undefined for folders and stdout. */
  readonly sha256: string | undefined;
  /** Files written, the summary's among them; 0 for stdout. */
  readonly files: number;
}

/**
 * Verifies the ledger, then exports from it: nobody would accept proofs out of a ledger that does not verify. The summary
 * is written beside the export. Errors: E_USAGE, E_NOT_FOUND, E_KEY, E_OUTPUT, E_LEDGER_MISSING, E_LEDGER_CORRUPT.
 */
export async function wireExport(
  options: ExportOptions,
  io: WireIo & { readonly out: (text: string) => void },
): Promise<Exported> {
  const oneFile = isOneFile(options.format);
  if (options.output === '-' && !oneFile) {
    throw new DriftbomError('E_USAGE', `${options.format} is a folder of files`, 'Name a folder with -o.');
  }
  const signer = await exportSigner(options, io);
  const { ledger, config } = options;
  const place = { ...(ledger === undefined ? {} : { ledger }), ...(config === undefined ? {} : { config }) };
  const verified = await wireVerify(place, io);
  const log = await logOf(verified);
  const exporting = await beginExport(log, {
    format: options.format,
    selection: { names: options.entry, from: options.from, to: options.to },
    file: options.output,
    checkpointKeys: log.keys,
    signer,
    id: `urn:uuid:${uuidV7(io.clock(), io.random(10))}`,
    exportedAt: io.clock().toISOString(),
  });
  const { trustedKeys } = verified;
  if (options.output === '-') {
    for await (const { content } of exporting.pieces) io.out(content.toString());
    return { summary: exporting.summary(), trustedKeys, sha256: undefined, files: 0 };
  }
  const path = resolve(io.cwd, options.output);
  if (!oneFile) {
    const files = await writeFolder(path, options.output, exporting.pieces, (written) => [
      { file: 'export.json', content: sidecar(exporting, written) },
    ]);
    return { summary: exporting.summary(), trustedKeys, sha256: undefined, files: files.size };
  }
  const sha256 = await writeFile(path, options.output, exporting.pieces);
  const beside = `${options.output}.export.json`;
  await writeFile(`${path}.export.json`, beside, one(beside, sidecar(exporting, new Map([[options.output, sha256]]))));
  return { summary: exporting.summary(), trustedKeys, sha256, files: 2 };
}

/** The summary and the SHA-256 of every file. */
function sidecar(exporting: Export, written: WrittenFiles): string {
  const json = { ...exporting.summary(), files: Object.fromEntries(written) };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

async function* one(file: string, content: string): AsyncGenerator<{ file: string; content: string }> {
  yield { file, content };
}

/** The log under the very head that was verified, even if a writer moved on since, and the keys that may have signed it. */
async function logOf({
  verification,
  reader,
  trust,
}: Verified): Promise<ExportedLog & { readonly keys: readonly NoteKey[] }> {
  const [first] = verification.failures;
  if (!verification.ok) {
    const more = verification.failureCount > 1 ? ` (and ${verification.failureCount - 1} more)` : '';
    throw corrupt(`it does not verify, so nothing was exported: ${first?.message}${more}`);
  }
  const { checkpointKeys: keys } = await followCheckpointKeys(reader, trust);
  return parsing('the checkpoint', async () => {
    const newest = await readHeadNote(reader);
    const isVerified = openCheckpoint(newest, keys).size === verification.size;
    const note = isVerified ? newest : await reader.get(checkpointKey(verification.size));
    if (note === undefined) throw corrupt(`the checkpoint of size ${verification.size} went away during the export`);
    return { reader, head: openCheckpoint(note, keys), note, keys };
  });
}

/** The key that was given, or one that lives as long as this export. Only Makoto v0.2 is signed anew. */
async function exportSigner({ key, format }: ExportOptions, io: WireIo): Promise<Signer> {
  if (key === undefined) return entrySigner(newEntryKey('ed25519'));
  if (format !== 'makoto-v0.2') {
    throw new DriftbomError('E_USAGE', `--key is for makoto-v0.2; ${format} signs nothing anew`, 'Leave it out.');
  }
  try {
    const pem = await readFile(resolve(io.cwd, key), 'utf8');
    const signer = entrySigner(pem, io.env.DRIFTBOM_KEY_PASSPHRASE);
    if (signer.algorithm !== 'ed25519') throw new FormatError('Makoto v0.2 knows no other algorithm than Ed25519');
    return signer;
  } catch (thrown) {
    const why = errnoOf(thrown) ?? (thrown instanceof FormatError ? messageOf(thrown) : undefined);
    if (why === undefined) throw thrown;
    throw new DriftbomError('E_KEY', `${key} cannot sign this export: ${why}`, 'Give an Ed25519 key, PEM of PKCS#8.');
  }
}
