import { gzipSync } from 'node:zlib';

/** A SARIF file as far as its rules are looked at here. */
export interface SarifFile {
  readonly version: string;
  readonly runs: readonly SarifRun[];
}

interface SarifRun {
  readonly tool: { readonly driver: { readonly name: string; readonly version: string; readonly rules: SarifRule[] } };
  readonly invocations: readonly {
    readonly executionSuccessful: boolean;
    readonly startTimeUtc: string;
    readonly endTimeUtc: string;
    readonly toolExecutionNotifications: readonly SarifNote[];
  }[];
  readonly results: readonly SarifLine[];
  readonly taxonomies?: readonly { readonly name: string; readonly taxa: readonly { readonly id: string }[] }[];
  readonly properties: {
    readonly counts: { readonly [name: string]: number };
    readonly over: readonly { readonly id: string }[];
  };
}

interface SarifRule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string };
  readonly defaultConfiguration: { readonly level: string };
  readonly properties: { readonly tags: readonly string[]; readonly 'security-severity'?: string };
}

interface SarifNote {
  readonly descriptor: { readonly id: string };
  readonly level: string;
  readonly message: { readonly text: string };
  readonly properties?: { readonly id: string };
}

interface SarifLine {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly kind: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: { readonly startLine: number };
    };
  }[];
  readonly partialFingerprints: { readonly [name: string]: string };
  readonly baselineState?: string;
  readonly suppressions?: readonly { readonly kind: string; readonly status: string; readonly justification: string }[];
  readonly properties: { readonly id: string; readonly state?: string };
}

const LEVELS = ['none', 'note', 'warning', 'error'];
const KINDS = ['notApplicable', 'pass', 'fail', 'review', 'open', 'informational'];
const BASELINES = ['new', 'unchanged', 'updated', 'absent'];

/**
 * Holds a file against SARIF 2.1.0 (required fields, closed lists, sections 3.11 to 3.58) and against what GitHub's code
 * scanning takes. One sentence a fault.
 */
export function sarifFaults(text: string): string[] {
  const faults: string[] = [];
  const must = (holds: boolean, fault: string): void => {
    if (!holds) faults.push(fault);
  };
  const file = JSON.parse(text) as SarifFile;
  must(file.version === '2.1.0', 'version is not 2.1.0');
  must(gzipSync(text).byteLength <= 10_000_000, 'over 10 MB compressed');
  must(file.runs.length >= 1 && file.runs.length <= 20, 'number of runs');
  for (const run of file.runs) {
    const { rules, name, version } = run.tool.driver;
    must(name !== '' && version !== '', 'driver without name or version');
    must(rules.length <= 25_000, 'too many rules');
    must(new Set(rules.map(({ id }) => id)).size === rules.length, 'rule ids repeat');
    must(run.results.length <= 25_000, 'too many results');
    for (const rule of rules) ruleFaults(rule, must);
    for (const line of run.results) lineFaults(line, rules, must);
    for (const { startTimeUtc, endTimeUtc, toolExecutionNotifications } of run.invocations) {
      must(/Z$/.test(startTimeUtc) && /Z$/.test(endTimeUtc), 'a time is not UTC');
      for (const note of toolExecutionNotifications) {
        must(LEVELS.includes(note.level) && note.message.text !== '', `notification ${note.descriptor.id}`);
      }
    }
    const prints = run.results.map((line) => line.partialFingerprints.primaryLocationLineHash);
    must(new Set(prints).size === prints.length, 'fingerprints repeat');
  }
  return faults;
}

type Must = (holds: boolean, fault: string) => void;

function ruleFaults(rule: SarifRule, must: Must): void {
  const { id, name, shortDescription, fullDescription, help, defaultConfiguration, properties } = rule;
  must(id !== '' && name.length <= 255, `rule ${id}: name`);
  must(shortDescription.text.length <= 1024 && shortDescription.text !== '', `rule ${id}: short description`);
  must(fullDescription.text.length <= 1024 && fullDescription.text !== '', `rule ${id}: full description`);
  must(help.text !== '', `rule ${id}: help`);
  must(LEVELS.includes(defaultConfiguration.level), `rule ${id}: level`);
  must(properties.tags.length <= 10, `rule ${id}: tags`);
  const score = properties['security-severity'];
  must(score === undefined || (Number(score) > 0 && Number(score) <= 10), `rule ${id}: score`);
}

function lineFaults(line: SarifLine, rules: readonly SarifRule[], must: Must): void {
  must(rules[line.ruleIndex]?.id === line.ruleId, `${line.ruleId}: index`);
  must(LEVELS.includes(line.level), `${line.ruleId}: level ${line.level}`);
  must(KINDS.includes(line.kind), `${line.ruleId}: kind`);
  must(line.kind === 'fail', `${line.ruleId}: GitHub takes every kind for a problem`);
  must(line.baselineState === undefined || BASELINES.includes(line.baselineState), `${line.ruleId}: baseline`);
  must(line.message.text !== '' && line.message.text.length <= 1024, `${line.ruleId}: message`);
  must(!/\]\(|\{\d/.test(line.message.text), `${line.ruleId}: the message holds a link or placeholder`);
  must(line.locations.length === 1, `${line.ruleId}: locations`);
  for (const { physicalLocation } of line.locations) {
    const { uri } = physicalLocation.artifactLocation;
    must(
      /^[A-Za-z0-9._~%!'()*-][A-Za-z0-9._~%!'()*/-]*$/.test(uri) && !uri.includes('..'),
      `${line.ruleId}: uri ${uri}`,
    );
    must(Number.isInteger(physicalLocation.region.startLine) && physicalLocation.region.startLine >= 1, 'line');
  }
  for (const { kind, status } of line.suppressions ?? []) {
    must(['inSource', 'external'].includes(kind), `${line.ruleId}: suppression kind`);
    must(['accepted', 'underReview', 'rejected'].includes(status), `${line.ruleId}: suppression status`);
  }
}
