import { type Command, Option } from 'commander';
import { ACTION_CATEGORIES, ACTION_STATES } from '../model/incident-record.ts';
import type { ActionsRequest } from '../wire/actions.ts';
import { EXIT, type ExitCode, type Io, wantsColour } from './io.ts';

/** `driftbom actions`: what is to be done after incidents, and what is late. */
export function addActions(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  program
    .command('actions')
    .description('list the action items of all incidents; one with a rule closes when the rule has been green')
    .option('--overdue', 'only open ones whose due day is over (UTC); exit code 2 where there are any')
    .option('--incident <id>', 'only of this incident')
    .addOption(new Option('--category <category>', 'only of this category').choices(ACTION_CATEGORIES))
    .addOption(new Option('--state <state>', 'only in this state').choices([...ACTION_STATES, 'closed']))
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit codes:\n  0  done\n  1  error\n  2  with --overdue: something is overdue')
    .action(async (options: ActionsRequest & { readonly json?: boolean }) => {
      const { wireActions } = await import('../wire/actions.ts');
      const { actionsJson, actionsTerminal } = await import('../report/actions.ts');
      const list = await wireActions(options, io);
      const text = { colour: wantsColour(io), width: io.columns };
      io.out(options.json === true ? actionsJson(list) : actionsTerminal(list, text));
      finish(options.overdue === true && list.actions.length > 0 ? EXIT.drift : EXIT.inSync);
    });
}
