import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isMap } from '../model/value.ts';
import { canonicalText } from '../terraform/canonical.ts';

/** The default where a policy names no version (IAM User Guide, "IAM JSON policy elements: Version"). */
const DEFAULT_VERSION = '2008-10-17';
const PRINCIPALS = ['Principal', 'NotPrincipal'];
const ACCOUNT = /^(?:arn:aws[a-z-]*:iam::(\d{12}):root|(\d{12}))$/;
const EXECUTE_API = /^arn:aws[a-z-]*:execute-api:[^:]*:[^:]*:[^/]+\//;

/** Whether a JSON document is an IAM policy: it has statements, and they have effects. */
export function isPolicy(document: Value): document is ValueMap {
  if (!isMap(document) || document.Statement === undefined) return false;
  const statements = listOf(document.Statement);
  return statements.every((one) => isMap(one) && (Object.hasOwn(one, 'Effect') || Object.hasOwn(one, 'Action')));
}

/**
 * One form for all policies that grant the same for the reasons that AWS documents: a string or a list of one; the order
 * of statements, actions, resources, principals and condition values; an account id or its root ARN; true or "true";
 * `*` or {"AWS": "*"} in an Allow; a Sid that only counts; the case of Effect, of actions and of condition keys.
 * What grants otherwise stays different (NotAction, another version or Id, one more statement, another condition).
 * Idempotent. Source: IAM User Guide, "IAM JSON policy element reference".
 */
export function canonicalPolicy(policy: ValueMap): ValueMap {
  const version = policy.Version ?? DEFAULT_VERSION;
  const statements = listOf(policy.Statement as Value).map((one) => (isMap(one) ? canonicalStatement(one) : one));
  const rest = Object.entries(policy).filter(
    ([key, member]) => !['Version', 'Statement'].includes(key) && member !== '',
  );
  return record([...rest, ['Version', version], ['Statement', sorted(statements)]]);
}

/**
 * Whether two canonical policies differ only in that one names the API by the short form `execute-api:/stage/...`, which
 * API Gateway writes out in full when it stores the policy.
 */
export function sameApiPolicy(a: Value, b: Value): boolean {
  const [left, right] = [canonicalText(a) ?? '', canonicalText(b) ?? ''];
  if (!left.includes('"execute-api:/') && !right.includes('"execute-api:/')) return false;
  return canonicalText(shortApi(a)) === canonicalText(shortApi(b));
}

function canonicalStatement(statement: ValueMap): ValueMap {
  const entries: [string, Value][] = [];
  const effect = typeof statement.Effect === 'string' ? statement.Effect.toLowerCase() : statement.Effect;
  for (const [key, member] of Object.entries(statement)) {
    const value = canonicalElement(key, member, effect === 'allow');
    if (value !== undefined) entries.push([key, value]);
  }
  return record(entries);
}

function canonicalElement(key: string, member: Value, allow: boolean): Value | undefined {
  if (member === null) return undefined;
  if (key === 'Effect') return typeof member === 'string' ? capital(member) : member;
  if (key === 'Sid') return typeof member === 'string' && /^\d*$/.test(member) ? undefined : member;
  if (key === 'Action' || key === 'NotAction') return set(listOf(member).map(lower));
  if (key === 'Resource' || key === 'NotResource') return set(listOf(member));
  if (PRINCIPALS.includes(key)) return canonicalPrincipal(member, allow && key === 'Principal');
  if (key === 'Condition' && isMap(member)) return canonicalCondition(member);
  return member;
}

function canonicalPrincipal(member: Value, anyone: boolean): Value | undefined {
  if (!isMap(member)) return member;
  const entries: [string, Value][] = [];
  for (const [kind, names] of Object.entries(member)) {
    const list = set(listOf(names).map((name) => (kind === 'AWS' ? account(name) : name)));
    if (isArray(list) && list.length > 0) entries.push([kind, list]);
  }
  if (entries.length === 0) return undefined;
  const [[kind, names] = ['', []]] = entries;
  if (anyone && entries.length === 1 && kind === 'AWS' && isArray(names) && names.length === 1 && names[0] === '*') {
    return '*';
  }
  return record(entries);
}

function canonicalCondition(condition: ValueMap): Value | undefined {
  const operators: [string, Value][] = [];
  for (const [operator, keys] of Object.entries(condition)) {
    if (!isMap(keys)) {
      operators.push([operator, keys]);
      continue;
    }
    const boolean = /^bool/i.test(operator.replace(/^For(All|Any)Values?:/i, ''));
    const members = Object.entries(keys).map(([key, values]): [string, Value] => {
      const texts = listOf(values).map(textOf);
      return [key.toLowerCase(), set(boolean ? texts.map(lower) : texts)];
    });
    if (members.length > 0) operators.push([operator, record(members)]);
  }
  return operators.length === 0 ? undefined : record(operators);
}

function textOf(value: Value): Value {
  return typeof value === 'object' ? value : String(value);
}

function account(name: Value): Value {
  const match = typeof name === 'string' ? ACCOUNT.exec(name) : null;
  return match === null ? name : ((match[1] ?? match[2]) as string);
}

function shortApi(value: Value): Value {
  if (typeof value === 'string') return value.replace(EXECUTE_API, 'execute-api:/');
  if (isArray(value)) return sorted(value.map(shortApi));
  return isMap(value) ? record(Object.entries(value).map(([key, member]) => [key, shortApi(member)])) : value;
}

function listOf(value: Value): readonly Value[] {
  return isArray(value) ? value : [value];
}

function set(values: readonly Value[]): Value {
  const seen = new Map<string, Value>();
  for (const value of values) seen.set(canonicalText(value) ?? '', value);
  return sorted([...seen.values()]);
}

function sorted(values: readonly Value[]): Value {
  const keyed = values.map((value) => [canonicalText(value) ?? '', value] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
}

function lower(value: Value): Value {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}

function record(entries: readonly (readonly [string, Value])[]): ValueMap {
  const map: Record<string, Value> = Object.create(null);
  for (const [key, value] of entries) map[key] = value;
  return map;
}
