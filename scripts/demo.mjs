// The 3 a.m. story on the real pipeline, offline: nothing but Node is needed. Every line that starts with $ is run as
// a user would run it; only the tampering at the end is done here.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import pc from 'picocolors';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = 'demo-output';
const ledger = join(out, 'ledger');
const started = Date.now();
let failures = 0;
/** Records of before this time belong to the evening; see fixtures/demo/README.md. */
const NIGHT = '2026-11-21T03:00:00Z';

process.chdir(root);
rmSync(out, { recursive: true, force: true });
mkdirSync(out);

say('Thursday night: the nightly scan finds everything as declared, and signs that it looked.');
driftbom(0, 'scan', 'fixtures/demo', '--live', 'snapshot:fixtures/demo/terraform.orders.tfstate', '--ledger', ledger);

say(`Friday, 3 a.m. Somebody changes two values in the console and goes back to bed.
Monday, 9 a.m. Orders are processed at a twentieth of the usual rate. What changed?`);

// The two scans lie seconds apart here, so the night's records get the time between them.
const trail = join(out, 'cloudtrail.json');
const { Records } = JSON.parse(readFileSync('fixtures/demo/cloudtrail.json', 'utf8'));
const before = timeText(started - 3_600_000);
// An audit log has whole seconds: the night begins with the next one.
wait(1000 - (Date.now() % 1000));
const during = timeText(Date.now());
const night = Records.map((record) => ({ ...record, eventTime: record.eventTime < NIGHT ? before : during }));
writeFileSync(trail, JSON.stringify({ Records: night }));
driftbom(
  2,
  ...['scan', 'fixtures/demo', '--live', 'snapshot:fixtures/demo/live.snapshot.json'],
  ...['--cloudtrail', trail, '--ledger', ledger],
);

say('Each drift is now a signed entry in a tamper-evident log. The log verifies:');
driftbom(0, 'verify', '--ledger', ledger);

say('One screen for the engineer on call: what changed before throughput fell, ranked, and the way back:');
const incident = ['incident', '--onset', timeText(Date.now()), '--service', 'orders'];
const near = ['--state', 'fixtures/demo/terraform.orders.tfstate', '--ledger', ledger];
driftbom(0, ...incident, ...near);
driftbom(0, ...incident, ...near, '-o', `html=${join(out, 'incident.html')}`);

say('And a report for the auditor, from the ledger alone as well:');
driftbom(
  0,
  ...['report', 'compliance', '--ledger', ledger],
  ...['-o', `html=${join(out, 'compliance.html')}`, '-o', `markdown=${join(out, 'compliance.md')}`],
);

say(`Part two. Not everything is Terraform's: in the same night the batch size of the service itself was turned down, by hand,
as the runbook says. Nobody wrote it down, so nobody can look it up:`);
driftbom(0, 'log', '--address', 'app/max_batch_size', '--ledger', ledger);

say('The same with a record. One line when it is done, by a person or by the script that does it:');
const ticket = join(out, 'ops-1487.txt');
writeFileSync(ticket, 'OPS-1487  03:10  workers run out of memory, p99 up, batches cut down per runbook 12\n');
driftbom(
  0,
  ...['record', '--key', 'app/max_batch_size', '--old', '1000', '--new', '50', '--by', 'github:ops-team'],
  ...['--at', timeText(Date.now()), '--reason', 'OPS-1487: out of memory, smaller batches until the fix is out'],
  ...['--evidence', ticket, '--ledger', ledger],
);

say('Monday, 9 a.m. What changed, when, from what, to what, by whom, and why:');
driftbom(0, 'show', 'app/max_batch_size', '--ledger', ledger);

say('Now somebody who does not like the record changes one byte of it:');
const payloads = join(ledger, 'dsse');
const victim = join(
  payloads,
  readdirSync(payloads, { recursive: true, encoding: 'utf8' })
    .sort()
    .find((name) => name.endsWith('.jsonl')),
);
const whole = readFileSync(victim);
const altered = Buffer.from(whole);
const at = altered.indexOf('"payload":"') + 200;
altered[at] = altered[at] === 0x41 ? 0x42 : 0x41;
writeFileSync(victim, altered);
print(pc.dim(`  (byte ${at} of ${relative(root, victim)})\n`));
driftbom(2, 'verify', '--ledger', ledger);
writeFileSync(victim, whole);

const seconds = ((Date.now() - started) / 1000).toFixed(1);
say(`Done in ${seconds} s. Open these in a browser:
  ${join(out, 'incident.html')}
  ${join(out, 'compliance.html')}`);
if (failures > 0) {
  print(pc.red(`demo: ${failures} command(s) did not end as they should`));
  process.exitCode = 1;
}

function wait(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function timeText(milliseconds) {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function print(text) {
  process.stdout.write(`${text}\n`);
}

function say(text) {
  print(`\n${pc.bold(text)}\n`);
}

function driftbom(expected, ...args) {
  print(pc.cyan(`$ driftbom ${args.map((one) => (/\s/.test(one) ? `"${one}"` : one)).join(' ')}`));
  const colour = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const ended = spawnSync(process.execPath, ['dist/cli.js', ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...colour },
  });
  if (ended.status === expected) print(pc.dim(`(exit code ${ended.status})`));
  else {
    failures++;
    print(pc.red(`(exit code ${ended.status}, expected ${expected})`));
  }
}
