import { type Command, Option } from 'commander';
import type { RecordRequest, Recorded } from '../wire/record.ts';
import { EXIT, type ExitCode, type Io, wantsColour } from './io.ts';
import { collect } from './options.ts';

interface RecordOptions extends RecordRequest {
  readonly json?: boolean;
}

/** `driftbom record`: writes down a change that is not Terraform's. */
export function addRecord(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  program
    .command('record')
    .description('record a change that no scan sees: a feature flag, a pool setting, a step of a runbook')
    .option('--key <key>', 'what was changed, for example app/max_batch_size')
    .option('--old <value>', 'the value before; JSON where it is JSON, else text (default: what the ledger knows)')
    .option('--new <value>', 'the value after; null where there is none any more')
    .option('--at <time>', 'when it was changed, with its zone (2026-03-14T03:00:00Z)')
    .option('--from <file>', 'many changes: one JSON object a line, or a table (.csv); - is standard input')
    .option('--reason <text>', 'why')
    .option('--by <who>', 'who changed it, for example github:ops-team (default: from the environment, and said)')
    .option('--workspace <name>', 'workspace that the key belongs to', 'default')
    .option('--sensitive', 'record keyed digests in place of the values')
    .addOption(
      new Option('--evidence <file>', 'file that shows it, kept in the ledger (up to 10 MB); repeatable')
        .argParser(collect(String))
        .default([], 'none'),
    )
    .option('--force', 'record again what stands in the ledger already')
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--json', 'print what was recorded as JSON')
    .addHelpText('after', FIELDS)
    .action(async (options: RecordOptions) => finish(await runRecord(options, io)));
}

const FIELDS = `
Fields of a line or table: key, new, and where there are any old, at, by, reason, workspace, sensitive.
All are checked before one is recorded. What stands in the ledger already is said and not recorded twice.`;

async function runRecord(options: RecordOptions, io: Io): Promise<ExitCode> {
  const { wireRecord } = await import('../wire/record.ts');
  const { contradictions, recordJson, recordTerminal } = await import('../report/record.ts');
  const recorded = await wireRecord(options, io);
  for (const line of remarks(recorded, contradictions(recorded.recordings))) io.err(`driftbom: ${line}\n`);
  io.out(options.json === true ? recordJson(recorded) : recordTerminal(recorded, { colour: wantsColour(io) }));
  return EXIT.inSync;
}

function remarks({ identity, masked }: Recorded, contradicted: readonly string[]): string[] {
  return [
    ...(identity === undefined ? [] : [`by ${identity.name}, says ${identity.source}; --by names somebody else`]),
    ...masked.map((key) => `${JSON.stringify(key)} looks like a secret: a keyed digest stands in place of its value`),
    ...contradicted,
  ];
}
