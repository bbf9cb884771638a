import { type Command, Option } from 'commander';
import { SEVERITIES } from '../model/incident-record.ts';
import type { OpenRequest } from '../wire/incident-open.ts';
import type { InputsRequest } from '../wire/incident-inputs.ts';
import type { SpeakRequest } from '../wire/incident-write.ts';
import { inputOptions, namingOptions, type Waiting, withWaited } from './incident-options.ts';
import { addIncidentSaying } from './incident-saying.ts';
import { INCIDENT, showSaid, speakOptions } from './incident-speak.ts';
import { EXIT, type ExitCode, type Io, wantsColour } from './io.ts';

interface ReadOptions {
  readonly ledger?: string;
  readonly config?: string;
  readonly index?: boolean;
  readonly json?: boolean;
}

/** The commands that keep and show the record of an incident. */
export function addIncidentRecord(incident: Command, io: Io, finish: (code: ExitCode) => void): void {
  addOpen(incident, io, finish);
  addIncidentSaying(incident, io, finish);
  addAttach(incident, io, finish);
  addList(incident, io, finish);
  addShow(incident, io, finish);
}

function addOpen(incident: Command, io: Io, finish: (code: ExitCode) => void): void {
  const open = incident
    .command('open')
    .description(
      'open an incident: a signed note with the next id (INC-0001), and a case file from which the suspects can be ranked again',
    )
    .option('--title <text>', "what it is called (default: the alert's title)")
    .addOption(new Option('--severity <severity>', 'how bad it is').choices([...SEVERITIES]));
  speakOptions(namingOptions(inputOptions(open))).action(
    async (options: Waiting<OpenRequest> & { readonly json?: boolean }) => {
      const { wireOpen } = await import('../wire/incident-open.ts');
      const opened = await wireOpen(withWaited(options), io);
      await showSaid(opened, options.json === true, io);
      const { headline, ledgerVerifies } = opened.brief;
      if (!ledgerVerifies) io.err('driftbom: the ledger does not verify; driftbom verify says what is wrong\n');
      if (options.json !== true) io.out(`${headline}\n`);
      finish(EXIT.inSync);
    },
  );
}

function addAttach(incident: Command, io: Io, finish: (code: ExitCode) => void): void {
  const attach = incident
    .command('attach')
    .description('add an alert, rollouts or states that came later: a new case file; the last one counts')
    .argument('<incident>', INCIDENT);
  speakOptions(inputOptions(attach)).action(
    async (name: string, options: Waiting<InputsRequest & SpeakRequest> & { readonly json?: boolean }) => {
      const { wireAttach } = await import('../wire/incident-open.ts');
      await showSaid(await wireAttach({ ...withWaited(options), incident: name }, io), options.json === true, io);
      finish(EXIT.inSync);
    },
  );
}

function addList(incident: Command, io: Io, finish: (code: ExitCode) => void): void {
  readOptions(incident.command('list').description('list the incidents of the ledger, the newest last')).action(
    async (options: ReadOptions) => {
      const { wireIncidentRecords } = await import('../wire/incident-record.ts');
      const records = await wireIncidentRecords(options, io);
      if (options.json === true) io.out((await import('../report/incident/record-json.ts')).listJson(records));
      else {
        const { listTerminal } = await import('../report/incident/record-terminal.ts');
        io.out(listTerminal(records, { colour: wantsColour(io), width: io.columns }));
      }
      finish(EXIT.inSync);
    },
  );
}

function addShow(incident: Command, io: Io, finish: (code: ExitCode) => void): void {
  const show = incident
    .command('show')
    .description('show one incident: all that stands in its record, each line with its entry')
    .argument('<incident>', INCIDENT);
  readOptions(show).action(async (name: string, options: ReadOptions) => {
    const { incidentOrRefuse, wireIncidentRecords } = await import('../wire/incident-record.ts');
    const records = await wireIncidentRecords(options, io);
    const record = incidentOrRefuse(records.records, name);
    if (options.json === true) io.out((await import('../report/incident/record-json.ts')).recordJson(record, records));
    else {
      const { recordTerminal } = await import('../report/incident/record-terminal.ts');
      io.out(recordTerminal(record, records.spoken, { colour: wantsColour(io), width: io.columns }));
    }
    finish(EXIT.inSync);
  });
}

function readOptions(command: Command): Command {
  return command
    .option('--no-index', 'read the whole ledger instead of its index')
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--json', 'print JSON');
}
