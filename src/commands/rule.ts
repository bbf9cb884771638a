import { type Command, Option } from 'commander';
import { RULE_KINDS, RULE_SEVERITIES } from '../model/rule.ts';
import type { DraftRequest } from '../wire/rule-draft.ts';
import type { SpokenRequest } from '../wire/rule.ts';
import { EXIT, type ExitCode, type Io, wantsColour } from './io.ts';
import { collect, parseNumber, parsePositive } from './options.ts';

interface Shared {
  readonly ledger?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** `driftbom rule`: what live configuration may not be, whatever is declared. */
export function addRule(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const rule = program
    .command('rule')
    .description('rules that every scan asks: drafted from an incident, or written by hand; signed into the ledger');
  addFromIncident(rule, io, finish);
  addAdd(rule, io, finish);
  shared(rule.command('list').description('list the rules, and how the newest scan met each'))
    .option('--all', 'also those that were retired')
    .action(async (options: Shared & { readonly all?: boolean }) => {
      const { wireRules } = await import('../wire/rule.ts');
      const { rulesJson, rulesTerminal } = await import('../report/rules.ts');
      const listing = await wireRules(options, io);
      const text = { colour: wantsColour(io), all: options.all === true };
      io.out(options.json === true ? rulesJson(listing) : rulesTerminal(listing, text));
      finish(EXIT.inSync);
    });
  shared(rule.command('show').description('show one rule as it is written').argument('<id>', 'id of the rule')).action(
    async (id: string, options: Shared) => {
      await showRule(id, options, io);
      finish(EXIT.inSync);
    },
  );
  addTest(rule, io, finish);
  shared(
    rule
      .command('retire')
      .description('take a rule of the ledger back: no scan asks it any more; it stays on record')
      .argument('<id>', 'id of the rule; #12 for one that cannot be read')
      .requiredOption('--reason <text>', 'why')
      .option('--by <who>', 'who says so (default: from the environment, and said)'),
  ).action(async (id: string, options: Shared & { readonly reason: string; readonly by?: string }) => {
    const { wireRuleRetire } = await import('../wire/rule.ts');
    const { retiredJson, retiredTerminal } = await import('../report/rules.ts');
    const retired = await wireRuleRetire({ ...options, id }, io);
    sayIdentity(retired.identity, io);
    io.out(options.json === true ? retiredJson(retired) : retiredTerminal(retired));
    finish(EXIT.inSync);
  });
}

function shared(command: Command): Command {
  return command
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--json', 'print JSON');
}

function addFromIncident(rule: Command, io: Io, finish: (code: ExitCode) => void): void {
  shared(
    rule
      .command('from-incident')
      .description('draft a rule from the change that caused an incident; nothing is written without --write')
      .argument('<incident>', 'INC-0001')
      .option('--entry <entry>', 'the change (default: the one that the record says caused it)')
      .addOption(new Option('--kind <kind>', 'kind of rule').choices(RULE_KINDS))
      .option('--path <path>', 'changed attribute to draft from, where there are several')
      .option('--min <n>', 'least value', parseNumber)
      .option('--max <n>', 'greatest value', parseNumber)
      .addOption(
        new Option('--one-of <value>', 'allowed value; repeatable').argParser(collect(String)).default([], 'none'),
      )
      .option(
        '--margin <percent>',
        'by how much a number may differ from the declared one (default: 10)',
        parsePositive(false),
      )
      .option('--address <glob>', 'what it applies to (default: the resource that changed)')
      .option('--type <glob>', 'resource type that it applies to')
      .option('--workspace <glob>', 'workspace that it applies to')
      .option('--id <id>', 'id (default: the next R-0001)')
      .option('--title <text>', 'title')
      .addOption(new Option('--severity <severity>', 'severity (default: from the incident)').choices(RULE_SEVERITIES))
      .option('--action <id>', 'action item that closes when the rule is green: A1')
      .option('--reason <text>', 'why there is such a rule')
      .option('--by <who>', 'who says so (default: from the environment, and said)')
      .option('--write', 'sign it into the ledger'),
  ).action(async (incident: string, options: Omit<DraftRequest, 'incident'> & Shared) => {
    const { wireRuleDraft } = await import('../wire/rule-draft.ts');
    const { draftJson, draftTerminal } = await import('../report/rule-draft.ts');
    const draft = await wireRuleDraft({ ...options, incident }, io);
    sayIdentity(draft.written?.identity, io);
    io.out(options.json === true ? draftJson(draft) : draftTerminal(draft));
    finish(EXIT.inSync);
  });
}

function addAdd(rule: Command, io: Io, finish: (code: ExitCode) => void): void {
  shared(
    rule
      .command('add')
      .description('sign rules that are written by hand into the ledger, all of the file or none')
      .argument('<file>', 'YAML or JSON: one rule or a list; - is stdin')
      .option('--reason <text>', 'why (default: as the rule says)')
      .option('--by <who>', 'who says so (default: from the environment, and said)'),
  ).action(async (file: string, options: SpokenRequest & Shared) => {
    const { wireRuleAdd } = await import('../wire/rule.ts');
    const { writtenJson, writtenTerminal } = await import('../report/rules.ts');
    const written = await wireRuleAdd({ ...options, file }, io);
    sayIdentity(written.identity, io);
    io.out(options.json === true ? writtenJson(written) : writtenTerminal(written));
    finish(EXIT.inSync);
  });
}

function addTest(rule: Command, io: Io, finish: (code: ExitCode) => void): void {
  shared(
    rule
      .command('test')
      .description('hold rules against the drifts of the ledger: what they would have caught, and false alarms')
      .argument('<rules...>', 'ids, or files as for rule add'),
  )
    .addHelpText('after', '\nExit codes:\n  0  no false alarm, and the original caught\n  1  error\n  2  otherwise')
    .action(async (words: string[], options: Shared) => {
      const { wireRuleTest } = await import('../wire/rule-test.ts');
      const { trialsJson, trialsTerminal } = await import('../report/rule-trial.ts');
      const trials = await wireRuleTest({ ...options, words }, io);
      io.out(options.json === true ? trialsJson(trials) : trialsTerminal(trials));
      const fails = trials.tried.some(({ trial }) => trial.falseAlarms.length > 0 || trial.original?.caught === false);
      finish(fails ? EXIT.drift : EXIT.inSync);
    });
}

async function showRule(id: string, options: Shared, io: Io): Promise<void> {
  const { wireRule } = await import('../wire/rule.ts');
  const { rulesJson, rulesTerminal } = await import('../report/rules.ts');
  const { ruleYaml } = await import('../report/rule-draft.ts');
  const { visible } = await import('../report/text/visible.ts');
  const { known, listing } = await wireRule({ ...options, id }, io);
  const one = { ...listing, rules: [known], unreadable: [] };
  if (options.json === true) {
    io.out(rulesJson(one));
    return;
  }
  io.out(`${ruleYaml(known.rule).split('\n').map(visible).join('\n')}\n`);
  io.out(rulesTerminal(one, { colour: wantsColour(io), all: true }));
}

function sayIdentity(identity: { readonly name: string; readonly source: string } | undefined, io: Io): void {
  if (identity === undefined) return;
  io.err(`driftbom: by ${identity.name}, says ${identity.source}; --by names somebody else\n`);
}
