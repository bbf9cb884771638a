import type { Command } from 'commander';
import { DriftbomError } from '../model/error.ts';
import { EXIT, type ExitCode, type Io, wantsColour } from './io.ts';

interface WaiveOptions {
  readonly until?: string;
  readonly reason?: string;
  readonly approvedBy?: string;
  readonly by?: string;
  readonly workspace?: string;
  readonly list?: boolean;
  readonly revoke?: string;
  readonly ledger?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** `driftbom waive`: accepts a drift for a time, lists what is accepted, takes it back. */
export function addWaive(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  program
    .command('waive')
    .description('accept a drift for a time: it stays on record, and does not count in the exit code of scan')
    .argument('[target]', 'address, module or glob, and an attribute if only that is accepted: aws_sqs_queue.q.tags')
    .option('--until <time>', 'last day on which it is accepted (UTC), or a time with its zone')
    .option('--reason <text>', 'why')
    .option('--approved-by <who>', 'who accepts it; somebody else than who asks for it')
    .option('--by <who>', 'who asks for it, or revokes it (default: from the environment, and said)')
    .option('--workspace <name>', 'only in this workspace (default: in every one)')
    .option('--list', 'list all waivers: those that run, those that end soon, those that are over')
    .option('--revoke <entry>', 'take a waiver back: its index, digest or urn:uuid; with --reason')
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--json', 'print JSON')
    .action(async (target: string | undefined, options: WaiveOptions) => {
      await runWaive(target, options, io);
      finish(EXIT.inSync);
    });
}

async function runWaive(target: string | undefined, options: WaiveOptions, io: Io): Promise<void> {
  const wire = await import('../wire/waive.ts');
  const report = await import('../report/waivers.ts');
  const { list = false, revoke, until, reason, approvedBy, json = false } = options;
  if ([target !== undefined, list, revoke !== undefined].filter(Boolean).length !== 1) {
    const cure = 'Name what to waive, or give --list, or --revoke ENTRY.';
    throw new DriftbomError('E_USAGE', 'waive does one of three things', cure);
  }
  if (list) {
    const listing = await wire.wireWaivers(options, io);
    io.out(json ? report.waiversJson(listing) : report.waiversTerminal(listing, { colour: wantsColour(io) }));
    return;
  }
  if (revoke !== undefined) {
    if (reason === undefined) {
      throw new DriftbomError('E_USAGE', '--reason is missing', 'Say why the waiver is taken back.');
    }
    const revoked = await wire.wireRevoke({ ...options, entry: revoke, reason }, io);
    sayIdentity(revoked.identity, io);
    io.out(json ? report.revokedJson(revoked) : report.revokedTerminal(revoked));
    return;
  }
  if (reason === undefined) throw missing('--reason');
  if (until === undefined) throw missing('--until');
  if (approvedBy === undefined) throw missing('--approved-by');
  const waived = await wire.wireWaive({ ...options, target: target as string, until, reason, approvedBy }, io);
  sayIdentity(waived.identity, io);
  io.out(json ? report.waivedJson(waived) : report.waivedTerminal(waived));
}

function missing(option: string): DriftbomError {
  return new DriftbomError('E_USAGE', `${option} is missing`, 'A waiver has an end, a reason and an approver.');
}

function sayIdentity(identity: { readonly name: string; readonly source: string } | undefined, io: Io): void {
  if (identity === undefined) return;
  io.err(`driftbom: by ${identity.name}, says ${identity.source}; --by names somebody else\n`);
}
