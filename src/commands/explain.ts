import type { Command } from 'commander';
import { EXIT, type ExitCode, type Io, wantsColour } from './io.ts';
import { progressLine } from './progress.ts';
import { addReadOptions, type ReadOptions } from './read-options.ts';

/** `driftbom explain`: both sides of one resource, and every rule that touched them. */
export function addExplain(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  addReadOptions(
    program
      .command('explain')
      .description('show both sides of one resource, every rule that touched them, and why it is or is not drift')
      .argument('<address>', 'Terraform address, for example aws_lambda_function.worker')
      .argument('[targets...]', 'as for scan'),
  ).action(async (address: string, targets: string[], options: ReadOptions) => {
    finish(await runExplain(address, targets, options, io));
  });
}

async function runExplain(
  address: string,
  targets: readonly string[],
  options: ReadOptions,
  io: Io,
): Promise<ExitCode> {
  const { wireScan } = await import('../wire.ts');
  const wired = await wireScan({ ...options, targets, record: false }, io);
  const forget = io.onInterrupt(wired.close);
  const progress = progressLine(io);
  try {
    const { explained } = await wired.scan({ onProgress: progress.show, explain: address });
    progress.clear();
    const { explainTerminal } = await import('../report/explain.ts');
    const options = { colour: wantsColour(io), width: io.columns };
    io.out(explained.map((one) => explainTerminal(one, options)).join('\n'));
    return explained.some((one) => one.verdict === 'changed' || one.verdict === 'missing') ? EXIT.drift : EXIT.inSync;
  } finally {
    progress.clear();
    forget();
    await wired.close();
  }
}
