import { type Command, Option } from 'commander';
import type { AttributeRequest } from '../wire/attribute.ts';
import { EXIT, type ExitCode, type Io, wantsColour } from './io.ts';
import { addAuditOptions } from './read-options.ts';

interface AttributeOptions extends AttributeRequest {
  readonly json?: boolean;
}

/** `driftbom attribute`: asks the audit log again about drifts that are open. */
export function addAttribute(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  addAuditOptions(
    program
      .command('attribute')
      .description('ask the audit log again about open drifts: events may arrive late; better answers are recorded'),
  )
    .addOption(new Option('--all', 'ask about every open drift, also where the answer is sure already'))
    .option('--ledger <place>', 'ledger: a folder or s3://BUCKET/PREFIX (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--json', 'print what was asked and answered as JSON')
    .action(async (options: AttributeOptions) => finish(await run(options, io)));
}

async function run(options: AttributeOptions, io: Io): Promise<ExitCode> {
  const { wireAttribute } = await import('../wire/attribute.ts');
  const look = await wireAttribute(options, io);
  const { attributeJson, attributeTerminal } = await import('../report/attribute.ts');
  const terminal = { colour: wantsColour(io), width: io.columns };
  io.out(options.json === true ? attributeJson(look) : attributeTerminal(look, terminal));
  return EXIT.inSync;
}
