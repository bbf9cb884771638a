/**
 * `npm run bench -- --only audit`: what it costs to find the records of 50 and of 5,000 drifts in a log of 500,000, and to
 * answer each of the drifts, as a ratio to merely unpacking the same files just before; on one processor, where the system
 * can hold us to one, and on all, there also with two threads of our own. DuckDB is asked the same. Medians of all rounds.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { makeTrail, RECORDS } from './bench-audit-data.ts';
import { median } from './median.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** What is measured: the mode of the probe, drifts, threads that read. */
const KINDS = [
  ['unzip', null, 1],
  ['ask', 50, 1],
  ['ask', 5000, 1],
  ['attribute', 50, 1],
  ['attribute', 5000, 1],
  ['duckdb', 50, 1],
  ['duckdb', 5000, 1],
] as const;
/** On all processors besides. */
const THREADED = [
  ['ask', 50, 2],
  ['ask', 5000, 2],
  ['attribute', 50, 2],
  ['attribute', 5000, 2],
] as const;

/** Aims on one thread of ours: time as a multiple of unpacking, memory in MiB (300 MB). */
const MOST = new Map([
  [50, 1.7],
  [5000, 2.5],
]);
const MOST_MEMORY = 286;

interface Probe {
  readonly seconds: number;
  readonly found: number;
  readonly peak: number;
}

interface Row {
  readonly what: string;
  readonly processors: string;
  readonly threads: number;
  readonly drifts: number | null;
  readonly seconds: number;
  readonly ratio: number;
  readonly peak: number;
  readonly found: number;
  /** Undefined where nothing is promised. */
  readonly met?: boolean;
}

/** Runs the bench; false where an aim was missed. */
export async function benchAudit(
  runs: number,
  json: string | undefined,
  say: (line: string) => void,
): Promise<boolean> {
  const trail = await makeTrail(tmpdir(), say);
  const folder = await mkdtemp(join(tmpdir(), 'driftbom-bench-audit-'));
  try {
    const probe = await bundled(folder);
    const pinned = await canPin();
    if (!pinned) say('no taskset here: figures for one processor are left out');
    const rows = [
      ...(pinned ? await measure(probe, trail, runs, ['taskset', '-c', '0'], 'one', KINDS) : []),
      ...(await measure(probe, trail, runs, [], 'all', [...KINDS, ...THREADED])),
    ];
    process.stdout.write(`${table(rows)}\n`);
    if (json !== undefined)
      await writeFile(json, `${JSON.stringify({ runs, node: process.version, rows }, null, 2)}\n`);
    return rows.every(({ met }) => met !== false);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The probe as plain JavaScript, as users run it: a loader's memory would be counted with it. */
async function bundled(folder: string): Promise<string> {
  await build({
    absWorkingDir: root,
    entryPoints: { probe: 'scripts/bench-audit-probe.ts', 'log-worker': 'src/attribution/cloudtrail/log-worker.ts' },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'probe.js');
}

async function canPin(): Promise<boolean> {
  return run('taskset', ['-c', '0', 'true']).then(
    () => true,
    () => false,
  );
}

type Kind = (typeof KINDS)[number] | (typeof THREADED)[number];

async function measure(
  probe: string,
  trail: string,
  runs: number,
  prefix: readonly string[],
  processors: string,
  kinds: readonly Kind[],
): Promise<readonly Row[]> {
  const ask = async (mode: string, drifts: number | null, threads: number): Promise<Probe> => {
    const told = [mode, trail, String(drifts ?? 0), String(threads)];
    const [file = 'node', ...args] = [...prefix, process.execPath, probe, ...told];
    return JSON.parse((await run(file, args)).stdout) as Probe;
  };
  const probes = kinds.map((): (Probe & { readonly ratio: number })[] => []);
  // Unpacking anew before each: a machine's speed changes from one minute to the next.
  for (let round = 0; round < runs; round++) {
    for (const [at, [mode, drifts, threads]] of kinds.entries()) {
      const unzip = await ask('unzip', null, 1);
      const one = mode === 'unzip' ? unzip : await ask(mode, drifts, threads);
      probes[at]?.push({ ...one, ratio: one.seconds / unzip.seconds });
    }
  }
  return kinds.map(([what, drifts, threads], at) => {
    const all = probes[at] as (typeof probes)[number];
    const seconds = median(all.map((each) => each.seconds));
    const ratio = median(all.map((each) => each.ratio));
    const peak = Math.max(...all.map((each) => each.peak));
    const row = { what, processors, threads, drifts, seconds, ratio, peak, found: all[0]?.found ?? 0 };
    // On one processor the engine's own work takes turns with ours: what is promised there is the search.
    const promised = threads === 1 && (what === 'ask' || (what === 'attribute' && processors === 'all'));
    return promised ? { ...row, met: peak < MOST_MEMORY && ratio <= (MOST.get(drifts ?? 0) ?? 0) } : row;
  });
}

function table(rows: readonly Row[]): string {
  const head = [
    'what',
    'processors',
    'threads',
    'drifts',
    'seconds',
    'x unzip',
    'events/s',
    'peak MiB',
    'found',
    'aim',
  ];
  const lines = rows.map(({ what, processors, threads, drifts, seconds, ratio, peak, found, met }) => [
    what,
    processors,
    what === 'duckdb' ? '' : String(threads),
    String(drifts ?? ''),
    seconds.toFixed(2),
    ratio.toFixed(2),
    Math.round(RECORDS / seconds).toLocaleString('en'),
    peak.toFixed(0),
    String(found),
    met === undefined ? '' : met ? 'met' : 'missed',
  ]);
  const widths = head.map((title, at) => Math.max(title.length, ...lines.map((line) => (line[at] as string).length)));
  return [head, ...lines]
    .map((line) => line.map((cell, at) => cell.padStart(widths[at] as number)).join('  '))
    .join('\n');
}
