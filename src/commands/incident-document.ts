import { type Command, Option } from 'commander';
import { DriftbomError } from '../model/error.ts';
import {
  EXPORT_TARGETS,
  type ExportTarget,
  type IncidentFormat,
  type IncidentTemplate,
} from '../report/format-names.ts';
import type { DocumentRequest } from '../wire/incident-document.ts';
import { namingOptions } from './incident-options.ts';
import { INCIDENT } from './incident-speak.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { type ByteLimit, fitted } from './max-bytes.ts';
import { checkOutputs, type Output, writeOutput } from './outputs.ts';

type NamedRequest = Omit<DocumentRequest, 'incident' | 'templateDir'>;

interface LintOptions extends NamedRequest {
  readonly json?: boolean;
}

interface ExportOptions extends NamedRequest {
  readonly to: ExportTarget;
  readonly output: string;
}

/** The commands that check the words of an incident and hand its timeline on. */
export function addIncidentDocument(incident: Command, io: Io, finish: (code: ExitCode) => void): void {
  addLint(incident, io, finish);
  addExport(incident, io, finish);
}

const LINT_EXITS = `
Exit codes:
  0  no remark
  1  error
  2  remarks`;

function addLint(incident: Command, io: Io, finish: (code: ExitCode) => void): void {
  const lint = incident
    .command('lint')
    .description(
      'remarks on what people wrote: blame, hindsight, a single cause, actions without an owner, times without a source',
    )
    .argument('<incident>', INCIDENT);
  ledgerOptions(namingOptions(lint))
    .option('--json', 'print JSON')
    .addHelpText('after', LINT_EXITS)
    .action(async (name: string, { json, ...options }: LintOptions) => {
      const { wireIncidentDocument } = await import('../wire/incident-document.ts');
      const document = await wireIncidentDocument({ ...options, incident: name }, io);
      warnBroken(document.ledgerVerifies, io);
      io.out(document.wording(json === true ? 'json' : 'text'));
      finish(document.remarks === 0 ? EXIT.inSync : EXIT.drift);
    });
}

function addExport(incident: Command, io: Io, finish: (code: ExitCode) => void): void {
  const exporting = incident
    .command('export')
    .description('print the timeline as another system takes it, one request body a line; nothing is sent')
    .argument('<incident>', INCIDENT)
    .addOption(new Option('--to <system>', 'for whom').choices([...EXPORT_TARGETS]).makeOptionMandatory())
    .option('-o, --output <file>', 'where to; - is stdout', '-');
  ledgerOptions(namingOptions(exporting)).action(async (name: string, { to, output, ...options }: ExportOptions) => {
    const target: Output<ExportTarget> = { format: to, file: output };
    await checkOutputs([target], io);
    const { wireIncidentDocument } = await import('../wire/incident-document.ts');
    const document = await wireIncidentDocument({ ...options, incident: name }, io);
    warnBroken(document.ledgerVerifies, io);
    await writeOutput(target, document.exported(to), io);
    if (output !== '-') io.err(`driftbom: wrote ${output}\n`);
    finish(EXIT.inSync);
  });
}

/** What `driftbom report incident` does where it is told of which incident. */
export async function reportIncident(
  request: Omit<DocumentRequest, 'incident'> & { readonly incident?: string },
  template: IncidentTemplate,
  { output, maxBytes }: { readonly output: readonly Output<IncidentFormat>[]; readonly maxBytes: readonly ByteLimit[] },
  io: Io,
): Promise<void> {
  const { incident } = request;
  if (incident === undefined) {
    const cure = 'Give --incident INC-0001; driftbom incident list names them, driftbom incident open makes one.';
    throw new DriftbomError('E_USAGE', `the ${template} document is made from the record of an incident`, cure);
  }
  await checkOutputs(output, io);
  const { wireIncidentDocument } = await import('../wire/incident-document.ts');
  const document = await wireIncidentDocument({ ...request, incident }, io);
  warnBroken(document.ledgerVerifies, io);
  for (const one of output) {
    await writeOutput(one, fitted(one, document.render(template, one.format), maxBytes), io);
    if (one.file !== '-') io.err(`driftbom: wrote ${one.file}\n`);
  }
}

function ledgerOptions(command: Command): Command {
  return command
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use');
}

function warnBroken(verifies: boolean, io: Io): void {
  if (!verifies) io.err('driftbom: the ledger does not verify; driftbom verify says what is wrong\n');
}
