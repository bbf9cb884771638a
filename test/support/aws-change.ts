import type { AwsClients } from './aws-clients.ts';

/** The acceptance stack as it stands: clients of its two regions and what the state says of its resources. */
export interface World {
  readonly aws: AwsClients;
  readonly recovery: AwsClients;
  /** A string attribute of a managed resource, from the state. */
  readonly of: (address: string, attribute: string) => string;
}

/** One change made behind Terraform's back, and what a scan must say of it. */
export interface AwsChange {
  /** In words, for the table. */
  readonly name: string;
  /** The resource that must be reported, and no other. */
  readonly address: string;
  /** Attribute paths that must be reported, and no other; 'missing' for a deletion; 'equal' for what must not alarm. */
  readonly expected: readonly string[] | 'missing' | 'equal';
  readonly apply: (world: World) => Promise<unknown>;
  /** Absent where only `terraform apply` can bring it back. */
  readonly undo?: (world: World) => Promise<unknown>;
}

/** The resource type in an address. */
export function typeOf(address: string): string {
  return /(?:^|\.)(aws_[a-z0-9_]+)\./.exec(address)?.[1] ?? address;
}
