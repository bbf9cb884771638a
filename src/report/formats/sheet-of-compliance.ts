import type { ComplianceModel, RegisterRow, ReportNumber, RowStanding, WaiverRow } from '../../compliance/model.ts';
import type { Calendar, GapRow, MissingScan, ScanRow } from '../../compliance/model-scope.ts';
import { count } from '../text/plural.ts';
import { span, utc } from '../text/time.ts';
import { visibleDeep } from '../text/visible.ts';
import { causeWord, gapMeaning } from '../words.ts';
import { changeTexts, NO_PLACE } from './sheet-parts.ts';
import {
  countsOf,
  distinct,
  idOf,
  type Sheet,
  type SheetDrift,
  type SheetFact,
  type SheetGap,
  type SheetScan,
  type SheetWaiver,
} from './sheet.ts';

/** A compliance report as machine formats see it. */
export function sheetOfCompliance(model: ComplianceModel): Sheet {
  const { provenance, period, scope, tests, frameworks } = model;
  const { calendar } = scope;
  const sheet: Sheet = {
    about: 'compliance',
    title: 'Configuration drift: evidence report',
    id: idOf(JSON.stringify(provenance), model.policyDigest),
    tool: provenance.tool,
    from: period.from ?? calendar.scans[0]?.startedAt ?? period.end,
    to: period.end,
    madeAt: provenance.generatedAt,
    verdict: '',
    read: calendar.scans.some(({ standing }) => standing !== 'failed'),
    facts: factsOf(model),
    drifts: [],
    gaps: distinct(scope.gaps.map(gapOf)),
    violations: [],
    rules: [],
    inSync: [],
    scans: distinct(scansOf(calendar)),
    checks: tests.map(({ n: _, ...test }) => test),
    frameworks: frameworks.map(({ id, title, version, controls }) => ({
      id,
      title,
      version,
      controls: controls.map(({ strength: _, tests: deciding, ...control }) => ({
        ...control,
        checks: deciding.map((test) => test.id),
      })),
    })),
    waivers: distinct(model.waivers.map(waiverOf)),
  };
  // Made visible one by one: there may be very many, and none has to be kept twice.
  const drifts = distinct(model.register.map((row) => visibleDeep(driftOf(row))));
  return { ...visibleDeep<Sheet>({ ...sheet, verdict: verdictOf({ ...sheet, drifts }) }), drifts };
}

/** One line, made to be grepped. */
function verdictOf(sheet: Sheet): string {
  const { drifts, open, waived, over, gaps, failedScans } = countsOf(sheet);
  const tests = (['pass', 'fail', 'not-assessed', 'waived'] as const).map(
    (standing) => `${sheet.checks.filter((check) => check.standing === standing).length} ${standing.replace('-', ' ')}`,
  );
  return [
    `driftbom report: ${count(drifts, 'change')}: ${open} open, ${waived} waived, ${over} over`,
    count(gaps, 'gap'),
    count(failedScans, 'failed or missing scan'),
    `tests: ${tests.join(', ')}`,
  ].join('; ');
}

function factsOf({ provenance, policyDigest, numbers, range, population }: ComplianceModel): SheetFact[] {
  const { ledger, arguments: given, generatedAt } = provenance;
  return [
    { name: 'ledger-origin', value: ledger.origin },
    { name: 'ledger-size', value: `${ledger.size}` },
    { name: 'ledger-root', value: ledger.root === '' ? 'unknown' : ledger.root },
    { name: 'verification', value: ledger.verification.outcome },
    { name: 'verify-command', value: ledger.verification.command },
    { name: 'policy-digest', value: policyDigest },
    { name: 'period', value: `${given.from ?? 'the beginning'} to ${given.to ?? 'the end'}` },
    { name: 'generated', value: generatedAt },
    { name: 'entries', value: `${range.entries}` },
    { name: 'population-csv-sha256', value: population.list.csv },
    { name: 'population-jsonl-sha256', value: population.list.jsonl },
    ...numbers.map((number) => ({ name: number.id, value: numberText(number) })),
  ];
}

function numberText({ unit, numerator, denominator }: ReportNumber): string {
  if (unit === 'ratio') return `${numerator ?? 'unknown'} of ${denominator}`;
  return numerator === null ? `nothing to measure, of ${denominator}` : `median ${span(numerator)} over ${denominator}`;
}

function driftOf(row: RegisterRow): SheetDrift {
  const { entry, standing, waiver, reason, when } = row;
  const open = standing.name === 'open';
  return {
    key: row.driftKey,
    id: entry.digest,
    address: row.address,
    type: row.type,
    resourceId: row.id,
    workspace: row.workspace,
    provider: row.provider,
    kind: row.driftKind,
    action: row.action,
    cause: row.cause === row.class ? causeWord(row.cause) : `${causeWord(row.cause)}, ${row.class}`,
    changes: changeTexts(row.changes),
    severity: row.severity,
    rule: row.rule,
    state: open ? (waiver?.complete === true ? 'waived' : 'open') : 'over',
    isNew: !row.carriedOver,
    standing: standingText(standing),
    firstSeen: standing.firstSeen,
    endedAt: standing.endedAt,
    due: standing.due,
    waivedUntil: waiver?.until ?? null,
    waivedBy: waiver?.entries ?? [],
    entry,
    who: {
      verdict: row.verdict,
      actors: row.actors.map(({ name, kind, via }) => ({ name, kind, via })),
      call: row.call,
      occurredAt: when.occurredAt,
      reason: reason === null ? null : `${reason.text} (${reason.source})`,
      events: row.events,
    },
    controls: row.controls,
    place: NO_PLACE,
  };
}

function standingText({ name, resolution, firstSeen, endedAt, unseenSince, overdue }: RowStanding): string {
  const ended = endedAt === null ? '' : ` ${utc(endedAt)}`;
  switch (name) {
    case 'open': {
      const unseen = unseenSince === null ? '' : `, not looked at since ${utc(unseenSince)}`;
      return `open since ${utc(firstSeen)}${unseen}${overdue ? ', overdue' : ''}`;
    }
    case 'resolved':
      return `${resolution ?? 'ended'}${ended}`;
    case 'moved-on':
      return `its values moved on${ended}`;
    case 'recorded':
      return 'recorded; no drift';
  }
}

function gapOf(gap: GapRow): SheetGap {
  const { address, workspace, path, reason, message, persists, lastScan } = gap;
  return {
    id: idOf(workspace, address, path, reason),
    address,
    workspace,
    path,
    reason,
    meaning: gapMeaning(reason),
    message,
    persists,
    entry: lastScan,
    place: NO_PLACE,
  };
}

function scansOf({ scans, missing }: Calendar): SheetScan[] {
  return [...scans.map(scanOf), ...missing.map(missingOf)];
}

function scanOf({ entry, standing, workspaces, startedAt, finishedAt, compared, planned, gaps }: ScanRow): SheetScan {
  const names = workspaces.join(', ');
  const word = standing === 'failed' ? 'read nothing' : `compared ${compared} of ${planned}`;
  return {
    id: idOf('scan', entry.digest),
    standing,
    workspaces: names,
    from: startedAt,
    to: finishedAt,
    text: `The scan of ${names} at ${utc(startedAt)} ${word}, with ${count(gaps, 'gap')}.`,
    entry,
  };
}

function missingOf({ workspace, from, to, scans }: MissingScan): SheetScan {
  return {
    id: idOf('missing', workspace, from, to),
    standing: 'missing',
    workspaces: workspace,
    from,
    to,
    text: `${workspace} was not scanned from ${utc(from)} to ${utc(to)}: the declared cadence asks for ${count(scans, 'scan')} in that time.`,
    entry: null,
  };
}

function waiverOf(waiver: WaiverRow): SheetWaiver {
  const { entry, address, path, workspace, from, until, requestedBy, approvedBy, reason, standing, drifts } = waiver;
  return {
    id: entry.digest,
    entry,
    covers: `${address}${path === null ? '' : ` ${path}`}${workspace === null ? '' : ` in ${workspace}`}`,
    from,
    until,
    requestedBy,
    approvedBy,
    reason: reason ?? 'not recorded',
    standing,
    drifts,
  };
}
