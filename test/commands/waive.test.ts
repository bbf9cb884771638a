import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliWorld, cliWorld } from '../support/cli-world.ts';

let world: CliWorld;
beforeEach(async () => {
  world = cliWorld();
  world.tiny.setLive({ web: { size: 900 } });
  await world.run('scan');
});
afterEach(() => world.remove());

const WEB = 'tiny_server.web';
const TERMS = ['--until', '2026-03-20', '--reason', 'load test', '--by', 'kim', '--approved-by', 'lee'];

function waive(target: string, ...more: string[]) {
  return world.run('waive', target, ...TERMS, ...more);
}

describe('driftbom waive', () => {
  it('accepts a drift until the end of a day: shown apart, exit code 0, still on record', async () => {
    const waived = await waive(`${WEB}.size`);
    expect(waived).toMatchObject({ code: 0, err: '' });
    expect(waived.out).toContain('covers     the attribute size of tiny_server.web, in every workspace');
    expect(waived.out).toContain('open       entry 0 tiny_server.web: covered');
    expect(waived.out).toContain('waived until 2026-03-21 00:00:00 UTC · asked for by kim, approved by lee · entry 2');

    const { code, out } = await world.run(
      'scan',
      '-o',
      'json=scan.json',
      '-o',
      'markdown=scan.md',
      '-o',
      'html=scan.html',
    );
    expect(code).toBe(0);
    expect(out).toContain('Waived: 1');
    expect(out).toContain('waived until 2026-03-21 00:00:00 UTC by lee, entry #2 (size): load test');
    expect(out).toMatch(/^driftbom: WAIVED 1 changed, 0 missing, 0 unmanaged, all of these waived/m);
    expect(JSON.parse(world.read('scan.json'))).toMatchObject({
      verdict: 'waived',
      summary: { changed: 1, waived: 1 },
      drifts: [
        { standing: 'still-open', waiver: { complete: true, active: [{ entry: { index: 2 }, approvedBy: 'lee' }] } },
      ],
    });
    for (const file of ['scan.md', 'scan.html']) expect(world.read(file)).toMatch(/waived until 2026-03-21/);
    expect((await world.run('verify')).code).toBe(0);
    expect((await world.run('report', 'incident')).out).toContain(WEB);
  });

  it('stands beside the drift in the log, and says so once it is over or taken back', async () => {
    await waive(WEB);
    const logged = async (...more: string[]) => (await world.run('log', '--kind', 'drift,waiver', ...more)).out;
    expect(await logged()).toMatch(/waived +#2 tiny_server\.web until 2026-03-21 00:00:00 UTC, approved by lee\n +now/);
    expect(JSON.parse((await logged('--open', '--json')).split('\n')[0] as string)).toMatchObject({
      waivers: { complete: true, active: [{ index: 2 }] },
    });
    await world.run('waive', '--revoke', '2', '--reason', 'test is over', '--by', 'lee');
    expect(await logged()).toMatch(/waiver +#3 revoked by lee, .*: "test is over"/);
    expect(await logged()).not.toContain('waived ');
    await waive(WEB);
    world.pass(24 * 7);
    expect(await logged()).toMatch(/was +waived: #4 .*\(expired\)/);
    expect(await logged()).not.toContain('not listed');
    expect((await world.run('log')).out).toContain('1 scan is not listed (--kind scan)');
  });

  it('expires, and the scan says so', async () => {
    await waive(WEB);
    world.pass(24 * 7);
    const { code, out } = await world.run('scan');
    expect(code).toBe(2);
    expect(out).toContain('waiver of entry #2 expired on 2026-03-21 00:00:00 UTC: load test');
  });

  it('covers what it names and no more', async () => {
    await waive(`${WEB}.size`);
    world.tiny.setLive({ web: { size: 900, enabled: false } });
    const { code, out } = await world.run('scan');
    expect(code).toBe(2);
    expect(out).toContain('waived in part until');
    expect(out).toContain('not waived: enabled');
  });

  it('is taken back by a later entry', async () => {
    await waive(WEB);
    expect((await world.run('scan')).code).toBe(0);
    const revoked = await world.run('waive', '--revoke', '2', '--reason', 'test is over', '--by', 'lee');
    expect(revoked.out).toContain('the waiver of entry 2 (tiny_server.web) no longer applies: revoked by lee');
    expect((await world.run('scan')).code).toBe(2);
    expect((await world.run('waive', '--revoke', '2', '--reason', 'x', '--by', 'lee')).err).toContain(
      'revoked already',
    );
    expect((await world.run('waive', '--revoke', '0', '--reason', 'x', '--by', 'lee')).err).toContain(
      'is no waiver but a drift',
    );
    expect((await world.run('verify')).code).toBe(0);
  });

  it('is listed: active, ending soon, expired, revoked; also as JSON', async () => {
    await waive(WEB);
    await waive('tiny_server.db', '--until', '2026-05-01');
    await waive('module.old');
    await world.run('waive', '--revoke', '4', '--reason', 'gone', '--by', 'lee');
    const { out } = await world.run('waive', '--list');
    for (const line of [
      'Active: 1',
      'Ending within 14 days: 1',
      'Expired: 0',
      'Revoked: 1',
      'covers 1 open drift now',
    ]) {
      expect(out).toContain(line);
    }
    world.pass(24 * 30);
    const json = JSON.parse((await world.run('waive', '--list', '--json')).out);
    expect(json).toMatchObject({
      schema: 'driftbom.waivers/v1',
      waivers: [
        { index: 2, address: WEB, standing: 'expired', covers: [] },
        { index: 3, address: 'tiny_server.db', standing: 'active', revoked: null },
        { index: 4, address: 'module.old.*', standing: 'revoked', revoked: { index: 5, by: 'lee' } },
      ],
    });
  });

  it('stands in the compliance report with who asked, who agreed and for how long', async () => {
    await waive(WEB);
    const { out } = await world.run('report', 'compliance');
    expect(out).toMatch(
      /\| `tiny_server\.web` in `every one` \| active, ends soon \| 2026-03-21 00:00:00 UTC \| kim, approved by lee \| load test \|/,
    );
  });

  it('holds in one workspace where one is named', async () => {
    await waive(WEB, '--workspace', 'elsewhere');
    expect((await world.run('scan')).code).toBe(2);
  });

  it('is honoured by a scan that records nothing', async () => {
    await waive(WEB);
    expect((await world.run('scan', '--no-record')).code).toBe(0);
  });

  it.each([
    [['--approved-by', 'KIM'], 'E_APPROVAL'],
    [['--approved-by', 'local:kim'], 'E_APPROVAL'],
    [['--until', '2026-03-13'], 'E_APPROVAL'],
    [['--until', '2026-12-01'], 'longer than the 90 days'],
    [['--until', '2026-02-31'], 'E_USAGE'],
    [['--until', 'soon'], 'E_USAGE'],
    [['--reason', ' '], 'E_RECORD'],
    [['--list'], 'E_USAGE'],
  ])('refuses %j', async (more, error) => {
    const { code, err } = await waive(WEB, ...more);
    expect(code).toBe(1);
    expect(err).toContain(error);
    expect((await world.run('scan')).code).toBe(2);
  });

  it.each([
    [['waive', WEB], '--reason is missing'],
    [['waive'], 'one of three things'],
    [['waive', WEB, '--reason', 'x', '--approved-by', 'lee', '--by', 'kim'], '--until is missing'],
    [['waive', WEB, '--reason', 'x', '--until', '2026-03-20', '--by', 'kim'], '--approved-by is missing'],
    [['waive', 'a b', ...TERMS], 'is no address'],
  ])('refuses %j', async (argv, error) => {
    const { code, err } = await world.run(...argv);
    expect(code).toBe(1);
    expect(err).toContain(error);
  });

  it('keeps to the rules of driftbom.yaml', async () => {
    world.write('driftbom.yaml', 'version: 1\nwaivers:\n  maxDays: 7\n  approvers: [Lee, pat]\n');
    expect((await waive(WEB)).code).toBe(0);
    expect((await waive(WEB, '--approved-by', 'sam')).err).toContain('sam may not approve waivers');
    expect((await waive(WEB, '--until', '2026-03-22')).err).toContain('longer than the 7 days');
  });
});
