import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { DriftAttribution } from '../../model/attribution.ts';
import { causeOf, type Drift } from '../../model/drift.ts';
import type { Gap } from '../../model/resource.ts';
import { type Scan, type ScannedDrift, workspaceKeys } from '../../model/scan.ts';
import { recordedFor, type ScanReport } from '../scan/scan-report.ts';
import { verdictLine, verdictOf } from '../scan/verdict.ts';
import { utc } from '../text/time.ts';
import { visibleDeep } from '../text/visible.ts';
import { causeWord, gapMeaning } from '../words.ts';
import { changeTexts, NO_PLACE, placeAt } from './sheet-parts.ts';
import { type PlaceOf, rulesOfScan } from './sheet-rules.ts';
import { distinct, idOf, type Sheet, type SheetDrift, type SheetGap, type SheetWho } from './sheet.ts';

/** A scan as machine formats see it. */
export function sheetOfScan(report: ScanReport): Sheet {
  const { scan, ledger } = report;
  const placeOf = placesOf(scan);
  return visibleDeep<Sheet>({
    about: 'scan',
    title: 'driftbom scan',
    id: scan.id,
    tool: scan.tool,
    from: scan.startedAt,
    to: scan.finishedAt,
    madeAt: scan.finishedAt,
    verdict: verdictLine(scan),
    read: verdictOf(scan.summary) !== 'unread',
    facts: [
      { name: 'scan', value: scan.id },
      { name: 'outcome', value: verdictOf(scan.summary) },
      { name: 'resources', value: `${scan.summary.resources}` },
      { name: 'in-sync', value: `${scan.summary.inSync}` },
      { name: 'not-read', value: `${scan.summary.unread}` },
      { name: 'ignored', value: `${scan.summary.ignored}` },
      { name: 'live', value: scan.scope.live },
      ...scan.scope.providers.map(({ source, version }) => ({ name: 'provider', value: `${source} ${version}` })),
      ...(ledger === undefined ? [] : [{ name: 'ledger-entry', value: `${ledger.scanEntry.digest}` }]),
    ],
    drifts: distinct(scan.drifts.map((one) => driftOf(one, report, placeOf))),
    gaps: distinct(scan.gaps.map((gap) => gapOf(gap, report, placeOf))),
    ...rulesOfScan(report, placeOf),
    inSync: inSyncOf(scan),
    scans: [],
    checks: [],
    frameworks: [],
    waivers: [],
  });
}

function driftOf(scanned: ScannedDrift, report: ScanReport, placeOf: PlaceOf): SheetDrift {
  const { drift, waiver, attribution, location } = scanned;
  const { address, workspace, id } = drift.resource;
  const recorded = recordedFor(report, address, workspace);
  const key = recorded?.driftKey ?? keyOf(report.scan, drift);
  const isNew = recorded?.standing !== 'still-open';
  return {
    key,
    id: recorded?.digest ?? key,
    address,
    type: drift.resource.type,
    resourceId: id ?? null,
    workspace,
    provider: drift.resource.provider,
    kind: drift.kind,
    action: drift.kind === 'changed' ? 'update' : drift.kind === 'missing' ? 'delete' : 'create',
    cause: causeWord(causeOf(drift)),
    changes: changeTexts(drift.changes),
    severity: 'unranked',
    rule: null,
    state: waiver?.complete === true ? 'waived' : 'open',
    isNew,
    standing: isNew ? 'new in this scan' : `still open since ${utc(recorded.firstSeen)}`,
    firstSeen: recorded?.firstSeen ?? report.scan.finishedAt,
    endedAt: null,
    due: null,
    waivedUntil: waiver?.complete === true ? (waiver.active[0]?.until ?? null) : null,
    waivedBy: (waiver?.active ?? []).map(({ index, digest }) => ({ index, digest })),
    entry: recorded === undefined ? null : { index: recorded.index, digest: recorded.digest },
    who: whoOf(attribution),
    controls: [],
    place: placeOf(workspace, location),
  };
}

function whoOf(attribution: DriftAttribution | undefined): SheetWho {
  if (attribution === undefined) {
    return { verdict: 'not-attempted', actors: [], call: null, occurredAt: null, reason: null, events: [] };
  }
  const { verdict, actors, call, occurredAt, reason, events } = attribution;
  return {
    verdict,
    actors: actors.map(({ name, kind, via }) => ({ name, kind, via })),
    call,
    occurredAt,
    reason: reason === null ? null : `${reason.text} (${reason.source})`,
    events: events.map(({ eventId, eventName, eventTime, sha256 }) => ({
      id: eventId,
      name: eventName,
      at: eventTime,
      sha256,
    })),
  };
}

function gapOf(gap: Gap, { ledger }: ScanReport, placeOf: PlaceOf): SheetGap {
  const { address, workspace, reason, message, path = null } = gap;
  return {
    id: idOf(workspace, address, path, reason),
    address,
    workspace,
    path,
    reason,
    meaning: gapMeaning(reason),
    message,
    persists: true,
    entry: ledger === undefined ? null : ledger.scanEntry,
    place: placeOf(workspace),
  };
}

/** The key that the ledger gives a drift, for scans that record nothing; see ledger-format, drift key. */
function keyOf(scan: Scan, { resource }: Drift): string {
  const workspace = workspaceKeys(scan.inputs)(resource.workspace);
  return createHash('sha256')
    .update(JSON.stringify({ address: resource.address, workspace }))
    .digest('hex');
}

/** Where a resource is declared; where no line is known, the first file of its workspace that the scan read. */
function placesOf(scan: Scan): PlaceOf {
  return (workspace, location) => {
    const [, file, line] = /^(.+):(\d+)$/.exec(location ?? '') ?? [];
    if (file !== undefined) return placeAt(posix.join(workspace, file), Number(line));
    const inputs = scan.inputs.filter((one) => one.workspace === workspace && !/^[a-z][a-z0-9+.-]*:/i.test(one.name));
    const input = inputs.find((one) => one.kind === 'config') ?? inputs.find((one) => one.kind !== 'lock');
    return input === undefined ? NO_PLACE : placeAt(input.name, 1);
  };
}

/** What was compared and shows no drift. */
function inSyncOf(scan: Scan): Sheet['inSync'] {
  const drifted = new Set(
    scan.drifts.map(({ drift }) => JSON.stringify([drift.resource.workspace, drift.resource.address])),
  );
  return scan.scope.compared.flatMap(({ workspace, addresses }) =>
    addresses
      .filter((address) => !drifted.has(JSON.stringify([workspace, address])))
      .map((address) => ({ workspace, address })),
  );
}
