import type { Command } from 'commander';
import { DriftbomError } from '../model/error.ts';
import type { Explained, Scan } from '../model/scan.ts';
import type { WiredScanned } from '../wire/scan.ts';
import { beginEarly } from '../wire/early.ts';
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
  beginEarly(targets, io.cwd);
  const { wireScan } = await import('../wire/scan.ts');
  const wired = await wireScan({ ...options, targets, record: false }, io);
  const forget = io.onInterrupt(wired.close);
  const progress = progressLine(io);
  try {
    const scanned = await wired.scan({ onProgress: progress.show, explain: address });
    const { scan } = scanned;
    const explained = withAnswers(scanned);
    progress.clear();
    if (explained.length === 0) throw notFound(address, scan);
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

/** What the audit log told of each explained drift, and the events that were considered for it. */
function withAnswers({ scan, explained, considered }: WiredScanned): readonly Explained[] {
  return explained.map((one) => {
    const { address, workspace } = one.resource.ref;
    const at = scan.drifts.findIndex(
      ({ drift: { resource } }) => resource.address === address && resource.workspace === workspace,
    );
    const attribution = scan.drifts[at]?.attribution;
    return attribution === undefined ? one : { ...one, attribution, considered: considered?.[at] ?? [] };
  });
}

/** Names what is near: the same type or the same last name, else how many there are. */
function notFound(address: string, { scope, gaps }: Scan): DriftbomError {
  const known = [...scope.compared.flatMap((one) => one.addresses), ...gaps.map((gap) => gap.address)];
  const words = new Set(address.split('.'));
  const near = known.filter((one) => one.split('.').some((word) => words.has(word))).slice(0, 8);
  const cure =
    near.length > 0 ? `Did you mean ${near.join(', ')}?` : `driftbom scan lists them; there are ${known.length}.`;
  return new DriftbomError('E_NOT_FOUND', `nothing is declared at ${address}`, cure);
}
