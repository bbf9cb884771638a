import { type Command, InvalidArgumentError, Option } from 'commander';
import { ATTRIBUTION_MODES } from '../incident/names.ts';
import { DriftbomError } from '../model/error.ts';
import { INCIDENT_FORMATS, type IncidentFormat } from '../report/format-names.ts';
import type { IncidentBrief, IncidentRequest } from '../wire/incident.ts';
import { EXIT, type ExitCode, type Io, wantsColour } from './io.ts';
import { collect, parseMoment, parseOutput, parsePair } from './options.ts';
import { checkOutputs, type Output, writeOutput } from './outputs.ts';

interface IncidentOptions extends Omit<IncidentRequest, 'waited'> {
  readonly for: number;
  readonly output: readonly Output<IncidentFormat>[];
}

const WAITED_MS = 5 * 60_000;

/** `driftbom incident`: what changed before it, ranked, with the way back. */
export function addIncident(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const incident = program
    .command('incident')
    .description(
      'rank what changed before an incident, with evidence for each rank and the way back; printed, never executed',
    )
    .option(
      '--alert <file>',
      'alert: Alertmanager, Grafana, CloudWatch (SNS, EventBridge), PagerDuty or Opsgenie; - is stdin',
    )
    .addOption(
      new Option('--onset <time>', 'when it began, where the alert does not say or is late').argParser(parseMoment),
    )
    .addOption(
      new Option('--since <span>', 'look back so far and no further: 30m, 6h, 3d (default: wider and wider)').argParser(
        parseSpan,
      ),
    )
    .addOption(
      new Option('--for <span>', 'how long the rule of an alert waits before it fires (default: 5m)')
        .argParser(parseSpan)
        .default(WAITED_MS, '5m'),
    )
    .option('--service <name>', 'service that suffers (default: as the alert labels it)')
    .option('--resource <address>', 'resource that suffers: an address, a module, or a pattern with *')
    .addOption(
      new Option('--events <file>', 'rollouts and changes of other systems, one JSON object a line; repeatable')
        .argParser(collect(String))
        .default([], 'none'),
    )
    .addOption(
      new Option('--state <file>', 'Terraform state: tags and dependencies tell what is near; repeatable')
        .argParser(collect(String))
        .default([], 'none'),
    );
  namingOptions(incident)
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--template-dir <dir>', 'folder of templates that replace ours, file by file')
    .addOption(
      new Option('-o, --output <format=file>', `${INCIDENT_FORMATS.join(', ')}; - is stdout; repeatable`)
        .argParser(collect(parseOutput(INCIDENT_FORMATS)))
        .default([], 'the terminal'),
    )
    .addHelpText('after', EXITS)
    .action(async (options: IncidentOptions) =>
      finish(await runIncident({ ...options, waited: options.for }, options.output, io)),
    );
}

const EXITS = `
Exit codes:
  0  a suspect passes the threshold
  1  error
  3  no confident suspect
  4  no confident suspect, and the evidence ends before the onset
  5  the ledger does not verify`;

/** Options that say how people are named. */
function namingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--attribution <mode>', 'how people are named').choices([...ATTRIBUTION_MODES]).default('role'),
    )
    .addOption(
      new Option('--team <name=team>', 'team of a person or role, for --attribution team; repeatable')
        .argParser(collect(parsePair('=', 'Ops=platform')))
        .default([], 'none'),
    );
}

/** Asks, and tells by the code what was found. A ledger that does not verify has a code of its own, also where nothing can be read of it. */
async function runIncident(
  request: IncidentRequest,
  outputs: readonly Output<IncidentFormat>[],
  io: Io,
): Promise<ExitCode> {
  try {
    const { verdict, ledgerVerifies } = await showIncident(request, outputs, io);
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
  outputs: readonly Output<IncidentFormat>[],
  io: Io,
): Promise<IncidentBrief> {
  await checkOutputs(outputs, io);
  const { wireIncident } = await import('../wire/incident.ts');
  const brief = await wireIncident(request, io);
  if (outputs.length === 0) io.out(brief.terminal({ colour: wantsColour(io), width: io.columns }));
  for (const output of outputs) {
    await writeOutput(output, brief.render(output.format), io);
    if (output.file !== '-') io.err(`driftbom: wrote ${output.file}\n`);
  }
  return brief;
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** Parses a length of time, `30m`, `6h`, `3d`, `2w`. Gives milliseconds. */
function parseSpan(text: string): number {
  const found = /^(\d+(?:\.\d+)?)([mhdw])$/.exec(text);
  if (found === null || Number(found[1]) > 10_000)
    throw new InvalidArgumentError('Write a length of time: 30m, 6h, 3d, 2w.');
  return Number(found[1]) * UNITS[found[2] as keyof typeof UNITS];
}
