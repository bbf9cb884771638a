/**
 * `npm run bench [-- --runs N] [--json FILE] [--only small,big,many,ledger,audit,reports]`. small, big and many: driftbom scan
 * against `terraform plan -refresh-only -lock=false`, on the same stacks, in the same run, with the same emulator. ledger:
 * large ledgers appended to, verified and asked. audit: a large audit log searched. reports: reports over a large ledger.
 */
import { writeFile } from 'node:fs/promises';
import { parse } from 'node:path';
import { parseArgs } from 'node:util';
import { findTools } from '../test/support/find-tools.ts';
import { type Measured, openBench, type Bench } from './bench-run.ts';
import { judge, table } from './bench-table.ts';

const STACKS = ['small', 'big', 'many'];
const KNOWN = [...STACKS, 'ledger', 'audit', 'reports'];
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    json: { type: 'string' },
    only: { type: 'string', default: KNOWN.join(',') },
  },
});
const runs = Number(values.runs);
const wanted = new Set(values.only.split(','));
if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a whole number from 1');
const unknown = [...wanted].filter((name) => !KNOWN.includes(name));
if (unknown.length > 0) throw new Error(`--only knows ${KNOWN.join(', ')}, not ${unknown.join(', ')}`);

const met = [
  STACKS.some((name) => wanted.has(name)) ? await benchScans() : true,
  wanted.has('ledger') ? await (await import('./bench-ledger.ts')).benchLedger(runs, jsonOf('ledger'), say) : true,
  wanted.has('audit') ? await (await import('./bench-audit.ts')).benchAudit(runs, jsonOf('audit'), say) : true,
  wanted.has('reports') ? await (await import('./bench-reports.ts')).benchReports(runs, jsonOf('reports'), say) : true,
];
if (met.includes(false)) process.exitCode = 1;

/** Scans; false where an aim was missed. */
async function benchScans(): Promise<boolean> {
  const found = await findTools(process.env);
  if (found.kind === 'missing') {
    process.stdout.write(`BENCH SKIPPED: ${found.what.join('; ')}\n`);
    return true;
  }
  const bench = await openBench(found.tools, say);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The exit hooks of emulator, proxy and terraform end what they started.
    process.once(signal, () => void bench.close().finally(() => process.exit(1)));
  }
  try {
    const measured = await measureAll(bench);
    const verdicts = judge(measured);
    process.stdout.write(`\n${table(measured, verdicts)}\n`);
    const json = jsonOf('scan');
    if (json !== undefined) {
      await writeFile(json, `${JSON.stringify({ runs, node: process.version, measured, verdicts }, null, 2)}\n`);
    }
    return verdicts.every((one) => one.met);
  } finally {
    await bench.close();
  }
}

/** Where several benches run, each writes a file of its own: figures.json, figures.ledger.json and so on. */
function jsonOf(part: 'scan' | 'ledger' | 'audit' | 'reports'): string | undefined {
  const alone = [...wanted].every((name) => (STACKS.includes(name) ? 'scan' : name) === part);
  if (values.json === undefined || alone || part === 'scan') return values.json;
  const { dir, name, ext } = parse(values.json);
  return `${dir === '' ? '.' : dir}/${name}.${part}${ext}`;
}

async function measureAll(bench: Bench): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  const stacks = [
    ...(wanted.has('small') ? [await bench.makeSmall()] : []),
    ...(wanted.has('big') ? [await bench.makeBig()] : []),
    ...(wanted.has('many') ? [await bench.makeMany(10)] : []),
  ];
  for (const stack of stacks) {
    for (const delay of [0, 50]) measured.push(await bench.measure(stack, delay, runs));
  }
  return measured;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
