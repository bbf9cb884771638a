import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OutputFormat } from '../report/scan/formats.ts';

/** Options that scan and explain share: what to compare with what. */
export interface ReadOptions {
  readonly declared: readonly { readonly kind: string; readonly path: string }[];
  readonly live: string;
  readonly synth: boolean;
  readonly varFile: readonly string[];
  readonly state?: string;
  readonly config?: string;
  readonly parallelism?: number;
  readonly timeout?: number;
  readonly providerPath: Readonly<Record<string, string>>;
  readonly ledger?: string;
}

export interface OutputOption {
  readonly format: string;
  readonly file: string;
}

/** Adds the shared options to a command. */
export function addReadOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--declared <kind:path>', 'take PATH as directory, state, cdktf or plan, whatever it looks like')
        .argParser(collect(parsePair))
        .default([]),
    )
    .option('--live <reader>', 'provider, snapshot:FILE, or plan (from the plan file itself)', 'provider')
    .option('--no-synth', 'take cdktf.out as it is')
    .addOption(new Option('--var-file <file>', 'Terraform variables').argParser(collect(String)).default([]))
    .option('--state <file>', 'state of a CDKTF stack that lies elsewhere')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--parallelism <n>', 'reads under way at once (default: 32)', positive(Number.isInteger))
    .option('--timeout <seconds>', 'time that one resource may take (default: 120)', positive(Number.isFinite))
    .addOption(
      new Option('--provider-path <source=file>', 'provider program to use for a source, for example hashicorp/aws=./p')
        .argParser(collectMap)
        .default({}),
    )
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)');
}

/** Parses `-o format=FILE`; a bare format means stdout. */
export function parseOutput(formats: readonly string[]): (text: string) => { format: OutputFormat; file: string } {
  return (text) => {
    const at = text.indexOf('=');
    const format = at < 0 ? text : text.slice(0, at);
    if (!formats.includes(format)) throw new InvalidArgumentError(`Formats: ${formats.join(', ')}.`);
    const file = at < 0 ? '-' : text.slice(at + 1);
    if (file === '') throw new InvalidArgumentError('Write format=FILE; - is stdout.');
    return { format: format as OutputFormat, file };
  };
}

/** Makes an option repeatable. */
export function collect<T>(parse: (text: string) => T): (text: string, earlier: readonly T[]) => readonly T[] {
  return (text, earlier) => [...earlier, parse(text)];
}

function parsePair(text: string): { kind: string; path: string } {
  const at = text.indexOf(':');
  if (at < 1 || at === text.length - 1)
    throw new InvalidArgumentError('Write kind:path, for example state:prod.tfstate.');
  return { kind: text.slice(0, at), path: text.slice(at + 1) };
}

function collectMap(text: string, earlier: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('Write source=file.');
  return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) };
}

function positive(check: (n: number) => boolean): (text: string) => number {
  return (text) => {
    const n = Number(text);
    if (text.trim() === '' || !check(n) || n <= 0) throw new InvalidArgumentError('A positive number.');
    return n;
  };
}
