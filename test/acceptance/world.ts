import type { World } from '../support/aws-change.ts';
import { awsClients } from '../support/aws-clients.ts';
import type { TerraformWorkspace } from '../support/terraform.ts';

/** The applied acceptance stack, for changes behind Terraform's back. */
export async function worldOf(stack: TerraformWorkspace, endpoint: string): Promise<World> {
  const states = new Map(
    await Promise.all((await stack.addresses()).map(async (name) => [name, await stack.attributes(name)] as const)),
  );
  return {
    aws: awsClients(endpoint, 'eu-central-1'),
    recovery: awsClients(endpoint, 'us-west-2'),
    of: (address, attribute) => {
      const value = states.get(address)?.[attribute];
      if (value === undefined) throw new Error(`the state has no ${address}.${attribute}`);
      return typeof value === 'string' ? value : JSON.stringify(value);
    },
  };
}
