import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AttributionMode } from '../incident/names.ts';
import { DriftbomError } from '../model/error.ts';
import {
  COMPLIANCE_FORMATS,
  type ComplianceFormat,
  INCIDENT_FORMATS,
  INCIDENT_TEMPLATES,
  type IncidentFormat,
  type IncidentTemplate,
} from '../report/format-names.ts';
import type { ComplianceRequest, ScopeKind } from '../wire/compliance.ts';
import { showIncident } from './incident.ts';
import { reportIncident } from './incident-document.ts';
import { namingOptions } from './incident-options.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { collect, parseMoment, parseOutput, parsePositive } from './options.ts';
import { type ByteLimit, fitted, maxBytesOption } from './max-bytes.ts';
import { checkOutputs, type Output, writeOutput } from './outputs.ts';
import { type Chunks, whole } from '../report/text/chunks.ts';

interface Outputs<F extends string> {
  readonly output: readonly Output<F>[];
  readonly maxBytes: readonly ByteLimit[];
}

interface IncidentOptions {
  /** RFC 3339. */
  readonly at?: string;
  readonly since?: string;
  readonly resource?: string;
  readonly incident?: string;
  readonly template: IncidentTemplate;
  readonly attribution: AttributionMode;
  readonly team: readonly (readonly [string, string])[];
  readonly ledger?: string;
  readonly config?: string;
  readonly templateDir?: string;
  readonly output: readonly Output<IncidentFormat>[];
  readonly maxBytes: readonly ByteLimit[];
}

interface CheckAll {
  readonly checkAll?: boolean;
}

interface ComplianceOptions extends Omit<ComplianceRequest, 'framework'>, Outputs<ComplianceFormat>, CheckAll {
  readonly framework: readonly (readonly string[])[];
}

interface CheckOptions extends ComplianceRequest, CheckAll {
  readonly verify?: string;
}

/** `driftbom report`: what people read, from the ledger alone. */
export function addReport(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const report = ledgerOptions(
    program
      .command('report')
      .description('render a report from the ledger alone, or make one again to check it')
      .enablePositionalOptions()
      .option('--verify <file>', 'make this compliance report again (html, markdown, json) and compare the bytes'),
  ).action(async (options: CheckOptions) => finish(await runCheck(options, io)));
  trustOptions(report);
  addCompliance(report, io, finish);
  const incident = report
    .command('incident')
    .description(
      'a page on an incident: of one on record, its documents; else driftbom incident without an alert. Ends with 0 whatever it finds',
    )
    .option('--incident <id>', 'incident on record: INC-0001, inc-1 or 1')
    .addOption(
      new Option('--template <layout>', 'all but the brief need --incident')
        .choices([...INCIDENT_TEMPLATES])
        .default('brief'),
    )
    .addOption(new Option('--at <time>', 'when the incident began').argParser(parseMoment))
    .addOption(new Option('--since <time>', 'how far back to look (default: wider and wider)').argParser(parseMoment))
    .option('--resource <address>', 'an address, a module, or a pattern with *');
  ledgerOptions(namingOptions(incident))
    .addOption(outputOption(INCIDENT_FORMATS))
    .addOption(maxBytesOption())
    .action(async (options: IncidentOptions) => finish(await incidentReport(options, io)));
}

/** A document of an incident on record; else the same brief as that of `driftbom incident`. */
async function incidentReport(options: IncidentOptions, io: Io): Promise<ExitCode> {
  const { at, since, output, maxBytes, template, incident, ...rest } = options;
  const wanted = { output: output.length > 0 ? output : [{ format: 'markdown' as const, file: '-' }], maxBytes };
  if (incident !== undefined || template !== 'brief') {
    const asked = [at, since, rest.resource].some((one) => one !== undefined);
    if (incident !== undefined && asked) {
      const cure =
        'Leave --at, --since and --resource out; driftbom incident milestone INC onset --at T sets the onset.';
      throw new DriftbomError('E_USAGE', 'an incident on record is ranked from its own case file', cure);
    }
    await reportIncident(incident === undefined ? rest : { ...rest, incident }, template, wanted, io);
    return EXIT.inSync;
  }
  const request = {
    ...rest,
    ...(at === undefined ? {} : { onset: at }),
    ...(since === undefined ? {} : { since: at === undefined ? 0 : Date.parse(at) - Date.parse(since) }),
    ...{ waited: 0, events: [], state: [] },
  };
  await showIncident(request, wanted, io);
  return EXIT.inSync;
}

function addCompliance(report: Command, io: Io, finish: (code: ExitCode) => void): void {
  const compliance = report
    .command('compliance')
    .description('what was scanned, what changed, what was not seen, and what controls it speaks to: for an auditor')
    .addOption(
      new Option(
        '--framework <ids>',
        'soc2, iso27001, nist-800-53, ... (docs/reports.md), or a JSON file; by commas, repeatable',
      )
        .argParser(
          collect((text) =>
            text
              .split(',')
              .map((one) => one.trim())
              .filter((one) => one !== ''),
          ),
        )
        .default([], 'none: tests alone'),
    )
    .addOption(new Option('--from <time>', 'beginning of the period, included').argParser(parseMoment))
    .addOption(new Option('--to <time>', 'end of the period, not included').argParser(parseMoment))
    .addOption(
      new Option(
        '--scope <kind=glob>',
        'workspace=GLOB, module=GLOB, account=GLOB or region=GLOB: nothing else is reported on; repeatable',
      )
        .argParser(collect(parseScope))
        .default([], 'the whole ledger'),
    )
    .option('--sample <n>', 'draw so many changes for the auditor to follow', parsePositive(true))
    .option('--seed <text>', "what the draw goes by (default: the root of the ledger's checkpoint)")
    .addOption(
      new Option('--generated-at <time>', 'time of making (default: that of the newest entry)').argParser(parseMoment),
    );
  trustOptions(ledgerOptions(compliance))
    .addOption(outputOption(COMPLIANCE_FORMATS))
    .addOption(maxBytesOption())
    .action(async (options: ComplianceOptions) => {
      const { wireCompliance } = await import('../wire/compliance.ts');
      const request = { ...options, ...checks(options), framework: options.framework.flat() };
      finish(await write(options, () => wireCompliance(request, io), io));
    });
}

function ledgerOptions(command: Command): Command {
  return command
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--template-dir <dir>', 'folder of templates that replace ours, file by file');
}

function trustOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--key <file>',
        'public key that you have from elsewhere: .pem for entries, .vkey for checkpoints; repeatable',
      )
        .argParser(collect((file) => file))
        .default([], 'own keys'),
    )
    .addOption(new Option('--policy <file>', 'policy of keys, witnesses and approvers from elsewhere').conflicts('key'))
    .addOption(
      new Option('--checkpoint <file>', 'checkpoint that you kept: the log has to continue it; repeatable')
        .argParser(collect((file) => file))
        .default([], 'none'),
    )
    .option('--check-all', 'check every signature and every document first, not a sample as driftbom verify does');
}

function checks({ checkAll }: CheckAll): Pick<ComplianceRequest, 'signatures' | 'documents'> {
  return checkAll === true ? { signatures: 'all', documents: 'all' } : {};
}

function outputOption<F extends string>(formats: readonly F[]): Option {
  return new Option('-o, --output <format=file>', `${formats.join(', ')}; - is stdout; repeatable`)
    .argParser(collect(parseOutput(formats)))
    .default([], 'markdown=-');
}

function parseScope(text: string): { kind: ScopeKind; glob: string } {
  const [, kind, glob] = /^(workspace|module|account|region)=(.+)$/.exec(text) ?? [];
  if (kind === undefined || glob === undefined) {
    throw new InvalidArgumentError('Write workspace=GLOB, module=GLOB, account=GLOB or region=GLOB.');
  }
  return { kind: kind as ScopeKind, glob };
}

async function write<F extends string>(
  { output: wanted, maxBytes }: Outputs<F>,
  rendering: () => Promise<(format: F) => Chunks>,
  io: Io,
): Promise<ExitCode> {
  const outputs = wanted.length > 0 ? wanted : [{ format: 'markdown' as F, file: '-' }];
  await checkOutputs(outputs, io);
  const render = await rendering();
  for (const output of outputs) {
    const text = render(output.format);
    await writeOutput(output, output.format === 'markdown' ? fitted(output, whole(text), maxBytes) : text, io);
    if (output.file !== '-') io.err(`driftbom: wrote ${output.file}\n`);
  }
  return EXIT.inSync;
}

async function runCheck({ verify, ...request }: CheckOptions, io: Io): Promise<ExitCode> {
  if (verify === undefined) {
    throw new DriftbomError(
      'E_USAGE',
      'report needs to know which one',
      'Say compliance or incident, or --verify FILE.',
    );
  }
  const { wireReportCheck } = await import('../wire/compliance.ts');
  const { checkText, holds } = await import('../report/compliance/check.ts');
  const check = await wireReportCheck(verify, { ...request, ...checks(request) }, io);
  io.out(checkText(check));
  return holds(check) ? EXIT.inSync : EXIT.drift;
}
