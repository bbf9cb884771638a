import { type Command, Option } from 'commander';
import type { ScanRequest } from '../wire/scan.ts';
import { collect, parsePair, parsePositive } from './options.ts';

/** Options that scan and explain share: what to compare with what. */
export type ReadOptions = Omit<ScanRequest, 'targets' | 'record' | 'recordLive'>;

/** Adds the shared options to a command. */
export function addReadOptions(command: Command): Command {
  const provider = parsePair('=', 'hashicorp/aws=./terraform-provider-aws');
  command
    .addOption(
      new Option('--declared <kind:path>', 'take PATH as directory, state, cdktf or plan, whatever it looks like')
        .argParser(collect(String))
        .default([], 'none'),
    )
    .option('--live <reader>', 'provider, snapshot:FILE, or plan (a plan file answers for itself)', 'provider')
    .option('--no-synth', 'take cdktf.out as it is')
    .addOption(new Option('--var-file <file>', 'Terraform variables').argParser(collect(String)).default([], 'none'))
    .option('--state <file>', 'state of a folder or CDKTF stack, where it lies elsewhere')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--parallelism <n>', 'reads under way at once (default: 32)', parsePositive(true))
    .option('--timeout <seconds>', 'time that one resource may take (default: 120)', parsePositive(false))
    .addOption(
      new Option('--provider-path <source=file>', 'provider program to use for a source address')
        .argParser(collect(provider))
        .default([], 'none'),
    )
    .option('--ledger <place>', 'ledger: a folder or s3://BUCKET/PREFIX (default: .driftbom/ledger)');
  return addAuditOptions(command);
}

/** Options of the search in an audit log. */
export function addAuditOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--cloudtrail <log>',
        'audit log to search for who and why: files, folders, globs, s3://..., or lookup',
      )
        .argParser(collect(String))
        .default([], 'none'),
    )
    .option(
      '--cloudtrail-keys <file>',
      'public keys of CloudTrail (aws cloudtrail list-public-keys), to check digest files',
    )
    .option('--cloudtrail-cache', 'keep what is fetched from a bucket, readable by you only, for the next time');
}
