import { DriftbomError } from '../model/error.ts';
import type { Path } from '../model/path.ts';
import type { ResourceRef } from '../model/resource.ts';
import { covers, glob, type PathPattern, parsePathPattern } from '../model/path-pattern.ts';

/** A difference that the user accepts, from driftbom.yaml. */
export interface IgnoreRule {
  /** Resource type; `*` and `?` are wildcards. */
  readonly type?: string | undefined;
  /** Terraform address; wildcards as above. */
  readonly address?: string | undefined;
  readonly workspace?: string | undefined;
  /** Attribute path with `*` in names and `[*]` for any index; covers what lies below. Without it: every attribute. */
  readonly path?: string | undefined;
  readonly reason: string;
  readonly owner?: string | undefined;
  /** Last day on which it applies, YYYY-MM-DD. */
  readonly until?: string | undefined;
  /** Also covers that the whole resource is gone. */
  readonly missing?: boolean | undefined;
  /** Also covers protections. */
  readonly guarded?: boolean | undefined;
}

/** A rule that speaks of one resource. */
export interface ApplicableRule {
  readonly rule: IgnoreRule;
  /** As reports name it. */
  readonly name: string;
  readonly expired: boolean;
  covers(path: Path): boolean;
}

interface Compiled {
  readonly rule: IgnoreRule;
  readonly name: string;
  readonly type: (text: string) => boolean;
  readonly address: (text: string) => boolean;
  readonly workspace: (text: string) => boolean;
  readonly path: PathPattern | undefined;
}

const compiledRules = new WeakMap<readonly IgnoreRule[], readonly Compiled[]>();

/** The rules that speak of a resource, expired ones marked. Errors: E_CONFIG where a path is no path. */
export function rulesFor(rules: readonly IgnoreRule[], ref: ResourceRef, today: string): ApplicableRule[] {
  if (rules.length === 0) return [];
  let compiled = compiledRules.get(rules);
  if (compiled === undefined) {
    compiled = rules.map(compile);
    compiledRules.set(rules, compiled);
  }
  return compiled
    .filter((one) => one.type(ref.type) && one.address(ref.address) && one.workspace(ref.workspace))
    .map(({ rule, name, path }) => ({
      rule,
      name,
      expired: rule.until !== undefined && rule.until < today,
      covers: (at) => path === undefined || covers(path, at),
    }));
}

/** What is wrong with a rule's path, or undefined: lets the configuration file be refused before anything is read. */
export function ignorePathFault(path: string): string | undefined {
  return parsePathPattern(path) === undefined ? `"${path}" is no attribute path` : undefined;
}

function compile(rule: IgnoreRule): Compiled {
  const path = rule.path === undefined ? undefined : parsePathPattern(rule.path);
  if (rule.path !== undefined && path === undefined) {
    throw new DriftbomError(
      'E_CONFIG',
      `an ignore rule has a path that is none: "${rule.path}"`,
      'Write it as Terraform does: tags.Owner, rule[*].priority, tags["a.b"].',
    );
  }
  const scope = [rule.type, rule.address, rule.path].filter((part) => part !== undefined).join(' ');
  const anything = (): boolean => true;
  return {
    rule,
    name: `ignore ${scope}`,
    type: rule.type === undefined ? anything : glob(rule.type),
    address: rule.address === undefined ? anything : glob(rule.address),
    workspace: rule.workspace === undefined ? anything : glob(rule.workspace),
    path,
  };
}
