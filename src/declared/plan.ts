import { createHash } from 'node:crypto';
import { parsePlan } from '../terraform/plan-file.ts';
import { planSides } from '../terraform/plan-sides.ts';
import type { PlanSides, SchemaLookup } from '../terraform/plan-sides.ts';
import type { Declared, DeclaredSource } from './port.ts';

export interface PlanOptions {
  /** What `terraform show -json PLANFILE` printed. */
  readonly bytes: Uint8Array;
  /** The file as the user would name it, relative to the scanned folder. */
  readonly name: string;
  readonly workspace: string;
  /** Schemas where they are at hand (a provider's cache): values are then brought to their types. */
  readonly schemaOf?: SchemaLookup;
}

/** A plan read once: the declared side is this source, the live side is `sides`, for the plan's live reader. */
export interface PlanSource extends DeclaredSource {
  readonly sides: PlanSides;
}

/**
 * The declared side of a plan in JSON: state as last applied and, in a plan that is not refresh-only, what is written in
 * the configuration. Nothing is asked of a provider.
 * Errors, at once: E_PLAN_FORMAT, E_PLAN_VERSION.
 */
export function planSource(options: PlanOptions): PlanSource {
  const { bytes, name, workspace } = options;
  const sides = planSides(parsePlan(bytes, name), workspace, options.schemaOf);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const declared: Declared = {
    reader: 'plan',
    workspace,
    resources: sides.resources.map((one) => one.resource),
    providers: [],
    inputs: [{ kind: 'plan', name, sha256, workspace }],
    gaps: sides.gaps,
    skippedDataSources: sides.skippedDataSources,
  };
  return { sides, read: async () => declared };
}
