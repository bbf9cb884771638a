/** The scheduled scanner as a CDKTF program: `npx tsx src/infra/main.ts` writes cdktf.out. See docs/scheduled-scan.md. */
import { App } from 'cdktf';
import { ScannerStack } from './scanner-stack.ts';
import { readSettings, SettingsError } from './settings.ts';

try {
  const app = new App();
  new ScannerStack(app, 'driftbom-scanner', readSettings(app.node.tryGetContext('driftbom'), process.env));
  app.synth();
} catch (thrown) {
  if (!(thrown instanceof SettingsError)) throw thrown;
  process.stderr.write(`${thrown.message}\n`);
  process.exitCode = 1;
}
