import type { Reporter, TestModule } from 'vitest/node';
import { findBrowser, findTools } from '../support/find-tools.ts';

/** Ends the run with one line that says how many tests did not run, and why: a skipped suite must not look green. */
export class SkippedReporter implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]).length;
    if (skipped === 0) return;
    const found = await findTools(process.env);
    const what = [
      ...(found.kind === 'missing' ? found.what : []),
      ...((await findBrowser(process.env)) === undefined ? ['no chromium found on PATH'] : []),
    ];
    const why = what.length > 0 ? what.join('; ') : 'not selected';
    process.stdout.write(`ACCEPTANCE SKIPPED: ${skipped} tests: ${why}\n`);
  }
}
