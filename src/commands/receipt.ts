import { type Command, Option } from 'commander';
import type { ReceiptRequest } from '../wire/receipt.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { parseMoment } from './options.ts';

type ReceiptOptions = Omit<ReceiptRequest, 'entries'> & { readonly json?: boolean };

/** `driftbom receipt`: records that people were told of drifts. */
export function addReceipt(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  program
    .command('receipt')
    .description('record that somebody was told of drifts, with what the channel answered: evidence of an alert')
    .argument('[entries...]', 'drift entries, as driftbom log names them (default: the new ones of --scan)')
    .option('--scan <entry>', 'the scan whose new drifts they were told of: latest, or its entry', 'latest')
    .requiredOption('--via <channel>', 'slack, sns, pagerduty, email, ...')
    .requiredOption('--id <receipt>', 'message id or receipt that the channel gave; never a token or webhook')
    .option('--to <whom>', 'whom it went to, as the channel names it: #oncall, a topic, a schedule')
    .addOption(new Option('--at <time>', 'when they were told (default: now)').argParser(parseMoment))
    .option('--by <who>', 'who says so (default: from the environment, and said)')
    .option('--ledger <place>', 'ledger: a folder or s3://BUCKET/PREFIX (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--json', 'print what was written as JSON')
    .action(async (entries: string[], { json = false, ...options }: ReceiptOptions) => {
      const { wireReceipt } = await import('../wire/receipt.ts');
      const { receiptJson, receiptTerminal } = await import('../report/receipt.ts');
      const recorded = await wireReceipt({ ...options, entries }, io);
      const { identity } = recorded;
      if (identity !== undefined)
        io.err(`driftbom: by ${identity.name}, says ${identity.source}; --by names somebody else\n`);
      io.out(json ? receiptJson(recorded) : receiptTerminal(recorded));
      finish(EXIT.inSync);
    });
}
