import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { hclProcess } from './terraform/hcl-process.ts';

/**
 * Begins what takes longest while the rest of the program is still being loaded: the HCL parser needs a third of a second
 * to start. Only where a target looks like a Terraform folder; a wrong guess costs a process that ends by itself.
 */
export function beginEarly(targets: readonly string[], cwd: string): void {
  const folders = targets.length === 0 ? [cwd] : targets.map((target) => resolve(cwd, target));
  if (folders.some(hasConfiguration)) hclProcess.warm();
}

function hasConfiguration(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => /\.(tf|tofu)$/.test(name));
  } catch {
    return false;
  }
}
