/**
 * `npm run bench [-- --runs N] [--json FILE] [--only small,big,many]`, or `--only audit`: driftbom scan against
 * `terraform plan -refresh-only -lock=false`, on the same stacks, in the same run, with the same emulator.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { findTools } from '../test/support/find-tools.ts';
import { type Measured, openBench, type Bench } from './bench-run.ts';
import { judge, table } from './bench-table.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    json: { type: 'string' },
    only: { type: 'string', default: 'small,big,many' },
  },
});
const runs = Number(values.runs);
const STACKS = ['small', 'big', 'many'];
const wanted = new Set(values.only.split(','));
if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a whole number from 1');
const unknown = [...wanted].filter((name) => !STACKS.includes(name));
if (unknown.length > 0 && values.only !== 'audit')
  throw new Error(`--only knows ${STACKS.join(', ')}, and audit alone, not ${unknown.join(', ')}`);

if (values.only === 'audit') {
  const { benchAudit } = await import('./bench-audit.ts');
  if (!(await benchAudit(runs, values.json, say))) process.exitCode = 1;
  process.exit();
}
const found = await findTools(process.env);
if (found.kind === 'missing') {
  process.stdout.write(`BENCH SKIPPED: ${found.what.join('; ')}\n`);
} else {
  const bench = await openBench(found.tools, say);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The exit hooks of emulator, proxy and terraform end what they started.
    process.once(signal, () => void bench.close().finally(() => process.exit(1)));
  }
  try {
    const measured = await measureAll(bench);
    const verdicts = judge(measured);
    process.stdout.write(`\n${table(measured, verdicts)}\n`);
    if (values.json !== undefined) {
      await writeFile(values.json, `${JSON.stringify({ runs, node: process.version, measured, verdicts }, null, 2)}\n`);
    }
    if (verdicts.some(({ met }) => !met)) process.exitCode = 1;
  } finally {
    await bench.close();
  }
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
