import type { Change } from '../model/drift.ts';
import { formatPath, type Path } from '../model/path.ts';
import { isMap, type Value } from '../model/value.ts';
import type { Effect } from './effect-kind.ts';
import type { ChangePlan } from './plan-change.ts';
import type { Outcome, Step } from './replay.ts';

/** What the answers of calls say of the version that is live: by it, hidden values are told apart. */
export interface Versions {
  /** Calls that made it. */
  readonly live: ReadonlySet<string>;
  /** Calls that made another one. */
  readonly other: ReadonlySet<string>;
}

export const NO_VERSIONS: Versions = { live: new Set(), other: new Set() };

/** Whether a change is of a version: of the resource, or of a part of it. */
export function isVersion({ path }: Pick<Change, 'path'>): boolean {
  return /(?:^|_)version$/.test(path);
}

/** Versions that differ between two sides of a resource and are no part of its drift. Only what both sides hold counts. */
export function movedVersions(declared: Value, live: Value, path: Path = []): Change[] {
  if (isMap(declared) && isMap(live)) {
    const both = Object.keys(live).filter((name) => Object.hasOwn(declared, name));
    return both.flatMap((name) => movedVersions(declared[name] ?? null, live[name] ?? null, [...path, name]));
  }
  const text = formatPath(path);
  if (!isVersion({ path: text }) || !isScalar(declared) || !isScalar(live) || declared === live) return [];
  return [
    {
      path: text,
      op: 'replace',
      before: declared,
      after: live,
      sensitive: false,
      cause: 'unknown',
      class: 'computed',
    },
  ];
}

function isScalar(value: Value): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/** Reads the versions off the replays of a drift's own version attributes; none, where no version drifted. */
export function versionsOf(
  replayed: readonly { readonly plan: ChangePlan; readonly steps: readonly Step[] }[],
): Versions {
  const versions = replayed.filter(({ plan }) => isVersion(plan.change));
  const steps = versions.flatMap((one) => one.steps);
  const of = (kind: Effect['kind']): ReadonlySet<string> =>
    new Set(steps.filter((step) => step.effect.kind === kind).map((step) => step.record.eventId));
  return { live: of('live'), other: of('other') };
}

/** A replay that ends in hidden values, narrowed to the calls that the live version allows. */
export function narrowed(outcome: Outcome, { live, other }: Versions): Outcome {
  if (outcome.kind !== 'hidden') return outcome;
  const made = outcome.steps.filter((step) => live.has(step.record.eventId));
  if (made.length > 0) return { kind: 'hidden', steps: made };
  const left = outcome.steps.filter((step) => !other.has(step.record.eventId));
  return left.length > 0 ? { kind: 'hidden', steps: left } : { kind: 'lost', steps: outcome.steps };
}
