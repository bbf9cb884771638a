import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openLedger } from '../../src/ledger/ledger.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { directoryStore } from '../../src/ledger/stores/directory.ts';
import { scanOf, timeoutDrift } from './ledger-world.ts';

// Run as a process: node --import tsx ledger-writer.ts HOME COUNT. Records COUNT scans of a workspace of its own.
const [home, count] = process.argv.slice(2) as [string, string];
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const store = directoryStore(join(home, 'ledger'), {
  owner: { pid: process.pid, host: 'here', isAlive },
  clock: () => new Date(),
  patience: 20_000,
});
const ledger = await openLedger({ store, keysDirectory: join(home, 'keys'), random: randomBytes });
const workspace = `writer-${process.pid}`;
for (let at = 0; at < Number(count); at++) {
  const address = `aws_sqs_queue.q${at}`;
  await recordScan(ledger, scanOf([address], [timeoutDrift(address)], { workspace }), () => new Date());
  process.stdout.write(`${address}\n`);
}
