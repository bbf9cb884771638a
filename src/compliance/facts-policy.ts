import { parseJsonText } from '../model/json-text.ts';
import { isArray, isMap, type Value, type ValueMap } from '../model/value.ts';

/** How a policy became wider: what live allows and declared did not. */
export interface PolicyWidening {
  readonly actions: readonly string[];
  readonly principals: readonly string[];
  readonly conditions: readonly string[];
}

interface Grant {
  readonly actions: readonly string[];
  readonly principals: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly string[];
}

/**
 * Holds two JSON policies against each other (IAM policy grammar: Statement, Effect, Action or NotAction, Principal or
 * NotPrincipal, Condition). Undefined where neither is a policy. Statements are compared as a whole: an action counts as
 * added where no statement of the declared side allows it, with its conditions, to anybody.
 */
export function policyWidening(before: Value, after: Value): PolicyWidening | undefined {
  const [left, right] = [documentOf(before), documentOf(after)];
  if (left === undefined && right === undefined) return undefined;
  const [had, has] = [grantsOf(left, 'Allow'), grantsOf(right, 'Allow')];
  const [denied, denies] = [grantsOf(left, 'Deny'), grantsOf(right, 'Deny')];
  const allowed = new Set(had.flatMap((one) => one.actions));
  const known = new Set(had.flatMap((one) => one.principals));
  const stillDenied = new Set(denies.flatMap((one) => one.actions));
  const lifted = denied.flatMap((one) => one.actions).filter((action) => !stillDenied.has(action));
  return {
    actions: unique([
      ...has.flatMap((one) => one.actions).filter((action) => !allowed.has(action)),
      ...widerResources(had, has),
      ...lifted.map((action) => `no longer denied: ${action}`),
    ]),
    principals: unique(has.flatMap((one) => one.principals).filter((principal) => !known.has(principal))),
    conditions: conditionsLost(had, has),
  };
}

/** Actions that live allows on everything and declared did not. */
function widerResources(had: readonly Grant[], has: readonly Grant[]): string[] {
  const everywhere = (grants: readonly Grant[]): Set<string> =>
    new Set(grants.filter((one) => one.resources.includes('*')).flatMap((one) => one.actions));
  const before = everywhere(had);
  return [...everywhere(has)].filter((action) => !before.has(action)).map((action) => `${action} on *`);
}

/** Conditions that stood over an action and stand over it no longer, where the action is still allowed. */
function conditionsLost(had: readonly Grant[], has: readonly Grant[]): string[] {
  const over = (grants: readonly Grant[], action: string): Grant[] =>
    grants.filter((one) => one.actions.includes(action));
  const lost = unique(had.flatMap((one) => one.actions)).flatMap((action) => {
    const now = over(has, action);
    if (now.length === 0) return [];
    return over(had, action)
      .flatMap((one) => one.conditions)
      .filter((condition) => now.some((one) => !one.conditions.includes(condition)))
      .map((condition) => condition.slice(0, condition.indexOf('=')));
  });
  return unique(lost);
}

function documentOf(value: Value): ValueMap | undefined {
  const parsed = typeof value === 'string' ? parseJsonText(value) : value;
  return isMap(parsed) && (parsed.Statement !== undefined || parsed.statement !== undefined) ? parsed : undefined;
}

function grantsOf(document: ValueMap | undefined, effect: 'Allow' | 'Deny'): Grant[] {
  const written: Value = document?.Statement ?? document?.statement ?? [];
  const statements: readonly Value[] = isArray(written) ? written : [written];
  return statements.filter(isMap).flatMap((statement) => {
    if (statement.Effect !== effect) return [];
    return [
      {
        actions: [...texts(statement.Action), ...texts(statement.NotAction).map((one) => `all but ${one}`)],
        principals: [
          ...principalsOf(statement.Principal),
          ...principalsOf(statement.NotPrincipal).map((one) => `all but ${one}`),
        ],
        resources: texts(statement.Resource),
        conditions: conditionsOf(statement.Condition),
      },
    ];
  });
}

/** `*`, or `AWS: "..."`: an anonymous principal reads as `*` however it is written. */
function principalsOf(value: Value | undefined): string[] {
  if (isMap(value)) return unique(Object.values(value).flatMap(texts));
  return texts(value);
}

function conditionsOf(value: Value | undefined): string[] {
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([operator, keys]) =>
    isMap(keys)
      ? Object.entries(keys).map(([key, wanted]) => `${operator} ${key}=${JSON.stringify([...texts(wanted)].sort())}`)
      : [],
  );
}

function texts(value: Value | undefined): string[] {
  if (isArray(value)) return value.flatMap(texts);
  return typeof value === 'string'
    ? [value]
    : typeof value === 'boolean' || typeof value === 'number'
      ? [String(value)]
      : [];
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)].sort();
}
