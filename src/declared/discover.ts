import { DriftbomError } from '../model/error.ts';
import type { SourceKind } from './discover-kind.ts';
import { SOURCE_KINDS } from './discover-kind.ts';
import { distinctLabels, labelOf, shownPath } from './discover-label.ts';
import type { Found } from './discover-targets.ts';
import { findTargets, forceTargets } from './discover-targets.ts';
import type { DeclaredSource } from './port.ts';

/** One place to read, and how it is called. */
export interface Target {
  readonly kind: SourceKind;
  /** Absolute path of the folder or file. */
  readonly path: string;
  /** The path as the user would name it; never absolute. */
  readonly shown: string;
  /** Base of the workspace's name, unique in this run. */
  readonly label: string;
  /** Directories only: the state file to join, and the Terraform workspace that it is of. */
  readonly stateFile?: string;
  readonly terraformWorkspace?: string;
}

/** Makes the sources of a target. One target may hold several (the stacks of a CDKTF project). */
export type SourceFactory = (target: Target) => readonly DeclaredSource[] | Promise<readonly DeclaredSource[]>;

export interface DiscoverOptions {
  /** Absolute working directory, to which paths are relative. */
  readonly cwd: string;
  readonly factories: { readonly [kind in SourceKind]: SourceFactory };
}

export interface Discovered {
  readonly target: Target;
  readonly sources: readonly DeclaredSource[];
}

/**
 * Finds out which reader applies to each folder, file or glob, by looking inside. `forced` are read by the reader that
 * the user named. Without either, the working directory is meant.
 * Errors: E_NOTHING_DECLARED, which lists what was looked for.
 */
export async function discover(
  paths: readonly string[],
  forced: readonly { readonly kind: SourceKind; readonly path: string }[],
  options: DiscoverOptions,
): Promise<Discovered[]> {
  const wanted = paths.length === 0 && forced.length === 0 ? ['.'] : paths;
  const found: Found[] = [];
  for (const path of wanted) found.push(...(await findTargets(path, options.cwd)));
  for (const { kind, path } of forced) found.push(...(await forceTargets(kind, path, options.cwd)));
  const targets = named(found, options.cwd);
  return Promise.all(
    targets.map(async (target) => ({ target, sources: await options.factories[target.kind](target) })),
  );
}

/** Parses `kind:path` of --declared. Errors: E_USAGE. */
export function parseForced(text: string): { kind: SourceKind; path: string } {
  const colon = text.indexOf(':');
  const kind = SOURCE_KINDS.find((one) => one === text.slice(0, colon));
  if (kind !== undefined && colon < text.length - 1) return { kind, path: text.slice(colon + 1) };
  const message = `--declared ${text} is not of the form kind:path`;
  throw new DriftbomError('E_USAGE', message, `Write one of ${SOURCE_KINDS.map((one) => `${one}:PATH`).join(', ')}.`);
}

function named(found: readonly Found[], cwd: string): Target[] {
  const identity = (one: Found): string => JSON.stringify([one.kind, one.path, one.stateFile]);
  const once = [...new Map(found.map((one) => [identity(one), one])).values()];
  const labels = distinctLabels(
    once.map((one) => ({
      label: baseLabel(one, cwd),
      workspace: one.terraformWorkspace,
      path: one.stateFile ?? one.path,
    })),
  );
  return once.map((one, i) => ({ ...one, shown: shownPath(one.path, cwd), label: labels[i] ?? '' }));
}

/** Several states beside one configuration are told apart by their own names. */
function baseLabel(found: Found, cwd: string): string {
  if (found.stateFile !== undefined && found.terraformWorkspace === 'default')
    return labelOf(found.stateFile, true, cwd);
  return labelOf(found.path, found.isFile, cwd);
}
