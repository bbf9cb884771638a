import { between } from '../text/time.ts';
import { count } from '../text/plural.ts';
import { aboutLines, changeLines, driftTitle, gapTitle, violationLines, violationTitle } from './sheet-parts.ts';
import {
  countFacts,
  type Sheet,
  type SheetCheck,
  type SheetDrift,
  type SheetFact,
  type SheetGap,
  type SheetScan,
  type SheetStanding,
} from './sheet.ts';
import { type Element, element, xmlDocument } from './xml.ts';

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

interface Case {
  readonly name: string;
  readonly outcome: Outcome;
  /** One line; empty for what passed. */
  readonly message: string;
  readonly text: string;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

/**
 * JUnit XML as Jenkins, GitLab and others read it (jenkinsci/xunit-plugin, junit-10.xsd): a test case is a resource, a
 * failure is a drift or a violated rule, skipped is a gap, a waived drift or a rule that could not be assessed. Where nothing could be read there is an error, because a run
 * of skipped cases alone is shown as passed.
 */
export function junit(sheet: Sheet): string {
  const suites = [coverageSuite(sheet), ...workspaceSuites(sheet), ...ruleSuites(sheet), ...judgedSuites(sheet)];
  const seconds = Math.max(0, between(sheet.from, sheet.to) ?? 0) / 1000;
  const time = sheet.about === 'scan' ? seconds.toFixed(3) : '0.000';
  const root = element(
    'testsuites',
    { name: 'driftbom', ...tallies(suites.flatMap(({ cases }) => cases)), time },
    suites.map((suite, i) => suiteElement(suite, sheet, i === 0 ? { time, facts: factsOf(sheet) } : QUIET)),
  );
  return xmlDocument(root);
}

interface SuiteHead {
  readonly time: string;
  readonly facts: readonly SheetFact[];
}

const QUIET: SuiteHead = { time: '0.000', facts: [] };

/** Coverage and counts stand once, in the first suite. */
function factsOf(sheet: Sheet): SheetFact[] {
  return [...countFacts(sheet), { name: 'verdict', value: sheet.verdict }, ...sheet.facts];
}

function suiteElement({ name, cases }: Suite, sheet: Sheet, { time, facts }: SuiteHead): Element {
  const properties = facts.map((fact) => element('property', { name: `driftbom.${fact.name}`, value: fact.value }));
  return element('testsuite', { name, ...tallies(cases), time, timestamp: sheet.to.slice(0, 19) }, [
    ...(properties.length === 0 ? [] : [element('properties', {}, properties)]),
    ...cases.map((one) => caseElement(one, name)),
  ]);
}

function caseElement({ name, outcome, message, text }: Case, suite: string): Element {
  const attributes = { name, classname: suite.replaceAll('.', '_'), time: '0.000' };
  switch (outcome) {
    case 'passed':
      return element('testcase', attributes, text === '' ? [] : [element('system-out', {}, text)]);
    case 'skipped':
      return element('testcase', attributes, [element('skipped', { message }), element('system-out', {}, text)]);
    case 'failure':
    case 'error':
      return element('testcase', attributes, [element(outcome, { message, type: outcome }, text)]);
  }
}

function tallies(cases: readonly Case[]): Record<'tests' | 'failures' | 'errors' | 'skipped', string> {
  const of = (outcome: Outcome): string => `${cases.filter((one) => one.outcome === outcome).length}`;
  return { tests: `${cases.length}`, failures: of('failure'), errors: of('error'), skipped: of('skipped') };
}

function coverageSuite(sheet: Sheet): Suite {
  const { gaps, read, verdict } = sheet;
  const outcome = read ? (gaps.length > 0 ? 'skipped' : 'passed') : 'error';
  return {
    name: 'driftbom',
    cases: [{ name: 'everything declared was read', outcome, message: verdict, text: verdict }],
  };
}

function workspaceSuites({ about, drifts, gaps, inSync }: Sheet): Suite[] {
  const names = new Set([...drifts, ...gaps, ...inSync].map(({ workspace }) => workspace));
  const suites = new Map([...names].sort().map((name) => [name, [] as Case[]]));
  for (const drift of drifts) suites.get(drift.workspace)?.push(driftCase(drift, about));
  for (const gap of gaps) suites.get(gap.workspace)?.push(gapCase(gap));
  for (const { workspace, address } of inSync) {
    suites.get(workspace)?.push({ name: address, outcome: 'passed', message: '', text: '' });
  }
  return [...suites].map(([name, cases]) => ({ name: `workspace ${name}`, cases }));
}

/** The name of a case is how CI knows it again: in a scan that is the resource, in a report the entry too. */
function driftCase(drift: SheetDrift, about: Sheet['about']): Case {
  const { address, entry, state } = drift;
  const outcome = state === 'open' ? 'failure' : state === 'waived' ? 'skipped' : 'passed';
  const note = state === 'waived' ? `waived until ${drift.waivedUntil ?? 'its end'}: ` : '';
  return {
    name: entry === null || about === 'scan' ? address : `${address} (entry ${entry.index})`,
    outcome,
    message: `${note}${driftTitle(drift)}`,
    text: [driftTitle(drift), ...changeLines(drift), ...aboutLines(drift)].join('\n'),
  };
}

function gapCase(gap: SheetGap): Case {
  const { address, path, reason, meaning, message } = gap;
  return {
    name: `${address}${path === null ? '' : ` ${path}`} (not compared: ${reason})`,
    outcome: 'skipped',
    message: gapTitle(gap),
    text: `${reason}: ${meaning}\n${message}`,
  };
}

/** A case is a rule: a failure where it is violated, skipped where it could not be assessed or does not count. */
function ruleSuites({ rules, violations }: Sheet): Suite[] {
  if (rules.length === 0) return [];
  const cases = rules.map(({ id, title, checked, notAssessed }): Case => {
    const found = violations.filter(({ rule }) => rule === id);
    const sum = `${count(checked, 'resource')} checked, ${count(found.length, 'violation')}`;
    const open = notAssessed.map(({ text }) => `not assessed: ${text}`);
    const lines = found.map((one) => [violationTitle(one), ...violationLines(one)].join('\n  '));
    const fails = found.some((one) => one.counts);
    const outcome = fails ? 'failure' : found.length + open.length > 0 ? 'skipped' : 'passed';
    return { name: `${id}: ${title}`, outcome, message: sum, text: [sum, ...lines, ...open].join('\n') };
  });
  return [{ name: 'rules', cases }];
}

function judgedSuites({ scans, checks, frameworks }: Sheet): Suite[] {
  const suites: Suite[] = [
    { name: 'scan calendar', cases: scans.map(scanCase) },
    { name: 'tests', cases: checks.map(checkCase) },
    ...frameworks.map(({ title, version, controls }) => ({
      name: `${title} (${version})`,
      cases: controls.map(({ id, about, standing, because, alsoNeeded }) => ({
        name: `${id}: ${about}`,
        outcome: outcomeOf(standing),
        message: `${standing}: ${because}`,
        text: [`${standing}: ${because}`, ...alsoNeeded.map((text) => `also needed: ${text}`)].join('\n'),
      })),
    })),
  ];
  return suites.filter(({ cases }) => cases.length > 0);
}

function scanCase({ standing, workspaces, from, to, text, entry }: SheetScan): Case {
  const name =
    entry === null ? `${standing} scan of ${workspaces}, ${from} to ${to}` : `scan ${from} (entry ${entry.index})`;
  const outcome = standing === 'ok' ? 'passed' : standing === 'partial' ? 'skipped' : 'failure';
  return { name, outcome, message: `${standing}: ${text}`, text };
}

function checkCase({ id, title, rule, standing, because, findings }: SheetCheck): Case {
  return {
    name: `${id}: ${title}`,
    outcome: outcomeOf(standing),
    message: `${standing}: ${because}`,
    text: [`passes when: ${rule}`, `${standing}: ${because}`, ...findings.map(({ text }) => `- ${text}`)].join('\n'),
  };
}

function outcomeOf(standing: SheetStanding): Outcome {
  return standing === 'pass' ? 'passed' : standing === 'fail' ? 'failure' : 'skipped';
}
