import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Tools } from '../test/support/find-tools.ts';
import { startMoto } from '../test/support/moto.ts';
import { startProxy } from '../test/support/moto-proxy.ts';
import { makeTerraformHome, type Ran, run, type TerraformWorkspace } from '../test/support/terraform.ts';
import { median } from './median.ts';

const ROOT = new URL('../', import.meta.url);
const CLI = process.env.DRIFTBOM_TEST_CLI ?? fileURLToPath(new URL('dist/cli.js', ROOT));
const PEAK = new URL('bench-peak.mjs', import.meta.url);

/** One or more workspaces that are measured as one. */
export interface BenchStack {
  readonly name: string;
  readonly resources: number;
  readonly workspaces: readonly {
    readonly at: TerraformWorkspace;
    readonly variables: Readonly<Record<string, string>>;
  }[];
}

/** Milliseconds and mebibytes; medians. */
export interface Measured {
  readonly stack: string;
  readonly workspaces: number;
  readonly resources: number;
  /** Milliseconds that the emulator waits before each answer. */
  readonly delay: number;
  readonly terraform: number;
  readonly first: number;
  readonly cached: number;
  readonly firstPeak: number;
  readonly cachedPeak: number;
  /** Every single time, so that the medians can be doubted. */
  readonly samples: {
    readonly terraform: readonly number[];
    readonly first: readonly number[];
    readonly cached: readonly number[];
  };
}

export interface Bench {
  makeSmall(): Promise<BenchStack>;
  makeBig(): Promise<BenchStack>;
  makeMany(count: number): Promise<BenchStack>;
  measure(stack: BenchStack, delay: number, runs: number): Promise<Measured>;
  close(): Promise<void>;
}

/** Starts the emulator and the proxy. `close` ends both and removes every file. */
export async function openBench(tools: Tools, say: (line: string) => void): Promise<Bench> {
  const moto = await startMoto(tools);
  const proxy = await startProxy(moto);
  const home = await makeTerraformHome(tools);

  async function make(
    fixture: string,
    name: string,
    resources: number,
    sets: readonly Readonly<Record<string, string>>[],
  ): Promise<BenchStack> {
    say(`applying ${name}`);
    const source = fileURLToPath(new URL(`fixtures/acceptance/${fixture}`, ROOT));
    const workspaces = await Promise.all(
      sets.map(async (variables, i) => {
        const at = await home.workspace(source, `${name}-${i}`, { ...variables, endpoint: moto.endpoint });
        return { at, variables };
      }),
    );
    // Applying is mostly waiting; more than a few at once would starve the providers.
    for (let i = 0; i < workspaces.length; i += 4) {
      await Promise.all(workspaces.slice(i, i + 4).map(({ at }) => at.apply()));
    }
    return { name, resources, workspaces };
  }

  async function terraformOnce(stack: BenchStack): Promise<number> {
    let total = 0;
    for (const { at } of stack.workspaces) {
      const ran = await at.terraform('plan', '-refresh-only', '-lock=false', '-input=false');
      if (ran.code !== 0) throw new Error(`terraform ended with ${ran.code}: ${ran.stderr}`);
      total += ran.milliseconds;
    }
    return total;
  }

  async function driftbomOnce(stack: BenchStack, cache: string): Promise<Ran & { readonly peak: number }> {
    const folder = await mkdtemp(join(home.folder, 'run-'));
    const peakFile = join(folder, 'peak');
    const targets = stack.workspaces.map(({ at }) => at.directory);
    const ran = await run(
      process.execPath,
      [
        '--import',
        pathToFileURL(fileURLToPath(PEAK)).href,
        CLI,
        'scan',
        // A scan that left something out would be fast for nothing.
        '--strict',
        ...targets,
        '--ledger',
        join(folder, 'ledger'),
      ],
      { cwd: home.folder, env: { ...home.env, DRIFTBOM_CACHE_DIR: cache, BENCH_PEAK: peakFile } },
    );
    if (ran.code !== 0) throw new Error(`driftbom ended with ${ran.code}: ${ran.stdout}${ran.stderr}`);
    const peak = Number(await readFile(peakFile, 'utf8')) / 1024;
    await rm(folder, { recursive: true });
    return { ...ran, peak };
  }

  return {
    makeSmall: () => make('small', 'small', 12, [{ name: 'bench' }]),
    makeBig: () => make('stack', 'big', 72, [{ database_password: 'bench-password', api_token: 'bench-token' }]),
    makeMany: (count) =>
      make(
        'small',
        'many',
        12 * count,
        Array.from({ length: count }, (_, i) => ({ name: `bench-${i}` })),
      ),
    measure: async (stack, delay, runs) => {
      proxy.setDelay(delay);
      const endpoint = delay === 0 ? moto.endpoint : proxy.endpoint;
      for (const { at, variables } of stack.workspaces) await at.setVariables({ ...variables, endpoint });
      const cache = join(home.folder, 'cache');
      const samples = { terraform: [] as number[], first: [] as number[], cached: [] as number[] };
      const peaks = { first: [] as number[], cached: [] as number[] };
      for (let i = 0; i < runs; i += 1) {
        say(`${stack.name}, ${delay} ms added, run ${i + 1} of ${runs}`);
        // Ten terraform runs in a row are ten samples: they are not made three times.
        if (i === 0 || stack.workspaces.length === 1) samples.terraform.push(await terraformOnce(stack));
        await rm(cache, { recursive: true, force: true });
        const before = proxy.count();
        const first = await driftbomOnce(stack, cache);
        const between = proxy.count();
        const cached = await driftbomOnce(stack, cache);
        // Delayed figures count only if the answers of each run really came through the proxy.
        const delayed = Math.min(between - before, proxy.count() - between);
        if (delay > 0 ? delayed < stack.resources : delayed > 0) throw new Error(`${delayed} requests were delayed`);
        say(
          `  terraform ${samples.terraform.at(-1)?.toFixed(0)} ms, first ${first.milliseconds.toFixed(0)} ms, cached ${cached.milliseconds.toFixed(0)} ms, ${delayed} requests delayed`,
        );
        samples.first.push(first.milliseconds);
        samples.cached.push(cached.milliseconds);
        peaks.first.push(first.peak);
        peaks.cached.push(cached.peak);
      }
      return {
        stack: stack.name,
        workspaces: stack.workspaces.length,
        resources: stack.resources,
        delay,
        terraform: median(samples.terraform),
        first: median(samples.first),
        cached: median(samples.cached),
        firstPeak: Math.max(...peaks.first),
        cachedPeak: Math.max(...peaks.cached),
        samples,
      };
    },
    close: async () => {
      await proxy.stop();
      await moto.stop();
      await home.remove();
    },
  };
}
