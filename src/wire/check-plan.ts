import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type GuardVerdict, guardPlan } from '../incident/guard.ts';
import { DriftbomError, fileFault } from '../model/error.ts';
import { parsePlan } from '../terraform/plan-file.ts';
import type { WireIo } from './io.ts';

export interface CheckPlanRequest {
  readonly only: string;
  readonly attribute: readonly string[];
}

/** Holds a plan in JSON (`terraform show -json`) against what it may do. Errors: E_PLAN_FORMAT, E_PLAN_VERSION. */
export async function wireCheckPlan(file: string, request: CheckPlanRequest, io: WireIo): Promise<GuardVerdict> {
  const bytes = await readFile(resolve(io.cwd, file)).catch((cause: unknown) => {
    const cure = 'Make it with: terraform show -json PLANFILE > plan.json';
    throw new DriftbomError('E_PLAN_FORMAT', `cannot read ${file}: ${fileFault(cause)}`, cure, { cause });
  });
  return guardPlan(parsePlan(bytes, file), { address: request.only, attributes: request.attribute });
}
