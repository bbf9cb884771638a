import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Build } from '../model/scan.ts';

/**
 * The program by its own bytes, `program` being its first file: SHA-256 over a line a file of its folder, sorted by name,
 * each as sha256sum writes it. So `cd dist && LC_ALL=C && sha256sum * | sha256sum` gives the same.
 */
export async function buildOf(program: string): Promise<Build> {
  if (program.endsWith('.ts')) return { sha256: null, reason: 'run from source' };
  const folder = fileURLToPath(new URL('.', program));
  const names = (await readdir(folder, { withFileTypes: true })).filter((one) => one.isFile()).map((one) => one.name);
  const lines: string[] = [];
  for (const name of names.sort()) lines.push(`${sha256(await readFile(join(folder, name)))}  ${name}\n`);
  return { sha256: sha256(lines.join('')), reason: null };
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
