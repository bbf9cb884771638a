import { Command, CommanderError } from 'commander';
import { DriftbomError, messageOf } from '../model/error.ts';
import { EXIT, EXIT_HELP, type ExitCode, type Io } from './io.ts';
import { addActions } from './actions.ts';
import { addApprove } from './approve.ts';
import { addAttribute } from './attribute.ts';
import { addErase } from './erase.ts';
import { addBlame } from './blame.ts';
import { addDiff } from './diff.ts';
import { addLog } from './log.ts';
import { addShow } from './show.ts';
import { addExplain } from './explain.ts';
import { addExport } from './export.ts';
import { addIncident } from './incident.ts';
import { addCheckPlan } from './check-plan.ts';
import { addInit } from './init.ts';
import { addKeys } from './keys.ts';
import { addNote } from './note.ts';
import { addReceipt } from './receipt.ts';
import { addRecord } from './record.ts';
import { addReport } from './report.ts';
import { addRule } from './rule.ts';
import { addScan } from './scan.ts';
import { addVerify } from './verify.ts';
import { addWaive } from './waive.ts';

/** All commands, as the help lists them. */
const GROUPS = [
  ['Compare:', [addScan, addExplain, addAttribute]],
  ['Ask the ledger:', [addLog, addShow, addBlame, addDiff, addVerify]],
  ['Write down:', [addRecord, addNote, addApprove, addWaive, addReceipt]],
  ['Report:', [addReport, addIncident, addRule, addActions, addCheckPlan, addExport]],
  ['Keep the ledger:', [addInit, addKeys, addErase]],
] as const;

/** Builds the command line. Each command puts its exit code into `finish`. */
export function buildProgram(io: Io, finish: (code: ExitCode) => void): Command {
  const program = new Command('driftbom')
    .description(
      'Finds what differs between declared and live configuration, records it as signed DBOM\n(Data Bill of Materials) entries, and renders reports from that ledger.',
    )
    .version(io.version)
    .showHelpAfterError('(driftbom --help lists the commands)')
    // An option belongs to the command before it: report has options of its own, and so have its commands.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .configureHelp({ helpWidth: Math.min(io.columns, 110) })
    .addHelpCommand(new Command('help').argument('[command]').description('tell of one command').helpGroup('More:'))
    .addHelpText('after', EXIT_HELP);
  for (const [heading, adders] of GROUPS) {
    program.commandsGroup(heading);
    for (const add of adders) add(program, io, finish);
  }
  return program;
}

/** Runs one command line and answers with its exit code. Never throws. */
export async function runCli(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = EXIT.inSync;
  try {
    await buildProgram(io, (finished) => {
      code = finished;
    }).parseAsync(argv, { from: 'user' });
    return code;
  } catch (thrown) {
    return fail(thrown, io);
  }
}

function fail(thrown: unknown, io: Io): ExitCode {
  // Commander has printed its own message; --help and --version come here with code 0.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.inSync : EXIT.error;
  if (thrown instanceof DriftbomError) {
    io.err(`driftbom: ${thrown.code}: ${thrown.message}\n  ${thrown.cure}\n`);
    return EXIT.error;
  }
  const trace = io.env.DRIFTBOM_DEBUG !== undefined && thrown instanceof Error ? `\n${thrown.stack}` : '';
  io.err(`driftbom: unexpected error: ${messageOf(thrown)}${trace}\n  Set DRIFTBOM_DEBUG=1 for the trace.\n`);
  return EXIT.error;
}
