import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import type { ValueMap } from '../model/value.ts';
import { isMap } from '../model/value.ts';
import { blocksOf } from './configuration-body.ts';

/** Where the state of a synthesised stack is. */
export type StatePlace =
  | { readonly kind: 'file'; readonly path: string }
  /** Another backend: the stack's own folder serves `terraform state pull`. */
  | { readonly kind: 'backend'; readonly backend: string }
  | { readonly kind: 'none'; readonly looked: readonly string[] };

/** What the `terraform` block of a stack says of its backend. */
interface Backend {
  readonly type: string;
  readonly path: string | undefined;
}

/**
 * Finds the state of a stack. CDKTF writes the path of a local backend absolute, as it was on the machine that
 * synthesised: where it is not there, the file of that name in the project's folder is meant.
 */
export function statePlace(body: ValueMap, stackDirectory: string, home: string): StatePlace {
  const backend = backendOf(body);
  if (backend !== undefined && backend.type !== 'local') return { kind: 'backend', backend: backend.type };
  const written = backend?.path ?? 'terraform.tfstate';
  const looked = [
    ...(isAbsolute(written) || /^[A-Za-z]:[\\/]/.test(written) ? [written] : [resolve(stackDirectory, written)]),
    join(home, basename(written.replaceAll('\\', '/'))),
    join(stackDirectory, basename(written.replaceAll('\\', '/'))),
  ];
  const path = looked.find((one) => existsSync(one));
  return path === undefined ? { kind: 'none', looked: [...new Set(looked)] } : { kind: 'file', path };
}

/** The path that a stack's local backend has, which names the machine that synthesised it. */
export function localStatePath(body: ValueMap): string | undefined {
  const backend = backendOf(body);
  return backend?.type === 'local' ? backend.path : undefined;
}

function backendOf(body: ValueMap): Backend | undefined {
  for (const { body: terraform } of blocksOf(body, 'terraform', 0)) {
    for (const { labels, body: settings } of blocksOf(terraform, 'backend', 1)) {
      const { path } = settings;
      return { type: labels[0] ?? '', path: typeof path === 'string' && path !== '' ? path : undefined };
    }
    if (isMap(terraform.cloud) || Array.isArray(terraform.cloud)) return { type: 'cloud', path: undefined };
  }
  return undefined;
}
