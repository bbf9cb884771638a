import { posix, resolve } from 'node:path';
import { DriftbomError } from '../model/error.ts';
import type { ModuleSource } from './configuration-body.ts';
import { blocksOf } from './configuration-body.ts';
import type { ModuleFiles, ReadFile } from './directory-files.ts';
import { readModuleFiles } from './directory-files.ts';

export interface ModuleTree {
  readonly root: ModuleSource;
  /** Every configuration file that was read, once. */
  readonly files: readonly ReadFile[];
}

/**
 * Reads a folder and the local modules that it calls, each folder once. Modules from elsewhere are left to the state.
 * Errors: E_HCL, also for a local module that is not there or that calls itself.
 */
export async function readModuleTree(folder: string): Promise<ModuleTree> {
  const known = new Map<string, Promise<ModuleFiles>>();
  const load = async (shown: string, within: readonly string[]): Promise<ModuleSource> => {
    const reading = known.get(shown) ?? readModuleFiles(resolve(folder, shown), shown);
    known.set(shown, reading);
    const { body, locations } = await reading;
    const children = new Map<string, ModuleSource>();
    for (const { labels, body: call } of blocksOf(body, 'module', 1)) {
      const { source } = call;
      if (typeof source !== 'string' || !/^\.\.?(?:\/|$)/.test(source)) continue;
      const child = posix.join(shown, source).replace(/(?<=.)\/$/, '');
      const name = labels[0] ?? '';
      if (within.includes(child) || child === shown) throw refused(name, shown, `it calls itself over ${child}`);
      const loaded = await load(child, [...within, shown]);
      if (Object.keys(loaded.body).length === 0) throw refused(name, shown, `there is no configuration in ${child}`);
      children.set(name, loaded);
    }
    return { body, path: shown, locations, children };
  };
  const root = await load('.', []);
  const read = await Promise.all(known.values());
  return { root, files: read.flatMap((one) => one.files) };
}

function refused(call: string, shown: string, why: string): DriftbomError {
  const message = `module "${call}" in ${shown === '.' ? 'the scanned folder' : shown} cannot be read: ${why}`;
  return new DriftbomError('E_HCL', message, 'Correct its source argument.');
}
