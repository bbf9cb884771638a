import { type GuardVerdict, guardPlan } from '../incident/guard.ts';
import { parsePlan } from '../terraform/plan-file.ts';
import { readGiven } from './given-file.ts';
import type { WireIo } from './io.ts';

export interface CheckPlanRequest {
  readonly only: string;
  readonly attribute: readonly string[];
}

/** Holds a plan in JSON (`terraform show -json`) against what it may do. Errors: E_PLAN_FORMAT, E_PLAN_VERSION. */
export async function wireCheckPlan(file: string, request: CheckPlanRequest, io: WireIo): Promise<GuardVerdict> {
  const cure = 'Make it with: terraform show -json PLANFILE > plan.json';
  const bytes = await readGiven(file, 'E_PLAN_FORMAT', io, cure);
  return guardPlan(parsePlan(bytes, file), { address: request.only, attributes: request.attribute });
}
