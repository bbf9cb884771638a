import { fileURLToPath } from 'node:url';
import { describe, inject } from 'vitest';
import type { Tools } from '../support/find-tools.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { makeTerraformHome, type TerraformHome } from '../support/terraform.ts';

/** Secrets of the fixtures: no output may ever hold one. */
export const MARKS = { database_password: 'MARK-db-password', api_token: 'MARK-api-token' } as const;

export interface Companions {
  readonly tools: Tools;
  readonly moto: Moto;
  readonly home: TerraformHome;
  stop(): Promise<void>;
}

/** A describe that is skipped, and counted as skipped, where terraform, moto or the provider is not there. */
export const describeWithTools = describe.skipIf(inject('tools').kind === 'missing');

/** Starts an emulator and makes a folder for Terraform. Call it in beforeAll, `stop` in afterAll. */
export async function startCompanions(): Promise<Companions> {
  const found = inject('tools');
  if (found.kind === 'missing') throw new Error(found.what.join('; '));
  const [moto, home] = await Promise.all([startMoto(found.tools), makeTerraformHome(found.tools)]);
  return {
    tools: found.tools,
    moto,
    home,
    stop: async () => {
      await moto.stop();
      if (process.env.DRIFTBOM_TEST_KEEP === undefined) await home.remove();
    },
  };
}

/** A folder under fixtures/acceptance. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/acceptance/${name}`, import.meta.url));
}
