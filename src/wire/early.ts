import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { hclProcess } from '../terraform/hcl-process.ts';

/**
 * Begins what takes longest while the rest of the program is still being loaded: the HCL parser needs a third of a second
 * to start. Only where a target looks like a Terraform folder; a wrong guess costs a process that ends by itself.
 */
export function beginEarly(targets: readonly string[], cwd: string): void {
  const folders = targets.length === 0 ? [cwd] : targets.map((target) => resolve(cwd, target));
  if (folders.some(hasConfiguration)) hclProcess.warm();
}

/**
 * How many provider blocks of a local name a folder seems to hold. Only a look at the text, to know how many processes to
 * start before the parser has spoken: one too many ends unused, one too few starts later.
 */
export function expectedBlocks(folder: string, localName: string): number {
  const labels = configurationFiles(folder).flatMap((name) =>
    [...textOf(join(folder, name)).matchAll(/^provider[ \t]+"([^"\n]+)"/gm)].map(([, label]) => label),
  );
  return Math.min(Math.max(labels.filter((label) => label === localName).length, 1), MOST);
}

/** A provider takes some 300 MB. */
const MOST = 4;

function hasConfiguration(folder: string): boolean {
  return configurationFiles(folder).length > 0;
}

function configurationFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /\.(tf|tofu)$/.test(name));
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // For the parser to report.
    return '';
  }
}
