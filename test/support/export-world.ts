import { append } from '../../src/ledger/append.ts';
import { decodeUtf8, encodeUtf8, toHex } from '../../src/ledger/bytes.ts';
import { openCheckpoint } from '../../src/ledger/checkpoint.ts';
import { beginExport, type ExportRequest, type ExportSummary } from '../../src/ledger/export/export.ts';
import type { ExportFormat } from '../../src/ledger/export/formats.ts';
import type { ExportedLog } from '../../src/ledger/export/logged.ts';
import { openHead } from '../../src/ledger/head.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { formatTombstone, parseLine } from '../../src/ledger/line.ts';
import { HEAD_KEY, payloadKey } from '../../src/ledger/paths.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { payloadOf, seal } from '../../src/ledger/seal.ts';
import { entrySigner, newEntryKey } from '../../src/ledger/signers/local.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import {
  ANNOTATION_PREDICATE,
  type AnnotationPredicate,
  STATEMENT_TYPE,
  type Statement,
} from '../../src/model/entry.ts';
import { freshLedger, scanOf, ticking, timeoutDrift } from './ledger-world.ts';

/** The log of a ledger under its head, as an export reads it. */
async function logOf({ store, trust }: Pick<Ledger, 'store' | 'trust'>): Promise<ExportedLog> {
  const note = (await store.get(HEAD_KEY)) as Uint8Array;
  return { reader: store, note, head: openCheckpoint(note, trust.checkpointKeys) };
}

export interface Files {
  /** Contents by file name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly summary: ExportSummary;
  text(name: string): string;
}

/** Exports into memory. */
export async function exported(
  ledger: Ledger,
  format: ExportFormat,
  more: Partial<ExportRequest> = {},
): Promise<Files> {
  const exporting = await beginExport(await logOf(ledger), {
    format,
    selection: { names: [] },
    file: 'out',
    checkpointKeys: ledger.trust.checkpointKeys,
    signer: entrySigner(newEntryKey('ed25519')),
    id: 'urn:uuid:01920000-0000-7000-8000-000000000000',
    exportedAt: '2026-11-03T00:00:00.000Z',
    ...more,
  });
  const files = new Map<string, Uint8Array>();
  for await (const { file, content } of exporting.pieces) {
    files.set(file, Buffer.concat([files.get(file) ?? Buffer.of(), Buffer.from(content)]));
  }
  return {
    files,
    summary: exporting.summary(),
    text: (name) => Buffer.from(files.get(name) ?? Buffer.of()).toString('utf8'),
  };
}

const WEB = 'aws_lambda_function.web';
const DB = 'module.data.aws_lambda_function.db["a b"]';

/**
 * A short story: 0 and 1 two drifts, 2 their scan; 3 the first moved on, 4 scan; 5 it was reverted, 6 scan; 7 an approval
 * of entry 0 with a text that a spreadsheet would run. With `erased`, the payload of entry 1 is gone.
 */
export async function storyLedger(options: { readonly erased?: boolean } = {}): Promise<Ledger> {
  const store = memoryStore();
  const ledger = await freshLedger(store);
  const clock = ticking();
  const db = timeoutDrift(DB, 60);
  await recordScan(ledger, scanOf([WEB, DB], [timeoutDrift(WEB), db]), clock);
  await recordScan(ledger, scanOf([WEB, DB], [timeoutDrift(WEB, 901), db]), clock);
  const declared = { timeout: 5, name: WEB };
  const revisited = [{ workspace: 'default', address: WEB, documents: { declared, live: declared } }];
  await recordScan(ledger, scanOf([WEB, DB], [db], { revisited }), clock);
  const about = digestAt(store.objects, 0);
  await appendAnnotation(ledger, {
    kind: 'approval',
    about: [about],
    text: '=HYPERLINK("http://evil.example","ok")',
    by: 'bob@example.com',
  });
  if (options.erased === true) erase(store.objects, 1);
  return ledger;
}

/** Statement digest of an entry of a small ledger. */
export function digestAt(objects: ReadonlyMap<string, Uint8Array>, index: number): string {
  const line = parseLine(linesOf(objects)[index] as string, index);
  return line.kind === 'erased' ? line.tombstone.payloadSha256 : line.digest;
}

function linesOf(objects: ReadonlyMap<string, Uint8Array>): string[] {
  return decodeUtf8(objects.get(payloadKey(0)) as Uint8Array)
    .split('\n')
    .slice(0, -1);
}

/** Puts a tombstone in the place of a payload. */
function erase(objects: Map<string, Uint8Array>, index: number): void {
  const lines = linesOf(objects);
  const line = parseLine(lines[index] as string, index);
  if (line.kind === 'erased') return;
  const stone = {
    paeSha256: toHex(line.paeSha256),
    payloadSha256: line.digest,
    erasedAt: '2026-11-03T00:00:00.000Z',
    authorisedBy: 'ab'.repeat(32),
  };
  const text = lines
    .with(index, formatTombstone(stone, index))
    .map((one) => `${one}\n`)
    .join('');
  objects.set(payloadKey(0), encodeUtf8(text));
}

let annotations = 0;

/** Appends an annotation, whatever it says: recorders with the right keys need not keep to the rules. */
export async function appendAnnotation(
  ledger: Ledger,
  annotation: AnnotationPredicate['annotation'],
  more: Partial<AnnotationPredicate> = {},
): Promise<void> {
  const at = '2026-11-02T09:00:00.000Z';
  const statement: Statement<AnnotationPredicate> = {
    _type: STATEMENT_TYPE,
    subject: (annotation.about.length > 0 ? annotation.about : ['ab'.repeat(32)]).map((sha256) => ({
      name: 'entry',
      digest: { sha256 },
    })),
    predicateType: ANNOTATION_PREDICATE,
    predicate: {
      entryId: `urn:uuid:01920000-0000-7000-9000-${String(++annotations).padStart(12, '0')}`,
      ledger: { origin: ledger.origin },
      annotation,
      when: { statedAt: at, recordedAt: at },
      evidence: [],
      detector: { id: 'https://driftbom.dev/detector', version: '0.1.0' },
      supersedes: null,
      ...more,
    },
  };
  const head = await openHead(ledger.store, ledger.trust.checkpointKeys);
  await append(ledger.store, ledger.notary, head, [await seal(payloadOf(statement), ledger.signer)]);
}
