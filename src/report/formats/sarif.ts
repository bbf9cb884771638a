import { count } from '../text/plural.ts';
import { changeLines, driftText, gapText, unlinked, violationText } from './sheet-parts.ts';
import {
  checkRuleId,
  levelOf,
  ruleIdOf,
  rulesOf,
  type SarifRule,
  violatedRuleId,
  violationLevel,
} from './sarif-rules.ts';
import {
  countFacts,
  isBadScan,
  type Sheet,
  type SheetCheck,
  type SheetDrift,
  type SheetPlace,
  type SheetViolation,
} from './sheet.ts';

/** GitHub refuses a run with more results and keeps the first 5,000: the worst stand first. */
const MOST_RESULTS = 25_000;

const RANKS = ['critical', 'high', 'unclassified', 'medium', 'unranked', 'low', 'info'];

/**
 * SARIF 2.1.0 (OASIS) within the limits of GitHub's code scanning. A result is a drift that is still there, or a failed
 * test; a suppression is a waiver; a gap is a notification of the run. Drifts that are over are told in the run's
 * properties: GitHub takes every result for a problem, whatever its `kind` or `baselineState` says.
 */
export function sarif(sheet: Sheet): string {
  const drifts = sheet.drifts.filter(({ state }) => state !== 'over').sort(byRank);
  const failed = sheet.checks.filter(({ standing }) => standing === 'fail');
  const violations = [...sheet.violations].sort(byWorst).slice(0, MOST_RESULTS - failed.length);
  const shown = drifts.slice(0, MOST_RESULTS - failed.length - violations.length);
  const rules = rulesOf(shown, violations, failed);
  const left = drifts.length - shown.length + sheet.violations.length - violations.length;
  const indexes = new Map(rules.map(({ id }, i) => [id, i]));
  const run = {
    tool: { driver: { name: 'driftbom', version: sheet.tool.version, semanticVersion: sheet.tool.version, rules } },
    automationDetails: { id: `driftbom/${sheet.about}/` },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: sheet.read,
        startTimeUtc: sheet.from,
        endTimeUtc: sheet.to,
        toolExecutionNotifications: notificationsOf(sheet, left),
      },
    ],
    results: [
      ...failed.map((check) => checkResult(check, indexes)),
      ...violations.map((one) => violationResult(one, indexes)),
      ...shown.map((one) => driftResult(one, indexes)),
    ],
    ...taxonomiesOf(sheet),
    properties: propertiesOf(sheet),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 1)}\n`;
}

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

function byRank(a: SheetDrift, b: SheetDrift): number {
  return (
    Number(a.state === 'waived') - Number(b.state === 'waived') || RANKS.indexOf(a.severity) - RANKS.indexOf(b.severity)
  );
}

function byWorst(a: SheetViolation, b: SheetViolation): number {
  return RANKS.indexOf(a.severity) - RANKS.indexOf(b.severity);
}

function violationResult(violation: SheetViolation, indexes: ReadonlyMap<string, number>): object {
  const { id, rule, address, workspace, path, severity, counts, place, entry } = violation;
  const ruleId = violatedRuleId(rule);
  return {
    ruleId,
    ruleIndex: indexes.get(ruleId),
    level: violationLevel(violation),
    kind: 'fail',
    message: { text: literal(violationText(violation)) },
    locations: [
      {
        physicalLocation: physical(place),
        logicalLocations: [{ fullyQualifiedName: address, kind: 'resource' }],
      },
    ],
    partialFingerprints: { primaryLocationLineHash: `${id}:1`, 'driftbom/v1': id },
    properties: { id, workspace, path, severity, counts, ...(entry === null ? {} : { ledgerEntry: entry }) },
  };
}

function driftResult(drift: SheetDrift, indexes: ReadonlyMap<string, number>): object {
  const { address, resourceId, key, id, entry, place, state, isNew, controls, workspace } = drift;
  const ruleId = ruleIdOf(drift);
  return {
    ruleId,
    ruleIndex: indexes.get(ruleId),
    level: levelOf(drift),
    kind: 'fail',
    message: { text: literal(driftText(drift)) },
    locations: [
      {
        physicalLocation: physical(place),
        logicalLocations: [
          { fullyQualifiedName: address, kind: 'resource' },
          ...(resourceId === null ? [] : [{ fullyQualifiedName: resourceId, kind: 'object' }]),
        ],
      },
    ],
    // The first name is the one that GitHub tells alerts apart by; it is made of the drift's key, never of a line.
    partialFingerprints: { primaryLocationLineHash: `${key}:1`, 'driftbom/v1': key },
    baselineState: isNew ? 'new' : 'unchanged',
    ...suppressionsOf(drift),
    properties: {
      id,
      workspace,
      state,
      severity: drift.severity,
      changes: changeLines(drift).length,
      controls,
      ...(entry === null ? {} : { ledgerEntry: entry }),
    },
  };
}

function suppressionsOf({ state, waivedUntil, waivedBy }: SheetDrift): object {
  if (state !== 'waived') return {};
  const entries = waivedBy.map(({ index }) => `entry ${index}`).join(', ');
  const justification = `Waived until ${waivedUntil ?? 'its end'} by ${entries} of the ledger.`;
  return { suppressions: [{ kind: 'external', status: 'accepted', justification }] };
}

function checkResult({ id, title, because, findings }: SheetCheck, indexes: ReadonlyMap<string, number>): object {
  const ruleId = checkRuleId(id);
  return {
    ruleId,
    ruleIndex: indexes.get(ruleId),
    level: 'error',
    kind: 'fail',
    message: { text: literal(`${id} ${title}: ${because}`) },
    locations: [{ physicalLocation: physical({ file: 'driftbom.yaml', line: 1 }) }],
    partialFingerprints: { primaryLocationLineHash: `${ruleId}:1`, 'driftbom/v1': ruleId },
    properties: { id: ruleId, findings: findings.length },
  };
}

function notificationsOf({ gaps, rules, scans, checks }: Sheet, left: number): object[] {
  const notification = (id: string, level: SarifRule['defaultConfiguration']['level'], text: string): object => ({
    descriptor: { id },
    level,
    message: { text: literal(text) },
  });
  return [
    ...(left === 0
      ? []
      : [
          notification(
            'driftbom/cut',
            'error',
            `${count(left, 'finding')} left out: ${MOST_RESULTS} results are the most that code scanning takes.`,
          ),
        ]),
    ...gaps.map((gap) => ({
      ...notification(`gap/${gap.reason}`, 'warning', gapText(gap)),
      locations: [
        {
          physicalLocation: physical(gap.place),
          logicalLocations: [{ fullyQualifiedName: gap.address, kind: 'resource' }],
        },
      ],
      properties: { id: gap.id, workspace: gap.workspace, path: gap.path, persists: gap.persists },
    })),
    ...rules.flatMap(({ id, notAssessed }) =>
      notAssessed.map(({ text }) => ({
        ...notification('rule/not-assessed', 'warning', `${id}: ${text}`),
        properties: { id },
      })),
    ),
    ...scans
      .filter(isBadScan)
      .map((scan) => ({ ...notification(`scan/${scan.standing}`, 'error', scan.text), properties: { id: scan.id } })),
    ...checks
      .filter(({ standing }) => standing === 'not-assessed' || standing === 'waived')
      .map(({ id, standing, because }) => notification(`test/${standing}`, 'note', `${id}: ${because}`)),
  ];
}

/** Controls stand as a taxonomy for each framework (SARIF 2.1.0 section 3.19.3), with how each one stands. */
function taxonomiesOf({ frameworks }: Sheet): object {
  if (frameworks.length === 0) return {};
  return {
    taxonomies: frameworks.map(({ id, title, version, controls }) => ({
      name: id,
      version,
      shortDescription: { text: title },
      taxa: controls.map((control) => ({
        id: control.id,
        shortDescription: { text: control.about },
        properties: { standing: control.standing, because: control.because },
      })),
    })),
  };
}

function propertiesOf(sheet: Sheet): object {
  const over = sheet.drifts.filter(({ state }) => state === 'over');
  return {
    verdict: sheet.verdict,
    counts: Object.fromEntries(countFacts(sheet).map(({ name, value }) => [name, Number(value)])),
    facts: sheet.facts.map(({ name, value }) => `${name}: ${value}`),
    over: over.map(({ id, address, workspace, standing, entry }) => ({
      id,
      address,
      workspace,
      standing,
      ledgerEntry: entry,
    })),
    checks: sheet.checks.map(({ id, standing, because }) => ({ id, standing, because })),
  };
}

function physical({ file, line }: SheetPlace): object {
  return { artifactLocation: { uri: relativeUri(file) }, region: { startLine: line } };
}

/** A relative URI reference (RFC 3986); places are relative already. */
function relativeUri(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}

/** `{0}` is a placeholder in messages (section 3.11.5), and `[text](target)` a link (3.11.6): here both are text. */
function literal(text: string): string {
  return unlinked(text).replace(/\{(?=\d)/g, '{ ');
}
