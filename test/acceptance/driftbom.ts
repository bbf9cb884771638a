import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DriftAttribution } from '../../src/model/attribution.ts';
import { run, type Ran, type TerraformHome } from '../support/terraform.ts';

/** The parts of `driftbom.scan/v1` that acceptance looks at. */
export interface ScanDocument {
  readonly schema: string;
  readonly summary: Readonly<
    Record<'resources' | 'inSync' | 'changed' | 'missing' | 'unmanaged' | 'gaps' | 'ignored', number>
  >;
  readonly drifts: readonly DriftDocument[];
  readonly gaps: readonly { readonly address: string; readonly reason: string; readonly message: string }[];
}

export interface DriftDocument {
  readonly address: string;
  readonly type: string;
  readonly kind: string;
  readonly cause: string;
  readonly changes: readonly {
    readonly path: string;
    readonly op: string;
    readonly before: unknown;
    readonly after: unknown;
    readonly sensitive: boolean;
  }[];
  readonly attribution: DriftAttribution | null;
}

export interface Scanned extends Ran {
  /** Undefined where the scan wrote none. */
  readonly document: ScanDocument | undefined;
  readonly json: string;
}

/** The built command line: the acceptance suite sees what a user sees. */
const CLI = process.env.DRIFTBOM_TEST_CLI ?? fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Runs `driftbom` with a private home and cache. */
export function driftbom(home: TerraformHome, cwd: string, ...args: readonly string[]): Promise<Ran> {
  return startDriftbom(home, cwd, args);
}

/** The same, telling the process id as soon as there is one. */
function startDriftbom(
  home: TerraformHome,
  cwd: string,
  args: readonly string[],
  onStart?: (pid: number) => void,
): Promise<Ran> {
  const env = { ...home.env, DRIFTBOM_CACHE_DIR: join(home.folder, 'cache') };
  return run(process.execPath, [CLI, ...args], { cwd, env, ...(onStart === undefined ? {} : { onStart }) });
}

/** Runs `driftbom scan` and reads the document that it wrote. */
export function scan(home: TerraformHome, cwd: string, ...args: readonly string[]): Promise<Scanned> {
  return startScan(home, cwd, args);
}

/** The same, telling the process id as soon as there is one. */
export async function startScan(
  home: TerraformHome,
  cwd: string,
  args: readonly string[],
  onStart?: (pid: number) => void,
): Promise<Scanned> {
  const folder = await mkdtemp(join(home.folder, 'scan-'));
  const file = join(folder, 'scan.json');
  const ran = await startDriftbom(home, cwd, ['scan', ...args, '-o', `json=${file}`], onStart);
  const json = await readFile(file, 'utf8').catch(() => '');
  await rm(folder, { recursive: true });
  return { ...ran, json, document: json === '' ? undefined : (JSON.parse(json) as ScanDocument) };
}

/** Each drift as one line, `address kind: path, path`, sorted: what two scans are compared by. */
export function driftLines({ document, stderr }: Scanned): readonly string[] {
  if (document === undefined) throw new Error(`the scan wrote no document: ${stderr}`);
  return document.drifts.map(lineOf).sort();
}

function lineOf({ address, kind, changes }: DriftDocument): string {
  if (kind !== 'changed') return `${address} ${kind}`;
  return `${address} changed: ${[...new Set(changes.map(({ path }) => path))].sort().join(', ')}`;
}
