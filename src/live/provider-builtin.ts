import type { DeclaredResource, LiveAnswer } from '../model/resource.ts';

/** The provider that is part of Terraform itself: no executable exists for it. */
const BUILTIN = 'terraform.io/builtin/terraform';

/**
 * Answers for resources of Terraform's built-in provider. They live in the state alone: Terraform's own read gives
 * the stored value back unchanged (terraform, internal/builtin/providers/terraform). Undefined for any other provider.
 */
export function builtinAnswer(resource: DeclaredResource): LiveAnswer | undefined {
  if (resource.ref.provider !== BUILTIN || resource.state === undefined) return undefined;
  const { attributes } = resource.state;
  return { kind: 'found', resource, prior: attributes, live: attributes, schema: undefined };
}
