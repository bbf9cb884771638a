/**
 * `npm run bench -- --only ledger`: appending, verifying and asking large ledgers. Commands run as users run them, a new
 * process each time, the start of Node included; what is warm runs in one process. Medians, and the highest peaks.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { ADDRESS, ENTRIES_AT_ONCE, ledgerToAsk, ledgerToVerify, MODULE, SINCE } from './bench-ledger-data.ts';
import { columns } from './bench-table.ts';
import { median } from './median.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const CLI = process.env.DRIFTBOM_TEST_CLI ?? join(root, 'dist/cli.js');
const PEAK = pathToFileURL(join(root, 'scripts/bench-peak.mjs')).href;

/** Entries of the ledger to verify, and of the one to ask. */
const VERIFIED = 100_000;
const ASKED = 1_000_000;

/** Aims: entries a second, milliseconds, MiB. */
const APPENDED_A_SECOND = 5_000;
const TREE_WITHIN = 2_000;
const COLD_WITHIN = 1_000;
const WARM_WITHIN = 50;
const MOST_MEMORY = 300;

interface Row {
  readonly what: string;
  readonly figure: string;
  /** MiB. */
  readonly peak: number;
  /** The aim in words; undefined where nothing is promised. */
  readonly wanted?: string;
  readonly met?: boolean;
}

interface Ran {
  readonly milliseconds: number;
  readonly peak: number;
  readonly out: string;
}

/** Runs the bench; false where an aim was missed. */
export async function benchLedger(
  runs: number,
  json: string | undefined,
  say: (line: string) => void,
): Promise<boolean> {
  const scratch = await mkdtemp(join(tmpdir(), 'driftbom-bench-'));
  const shelf = { parent: tmpdir(), say };
  try {
    const bench = new LedgerBench(scratch, await bundledProbe(scratch), runs, say);
    const rows = [
      ...(await bench.append()),
      ...(await bench.verify(await ledgerToVerify(VERIFIED, shelf))),
      ...(await bench.ask(await ledgerToAsk(ASKED, shelf))),
    ];
    process.stdout.write(`${table(rows)}\n`);
    if (json !== undefined) {
      await writeFile(json, `${JSON.stringify({ runs, node: process.version, rows }, null, 2)}\n`);
    }
    return rows.every(({ met }) => met !== false);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

class LedgerBench {
  readonly #scratch: string;
  readonly #probe: string;
  readonly #runs: number;
  readonly #say: (line: string) => void;

  constructor(scratch: string, probe: string, runs: number, say: (line: string) => void) {
    this.#scratch = scratch;
    this.#probe = probe;
    this.#runs = runs;
    this.#say = say;
  }

  async append(): Promise<Row[]> {
    this.#say(`appending ${ENTRIES_AT_ONCE} entries`);
    const told = {
      append: `append ${grouped(ENTRIES_AT_ONCE)} entries under one checkpoint`,
      record: `record ${grouped(ENTRIES_AT_ONCE)} changes, each held against what is known of its key`,
      scan: `record a scan with ${grouped(ENTRIES_AT_ONCE)} new drifts, two state documents each`,
    };
    const rows: Row[] = [];
    for (const mode of ['append', 'record', 'scan'] as const) {
      const all = await this.#often(async (round) => {
        const folder = join(this.#scratch, `${mode}-${round}`);
        const figures = await this.#probed<{ milliseconds: number; peak: number }>(mode, folder);
        await rm(folder, { recursive: true });
        return figures;
      });
      const rate = (ENTRIES_AT_ONCE * 1000) / median(all.map((one) => one.milliseconds));
      rows.push({
        what: told[mode],
        figure: `${grouped(Math.round(rate))}/s`,
        peak: Math.max(...all.map((one) => one.peak)),
        ...(mode === 'append'
          ? { wanted: `at least ${grouped(APPENDED_A_SECOND)}/s`, met: rate >= APPENDED_A_SECOND }
          : {}),
      });
    }
    return rows;
  }

  async verify(ledger: string): Promise<Row[]> {
    const rows: Row[] = [];
    for (const [what, ...options] of [
      ['tree and checkpoints alone (--tree-only)', '--tree-only'],
      ['1,000 signatures (default)'],
      ['all signatures (--signatures)', '--signatures'],
    ] as const) {
      this.#say(`verifying: ${what}`);
      const all = await this.#often(() => this.#driftbom('verify', '--ledger', ledger, ...options));
      const aim = options.length > 0 && options[0] === '--tree-only' ? { within: TREE_WITHIN } : {};
      rows.push(rowOf(`verify ${grouped(VERIFIED)} entries: ${what}`, all, aim));
    }
    return rows;
  }

  async ask(ledger: string): Promise<Row[]> {
    const questions = [
      { name: 'log', what: 'log, last 6 h under a module', args: ['log', '--since', SINCE, '--address', MODULE] },
      { name: 'blame', what: 'blame of a resource', args: ['blame', ADDRESS] },
    ] as const;
    const rows = [await this.#proofs(ledger)];
    const asked = (args: readonly string[]): Promise<Ran> => this.#driftbom(...args, '--json', '--ledger', ledger);
    const indexed = new Map<string, readonly Ran[]>();
    for (const { name, what, args } of questions) {
      if (name === 'log') {
        this.#say('making the index');
        await rm(`${ledger}.index`, { recursive: true, force: true });
        rows.push(rowOf('first question, which makes the index', [await asked(args)]));
      }
      this.#say(`asking: ${what}`);
      const all = await this.#often(() => asked(args));
      indexed.set(name, all);
      rows.push(rowOf(`${what}, cold`, all, { within: COLD_WITHIN, memory: MOST_MEMORY }));
    }
    const warm = await this.#probed<{ log: number[]; blame: number[]; peak: number }>('ask', ledger);
    for (const { name, what } of questions) {
      const all = warm[name].map((milliseconds) => ({ milliseconds, peak: warm.peak }));
      rows.push(rowOf(`${what}, warm`, all, { within: WARM_WITHIN, memory: MOST_MEMORY }));
    }
    for (const { name, what, args } of questions) {
      this.#say(`asking without the index: ${what}`);
      const plain = await asked([...args, '--no-index']);
      if (indexed.get(name)?.some(({ out }) => out !== plain.out))
        throw new Error(`the index changes what ${name} says`);
      rows.push(rowOf(`${what}, without the index (same answer)`, [plain]));
    }
    return rows;
  }

  async #proofs(ledger: string): Promise<Row> {
    this.#say('proving inclusion');
    const { first, times, peak } = await this.#probed<{ first: number; times: number[]; peak: number }>(
      'proof',
      ledger,
    );
    const figure = `${median(times).toFixed(2)} ms (the first ${first.toFixed(0)} ms)`;
    return { what: `inclusion proof in ${grouped(ASKED)}, made and checked`, figure, peak };
  }

  async #often<T>(work: (round: number) => Promise<T>): Promise<T[]> {
    const all: T[] = [];
    for (let round = 0; round < this.#runs; round++) all.push(await work(round));
    return all;
  }

  async #probed<T>(mode: string, folder: string): Promise<T> {
    return JSON.parse((await run(process.execPath, [this.#probe, mode, folder])).stdout) as T;
  }

  async #driftbom(...args: readonly string[]): Promise<Ran> {
    const peakFile = join(this.#scratch, 'peak');
    const started = performance.now();
    const { stdout } = await run(process.execPath, ['--import', PEAK, CLI, ...args], {
      cwd: this.#scratch,
      env: { ...process.env, BENCH_PEAK: peakFile },
      maxBuffer: 2 ** 28,
    });
    const milliseconds = performance.now() - started;
    return { milliseconds, peak: Number(await readFile(peakFile, 'utf8')) / 1024, out: stdout };
  }
}

/** The probe as plain JavaScript: a loader's memory would be counted with it. */
async function bundledProbe(folder: string): Promise<string> {
  const outfile = join(folder, 'probe.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['scripts/bench-ledger-probe.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return outfile;
}

function rowOf(
  what: string,
  all: readonly { readonly milliseconds: number; readonly peak: number }[],
  aim: { readonly within?: number; readonly memory?: number } = {},
): Row {
  const time = median(all.map((one) => one.milliseconds));
  const peak = Math.max(...all.map((one) => one.peak));
  const row = { what, figure: timeText(time), peak };
  if (aim.within === undefined) return row;
  const wanted = `under ${timeText(aim.within)}${aim.memory === undefined ? '' : `, ${aim.memory} MiB`}`;
  return { ...row, wanted, met: time < aim.within && peak < (aim.memory ?? Number.POSITIVE_INFINITY) };
}

function timeText(milliseconds: number): string {
  return milliseconds < 500 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

function grouped(number: number): string {
  return number.toLocaleString('en');
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ what, figure, peak, wanted, met }) => [
    met === undefined ? '' : met ? 'met' : 'MISSED',
    what,
    figure,
    `${peak.toFixed(0)} MiB`,
    wanted ?? '',
  ]);
  return columns([['', 'ledger', 'figure', 'peak', 'aim'], ...lines]);
}
