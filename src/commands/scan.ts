import { type Command, Option } from 'commander';
import { collect } from './options.ts';
import { EXIT, EXIT_HELP, type ExitCode, type Io, wantsColour } from './io.ts';
import { beginEarly } from '../wire/early.ts';
import { type ByteLimit, fitted, maxBytesOption } from './max-bytes.ts';
import { checkOutputs, type Output, writeOutput } from './outputs.ts';
import { parseOutput } from './options.ts';
import { progressLine } from './progress.ts';
import { addReadOptions, type ReadOptions } from './read-options.ts';
import { OUTPUT_FORMATS, type OutputFormat } from '../report/format-names.ts';
import type { ScanSummary } from '../model/scan.ts';
import { verdictOf } from '../report/scan/verdict.ts';

interface ScanOptions extends ReadOptions {
  readonly output: readonly Output<OutputFormat>[];
  readonly maxBytes: readonly ByteLimit[];
  readonly record: boolean;
  readonly rules: boolean;
  readonly recordLive?: string;
  readonly strict?: boolean;
  readonly all?: boolean;
  readonly templateDir?: string;
}

/** `driftbom scan`: the main job. */
export function addScan(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  addReadOptions(
    program
      .command('scan')
      .description('compare declared with live configuration, and record what differs')
      .argument('[targets...]', 'Terraform or CDKTF folders, states, plans as JSON, globs (default: this folder)'),
  )
    .option('--no-record', 'write nothing into the ledger')
    .option('--no-rules', 'ask no rule; the entry of the scan says so')
    .option('--record-live <file>', 'write the live side as a snapshot, secrets left out, for --live snapshot:FILE')
    .addOption(
      new Option('-o, --output <format=file>', `write a file (${OUTPUT_FORMATS.join(', ')}); - is stdout; repeatable`)
        .argParser(collect(parseOutput(OUTPUT_FORMATS)))
        .default([], 'none'),
    )
    .addOption(maxBytesOption())
    .option('--strict', 'exit code 3 where coverage is incomplete')
    .option('--all', "show everything: the provider's own bookkeeping, each ignored difference, every gap")
    .option('--template-dir <dir>', 'folder of templates that replace ours, file by file')
    .addHelpText('after', EXIT_HELP)
    .action(async (targets: string[], options: ScanOptions) => finish(await runScan(targets, options, io)));
}

async function runScan(targets: readonly string[], options: ScanOptions, io: Io): Promise<ExitCode> {
  beginEarly(targets, io.cwd);
  const { wireScan } = await import('../wire/scan.ts');
  const files = [...options.output, ...(options.recordLive === undefined ? [] : [snapshotFile(options.recordLive)])];
  await checkOutputs(files, io);
  const wired = await wireScan({ ...options, targets }, io);
  const forget = io.onInterrupt(wired.close);
  const progress = progressLine(io);
  try {
    const { scan } = await wired.scan({ onProgress: progress.show });
    progress.clear();
    const report = options.record ? await wired.record(scan) : { scan, recorded: undefined, ledger: undefined };
    const snapshot = wired.snapshot();
    if (options.recordLive !== undefined && snapshot !== undefined) {
      await writeOutput(snapshotFile(options.recordLive), snapshot, io);
    }
    const { renderScan } = await import('../report/scan/formats.ts');
    const templates = { packageRoot: io.packageRoot, templateDir: wired.pathOf(options.templateDir) };
    for (const output of options.output) {
      const text = renderScan(output.format, report, templates);
      await writeOutput(output, fitted(output, text, options.maxBytes), io);
    }
    const { scanTerminal } = await import('../report/scan/terminal.ts');
    if (!options.output.some((one) => one.file === '-')) {
      io.out(scanTerminal(report, { colour: wantsColour(io), width: io.columns, all: options.all === true }));
    }
    return exitCodeOf(scan.summary, options.strict ?? wired.strict);
  } finally {
    progress.clear();
    forget();
    await wired.close();
  }
}

/** Terraform's -detailed-exitcode, for rules too, and 3 where the answer is "clean as far as seen" and that is not enough. */
function exitCodeOf(summary: ScanSummary, strict: boolean): ExitCode {
  switch (verdictOf(summary)) {
    case 'drift':
    case 'violation':
      return EXIT.drift;
    // Nothing could be looked at: that is no answer, strict or not.
    case 'unread':
      return strict ? EXIT.incomplete : EXIT.error;
    default:
      return strict && summary.gaps + (summary.notAssessed ?? 0) > 0 ? EXIT.incomplete : EXIT.inSync;
  }
}

function snapshotFile(file: string): Output {
  return { format: 'snapshot', file };
}
