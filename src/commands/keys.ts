import { type Command, Option } from 'commander';
import { ENTRY_ALGORITHMS } from '../ledger/port.ts';
import type { KeysRequest, RotateRequest } from '../wire/keys.ts';
import { EXIT, type ExitCode, type Io, wantsColour } from './io.ts';
import { writeOutput } from './outputs.ts';

/** `driftbom keys`: which keys sign and signed the ledger, rotation, and the policy for an auditor. */
export function addKeys(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const keys = program.command('keys').description('keys of the ledger: list them, rotate them, write a policy');
  placed(keys.command('list', { isDefault: true }))
    .description('every key that signs or signed the ledger: since when, until when, which kinds of entries')
    .option('--json', 'print the list as JSON')
    .action(async (options: KeysRequest & { readonly json?: boolean }) => {
      const { wireKeys } = await import('../wire/keys.ts');
      const report = await wireKeys(options, io);
      if (options.json === true) {
        io.out(`${JSON.stringify({ schema: 'driftbom.keys/v1', ...report }, undefined, 2)}\n`);
      } else {
        const { keysTerminal } = await import('../report/keys.ts');
        io.out(keysTerminal(report, wantsColour(io)));
      }
      finish(EXIT.inSync);
    });
  placed(keys.command('rotate'))
    .description('put a new key in the place of one that signs; the log records it, old entries stay verifiable')
    .addOption(new Option('--use <use>', 'which key to rotate').choices(['entry', 'checkpoint']).default('entry'))
    .addOption(
      new Option('--algorithm <name>', 'kind of the new entry key (default: ecdsa-p256)')
        .choices(ENTRY_ALGORITHMS)
        .conflicts('kms'),
    )
    .option('--kms <arn>', 'AWS KMS key (ECC_NIST_P256) that signs entries from now on')
    .option('--passphrase', 'lock the new key file with the passphrase in DRIFTBOM_KEY_PASSPHRASE')
    .option('--reason <text>', 'why; stands in the log')
    .option('--by <who>', 'who rotates (default: from GITHUB_ACTOR or USER)')
    .action(async (options: Omit<RotateRequest, 'by'> & { readonly by?: string }) => {
      const { wireRotate } = await import('../wire/keys.ts');
      const by = options.by ?? speaker(io);
      const rotated = await wireRotate({ ...options, by }, io);
      const kept = rotated.keptAs === null ? '' : `\n  the old private key is kept as ${rotated.keptAs}`;
      io.out(
        `driftbom: rotated the ${rotated.use} key in entries ${rotated.index} and ${rotated.index + 1}, said by ${by}\n` +
          `  retired ${rotated.retired}\n  added   ${rotated.added}${kept}\n`,
      );
      finish(EXIT.inSync);
    });
  placed(keys.command('policy'))
    .description(
      'print a policy for driftbom verify --policy that fits this ledger: hold it against what you know, narrow it',
    )
    .option('-o, --output <file>', 'write it to a file (default: stdout)')
    .action(async (options: KeysRequest & { readonly output?: string }) => {
      const { wirePolicy } = await import('../wire/keys.ts');
      await writeOutput({ format: 'json', file: options.output ?? '-' }, await wirePolicy(options, io), io);
      finish(EXIT.inSync);
    });
}

function placed(command: Command): Command {
  return command
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use');
}

function speaker({ env }: Io): string {
  const { GITHUB_ACTOR: actor, USER: user, USERNAME: username } = env;
  if (actor !== undefined && actor !== '') return `github:${actor}`;
  return `local:${user || username || 'unknown'}`;
}
