import { basename } from 'node:path';
import { type CaseFile, caseDocument, caseOf } from '../incident/record/case.ts';
import { sha256Hex } from '../ledger/bytes.ts';
import type { Checkpoint } from '../ledger/checkpoint.ts';
import { documentOf } from '../ledger/documents.ts';
import { type Evidence, evidenceOf } from '../ledger/evidence.ts';
import { evidenceKey } from '../ledger/paths.ts';
import type { LedgerReader } from '../ledger/port.ts';
import { DriftbomError } from '../model/error.ts';
import { ANY } from '../model/shape.ts';
import type { Value } from '../model/value.ts';
import { maskSecrets, secretsAt } from '../resources/secrets.ts';
import type { IncidentInputs } from './incident-inputs.ts';

const MOST_BYTES = 10 * 1024 * 1024;

/**
 * The case file of an incident as evidence, canonical JSON: what is named or looks like a secret is a keyed digest in it.
 * Errors: E_RECORD (too large).
 */
export function caseEvidence(
  { stated, alert, events, graph, files }: IncidentInputs,
  { size, root }: Pick<Checkpoint, 'size' | 'root'>,
  redact: (secret: Value) => string,
): Evidence {
  const ledger = { size, root: Buffer.from(root).toString('hex') };
  // A path tells of the machine that it was typed on.
  const named = files.map(({ kind, name, sha256 }) => ({ kind, name: basename(name), sha256 }));
  const document = caseDocument({ stated, alert, events, graph, files: named, ledger });
  const place = { shape: ANY, path: [], marks: [], type: '' };
  const { bytes } = documentOf(maskSecrets(document, secretsAt(document, place), redact));
  if (bytes.byteLength > MOST_BYTES) {
    const message = `the events and states that were given make a case of ${Math.ceil(bytes.byteLength / 1024 / 1024)} MB; it may have 10`;
    throw new DriftbomError('E_RECORD', message, 'Give the events of the last days, and the states near the incident.');
  }
  return evidenceOf({ name: 'case.json', bytes });
}

/** Reads a case file of the ledger by its digest. Errors: E_LEDGER_CORRUPT (missing, altered, or of another version). */
export async function readCase(reader: LedgerReader, sha256: string): Promise<CaseFile> {
  const bytes = await reader.get(evidenceKey(sha256));
  const fault =
    bytes === undefined ? 'is missing' : sha256Hex(bytes) === sha256 ? undefined : 'is not the one that was signed';
  const found = bytes === undefined || fault !== undefined ? undefined : caseOf(bytes);
  if (found !== undefined) return found;
  const message = `the case file ${evidenceKey(sha256)} ${fault ?? 'cannot be read by this version'}`;
  const cure =
    fault === undefined
      ? 'Use the version of driftbom that wrote it, or a newer one.'
      : 'driftbom verify tells what else is wrong.';
  throw new DriftbomError('E_LEDGER_CORRUPT', message, cure);
}
