import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DriftAttribution } from '../../src/model/attribution.ts';
import type { ScanAudit } from '../../src/model/scan.ts';
import { type CliWorld, cliWorld } from '../support/cli-world.ts';

const DEMO = new URL('../../fixtures/demo/', import.meta.url);
const STATE = 'terraform.orders.tfstate';
const HOUR = 3_600_000;

interface Document {
  readonly scan: { readonly startedAt: string };
  readonly drifts: readonly { readonly address: string; readonly attribution: DriftAttribution | null }[];
  readonly audit: ScanAudit | null;
}

let world: CliWorld;

beforeEach(async () => {
  world = await cliWorld();
  for (const name of [STATE, 'live.snapshot.json']) world.write(name, readFileSync(new URL(name, DEMO), 'utf8'));
});
afterEach(() => world.remove());

async function scan(live: string, ...more: readonly string[]): Promise<Document> {
  const ran = await world.run('scan', STATE, '--live', `snapshot:${live}`, '-o', 'json=scan.json', ...more);
  expect(ran.err, ran.err).not.toContain('E_');
  return JSON.parse(world.read('scan.json')) as Document;
}

function timeText(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** The records of the demo's night, and more, at the given hours after a moment. */
function writeTrail(since: string, more: readonly { readonly hours: number; readonly record: object }[] = []): void {
  const { Records } = JSON.parse(readFileSync(new URL('cloudtrail.json', DEMO), 'utf8')) as {
    Records: readonly { readonly eventTime: string; readonly readOnly: boolean }[];
  };
  const at = (hours: number): string => timeText(Date.parse(since) + hours * HOUR);
  // The last record is a read just before the scan: a log that goes on shows that nothing is missing before.
  const hoursOf = (record: (typeof Records)[number]): number =>
    record.readOnly ? 8.98 : record.eventTime < '2026-11-21T03' ? -2 : 3;
  const night = Records.map((record) => ({ ...record, eventTime: at(hoursOf(record)) }));
  const others = more.map(({ hours, record }) => ({ ...record, eventTime: at(hours) }));
  world.write('trail.json', { Records: [...night, ...others] });
}

function retention(days: number, id: string, user: string): object {
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      arn: `arn:aws:iam::123456789012:user/${user}`,
      userName: user,
      accountId: '123456789012',
    },
    userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.11.4 (+https://www.terraform.io)',
    eventSource: 'logs.amazonaws.com',
    eventName: 'PutRetentionPolicy',
    awsRegion: 'eu-central-1',
    requestParameters: { logGroupName: '/aws/lambda/orders-batch-worker', retentionInDays: days },
    responseElements: null,
    eventID: id,
    readOnly: false,
    eventType: 'AwsApiCall',
    recipientAccountId: '123456789012',
  };
}

describe('a scan with an audit log', () => {
  it('says who, when and by which call, in every output and in the ledger', async () => {
    const clean = await scan(STATE);
    expect(clean.audit).toBeNull();
    writeTrail(clean.scan.startedAt);
    world.pass(9);
    const ran = await world.run(
      'scan',
      STATE,
      '--live',
      'snapshot:live.snapshot.json',
      '--cloudtrail',
      'trail.json',
      '-o',
      'json=scan.json',
      '-o',
      'markdown=scan.md',
      '-o',
      'html=scan.html',
      '-o',
      'markdown=-',
    );
    expect(ran.code).toBe(2);
    const { drifts } = JSON.parse(world.read('scan.json')) as Document;
    expect(
      drifts.map(({ address, attribution }) => [
        address,
        attribution?.verdict,
        attribution?.actors.map(({ name }) => name),
        attribution?.call,
      ]),
    ).toEqual([
      ['aws_security_group.bastion', 'confirmed', ['maya.lopez@acme.example'], 'ec2:AuthorizeSecurityGroupIngress'],
      ['aws_ssm_parameter.max_batch_size', 'likely', ['maya.lopez@acme.example'], 'ssm:PutParameter'],
    ]);
    for (const text of [ran.out, world.read('scan.md'), world.read('scan.html')]) {
      expect(text).toContain('maya.lopez');
      expect(text).toContain('ssm:PutParameter');
      expect(text).toContain('AWS hides the value in the log');
    }
    const shown = await world.run('show', 'aws_ssm_parameter.max_batch_size');
    expect(shown.out).toContain('maya.lopez@acme.example');
    expect(shown.out).toContain('c0ffee00-0000-4000-8000-000000000002');
    const brief = await world.run('report', 'incident');
    expect(brief.out).toContain('ssm:PutParameter');
    expect((await world.run('verify')).code).toBe(0);
  });

  it('accounts for every write: undone ones and kept ones become entries, the sum agrees with the log', async () => {
    const clean = await scan(STATE);
    writeTrail(clean.scan.startedAt, [
      { hours: 1, record: retention(1, 'undone', 'mallory') },
      { hours: 2, record: retention(30, 'kept', 'alice') },
      { hours: 8.99, record: retention(5, 'too-young', 'alice') },
    ]);
    world.pass(9);
    const { audit } = await scan('live.snapshot.json', '--cloudtrail', 'trail.json');
    expect(audit?.population).toEqual({
      from: clean.scan.startedAt,
      to: expect.any(String),
      events: 4,
      entries: 4,
      excluded: {},
      difference: 0,
    });
    expect(audit?.changes.map(({ kind, attribution }) => [kind, attribution.actors[0]?.name])).toEqual([
      ['transient', 'mallory'],
      ['kept', 'alice'],
    ]);
    const log = await world.run('log', '--kind', 'change');
    expect(log.out).toContain('mallory');
    expect(log.out).toContain('change · update · transient: came and went');
    expect(log.out).toContain('change · update · kept: declared by now');
    const lines = (await world.run('log', '--kind', 'change', '--json')).out.trim().split('\n').slice(0, -1);
    const entries = lines.map((text) => JSON.parse(text) as { index: number; change: { origin: string } });
    expect(entries.map(({ change }) => change.origin).sort()).toEqual(['kept', 'transient']);
    const undone = entries.find(({ change }) => change.origin === 'transient');
    const shown = await world.run('show', `${undone?.index}`);
    expect(shown.out).toContain('the audit log shows it; nothing of it was live any more at the next scan');
    const csv = await world.run('export', '--format', 'csv', '-o', '-');
    expect(csv.out.match(/,"transient"[,\r]/g)).toHaveLength(1);
    for (const format of ['makoto-v0.1', 'makoto-v0.2']) await world.run('export', '--format', format, '-o', format);
    const textOf = (folder: string): string =>
      world
        .files()
        .filter(({ name }) => name.includes(folder))
        .map(({ content }) => content)
        .join('');
    expect(textOf('makoto-v0.1')).toContain('change (update, transient) of ');
    const payloads = [...textOf('makoto-v0.2').matchAll(/"payload":"([^"]+)"/g)].map(([, text = '']) => text);
    const statements = payloads.map((text) => Buffer.from(text, 'base64').toString('utf8'));
    expect(statements.filter((text) => text.includes('"origin":"transient"'))).toHaveLength(1);
    expect((await world.run('verify')).code).toBe(0);
    world.pass(1);
    const next = await scan('live.snapshot.json', '--cloudtrail', 'trail.json');
    expect(next.audit?.population).toMatchObject({ from: audit?.population.to, events: 1, difference: 0 });
  });

  it('leaves what the known pipeline does out of the entries, and counts it', async () => {
    world.write('driftbom.yaml', 'version: 1\nattribution:\n  pipeline:\n    users: [deployer]\n');
    const clean = await scan(STATE);
    writeTrail(clean.scan.startedAt, [{ hours: 2, record: retention(30, 'in-band', 'deployer') }]);
    world.pass(9);
    const { audit } = await scan('live.snapshot.json', '--cloudtrail', 'trail.json');
    expect(audit?.population).toMatchObject({ events: 3, entries: 2, excluded: { 'in-band': 1 }, difference: 0 });
    expect(audit?.changes).toEqual([]);
  });

  it('improves the recorded answer when the events arrive late, by a correction', async () => {
    const clean = await scan(STATE);
    world.pass(9);
    await scan('live.snapshot.json');
    writeTrail(clean.scan.startedAt);
    world.pass(1);
    const late = await world.run('attribute', '--cloudtrail', 'trail.json');
    expect(late.code).toBe(0);
    expect(late.out).toContain('not-attempted → confirmed');
    expect(late.out).toContain('driftbom: 2 better answers recorded, asked about 2 of 2 open drifts');
    const blamed = await world.run('blame', 'aws_security_group.bastion');
    expect(blamed.out).toContain('maya.lopez@acme.example');
    const again = await scan('live.snapshot.json', '--cloudtrail', 'trail.json');
    expect(again.drifts[0]?.attribution).toMatchObject({ verdict: 'confirmed', missing: [] });
    expect((await world.run('verify')).code).toBe(0);
  });

  it('tells hidden values apart by the version that is live, in a scan and when the log is asked again', async () => {
    const clean = await scan(STATE);
    world.pass(9);
    await scan('live.snapshot.json');
    const put = {
      ...retention(0, 'other-version', 'mallory'),
      eventSource: 'ssm.amazonaws.com',
      eventName: 'PutParameter',
      requestParameters: { name: '/orders/max_batch_size', value: 'HIDDEN_DUE_TO_SECURITY_REASONS', overwrite: true },
      responseElements: { version: 7, tier: 'Standard' },
    };
    writeTrail(clean.scan.startedAt, [{ hours: 2, record: put }]);
    world.pass(1);
    const late = await world.run('attribute', '--cloudtrail', 'trail.json', '--json');
    const { asked } = JSON.parse(late.out) as {
      asked: { address: string; attribution?: DriftAttribution; verdict?: string; actors?: { name: string }[] }[];
    };
    const told = asked.find(({ address }) => address === 'aws_ssm_parameter.max_batch_size');
    const { drifts } = await scan('live.snapshot.json', '--cloudtrail', 'trail.json', '--no-record');
    const now = drifts.find(({ address }) => address === 'aws_ssm_parameter.max_batch_size')?.attribution;
    expect([now?.verdict, now?.actors.map(({ name }) => name)]).toEqual(['likely', ['maya.lopez@acme.example']]);
    expect([told?.attribution?.verdict, told?.attribution?.actors.map(({ name }) => name)]).toEqual([
      now?.verdict,
      now?.actors.map(({ name }) => name),
    ]);
  });

  it('explains which events were considered, and why each was kept or dropped', async () => {
    const clean = await scan(STATE);
    writeTrail(clean.scan.startedAt);
    world.pass(9);
    const ran = await world.run(
      'explain',
      'aws_ssm_parameter.max_batch_size',
      STATE,
      '--live',
      'snapshot:live.snapshot.json',
      '--cloudtrail',
      'trail.json',
    );
    expect(ran.code).toBe(2);
    expect(ran.out).toContain('What the audit log says');
    expect(ran.out).toContain('failed call · event c0ffee00-0000-4000-8000-000000000001');
    expect(ran.out).toContain('sets it; the log does not show to what · event c0ffee00-0000-4000-8000-000000000002');
  });

  it('shows hostile names and reasons as inert text', async () => {
    const hostile = '<img src=x onerror=alert(1)> \u001b[2J {{constructor}} [a](javascript:b) =1+1';
    const clean = await scan(STATE);
    writeTrail(clean.scan.startedAt);
    const { Records } = JSON.parse(world.read('trail.json')) as { Records: readonly Record<string, unknown>[] };
    world.write('trail.json', {
      Records: Records.map((record) => ({
        ...record,
        userAgent: hostile,
        userIdentity: { type: 'IAMUser', userName: hostile, arn: hostile, accountId: hostile },
      })),
    });
    world.pass(9);
    const ran = await world.run(
      ...['scan', STATE, '--live', 'snapshot:live.snapshot.json', '--cloudtrail', 'trail.json', '--no-record'],
      ...['-o', 'html=scan.html', '-o', 'markdown=scan.md', '-o', 'json=scan.json'],
    );
    expect(ran.out).toContain('onerror');
    expect(ran.out).not.toContain('\u001b[2J');
    expect(world.read('scan.html')).not.toContain('<img');
    expect(world.read('scan.md')).not.toMatch(/<img|(?<!\\)\]\(javascript/);
    expect(world.read('scan.json')).not.toContain('\u001b');
  });

  it('groups files with one fault, and keeps their whole list in the JSON', async () => {
    const clean = await scan(STATE);
    writeTrail(clean.scan.startedAt);
    for (const n of [1, 2, 3, 4, 5]) world.write(`broken-${n}.json`, '{"Records": [');
    world.pass(9);
    const { audit, drifts } = await scan(
      'live.snapshot.json',
      '--cloudtrail',
      'trail.json',
      '--cloudtrail',
      'broken-*',
    );
    const named = /^\S*broken-1\.json, \S*broken-2\.json, \S*broken-3\.json and 2 more: /;
    expect(audit?.searched.gaps.filter((gap) => named.test(gap))).toHaveLength(1);
    expect(audit?.gaps?.filter(({ what }) => what.includes('broken-'))).toHaveLength(5);
    expect(drifts[0]?.attribution?.missing.filter((text) => named.test(text))).toHaveLength(1);
  });

  it('refuses a log that is not there, and writes nothing', async () => {
    const ran = await world.run('scan', STATE, '--live', 'snapshot:live.snapshot.json', '--cloudtrail', 'absent');
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('E_AUDIT_LOG');
    expect(world.files().some(({ name }) => name.includes('.driftbom'))).toBe(false);
    const mixed = await world.run(
      ...[
        'scan',
        STATE,
        '--live',
        'snapshot:live.snapshot.json',
        '--cloudtrail',
        's3://acme',
        '--cloudtrail',
        'absent',
      ],
    );
    expect(mixed.err).toContain('E_AUDIT_LOG');
    expect(mixed.err).toContain('absent');
  });
});
