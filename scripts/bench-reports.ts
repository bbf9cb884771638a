/**
 * `npm run bench -- --only reports`: reports over a large ledger, in each format, as users make them: a new process each
 * time, the start of Node and the reading and checking of the ledger included. Medians, and the highest peaks.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { lastScanOf, ledgerToVerify } from './bench-ledger-data.ts';
import { columns } from './bench-table.ts';
import { median } from './median.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const CLI = process.env.DRIFTBOM_TEST_CLI ?? join(root, 'dist/cli.js');
const PEAK = pathToFileURL(join(root, 'scripts/bench-peak.mjs')).href;

/** Entries of the ledger. */
const ENTRIES = 100_000;
/** Aims for each report: milliseconds, MiB. */
const WITHIN = 10_000;
const MOST_MEMORY = 500;

/** Minutes from the last scan to the onset of the incident. */
const ONSET = 10;

const REPORTS = [
  ...['html', 'markdown', 'json', 'csv', 'oscal'].map((format) => ({ report: 'compliance', format, more: [] })),
  ...['html', 'markdown'].map((format) => ({
    report: 'incident',
    format,
    more: ['--at', new Date(Date.parse(lastScanOf(ENTRIES)) + ONSET * 60_000).toISOString()],
  })),
];

interface Row {
  readonly what: string;
  readonly milliseconds: number;
  /** Of what `verify` takes in the same run: machines differ, this does less. */
  readonly ratio: number;
  /** MiB. */
  readonly peak: number;
  /** Of the file that was written. */
  readonly bytes: number;
  readonly met: boolean;
}

type Say = (line: string) => void;

/** Runs the bench; false where an aim was missed. */
export async function benchReports(runs: number, json: string | undefined, say: Say): Promise<boolean> {
  const scratch = await mkdtemp(join(tmpdir(), 'driftbom-bench-'));
  try {
    const ledger = await ledgerToVerify(ENTRIES, { parent: tmpdir(), say });
    say('verify');
    const whole = await measure(['verify', '--ledger', ledger], scratch, runs);
    const rows: Row[] = [];
    const out = join(scratch, 'report');
    for (const { report, format, more } of REPORTS) {
      say(`${report} ${format}`);
      const args = ['report', report, '--ledger', ledger, '-o', `${format}=${out}`, ...more];
      const { milliseconds, peak } = await measure(args, scratch, runs);
      const met = milliseconds < WITHIN && peak < MOST_MEMORY;
      const { size: bytes } = await stat(out);
      const what = `${report} ${format}, ${ENTRIES.toLocaleString('en')} entries`;
      rows.push({ what, milliseconds, ratio: milliseconds / whole.milliseconds, peak, bytes, met });
    }
    process.stdout.write(`${table(rows)}\nverify: ${(whole.milliseconds / 1000).toFixed(2)} s\n`);
    if (json !== undefined) {
      await writeFile(json, `${JSON.stringify({ runs, node: process.version, verify: whole, rows }, null, 2)}\n`);
    }
    return rows.every(({ met }) => met);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Median time and greatest peak of some runs. */
async function measure(
  args: readonly string[],
  scratch: string,
  runs: number,
): Promise<{ readonly milliseconds: number; readonly peak: number }> {
  const peakFile = join(scratch, 'peak');
  const times: number[] = [];
  const peaks: number[] = [];
  for (let round = 0; round < runs; round++) {
    const started = performance.now();
    await run(process.execPath, ['--import', PEAK, CLI, ...args], {
      cwd: scratch,
      env: { ...process.env, BENCH_PEAK: peakFile },
      maxBuffer: 2 ** 26,
    });
    times.push(performance.now() - started);
    peaks.push(Number(await readFile(peakFile, 'utf8')) / 1024);
  }
  return { milliseconds: median(times), peak: Math.max(...peaks) };
}

function table(rows: readonly Row[]): string {
  const wanted = `under ${WITHIN / 1000} s, ${MOST_MEMORY} MiB`;
  const lines = rows.map(({ what, milliseconds, ratio, peak, bytes, met }) => [
    met ? 'met' : 'MISSED',
    what,
    `${(milliseconds / 1000).toFixed(2)} s`,
    ratio.toFixed(2),
    `${peak.toFixed(0)} MiB`,
    `${(bytes / 2 ** 20).toFixed(1)} MiB`,
    wanted,
  ]);
  return columns([['', 'reports', 'time', 'of verify', 'peak', 'file', 'aim'], ...lines]);
}
