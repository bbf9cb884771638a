import type { Value } from '../model/value.ts';

/** Gives UNKNOWN where Terraform would fail. Arguments of a strict function hold no unknown, however deep. */
export type Fn = (...args: readonly Value[]) => Value;
export type Functions = { readonly [name: string]: Fn };
