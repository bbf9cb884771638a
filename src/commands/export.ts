import { type Command, InvalidArgumentError, Option } from 'commander';
import { EXPORT_FORMATS } from '../ledger/export/formats.ts';
import { DriftbomError } from '../model/error.ts';
import { count } from '../report/text/plural.ts';
import type { Exported, ExportOptions } from '../wire/export.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { collect, parseMoment } from './options.ts';

/** `driftbom export`: entries and their proofs in formats that others verify or read without us. */
export function addExport(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  program
    .command('export')
    .description(
      'verify the ledger, then write entries with their proofs for others: Sigstore, tlog-proof, Makoto, CSV',
    )
    .addOption(new Option('--format <format>', 'what to write').choices(EXPORT_FORMATS).makeOptionMandatory())
    .requiredOption('-o, --output <path>', 'new folder; for jsonl and csv a file, - is stdout', parsePath)
    .addOption(
      new Option('--entry <entry>', 'index, digest prefix or urn:uuid of an entry; repeatable')
        .argParser(collect(String))
        .default([], 'all'),
    )
    .addOption(new Option('--from <time>', 'entries recorded from then on').argParser(parseMoment))
    .addOption(new Option('--to <time>', 'entries recorded before then').argParser(parseMoment))
    .option('--key <file>', 'Ed25519 private key (PEM) that signs makoto-v0.2 (default: one made for this export)')
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .action(async (options: ExportOptions) => {
      if (options.entry.length > 0 && (options.from ?? options.to) !== undefined) {
        throw new DriftbomError('E_USAGE', '--entry and --from or --to choose twice', 'Use one of the two.');
      }
      const { wireExport } = await import('../wire/export.ts');
      io.err(told(await wireExport(options, io), options.output));
      finish(EXIT.inSync);
    });
}

function parsePath(text: string): string {
  if (text === '') throw new InvalidArgumentError('Name a file or a folder.');
  return text;
}

/** What was exported and what was not, for stderr. */
function told({ summary, trustedKeys, sha256, files }: Exported, output: string): string {
  const { exported, selected, format, ledger, range, leftOut, lost, exportKey } = summary;
  const where = output === '-' ? '' : ` to ${output}${files > 2 ? ` (${files} files)` : ''}`;
  const lines = [
    `driftbom: exported ${exported} of ${count(selected, 'chosen entry', 'chosen entries')} as ${format}${where}`,
    `  log ${ledger.origin}, ${count(ledger.size, 'entry', 'entries')}, root ${ledger.root}`,
    ...(range === null ? [] : [`  range [${range[0]}, ${range[1]}) of the log, without a gap`]),
    ...leftOutLines(leftOut),
    ...lost.map((what) => `  not carried: ${what}`),
    ...(exportKey === undefined ? [] : [`  signed anew by ${exportKey}`]),
    ...(sha256 === undefined ? [] : [`  sha256 ${sha256}  ${output}`]),
    ...(trustedKeys === 'ledger'
      ? ['  keys: the ledger’s word for itself; whoever checks this needs them from elsewhere']
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Kinds that are left out for one reason on one line. */
function leftOutLines(leftOut: Exported['summary']['leftOut']): string[] {
  const reasons = [...new Set(leftOut.map(({ why }) => why))];
  return reasons.map((reason) => {
    const kinds = leftOut.filter(({ why }) => why === reason).map(({ what, count }) => `${count} ${what}`);
    return `  left out: ${kinds.join(', ')}: ${reason}`;
  });
}
