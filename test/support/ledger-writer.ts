import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openLedger } from '../../src/ledger/ledger.ts';
import { appendNotes } from './ledger-notes.ts';
import { storeOfJob, type WriterJob } from './writer-job.ts';

// A process of its own: appends notes to a ledger, and prints a line for each append that it was told to be true.
const job = JSON.parse(process.argv[2] as string) as WriterJob;
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const store = storeOfJob(job, { pid: process.pid, host: 'here', isAlive });
const ledger = await openLedger({ store, keysDirectory: join(job.home, 'keys'), random: randomBytes });
process.stdout.write('ready\n');
for (let at = 0; at < job.appends; at++) {
  const texts = Array.from({ length: job.batch }, (_, i) => `${job.name} ${at * job.batch + i}`);
  await appendNotes(ledger, texts, () => new Date());
  process.stdout.write(`${texts.join('\n')}\n`);
}
