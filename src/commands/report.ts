import { type Command, Option } from 'commander';
import { REPORT_FORMATS, type ReportFormat } from '../report/format-names.ts';
import type { ReportRequest } from '../wire-report.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { collect, parseMoment, parseOutput } from './options.ts';
import { checkOutputs, type Output, writeOutput } from './outputs.ts';

interface ReportOptions extends ReportRequest {
  readonly output: readonly Output<ReportFormat>[];
}

/** `driftbom report`: what people read, from the ledger alone. */
export function addReport(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const report = program.command('report').description('render a report from the ledger alone');
  shared(report.command('compliance').description('what was scanned, what changed, what was not seen: for an auditor'))
    .addOption(new Option('--from <time>', 'beginning of the period, included').argParser(parseMoment))
    .addOption(new Option('--to <time>', 'end of the period, not included').argParser(parseMoment))
    .action(async (options: ReportOptions) => finish(await run('compliance', options, io)));
  shared(
    report.command('incident').description('what changed, when, old, new, who, why, and how to undo it: on one screen'),
  )
    .addOption(new Option('--at <time>', 'when the incident began').argParser(parseMoment))
    .addOption(new Option('--since <time>', 'how far back a drift that is over still counts').argParser(parseMoment))
    .option('--resource <address>', 'an address, a module, or a pattern with *')
    .action(async (options: ReportOptions) => finish(await run('incident', options, io)));
}

function shared(command: Command): Command {
  return command
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .addOption(
      new Option('-o, --output <format=file>', `${REPORT_FORMATS.join(' or ')}; - is stdout; repeatable`)
        .argParser(collect(parseOutput(REPORT_FORMATS)))
        .default([], 'markdown=-'),
    )
    .option('--template-dir <dir>', 'folder of templates that replace ours, file by file');
}

async function run(kind: 'compliance' | 'incident', options: ReportOptions, io: Io): Promise<ExitCode> {
  const outputs: readonly Output<ReportFormat>[] =
    options.output.length > 0 ? options.output : [{ format: 'markdown', file: '-' }];
  await checkOutputs(outputs, io);
  const { wireReport } = await import('../wire-report.ts');
  const render = await wireReport(kind, options, io);
  for (const output of outputs) {
    await writeOutput(output, render(output.format), io);
    if (output.file !== '-') io.err(`driftbom: wrote ${output.file}\n`);
  }
  return EXIT.inSync;
}
