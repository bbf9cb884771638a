import { causeOf, type Change } from '../../model/drift.ts';
import type { ScanRules } from '../../model/rule.ts';
import type { ScanAudit, ScannedDrift } from '../../model/scan.ts';
import { jsonValue } from '../text/value-text.ts';
import { visibleJson } from '../text/visible.ts';
import { recordedFor, type ScanReport } from './scan-report.ts';
import { verdictOf } from './verdict.ts';
import { waiverDocument } from './waiver-view.ts';

/**
 * The scan as JSON text, after the contract `driftbom.scan/v1` (schema/scan.v1.schema.json). Fields may be added to a
 * version, never removed or given another meaning. A value that nobody can know is {"$unknown": true}.
 */
export function scanJson(report: ScanReport): string {
  return `${visibleJson(JSON.stringify(scanDocument(report), null, 2))}\n`;
}

function scanDocument(report: ScanReport): object {
  const { scan, ledger } = report;
  return {
    schema: 'driftbom.scan/v1',
    scan: { id: scan.id, startedAt: scan.startedAt, finishedAt: scan.finishedAt, tool: scan.tool },
    verdict: verdictOf(scan.summary),
    summary: scan.summary,
    drifts: scan.drifts.map((one) => driftDocument(one, report)),
    gaps: scan.gaps,
    ignored: scan.ignored,
    computed: scan.computed.map((drift) => driftDocument({ drift }, report)),
    scope: scan.scope,
    inputs: scan.inputs,
    audit: scan.audit === undefined ? null : auditDocument(scan.audit),
    rules: scan.rules === undefined ? null : rulesDocument(scan.rules),
    improved: (report.improved ?? []).map(({ address, entry, correction, attribution }) => ({
      address,
      entry,
      correction,
      verdict: attribution.verdict,
      actors: attribution.actors.map(({ name }) => name),
      call: attribution.call,
      occurredAt: attribution.occurredAt,
    })),
    ledger: ledger ?? null,
  };
}

function rulesDocument({ judged, unreadable, off }: ScanRules): object {
  return {
    off: off === true,
    judged: judged.map(({ violations, ...rest }) => ({
      ...rest,
      violations: violations.map((one) => ({ ...one, value: jsonValue(one.value) })),
    })),
    unreadable,
  };
}

function driftDocument(scanned: Omit<ScannedDrift, 'documents'>, report: ScanReport): object {
  const { drift, attribution = null, waiver } = scanned;
  const { address, type, id, workspace, provider } = drift.resource;
  const recorded = recordedFor(report, address, workspace);
  return {
    address,
    workspace,
    type,
    provider,
    id: id ?? null,
    kind: drift.kind,
    cause: causeOf(drift),
    changes: drift.changes.map(changeDocument),
    standing: recorded?.standing ?? null,
    firstSeen: recorded?.firstSeen ?? null,
    entry: recorded === undefined ? null : { index: recorded.index, digest: recorded.digest },
    attribution,
    waiver: waiverDocument(waiver),
  };
}

/** A value that no call tells is said to be unknown here, too. */
function auditDocument(audit: ScanAudit): object {
  const changes = audit.changes.map((one) => ({
    ...one,
    changes: one.changes.map((change) => ({ ...change, ...changeDocument(change) })),
  }));
  return { ...audit, changes };
}

function changeDocument(change: Change): object {
  const { path, op, sensitive, cause } = change;
  return { path, op, before: jsonValue(change.before), after: jsonValue(change.after), sensitive, cause };
}
