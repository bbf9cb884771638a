import { toHex } from '../bytes.ts';
import { type NoteKey, parseNote } from '../note.ts';
import type { Signer } from '../port.ts';
import { annotationsOf } from './annotations.ts';
import { csvRows } from './csv.ts';
import type { ExportFormat } from './formats.ts';
import { jsonLines } from './jsonl.ts';
import { type ExportedLog, type LoggedEntry, loggedEntries } from './logged.ts';
import { MAKOTO_V01_LOSSES, makotoV01Files } from './makoto-v01.ts';
import { MAKOTO_V02_LOSSES, makotoV02Files } from './makoto-v02.ts';
import { sigstoreFiles, tlogProofFiles } from './proofs.ts';
import { type Chosen, choose, type Selection } from './select.ts';
import { counted, type ExportPiece, type LeftOut, Tally } from './tally.ts';

export interface ExportRequest {
  readonly format: ExportFormat;
  readonly selection: Selection;
  /** Name of the one file of jsonl and csv. */
  readonly file: string;
  /** Checkpoint keys that are trusted; those that signed the head are exported. */
  readonly checkpointKeys: readonly NoteKey[];
  /** Signs Makoto v0.2 statements; Ed25519. */
  readonly signer: Signer;
  /** `urn:uuid:` for the bundle, and RFC 3339 time of the export. */
  readonly id: string;
  readonly exportedAt: string;
}

/** What an export carries and what not: printed, and written beside it. */
export interface ExportSummary {
  readonly schema: 'driftbom.export/v1';
  readonly format: ExportFormat;
  readonly exportedAt: string;
  readonly ledger: { readonly origin: string; readonly size: number; readonly root: string };
  /** Log range [start, end) that was exported without a gap; null for entries chosen by name. */
  readonly range: readonly [number, number] | null;
  readonly selected: number;
  readonly exported: number;
  readonly leftOut: readonly LeftOut[];
  /** What the format cannot carry of any entry, in words. */
  readonly lost: readonly string[];
  /** The key that signed what was signed anew for this export. */
  readonly exportKey?: string;
}

/** An export under way: its pieces, and the summary once they have all been taken. */
export interface Export {
  readonly pieces: AsyncIterable<ExportPiece>;
  summary(): ExportSummary;
}

/** Begins an export. Throws E_USAGE, E_NOT_FOUND, E_LEDGER_CORRUPT; the pieces may throw the last one too. */
export async function beginExport(log: ExportedLog, request: ExportRequest): Promise<Export> {
  const { format, exportedAt } = request;
  const chosen = await choose(log, request.selection);
  const tally = new Tally();
  const entries = counted(loggedEntries(log, chosen.indexes), tally);
  const { origin, size, root } = log.head;
  return {
    pieces: await piecesOf(log, request, entries, tally),
    summary: () => ({
      schema: 'driftbom.export/v1',
      format,
      exportedAt,
      ledger: { origin, size, root: toHex(root) },
      range: rangeOf(chosen),
      selected: tally.selected,
      exported: tally.exported,
      leftOut: tally.leftOut,
      lost: LOSSES[format],
      ...(format === 'makoto-v0.2' ? { exportKey: request.signer.keyId } : {}),
    }),
  };
}

async function piecesOf(
  log: ExportedLog,
  request: ExportRequest,
  entries: AsyncIterable<LoggedEntry>,
  tally: Tally,
): Promise<AsyncIterable<ExportPiece>> {
  const { format, file, signer } = request;
  if (format === 'jsonl') return jsonLines(log, file, entries, tally);
  if (format === 'csv') return csvRows(file, entries, tally);
  if (format === 'makoto-v0.1') return makotoV01Files(entries, tally);
  if (format === 'makoto-v0.2') {
    const annotations = await annotationsOf(log);
    const terms = { signer, bundleId: request.id, issuedAt: request.exportedAt, annotations };
    return makotoV02Files(log, entries, terms, tally);
  }
  const { signatures } = parseNote(log.note);
  const signed = (key: NoteKey): boolean => signatures.some((one) => one.name === key.name && one.keyId === key.keyId);
  const keys = request.checkpointKeys.filter(signed);
  const files = format === 'sigstore' ? sigstoreFiles : tlogProofFiles;
  return files(log, keys, entries, tally);
}

function rangeOf({ range }: Chosen): readonly [number, number] | null {
  return range ?? null;
}

const DOCUMENTS =
  'the documents that entries name by digest (states before and after, long lists): they lie under state/ in the ledger';
const NO_PROOF = 'signatures, envelopes and proofs: the rows are for reading and sampling, the ledger proves them';

const LOSSES: { readonly [format in ExportFormat]: readonly string[] } = {
  sigstore: [DOCUMENTS],
  'tlog-proof': [DOCUMENTS],
  jsonl: [DOCUMENTS],
  csv: [NO_PROOF, 'old and new values, and all that has no column', DOCUMENTS],
  'makoto-v0.1': MAKOTO_V01_LOSSES,
  'makoto-v0.2': MAKOTO_V02_LOSSES,
};
