import type { DeclaredResource, Gap, GapReason, StateInstance } from '../model/resource.ts';
import type { ResourceSchema } from '../model/schema.ts';
import type { Value, ValueMap } from '../model/value.ts';
import type { Path } from '../model/path.ts';
import { formatPath } from '../model/path.ts';
import { isMap } from '../model/value.ts';
import { coerce } from './coerce.ts';
import { staticAddress } from './plan-configuration.ts';
import type { PlanConfiguration } from './plan-configuration.ts';
import type { PlanChange, PlanFile, PlanObject, PlanSubject } from './plan-file.ts';
import { maskedPaths, withUnknown } from './plan-masks.ts';
import { writtenValues } from './plan-written.ts';

/** A provider's schema of a type, where somebody has it at hand. */
export type SchemaLookup = (provider: string, type: string) => ResourceSchema | undefined;

/** What a plan knows of the live side of a resource. */
type PlanAnswer =
  | {
      readonly kind: 'found';
      readonly prior: Value;
      readonly live: Value;
      readonly schema: ResourceSchema | undefined;
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unread'; readonly reason: GapReason; readonly message: string };

export interface PlanSides {
  readonly resources: readonly { readonly resource: DeclaredResource; readonly answer: PlanAnswer }[];
  readonly gaps: readonly Gap[];
  readonly skippedDataSources: number;
}

interface Known {
  readonly subject: PlanSubject;
  drift?: PlanChange;
  change?: PlanChange;
  object?: PlanObject;
  deferred?: string;
}

/**
 * Reads declared and live out of one plan, per managed resource instance:
 *
 * - state, as last applied: what stands before the drift, or before the change where nothing drifted;
 * - live: what the refresh found (`resource_drift`), else the same as the state;
 * - configuration: what is written, at its planned values (see plan-written.ts); none in a refresh-only plan.
 *
 * A drift whose two sides are equal, a move, a no-op and a data source are no drift; equality is left to comparison. What
 * the plan did not refresh (-target, an error, a deferral) is unread. With a schema at hand, values are brought to it.
 */
export function planSides(plan: PlanFile, workspace: string, schemaOf: SchemaLookup = () => undefined): PlanSides {
  const { known, deposed, dataSources } = gather(plan);
  const resources = [...known.values()].map((one) => sidesOf(one, plan, workspace, schemaOf));
  const gaps: Gap[] = [...deposed].map(([key, address]) => ({
    address,
    workspace,
    reason: 'deposed',
    message: `the plan lists the deposed object ${key.slice(address.length + 1)}; it waits for its destruction`,
  }));
  return { resources, gaps: [...gaps, ...unplannedGaps(plan, workspace)], skippedDataSources: dataSources.size };
}

function gather(plan: PlanFile): {
  known: Map<string, Known>;
  deposed: Map<string, string>;
  dataSources: Set<string>;
} {
  const known = new Map<string, Known>();
  const deposed = new Map<string, string>();
  const dataSources = new Set<string>();
  const note = (subject: PlanSubject, part: Partial<Known>): void => {
    const { address } = subject;
    if (subject.mode !== 'managed') dataSources.add(address);
    else if (subject.deposed !== undefined) deposed.set(`${address} ${subject.deposed}`, address);
    else known.set(address, { subject, ...known.get(address), ...part });
  };
  for (const change of plan.changes) note(change, { change });
  for (const drift of plan.drift) note(drift, { drift });
  for (const { change, reason } of plan.deferred) note(change, { deferred: reason });
  for (const object of plan.prior) note(object, { object });
  return { known, deposed, dataSources };
}

function sidesOf(
  known: Known,
  plan: PlanFile,
  workspace: string,
  schemaOf: SchemaLookup,
): PlanSides['resources'][number] {
  const { subject, drift } = known;
  const configuration = plan.configuration.get(staticAddress(subject.address));
  const schema = schemaOf(subject.provider, subject.type);
  const prior = priorOf(known);
  const live = drift === undefined ? prior : isMap(drift.after) ? drift.after : undefined;
  const id = prior?.id;
  const resource: DeclaredResource = {
    ref: {
      address: subject.address,
      type: subject.type,
      id: typeof id === 'string' ? id : undefined,
      workspace,
      provider: subject.provider,
    },
    providerKey: `${workspace}: ${configuration?.providerKey || subject.provider}`,
    state: prior === undefined ? undefined : stateOf(known, prior, configuration),
    config: configOf(known, configuration, prior, live, schema),
  };
  return { resource, answer: answerOf(known, plan, prior, live, schema) };
}

/** The object as the state held it when it was last applied. */
function priorOf({ drift, change, object }: Known): ValueMap | undefined {
  if (drift !== undefined) return isMap(drift.before) ? drift.before : undefined;
  if (change !== undefined) return isMap(change.before) && !change.importing ? change.before : undefined;
  return object?.values;
}

function stateOf(known: Known, attributes: ValueMap, configuration: PlanConfiguration | undefined): StateInstance {
  const { drift, change, object } = known;
  const marks = (mask: Value): readonly Path[] => maskedPaths(mask, attributes);
  const paths = [drift, change].flatMap((one) =>
    one === undefined ? [] : [...marks(one.beforeSensitive), ...marks(one.afterSensitive)],
  );
  if (object !== undefined) paths.push(...marks(object.sensitive));
  return {
    attributes,
    schemaVersion: object?.schemaVersion ?? configuration?.schemaVersion ?? 0,
    private: undefined,
    sensitive: [...new Map(paths.map((path) => [formatPath(path), path])).values()],
    tainted: object?.tainted === true || change?.actionReason === 'replace_because_tainted',
  };
}

function configOf(
  { change }: Known,
  configuration: PlanConfiguration | undefined,
  prior: Value | undefined,
  live: Value | undefined,
  schema: ResourceSchema | undefined,
): DeclaredResource['config'] {
  if (change === undefined || configuration === undefined || !isMap(change.after)) return undefined;
  const planned = withUnknown(change.after, change.afterUnknown);
  if (!isMap(planned)) return undefined;
  const values = writtenValues(configuration.expressions, { planned, live, prior }, schema?.block);
  return { values, ignoreChanges: [], location: undefined };
}

function answerOf(
  known: Known,
  plan: PlanFile,
  prior: Value | undefined,
  live: Value | undefined,
  schema: ResourceSchema | undefined,
): PlanAnswer {
  if (prior === undefined) return unread('not-in-state', notInState(known));
  if (known.deferred !== undefined) {
    return unread('not-in-snapshot', `Terraform deferred this resource (${known.deferred}) and may not have read it`);
  }
  if (!wasRefreshed(known, plan)) {
    const why = plan.errored ? 'planning ended with an error' : 'the plan is incomplete, as with -target';
    return unread('not-in-snapshot', `${why}, and it does not show whether this resource was read`);
  }
  if (live === undefined) return { kind: 'absent' };
  const dressed = (value: Value): Value => (schema === undefined ? value : coerce(value, schema.block));
  return { kind: 'found', prior: dressed(prior), live: dressed(live), schema };
}

/** A full plan lists every object that it refreshed, if only as a no-op; a refresh-only plan lists what drifted. */
function wasRefreshed({ drift, change }: Known, plan: PlanFile): boolean {
  if (drift !== undefined || change !== undefined) return true;
  return plan.changes.length === 0 && plan.complete && !plan.errored;
}

function notInState({ change, deferred }: Known): string {
  if (change?.importing === true) return 'the plan imports this object; the state does not hold it yet';
  if (deferred !== undefined) return `not applied yet, and Terraform deferred it (${deferred})`;
  return 'the plan creates this object; the state does not hold it yet';
}

function unread(reason: GapReason, message: string): PlanAnswer {
  return { kind: 'unread', reason, message };
}

/** Says once for the whole plan that it does not speak of everything that is declared. */
function unplannedGaps(plan: PlanFile, workspace: string): readonly Gap[] {
  if (!plan.errored && plan.complete) return [];
  const message = plan.errored
    ? 'planning ended with an error: resources that it did not reach are not in this plan'
    : 'the plan is incomplete (made with -target, or with deferred changes): other resources are not in it';
  return [{ address: '(plan)', workspace, reason: 'unsupported-declaration', message }];
}
