import { changeLines, driftTitle, gapTitle, violationLines, violationTitle } from './sheet-parts.ts';
import { type OcsfActivity, apiActivities } from './ocsf-activity.ts';
import {
  countFacts,
  countsOf,
  isBadScan,
  type Sheet,
  type SheetCheck,
  type SheetDrift,
  type SheetGap,
  type SheetScan,
  type SheetRule,
  type SheetSeverity,
  type SheetStanding,
  type SheetViolation,
} from './sheet.ts';

/** Version of the schema whose required fields these events have. */
const VERSION = '1.3.0';

const SEVERITIES: Readonly<Record<SheetSeverity, readonly [id: number, caption: string]>> = {
  critical: [5, 'Critical'],
  high: [4, 'High'],
  medium: [3, 'Medium'],
  low: [2, 'Low'],
  info: [1, 'Informational'],
  unranked: [0, 'Unknown'],
  unclassified: [99, 'unclassified'],
};

type Activity = 'create' | 'update' | 'close';
const ACTIVITIES: Readonly<Record<Activity, readonly [id: number, caption: string]>> = {
  create: [1, 'Create'],
  update: [2, 'Update'],
  close: [3, 'Close'],
};

type Status = 'Pass' | 'Warning' | 'Fail';
const STATUSES: Readonly<Record<Status, number>> = { Pass: 1, Warning: 2, Fail: 3 };
const STANDINGS: Readonly<Record<SheetStanding, Status>> = {
  pass: 'Pass',
  fail: 'Fail',
  waived: 'Fail',
  'not-assessed': 'Warning',
};

interface Finding {
  readonly uid: string;
  readonly title: string;
  readonly text: string;
  readonly activity: Activity;
  readonly state: readonly [id: number, caption: string];
  readonly severity: SheetSeverity;
  readonly status: Status;
  readonly standard: string;
  readonly control?: string;
  /** RFC 3339: when it was seen. */
  readonly at: string;
  readonly firstSeen?: string;
  readonly endedAt?: string | null;
  readonly resources: readonly object[];
  readonly own: object;
}

const NEW = [1, 'New'] as const;
const ONGOING = [2, 'In Progress'] as const;
const SUPPRESSED = [3, 'Suppressed'] as const;
const RESOLVED = [4, 'Resolved'] as const;
/** What a drift is held against where no framework is: the declaration. */
const DECLARED = 'Declared configuration';
/** What live configuration may not be, whatever is declared. */
const RULES = 'driftbom rules';

/**
 * OCSF events, one JSON object a line: Compliance Finding (2003) for the whole, and for every drift, gap, failed
 * scan, test and control; API
 * Activity (6003) for each call of the audit log that is the evidence of a drift. A gap is a Warning, which OCSF has for
 * missing information. `metadata.correlation_uid` of a call is `finding_info.uid` of its drift.
 */
export function ocsf(sheet: Sheet): string {
  const findings = [
    wholeFinding(sheet),
    ...sheet.drifts.map(driftFinding),
    ...sheet.violations.map((violation) => violationFinding(violation, sheet)),
    ...sheet.rules.map((rule) => ruleFinding(rule, sheet)),
    ...sheet.gaps.map((gap) => gapFinding(gap, sheet)),
    ...sheet.scans.filter(isBadScan).map(scanFinding),
    ...sheet.checks.map((check) => checkFinding(check, sheet)),
    ...sheet.frameworks.flatMap((framework) => controlFindings(framework, sheet)),
  ].map((finding) => findingEvent(finding, sheet));
  const calls = sheet.drifts.flatMap(apiActivities).map((activity) => activityEvent(activity, sheet));
  return [...findings, ...calls].map((event) => `${JSON.stringify(event)}\n`).join('');
}

/** The scan or report itself: what it covers, so that silence is told from "nothing found". */
function wholeFinding(sheet: Sheet): Finding {
  const counts = countsOf(sheet);
  const broken = sheet.violations.some((one) => one.counts);
  const failed = broken || counts.open + counts.failedScans + counts.failedChecks > 0;
  return {
    uid: sheet.id,
    title: sheet.verdict,
    text: [...countFacts(sheet), ...sheet.facts].map(({ name, value }) => `${name}: ${value}`).join('\n'),
    activity: 'create',
    state: NEW,
    severity: 'info',
    status: failed || !sheet.read ? 'Fail' : counts.gaps + counts.notAssessed > 0 ? 'Warning' : 'Pass',
    standard: DECLARED,
    at: sheet.to,
    resources: [],
    own: { kind: sheet.about === 'scan' ? 'whole-scan' : 'whole-report', counts, from: sheet.from, to: sheet.to },
  };
}

function driftFinding(drift: SheetDrift): Finding {
  const { id, state, isNew, who, address, key, entry, standing, waivedUntil, waivedBy, due, controls } = drift;
  return {
    uid: id,
    title: driftTitle(drift),
    text: changeLines(drift).join('\n'),
    activity: state === 'over' ? 'close' : isNew ? 'create' : 'update',
    state: state === 'over' ? RESOLVED : state === 'waived' ? SUPPRESSED : isNew ? NEW : ONGOING,
    severity: drift.severity,
    status: state === 'over' ? 'Pass' : 'Fail',
    standard: DECLARED,
    at: drift.endedAt ?? drift.firstSeen,
    firstSeen: drift.firstSeen,
    endedAt: drift.endedAt,
    resources: [
      {
        uid: drift.resourceId ?? address,
        name: address,
        type: drift.type,
        namespace: drift.workspace,
        labels: [`provider:${drift.provider}`],
      },
    ],
    own: {
      kind: 'drift',
      state,
      drift_kind: drift.kind,
      drift_key: key,
      cause: drift.cause,
      standing,
      who: who.verdict,
      actors: who.actors.map(({ name }) => name),
      reason: who.reason,
      due,
      controls,
      waived_until: waivedUntil,
      waived_by: waivedBy,
      ledger_entry: entry,
    },
  };
}

function violationFinding(violation: SheetViolation, sheet: Sheet): Finding {
  const { id, rule, address, type, workspace, path, value, counts, origin, entry } = violation;
  return {
    uid: id,
    title: violationTitle(violation),
    text: violationLines(violation).join('\n'),
    activity: 'create',
    state: NEW,
    severity: violation.severity,
    status: 'Fail',
    standard: RULES,
    control: rule,
    at: sheet.to,
    resources: [{ uid: address, name: address, type, namespace: workspace }],
    own: { kind: 'rule-violation', rule, path, value, counts, origin, ledger_entry: entry },
  };
}

/** The rule itself, so that one that is met, and one that could not be assessed, is told as well. */
function ruleFinding(
  { id, title, digest, origin, checked, violations, notAssessed }: SheetRule,
  sheet: Sheet,
): Finding {
  const isOpen = notAssessed.length > 0;
  return {
    uid: `${sheet.id}:rule:${id}`,
    title: `${id}: ${title}`,
    text: [`${checked} checked, ${violations} violations`, ...notAssessed.map(({ text }) => text)].join('\n'),
    activity: 'create',
    state: violations === 0 && !isOpen ? RESOLVED : NEW,
    severity: 'info',
    status: violations > 0 ? 'Fail' : isOpen ? 'Warning' : 'Pass',
    standard: RULES,
    control: id,
    at: sheet.to,
    resources: [],
    own: {
      ...{ kind: 'rule', digest, origin, checked, violations },
      not_assessed: notAssessed.reduce((sum, one) => sum + one.count, 0),
    },
  };
}

function gapFinding(gap: SheetGap, sheet: Sheet): Finding {
  return {
    uid: gap.id,
    title: gapTitle(gap),
    text: `${gap.reason}: ${gap.meaning}\n${gap.message}`,
    activity: gap.persists ? 'create' : 'close',
    state: gap.persists ? NEW : RESOLVED,
    severity: 'unranked',
    status: 'Warning',
    standard: DECLARED,
    at: sheet.to,
    resources: [{ uid: gap.address, name: gap.address, namespace: gap.workspace }],
    own: { kind: 'gap', reason: gap.reason, path: gap.path, persists: gap.persists, ledger_entry: gap.entry },
  };
}

function scanFinding({ id, standing, text, to, workspaces, entry }: SheetScan): Finding {
  return {
    uid: id,
    title: `${standing} scan of ${workspaces}`,
    text,
    activity: 'create',
    state: NEW,
    severity: 'high',
    status: 'Fail',
    standard: 'Scan cadence',
    at: to,
    resources: [{ uid: workspaces, name: workspaces }],
    own: { kind: 'scan', standing, ledger_entry: entry },
  };
}

function checkFinding({ id, title, rule, standing, because, findings }: SheetCheck, sheet: Sheet): Finding {
  return {
    uid: `${sheet.id}:${id}`,
    title: `${id}: ${title}`,
    text: [because, ...findings.map(({ text }) => `- ${text}`)].join('\n'),
    activity: 'create',
    state: standing === 'pass' ? RESOLVED : standing === 'waived' ? SUPPRESSED : NEW,
    severity: standing === 'fail' ? 'high' : 'info',
    status: STANDINGS[standing],
    standard: 'driftbom tests',
    control: id,
    at: sheet.to,
    resources: [],
    own: { kind: 'test', rule, standing, findings: findings.length },
  };
}

function controlFindings({ id, title, version, controls }: Sheet['frameworks'][number], sheet: Sheet): Finding[] {
  return controls.map((control) => ({
    uid: `${sheet.id}:${id}:${control.id}`,
    title: `${control.id}: ${control.about}`,
    text: control.because,
    activity: 'create',
    state: control.standing === 'pass' ? RESOLVED : control.standing === 'waived' ? SUPPRESSED : NEW,
    severity: control.standing === 'fail' ? 'high' : 'info',
    status: STANDINGS[control.standing],
    standard: `${title} ${version}`,
    control: control.id,
    at: sheet.to,
    resources: [],
    own: {
      kind: 'control',
      framework: id,
      standing: control.standing,
      tests: control.checks,
      also_needed: control.alsoNeeded,
      evidence: control.evidence,
    },
  }));
}

function findingEvent(finding: Finding, sheet: Sheet): object {
  const { uid, title, text, activity, state, severity, status, standard, control, at, firstSeen, endedAt } = finding;
  const [activityId, activityName] = ACTIVITIES[activity];
  return {
    ...head(2003, activityId, sheet, at),
    class_name: 'Compliance Finding',
    category_name: 'Findings',
    activity_name: activityName,
    type_name: `Compliance Finding: ${activityName}`,
    severity_id: SEVERITIES[severity][0],
    severity: SEVERITIES[severity][1],
    status_id: state[0],
    status: state[1],
    message: title,
    finding_info: {
      uid,
      title,
      desc: text,
      types: ['Configuration drift'],
      ...(firstSeen === undefined ? {} : { first_seen_time: Date.parse(firstSeen) }),
      ...(endedAt === undefined || endedAt === null ? {} : { last_seen_time: Date.parse(endedAt) }),
    },
    compliance: {
      standards: [standard],
      ...(control === undefined ? {} : { control }),
      status,
      status_id: STATUSES[status],
    },
    ...(finding.resources.length === 0 ? {} : { resources: finding.resources }),
    unmapped: finding.own,
  };
}

function activityEvent(activity: OcsfActivity, sheet: Sheet): object {
  const { uid, drift, id, caption, at, operation, service, actor, sha256 } = activity;
  return {
    ...head(6003, id, sheet, at, { uid, correlation_uid: drift }),
    class_name: 'API Activity',
    category_name: 'Application Activity',
    activity_name: caption,
    type_name: `API Activity: ${caption}`,
    severity_id: 1,
    severity: 'Informational',
    status_id: 1,
    status: 'Success',
    message: `${operation} by ${actor.user.name}`,
    actor,
    api: { operation, ...(service === null ? {} : { service: { name: service } }) },
    // The ledger holds addresses as keyed digests only, and the class asks for some name.
    src_endpoint: { name: 'not recorded in clear' },
    unmapped: { kind: 'call', record_sha256: sha256 },
  };
}

function head(classUid: number, activityId: number, sheet: Sheet, at: string, more: object = {}): object {
  const time = Date.parse(at);
  return {
    class_uid: classUid,
    category_uid: Math.floor(classUid / 1000),
    activity_id: activityId,
    type_uid: classUid * 100 + activityId,
    // A time that the record does not hold in a readable form is the time of the sheet.
    time: Number.isNaN(time) ? Date.parse(sheet.to) : time,
    metadata: {
      version: VERSION,
      product: { name: 'driftbom', vendor_name: 'driftbom', version: sheet.tool.version },
      log_name: sheet.about,
      ...more,
    },
  };
}
