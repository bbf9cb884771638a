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

say('The alert comes in. One screen for the engineer on call: what changed before it, ranked, and the way back:');
const alert = join(out, 'alert.json');
writeFileSync(alert, JSON.stringify(alertOf('OrdersThroughputLow', 'orders', timeText(Date.now()))));
const near = ['--alert', alert, '--for', '0m', '--state', 'fixtures/demo/terraform.orders.tfstate', '--ledger', ledger];
driftbom(0, 'incident', ...near);
driftbom(0, 'incident', ...near, '-o', `html=${join(out, 'incident.html')}`);

say('And a report for the auditor, from the ledger alone as well:');
driftbom(
  0,
  ...['report', 'compliance', '--framework', 'soc2', '--ledger', ledger],
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
  ...['--at', during, '--reason', 'OPS-1487: out of memory, smaller batches until the fix is out'],
  ...['--evidence', ticket, '--ledger', ledger],
);

say('Monday, 9 a.m. What changed, when, from what, to what, by whom, and why:');
driftbom(0, 'show', 'app/max_batch_size', '--ledger', ledger);

say(`Part three. The incident gets a record, note by note, each signed; what caused it becomes a rule that every later
scan asks; and the post-mortem is rendered from the ledger:`);
const by = ['--by', 'lee', '--ledger', ledger];
driftbom(
  0,
  ...['incident', 'open', ...near.slice(0, -2), '--severity', 'sev2'],
  ...['--title', 'Orders are processed at a twentieth of the usual rate', ...by],
);
driftbom(
  0,
  'incident',
  'verdict',
  'INC-0001',
  'aws_ssm_parameter.max_batch_size',
  'caused',
  '--certainty',
  '0.9',
  ...by,
);
driftbom(
  0,
  'incident',
  'note',
  'INC-0001',
  'Orders were processed at 5 % of the usual rate.',
  '--kind',
  'impact',
  ...by,
);
driftbom(0, 'incident', 'milestone', 'INC-0001', 'identified', '--source', 'this screen', ...by);
driftbom(
  0,
  ...['incident', 'action', 'INC-0001', 'Refuse batch sizes below 900', '--category', 'prevention'],
  ...['--owner', 'team-orders', '--due', timeText(started + 14 * 86_400_000).slice(0, 10)],
  ...['--done-when', 'three scans in a row are green', ...by],
);
driftbom(0, 'rule', 'from-incident', 'INC-0001', '--action', 'A1', '--write', ...by);
driftbom(0, 'actions', '--ledger', ledger);
driftbom(
  0,
  ...['report', 'incident', '--incident', 'INC-0001', '--template', 'full', '--ledger', ledger],
  ...['-o', `html=${join(out, 'post-mortem.html')}`],
);

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
  ${join(out, 'post-mortem.html')}
  ${join(out, 'compliance.html')}`);
if (failures > 0) {
  print(pc.red(`demo: ${failures} command(s) did not end as they should`));
  process.exitCode = 1;
}

/** What Alertmanager sends when one alert begins to fire. */
function alertOf(alertname, service, startsAt) {
  const labels = { alertname, service, severity: 'page' };
  return {
    version: '4',
    groupKey: `{}:{alertname="${alertname}"}`,
    status: 'firing',
    receiver: 'on-call',
    truncatedAlerts: 0,
    groupLabels: { alertname },
    commonLabels: labels,
    commonAnnotations: { summary: 'orders processed per minute are 95 % below the week before' },
    alerts: [{ status: 'firing', labels, annotations: {}, startsAt, endsAt: '0001-01-01T00:00:00Z' }],
  };
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
