import { type Command, Option } from 'commander';
import { DriftbomError } from '../model/error.ts';
import type { Verified } from '../wire/verify.ts';
import { EXIT, type ExitCode, type Io, wantsColour } from './io.ts';
import { collect } from './options.ts';
import { verifyProofFile } from './verify-proof.ts';

interface VerifyOptions {
  readonly ledger?: string;
  readonly config?: string;
  readonly key: readonly string[];
  readonly checkpoint: readonly string[];
  readonly since: readonly string[];
  readonly policy?: string;
  readonly signatures?: boolean;
  readonly treeOnly?: boolean;
  readonly bundle?: string;
  readonly trustedRoot?: string;
  readonly json?: boolean;
}

/** `driftbom verify`: proves that nothing in the ledger was changed, removed or reordered. */
export function addVerify(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  program
    .command('verify')
    .description('check signatures, tree and checkpoints of the ledger, offline; exit code 2 if anything is wrong')
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .addOption(
      new Option('--key <file>', 'public key to trust (.pem or .vkey), from elsewhere than the ledger; repeatable')
        .argParser(collect(String))
        .default([], 'your own'),
    )
    .addOption(
      new Option('--checkpoint <file>', 'checkpoint kept elsewhere, with which the log must agree; repeatable')
        .argParser(collect(String))
        .default([], 'none'),
    )
    .addOption(
      new Option('--since <file>', 'the same, and say what was appended since then; repeatable')
        .argParser(collect(String))
        .default([], 'none'),
    )
    .addOption(
      new Option('--policy <file>', 'which key may sign what, witnesses and approvers, from elsewhere').conflicts(
        'key',
      ),
    )
    .option('--signatures', 'check every signature; else a stated sample of logs of more than 1,000 entries')
    .addOption(
      new Option(
        '--tree-only',
        'check only heads, tree and kept checkpoints: fast, and says nothing of what the entries say',
      ).conflicts(['signatures', 'bundle']),
    )
    .option('--bundle <file>', 'check one exported Sigstore bundle or tlog-proof instead; needs no ledger')
    .option('--trusted-root <file>', 'with --bundle: trusted_root.json that names the log')
    .option('--json', 'print the verification as JSON')
    .addHelpText('after', EXIT_HELP)
    .action(async (options: VerifyOptions) => {
      const { bundle } = options;
      const checkpoint = [...options.checkpoint, ...options.since];
      if (bundle !== undefined) return finish(await verifyProofFile({ ...options, checkpoint, bundle }, io));
      if (options.trustedRoot !== undefined) {
        const cure = 'Give --key log.vkey for a whole ledger.';
        throw new DriftbomError('E_USAGE', '--trusted-root goes with --bundle', cure);
      }
      const { wireVerify } = await import('../wire/verify.ts');
      const signatures = options.signatures === true ? 'all' : 'sample';
      const verified = await wireVerify({ ...options, checkpoint, signatures }, io);
      const { verification, trustedKeys, folders } = verified;
      if (options.json === true) {
        const json = { schema: 'driftbom.verify/v1', ledger: folders.shown, trustedKeys, ...verification };
        io.out(`${JSON.stringify(json, undefined, 2)}\n`);
      } else io.out(await verdict(verified, io));
      finish(verification.ok ? EXIT.inSync : EXIT.drift);
    });
}

const EXIT_HELP = `
Exit codes:
  0    everything that was checked holds
  1    could not verify: a file, key or policy cannot be read
  2    something does not hold; each failure has a code (--json: failures[].code), among them
       rolled-back  a kept checkpoint signs entries that are gone: the log was cut off
       forked       a kept checkpoint signs another history
       docs/ledger-format.md explains every code`;

async function verdict({ verification, trustedKeys, folders }: Verified, io: Io): Promise<string> {
  const { verifyTerminal } = await import('../report/verify.ts');
  return verifyTerminal(
    { ...verification, trustedKeys, place: folders.shown },
    { colour: wantsColour(io), width: io.columns },
  );
}
