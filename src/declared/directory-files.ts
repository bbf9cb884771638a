import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ValueMap } from '../model/value.ts';
import { DriftbomError, errnoOf, fileFault } from '../model/error.ts';
import { isMap } from '../model/value.ts';
import { parseHcl } from '../terraform/hcl.ts';
import { parseJson } from '../terraform/json.ts';
import { decodeText } from '../terraform/text.ts';
import { mergeFiles } from './directory-merge.ts';

/** The configuration files of one folder, merged. */
export interface ModuleFiles {
  readonly body: ValueMap;
  /** File and line of each resource block, by `type.name`. */
  readonly locations: ReadonlyMap<string, string>;
  readonly files: readonly ReadFile[];
}

export interface ReadFile {
  /** Relative to the scanned folder. */
  readonly name: string;
  readonly sha256: string;
}

const CONFIGURATION = /\.(?:tf|tofu)(?:\.json)?$/;
const OVERRIDE = /(?:^|_)override\.(?:tf|tofu)(?:\.json)?$/;

/** Names of the configuration files of a folder, overrides last. Empty where there is no such folder. */
export async function configurationFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT' || errnoOf(thrown) === 'ENOTDIR') return [];
    throw unreadable(folder, thrown);
  });
  const names = entries
    .filter((entry) => !entry.isDirectory() && isConfiguration(entry.name))
    .map((entry) => entry.name);
  // OpenTofu reads main.tofu in place of main.tf.
  const tofu = new Set(
    names.filter((name) => /\.tofu(\.json)?$/.test(name)).map((name) => name.replace('.tofu', '.tf')),
  );
  const read = names.filter((name) => !tofu.has(name)).sort();
  return [...read.filter((name) => !OVERRIDE.test(name)), ...read.filter((name) => OVERRIDE.test(name))];
}

/** Terraform passes over hidden files and editors' backups. */
function isConfiguration(name: string): boolean {
  return CONFIGURATION.test(name) && !name.startsWith('.') && !name.startsWith('#') && !name.endsWith('~');
}

/** Reads a folder's configuration. `shown` is the folder relative to the scanned one. Errors: E_HCL. */
export async function readModuleFiles(folder: string, shown: string): Promise<ModuleFiles> {
  const base: ValueMap[] = [];
  const overrides: ValueMap[] = [];
  const locations = new Map<string, string>();
  const files: ReadFile[] = [];
  const read = await Promise.all(
    (await configurationFiles(folder)).map((name) =>
      readConfiguration(folder, name, shown === '.' ? name : `${shown}/${name}`),
    ),
  );
  for (const { name, label, sha256, body, lines } of read) {
    files.push({ name: label, sha256 });
    (OVERRIDE.test(name) ? overrides : base).push(body);
    for (const [block, line] of lines) locations.set(block, `${label}:${line}`);
  }
  return { body: mergeFiles(base, overrides), locations, files };
}

async function readConfiguration(folder: string, name: string, label: string) {
  const bytes = await readFile(join(folder, name)).catch((thrown: unknown) => {
    throw unreadable(label, thrown);
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const text = decodeText(bytes, label, 'E_HCL');
  const isJson = name.endsWith('.json');
  const body = isJson ? parseJson(text, label, 'E_HCL') : await parseHcl(text, label);
  if (!isMap(body)) throw new DriftbomError('E_HCL', `${label}: the top level is not an object`, 'Correct the file.');
  return { name, label, sha256, body, lines: isJson ? [] : [...resourceLines(text)] };
}

function* resourceLines(text: string): Iterable<[block: string, line: number]> {
  let line = 1;
  let counted = 0;
  for (const match of text.matchAll(/^[ \t]*resource[ \t]+"?([\w-]+)"?[ \t]+"?([\w-]+)"?[ \t]*\{/gm)) {
    line += text.slice(counted, match.index).split('\n').length - 1;
    counted = match.index;
    yield [`${match[1]}.${match[2]}`, line];
  }
}

function unreadable(name: string, cause: unknown): DriftbomError {
  const message = `cannot read ${name}: ${fileFault(cause)}`;
  return new DriftbomError('E_HCL', message, 'Check that the file exists and may be read.', { cause });
}
