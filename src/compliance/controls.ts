import type { Control, Framework, TestId } from './framework.ts';
import { refOf } from './coverage.ts';
import type { ControlOutcome, FrameworkOutcome, TestOutcome, TestStanding } from './model.ts';
import { digestOf } from './policy.ts';
import type { Evidence } from './evidence.ts';
import { cadenceWithin } from './tests-scan.ts';

/** The controls of a framework, each by its tests. No control passes while coverage or cadence is short. */
export function frameworkOutcome(
  framework: Framework,
  tests: readonly TestOutcome[],
  evidence: Evidence,
): FrameworkOutcome {
  const { id, title, version, note, controls } = framework;
  return {
    id,
    title,
    version,
    note: note ?? null,
    digest: digestOf(framework),
    controls: controls.map((control) => controlOutcome(control, id, tests, evidence)),
  };
}

function controlOutcome(
  control: Control,
  framework: string,
  tests: readonly TestOutcome[],
  evidence: Evidence,
): ControlOutcome {
  const limit = tightest(control.cadenceHours, evidence.thresholds.cadenceHours);
  const cadence = cadenceWithin(evidence, limit);
  const own = control.tests.map((id): { id: TestId; standing: TestStanding; because: string } => {
    const test = tests.find((one) => one.id === id) as TestOutcome;
    return id === 'T2' ? { id, ...cadence } : { id, standing: test.standing, because: test.because };
  });
  const { standing, because } = standingOf(own, shortfall(evidence, cadence.standing, cadence.because));
  const names = new Set([control.id, `${framework}:${control.id}`, ...(control.refs ?? [])]);
  return {
    id: control.id,
    about: control.about,
    strength: control.strength,
    standing,
    because,
    tests: own.map((one) => ({ id: one.id, standing: one.standing })),
    alsoNeeded: control.alsoNeeded ?? [],
    evidence: evidence.rows
      .filter((row) => row.controls.some((name) => names.has(name)))
      .map((row) => refOf(row.entry)),
  };
}

function standingOf(
  tests: readonly { readonly id: TestId; readonly standing: TestStanding; readonly because: string }[],
  short: string | undefined,
): { standing: TestStanding; because: string } {
  if (tests.length === 0) return { standing: 'not-assessed', because: 'no test of this report speaks of it' };
  for (const standing of ['fail', 'not-assessed'] as const) {
    const found = tests.filter((one) => one.standing === standing);
    if (found.length > 0) return { standing, because: found.map((one) => `${one.id}: ${one.because}`).join('; ') };
  }
  if (short !== undefined) return { standing: 'not-assessed', because: short };
  const waived = tests.filter((one) => one.standing === 'waived');
  if (waived.length > 0)
    return { standing: 'waived', because: waived.map((one) => `${one.id}: ${one.because}`).join('; ') };
  return { standing: 'pass', because: tests.map((one) => one.id).join(', ') };
}

/** Why what was seen is too little to let any control pass; undefined where it is enough. */
function shortfall(
  { workspaces, thresholds, scans }: Evidence,
  cadence: TestStanding,
  because: string,
): string | undefined {
  if (scans.length === 0) return 'no scan is on record in the period';
  const planned = workspaces.reduce((sum, one) => sum + one.planned, 0);
  const compared = workspaces.reduce((sum, one) => sum + one.compared, 0);
  const wanted = thresholds.coverage ?? 1;
  if (planned > 0 && compared / planned < wanted) {
    return `coverage is short: ${compared} of ${planned} declared resources compared, ${Math.round(wanted * 1000) / 10} % wanted`;
  }
  return cadence === 'pass' ? undefined : `cadence is short: ${because}`;
}

function tightest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}
