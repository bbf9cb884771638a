import type { Value } from '../model/value.ts';
import { UNKNOWN } from '../model/value.ts';

/** Resolves the names that an expression may use. */
export interface Scope {
  /**
   * The value of `root.name`: var.region, local.tags, each.key, module.net (a map of outputs), data.aws_region (a map of
   * its blocks by name), aws_vpc.main (its attributes, or a list or map of instances). UNKNOWN where it is not known.
   */
  get(root: string, name: string): Value;
}

/** A scope in which nothing is known. */
export const EMPTY_SCOPE: Scope = { get: () => UNKNOWN };
