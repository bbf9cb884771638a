export const AWS = 'registry.terraform.io/hashicorp/aws';

/** One object in a state, flat: the block's fields and the instance's side by side. */
export interface SampleObject {
  readonly module?: string;
  readonly mode?: 'managed' | 'data';
  readonly type: string;
  readonly name?: string;
  /** Address of the provider block; by default the root's default AWS provider. */
  readonly provider?: string;
  readonly [field: string]: unknown;
}

/** A state of format 4, as Terraform writes it. Every object becomes a block of its own. */
export function stateOf(objects: readonly SampleObject[]): { [key: string]: unknown } {
  return {
    version: 4,
    terraform_version: '1.11.4',
    serial: 7,
    lineage: 'a-lineage',
    outputs: {},
    resources: objects.map(({ module, mode, type, name, provider, ...object }) => ({
      ...(module === undefined ? {} : { module }),
      mode: mode ?? 'managed',
      type,
      name: name ?? 'this',
      provider: provider ?? `provider["${AWS}"]`,
      instances: [{ schema_version: 0, ...object }],
    })),
    check_results: null,
  };
}
