import type { DeclaredResource, LiveAnswer } from '../model/resource.ts';
import type { PlanSides } from '../terraform/plan-sides.ts';
import type { LiveReader } from './port.ts';

/**
 * The live side of plans in JSON: what Terraform's refresh found when the plan was made. Several plans may share one
 * reader; a resource is looked up by workspace and address. A resource that no plan holds is unread.
 *
 * A plan made with -refresh=false looks exactly like one in which nothing drifted: nothing in it tells them apart.
 */
export function planReader(plans: readonly PlanSides[]): LiveReader {
  const known = new Map(
    plans.flatMap((plan) => plan.resources.map(({ resource, answer }) => [keyOf(resource), answer] as const)),
  );
  return {
    name: 'plan',
    versions: () => [],
    close: async () => {},
    async *read(wanted): AsyncIterable<LiveAnswer> {
      for (const resource of wanted) {
        const answer = known.get(keyOf(resource));
        if (answer !== undefined) yield { resource, ...answer };
        else yield { kind: 'unread', resource, reason: 'not-in-snapshot', message: 'the plan does not hold it' };
      }
    },
  };
}

function keyOf({ ref }: DeclaredResource): string {
  return JSON.stringify([ref.workspace, ref.address]);
}
