import { csvCell } from '../../model/csv.ts';
import type { ChangePredicate } from '../../model/entry.ts';
import { changeOriginOf } from '../../model/history.ts';
import type { SignedChangePredicate } from '../detach.ts';
import { parseLeaf } from '../leaf.ts';
import type { SignedStatement } from '../statement-shape.ts';
import { entryKeyId } from '../trust.ts';
import { kindOf, type LoggedEntry, recordedAtOf } from './logged.ts';
import type { ExportPiece, Tally } from './tally.ts';

/** Columns of the population, in this order for good: new ones are added at the end. */
export const CSV_COLUMNS = [
  'index',
  'statement_sha256',
  'kind',
  'recorded_at',
  'occurred_at',
  'not_before',
  'not_after',
  'workspace',
  'address',
  'resource_type',
  'resource_id',
  'action',
  'paths',
  'verdict',
  'actors',
  'call',
  'why_status',
  'why',
  'why_source',
  'resolution',
  'supersedes',
  'about',
  'by',
  'text',
  'requested_by',
  'approved_by',
  'until',
  'evidence',
  'scan_id',
  'signing_key',
  'origin',
  'topic',
  'facts',
] as const;
type Row = { readonly [column in (typeof CSV_COLUMNS)[number]]?: string | null | undefined };

/** The whole population as CSV (RFC 4180), one row an entry, erased ones included: sampling needs every row. */
export async function* csvRows(
  file: string,
  entries: AsyncIterable<LoggedEntry>,
  tally: Tally,
): AsyncGenerator<ExportPiece> {
  yield { file, content: line(CSV_COLUMNS) };
  for await (const { index, leaf, line: logged, signed } of entries) {
    const common = { index: String(index), signing_key: entryKeyId(parseLeaf(leaf).publicKey) };
    const row: Row =
      logged.kind === 'erased' || signed === undefined
        ? {
            ...common,
            kind: 'erased',
            statement_sha256: logged.kind === 'erased' ? logged.tombstone.payloadSha256 : '',
          }
        : { ...common, ...rowOf(signed), statement_sha256: logged.digest };
    yield { file, content: line(CSV_COLUMNS.map((column) => row[column] ?? '')) };
    tally.exported++;
  }
}

function rowOf(signed: SignedStatement): Row {
  const { statement } = signed;
  const common: Row = { kind: kindOf(signed), recorded_at: recordedAtOf(signed) };
  if (signed.kind === 'change') return { ...common, ...changeRow(signed.statement.predicate) };
  if (signed.kind === 'scan') {
    const { scan } = signed.statement.predicate;
    const { id, startedAt, finishedAt, scope } = scan;
    return { ...common, not_before: startedAt, not_after: finishedAt, workspace: list(scope.workspaces), scan_id: id };
  }
  const { annotation, evidence, supersedes } = signed.statement.predicate;
  const terms = annotation.waiver ?? annotation.erasure;
  return {
    ...common,
    supersedes,
    occurred_at: signed.statement.predicate.when.statedAt,
    workspace: annotation.waiver?.workspace,
    address: annotation.waiver?.address ?? statement.subject[0]?.name,
    paths: annotation.waiver?.path,
    about: list(annotation.about),
    by: annotation.by,
    text: annotation.text,
    requested_by: terms?.requestedBy,
    approved_by: terms?.approvedBy,
    until: annotation.waiver?.until,
    evidence: list(evidence.map((one) => one.digest.sha256)),
    topic: annotation.topic,
    facts: annotation.facts && JSON.stringify(annotation.facts),
  };
}

function changeRow({ change, who, why, when, evidence, scan, supersedes }: SignedChangePredicate): Row {
  const { address, type, id, workspace } = change.resource;
  const reason: ChangePredicate['why']['reason'] = why.reason;
  return {
    occurred_at: when.occurredAt,
    not_before: when.notBefore,
    not_after: when.notAfter,
    workspace,
    address,
    resource_type: type,
    resource_id: id,
    action: change.action,
    paths: list(change.paths.map(({ path }) => path)),
    verdict: who.verdict,
    actors: list(who.actors.map(({ name }) => name)),
    call: who.call,
    why_status: why.status,
    why: reason?.text,
    why_source: reason?.source,
    resolution: change.resolution,
    supersedes,
    evidence: list(evidence.map((one) => one.digest.sha256)),
    scan_id: scan?.id,
    origin: changeOriginOf(change),
  };
}

function list(items: readonly string[]): string {
  return items.join('; ');
}

function line(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
