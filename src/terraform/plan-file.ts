import type { Value, ValueMap } from '../model/value.ts';
import { isMap } from '../model/value.ts';
import { DriftbomError } from '../model/error.ts';
import { parseJson } from './json.ts';
import { readPlanConfiguration } from './plan-configuration.ts';
import type { PlanConfigurations } from './plan-configuration.ts';
import { Shape } from './shape.ts';

/**
 * What `terraform show -json PLANFILE` prints, as far as drift needs it.
 * Source: Terraform documentation, "JSON Output Format", plan representation, format version 1.x.
 */
export interface PlanFile {
  readonly formatVersion: string;
  readonly terraformVersion: string | undefined;
  /** Planning stopped at an error: the plan holds only what was reached. */
  readonly errored: boolean;
  /** False where -target or deferral left resources out of the plan. */
  readonly complete: boolean;
  /** What an apply would do. Empty in a refresh-only plan. */
  readonly changes: readonly PlanChange[];
  /** What the refresh found different from the state. */
  readonly drift: readonly PlanChange[];
  /** Changes that Terraform put off, with its reason. */
  readonly deferred: readonly { readonly reason: string; readonly change: PlanChange }[];
  /** The state after the refresh, modules flattened. */
  readonly prior: readonly PlanObject[];
  /** The configuration's expressions by static address (without instance keys). */
  readonly configuration: PlanConfigurations;
}

export interface PlanSubject {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  /** Source address of the provider. */
  readonly provider: string;
  /** Key of a deposed object: one that waits for its destruction beside the current one. */
  readonly deposed: string | undefined;
}

export interface PlanChange extends PlanSubject {
  readonly actions: readonly string[];
  readonly actionReason: string | undefined;
  /** The object comes in from outside by this plan: it is live, and not yet in the state. */
  readonly importing: boolean;
  readonly before: Value;
  readonly after: Value;
  /** true, or a structure that holds true where a value is known only after apply. */
  readonly afterUnknown: Value;
  readonly beforeSensitive: Value;
  readonly afterSensitive: Value;
}

export interface PlanObject extends PlanSubject {
  readonly values: ValueMap;
  readonly sensitive: Value;
  readonly schemaVersion: number;
  readonly tainted: boolean;
}

const REMAKE = 'Make it again with: terraform show -json PLANFILE > plan.json';

/**
 * Parses a plan in JSON, in UTF-8 or UTF-16, with or without byte order mark. Unknown members are ignored, as the
 * format's promise of compatibility within a major version asks. `name` names the file in errors.
 * Errors: E_PLAN_FORMAT (no JSON, no plan, wrong types, all listed), E_PLAN_VERSION (a major version other than 1).
 */
export function parsePlan(bytes: Uint8Array | string, name: string): PlanFile {
  const root = parseJson(bytes, name, 'E_PLAN_FORMAT');
  if (!isMap(root))
    throw new DriftbomError('E_PLAN_FORMAT', `${name} is no Terraform plan: not a JSON object.`, REMAKE);
  checkVersion(root, name);
  const shape = new Shape();
  const plan = readPlan(root, shape);
  if (shape.faults.length > 0) {
    throw new DriftbomError('E_PLAN_FORMAT', `${name} is no well-formed plan: ${shape.summary()}.`, REMAKE);
  }
  return plan;
}

function checkVersion(root: ValueMap, name: string): void {
  const version = root.format_version;
  if (typeof version !== 'string') {
    const what = Array.isArray(root.resources) ? 'a state' : 'another document';
    throw new DriftbomError(
      'E_PLAN_FORMAT',
      `${name} is no Terraform plan but ${what}: it has no format_version.`,
      REMAKE,
    );
  }
  if (!/^1(\.\d+)?$/.test(version)) {
    const cure = 'driftbom reads format version 1, which Terraform since 1.1 and OpenTofu write.';
    throw new DriftbomError('E_PLAN_VERSION', `${name} has plan format version ${version.slice(0, 20)}.`, cure);
  }
  if (
    !['planned_values', 'resource_changes', 'resource_drift', 'prior_state'].some(
      (key) => isMap(root[key]) || Array.isArray(root[key]),
    )
  ) {
    const cure = `It looks like a state or a schema printed as JSON. ${REMAKE}`;
    throw new DriftbomError('E_PLAN_FORMAT', `${name} has a format version but holds no plan.`, cure);
  }
}

function readPlan(root: ValueMap, shape: Shape): PlanFile {
  const prior = shape.map(root, 'prior_state', '');
  const values = prior && shape.map(prior, 'values', 'prior_state');
  const top = values && shape.map(values, 'root_module', 'prior_state.values');
  return {
    formatVersion: root.format_version as string,
    terraformVersion: shape.text(root, 'terraform_version', ''),
    errored: shape.flag(root, 'errored', '') ?? false,
    complete: shape.flag(root, 'complete', '') ?? true,
    changes: shape.maps(root, 'resource_changes', '').map(([one, where]) => readChange(one, where, shape)),
    drift: shape.maps(root, 'resource_drift', '').map(([one, where]) => readChange(one, where, shape)),
    deferred: shape.maps(root, 'deferred_changes', '').flatMap(([one, where]) => {
      const change = shape.map(one, 'resource_change', where);
      const reason = shape.text(one, 'reason', where) ?? 'no reason given';
      return change === undefined ? [] : [{ reason, change: readChange(change, `${where}.resource_change`, shape) }];
    }),
    prior: top === undefined ? [] : [...readModule(top, 'prior_state.values.root_module', shape)],
    configuration: readPlanConfiguration(root, shape),
  };
}

function readSubject(map: ValueMap, where: string, deposedKey: string, shape: Shape): PlanSubject {
  return {
    address: shape.required(map, 'address', where),
    mode: shape.required(map, 'mode', where),
    type: shape.required(map, 'type', where),
    provider: shape.text(map, 'provider_name', where) ?? '',
    deposed: shape.text(map, deposedKey, where),
  };
}

function readChange(map: ValueMap, where: string, shape: Shape): PlanChange {
  const change = shape.map(map, 'change', where);
  if (change === undefined && (map.change ?? null) === null) shape.faults.push(`${where}.change is missing`);
  const inner = change ?? {};
  const place = `${where}.change`;
  return {
    ...readSubject(map, where, 'deposed', shape),
    actions: shape.texts(inner, 'actions', place),
    actionReason: shape.text(map, 'action_reason', where),
    importing: shape.map(inner, 'importing', place) !== undefined,
    before: objectOrNull(inner, 'before', place, shape),
    after: objectOrNull(inner, 'after', place, shape),
    afterUnknown: inner.after_unknown ?? null,
    beforeSensitive: inner.before_sensitive ?? null,
    afterSensitive: inner.after_sensitive ?? null,
  };
}

function objectOrNull(map: ValueMap, key: string, where: string, shape: Shape): Value {
  return shape.map(map, key, where) ?? null;
}

function* readModule(module: ValueMap, where: string, shape: Shape): Iterable<PlanObject> {
  for (const [one, place] of shape.maps(module, 'resources', where)) {
    yield {
      ...readSubject(one, place, 'deposed_key', shape),
      values: shape.map(one, 'values', place) ?? {},
      sensitive: one.sensitive_values ?? null,
      schemaVersion: shape.integer(one, 'schema_version', place) ?? 0,
      tainted: shape.flag(one, 'tainted', place) ?? false,
    };
  }
  for (const [child, place] of shape.maps(module, 'child_modules', where)) yield* readModule(child, place, shape);
}
