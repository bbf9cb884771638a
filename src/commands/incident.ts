import { type Command, Option } from 'commander';
import { DriftbomError } from '../model/error.ts';
import { INCIDENT_FORMATS, type IncidentFormat } from '../report/format-names.ts';
import type { IncidentBrief, IncidentRequest } from '../wire/incident.ts';
import { addIncidentDocument } from './incident-document.ts';
import { inputOptions, namingOptions, type Waiting, withWaited } from './incident-options.ts';
import { addIncidentRecord } from './incident-record.ts';
import { EXIT, type ExitCode, type Io, wantsColour } from './io.ts';
import { type ByteLimit, fitted, maxBytesOption } from './max-bytes.ts';
import { collect, parseOutput } from './options.ts';
import { checkOutputs, type Output, writeOutput } from './outputs.ts';

/** The files that are wanted, and how long each may become. */
interface WantedOutputs {
  readonly output: readonly Output<IncidentFormat>[];
  readonly maxBytes: readonly ByteLimit[];
}

type IncidentOptions = Waiting<IncidentRequest> & WantedOutputs;

/** `driftbom incident`: what changed before it, ranked, with the way back. */
export function addIncident(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const incident = program
    .command('incident')
    .description(
      'rank what changed before an incident, with evidence for each rank and the way back; printed, never executed. The commands below it keep the record of an incident: signed notes in the ledger',
    )
    .enablePositionalOptions();
  namingOptions(inputOptions(incident))
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--template-dir <dir>', 'folder of templates that replace ours, file by file')
    .addOption(
      new Option('-o, --output <format=file>', `${INCIDENT_FORMATS.join(', ')}; - is stdout; repeatable`)
        .argParser(collect(parseOutput(INCIDENT_FORMATS)))
        .default([], 'the terminal'),
    )
    .addOption(maxBytesOption())
    .addHelpText('after', EXITS)
    // So that a word that is no command is told as such, and not by the options behind it.
    .allowExcessArguments()
    .passThroughOptions()
    .action(async (options: IncidentOptions, command: Command) => {
      refuseUnknown(command);
      finish(await runIncident(withWaited(options), options, io));
    });
  addIncidentRecord(incident, io, finish);
  addIncidentDocument(incident, io, finish);
}

/** A word that is none of its commands: said so, with those that there are. */
function refuseUnknown({ args: [word], commands }: Command): void {
  if (word === undefined) return;
  const names = commands.map((one) => one.name()).join(', ');
  throw new DriftbomError('E_USAGE', `driftbom incident has no command ${JSON.stringify(word)}`, `There are ${names}.`);
}

const EXITS = `
Exit codes:
  0  a suspect passes the threshold
  1  error
  3  no confident suspect
  4  no confident suspect, and the evidence ends before the onset
  5  the ledger does not verify`;

/** Asks, and tells by the code what was found. A ledger that does not verify has a code of its own, also where nothing can be read of it. */
async function runIncident(request: IncidentRequest, wanted: WantedOutputs, io: Io): Promise<ExitCode> {
  try {
    const { verdict, ledgerVerifies } = await showIncident(request, wanted, io);
    if (!ledgerVerifies) return EXIT.broken;
    return { confident: EXIT.inSync, none: EXIT.noSuspect, 'evidence-gap': EXIT.evidenceGap }[verdict];
  } catch (thrown) {
    if (!(thrown instanceof DriftbomError) || thrown.code !== 'E_LEDGER_CORRUPT') throw thrown;
    io.err(`driftbom: ${thrown.code}: ${thrown.message}\n  ${thrown.cure}\n`);
    return EXIT.broken;
  }
}

/** Answers one question, and writes the answer to the outputs, or to the terminal where there are none. */
export async function showIncident(
  request: IncidentRequest,
  { output: outputs, maxBytes }: WantedOutputs,
  io: Io,
): Promise<IncidentBrief> {
  await checkOutputs(outputs, io);
  const { wireIncident } = await import('../wire/incident.ts');
  const brief = await wireIncident(request, io);
  if (outputs.length === 0) io.out(brief.terminal({ colour: wantsColour(io), width: io.columns }));
  for (const output of outputs) {
    await writeOutput(output, fitted(output, brief.render(output.format), maxBytes), io);
    if (output.file !== '-') io.err(`driftbom: wrote ${output.file}\n`);
  }
  return brief;
}
