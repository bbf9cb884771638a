import { type Command, Option } from 'commander';
import type { CheckPlanRequest } from '../wire/check-plan.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { collect } from './options.ts';

/** `driftbom check-plan`: a machine check between planning a remedy and applying it. */
export function addCheckPlan(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  program
    .command('check-plan')
    .description('refuse a Terraform plan that does anything but change the named attributes of one address')
    .argument('<plan.json>', 'plan as terraform show -json prints it')
    .requiredOption('--only <address>', 'the one address that the plan may touch')
    .addOption(
      new Option('--attribute <path>', 'attribute that it may change, with all below it; repeatable')
        .argParser(collect(String))
        .default([], 'none: it may only create the address'),
    )
    .addHelpText(
      'after',
      '\nExit codes:\n  0  the plan does this and nothing else\n  1  error\n  2  the plan is refused',
    )
    .action(async (file: string, options: CheckPlanRequest) => finish(await runCheckPlan(file, options, io)));
}

async function runCheckPlan(file: string, request: CheckPlanRequest, io: Io): Promise<ExitCode> {
  const { wireCheckPlan } = await import('../wire/check-plan.ts');
  const { checkedPlan } = await import('../report/incident/checked-plan.ts');
  const verdict = await wireCheckPlan(file, request, io);
  io.out(checkedPlan(verdict, request.only));
  return verdict.refusals.length === 0 ? EXIT.inSync : EXIT.drift;
}
