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
import { ledgerToVerify } from './bench-ledger-data.ts';
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

const REPORTS = [
  ...['html', 'markdown', 'json', 'csv', 'oscal'].map((format) => ({ report: 'compliance', format })),
  { report: 'incident', format: 'markdown' },
];

interface Row {
  readonly what: string;
  readonly milliseconds: number;
  /** MiB. */
  readonly peak: number;
  /** Of the file that was written. */
  readonly bytes: number;
  readonly met: boolean;
}

/** Runs the bench; false where an aim was missed. */
export async function benchReports(
  runs: number,
  json: string | undefined,
  say: (line: string) => void,
): Promise<boolean> {
  const scratch = await mkdtemp(join(tmpdir(), 'driftbom-bench-'));
  try {
    const ledger = await ledgerToVerify(ENTRIES, { parent: tmpdir(), say });
    const rows: Row[] = [];
    for (const { report, format } of REPORTS) {
      say(`${report} ${format}`);
      rows.push(await measure(report, format, ledger, scratch, runs));
    }
    process.stdout.write(`${table(rows)}\n`);
    if (json !== undefined) {
      await writeFile(json, `${JSON.stringify({ runs, node: process.version, rows }, null, 2)}\n`);
    }
    return rows.every(({ met }) => met);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function measure(report: string, format: string, ledger: string, scratch: string, runs: number): Promise<Row> {
  const [out, peakFile] = [join(scratch, 'report'), join(scratch, 'peak')];
  const times: number[] = [];
  const peaks: number[] = [];
  for (let round = 0; round < runs; round++) {
    const started = performance.now();
    const args = ['report', report, '--ledger', ledger, '-o', `${format}=${out}`];
    await run(process.execPath, ['--import', PEAK, CLI, ...args], {
      cwd: scratch,
      env: { ...process.env, BENCH_PEAK: peakFile },
      maxBuffer: 2 ** 26,
    });
    times.push(performance.now() - started);
    peaks.push(Number(await readFile(peakFile, 'utf8')) / 1024);
  }
  const [milliseconds, peak] = [median(times), Math.max(...peaks)];
  const { size } = await stat(out);
  const what = `${report} ${format}, ${ENTRIES.toLocaleString('en')} entries`;
  return { what, milliseconds, peak, bytes: size, met: milliseconds < WITHIN && peak < MOST_MEMORY };
}

function table(rows: readonly Row[]): string {
  const wanted = `under ${WITHIN / 1000} s, ${MOST_MEMORY} MiB`;
  const lines = rows.map(({ what, milliseconds, peak, bytes, met }) => [
    met ? 'met' : 'MISSED',
    what,
    `${(milliseconds / 1000).toFixed(2)} s`,
    `${peak.toFixed(0)} MiB`,
    `${(bytes / 2 ** 20).toFixed(1)} MiB`,
    wanted,
  ]);
  return columns([['', 'reports', 'time', 'peak', 'file', 'aim'], ...lines]);
}
