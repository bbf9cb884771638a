import { type Command, InvalidArgumentError, Option } from 'commander';
import { ATTRIBUTION_MODES } from '../incident/names.ts';
import { collect, parseMoment, parsePair } from './options.ts';

const WAITED_MS = 5 * 60_000;

/** A request as its options are named. */
export type Waiting<T extends { readonly waited: number }> = Omit<T, 'waited'> & { readonly for: number };

export function withWaited<T extends { readonly for: number }>(options: T): T & { readonly waited: number } {
  return { ...options, waited: options.for };
}

/** Options that say what an incident is about, and the files that say more. */
export function inputOptions(command: Command): Command {
  return command
    .option(
      '--alert <file>',
      'alert: Alertmanager, Grafana, CloudWatch (SNS, EventBridge), PagerDuty or Opsgenie; - is stdin',
    )
    .addOption(
      new Option('--onset <time>', 'when it began, where the alert does not say or is late').argParser(parseMoment),
    )
    .addOption(
      new Option('--since <span>', 'look back so far and no further: 30m, 6h, 3d (default: wider and wider)').argParser(
        parseSpan,
      ),
    )
    .addOption(
      new Option('--for <span>', 'how long the rule of an alert waits before it fires')
        .argParser(parseSpan)
        .default(WAITED_MS, '5m'),
    )
    .option('--service <name>', 'service that suffers (default: as the alert labels it)')
    .option('--resource <address>', 'resource that suffers: an address, a module, or a pattern with *')
    .addOption(
      new Option('--events <file>', 'rollouts and changes of other systems, one JSON object a line; repeatable')
        .argParser(collect(String))
        .default([], 'none'),
    )
    .addOption(
      new Option('--state <file>', 'Terraform state: tags and dependencies tell what is near; repeatable')
        .argParser(collect(String))
        .default([], 'none'),
    );
}

/** Options that say how people are named. */
export function namingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--attribution <mode>', 'how people are named').choices([...ATTRIBUTION_MODES]).default('role'),
    )
    .addOption(
      new Option('--team <name=team>', 'team of a person or role, for --attribution team; repeatable')
        .argParser(collect(parsePair('=', 'Ops=platform')))
        .default([], 'none'),
    );
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** Parses a length of time, `30m`, `6h`, `3d`, `2w`. Gives milliseconds. */
function parseSpan(text: string): number {
  const found = /^(\d+(?:\.\d+)?)([mhdw])$/.exec(text);
  if (found === null || Number(found[1]) > 10_000)
    throw new InvalidArgumentError('Write a length of time: 30m, 6h, 3d, 2w.');
  return Number(found[1]) * UNITS[found[2] as keyof typeof UNITS];
}
