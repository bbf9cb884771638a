import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliWorld, cliWorld } from '../support/cli-world.ts';

const DEMO = new URL('../../fixtures/demo/', import.meta.url);
const STATE = 'terraform.orders.tfstate';
/** The world's clock: the first scan is clean, three hours later the pipeline writes, six hours after that it is seen. */
const WRITTEN = '2026-03-14T06:00:00Z';

const DEPLOYER = {
  userIdentity: {
    ...{ type: 'IAMUser', userName: 'deployer', accountId: '123456789012' },
    arn: 'arn:aws:iam::123456789012:user/deployer',
  },
  userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.11.4 (+https://www.terraform.io)',
};

let world: CliWorld;

beforeEach(() => {
  world = cliWorld();
  for (const name of [STATE, 'live.snapshot.json']) world.write(name, readFileSync(new URL(name, DEMO), 'utf8'));
  const { Records } = JSON.parse(readFileSync(new URL('cloudtrail.json', DEMO), 'utf8'));
  const at = (record: { readOnly: boolean; eventTime: string }): string =>
    record.readOnly ? '2026-03-14T11:59:00Z' : record.eventTime < '2026-11-21T03' ? '2026-03-14T01:00:00Z' : WRITTEN;
  const written = Records.map((record: { readOnly: boolean; eventTime: string }) => ({
    ...record,
    ...(record.readOnly ? {} : DEPLOYER),
    eventTime: at(record),
  }));
  world.write('trail.json', { Records: written });
});
afterEach(() => world.remove());

/** A commit of the repository around the state, made and dated so. */
function commit(message: string, date: string): void {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date };
  const git = (...args: string[]): void => {
    const who = ['-c', 'user.name=Kim', '-c', 'user.email=kim@example.com', '-c', 'commit.gpgsign=false'];
    execFileSync('git', [...who, ...args], { cwd: world.folder, env, stdio: 'pipe' });
  };
  git('init', '-q', '-b', 'main');
  git('add', 'main.tf');
  git('commit', '-q', '-m', message);
}

/** T4 of a report over a clean scan, and one that finds what the pipeline did. */
async function approvals(attribution = ''): Promise<{ standing: string; because: string; rows: unknown[] }> {
  const pipeline = 'pipeline: { users: [deployer] }';
  world.write('driftbom.yaml', `version: 1\nattribution:\n  ${pipeline}\n${attribution}`);
  await world.run('scan', STATE, '--live', `snapshot:${STATE}`);
  world.pass(9);
  const ran = await world.run('scan', STATE, '--live', 'snapshot:live.snapshot.json', '--cloudtrail', 'trail.json');
  expect(ran.err).not.toContain('E_');
  const made = await world.run('report', 'compliance', '--from', '2026-03-14', '--to', '2026-03-15', '-o', 'json=-');
  const model = JSON.parse(made.out);
  const { standing, because } = model.tests.find(({ id }: { id: string }) => id === 'T4');
  const inBand = model.register.filter((row: { class: string }) => row.class === 'in-band');
  return { standing, because, rows: inBand.map((row: { approval: object }) => row.approval) };
}

describe('an approval that a carrier tells of reaches the report', () => {
  it('from the trailer of a commit; where nothing but its time ties it to the change, it is not relied on', async () => {
    commit('Open the bastion\n\nApproved-by: Lee <lee@example.com>', '2026-03-13T20:00:00Z');
    const { standing, because, rows } = await approvals();
    expect([standing, because]).toEqual([
      'not-assessed',
      '0 of 2 in-band changes approved by somebody else beforehand, 2 by a carrier that is tied to the change by its time alone',
    ]);
    expect(rows[0]).toMatchObject({
      ...{ standing: 'approved', at: '2026-03-13T20:00:00Z', lacks: 'link', approvers: ['Lee <lee@example.com>'] },
      authors: expect.arrayContaining(['Kim <kim@example.com>']),
    });
  });

  it('and fails where the author approved it, or nobody did', async () => {
    commit('Open the bastion\n\nApproved-by: Kim <kim@example.com>', '2026-03-13T20:00:00Z');
    expect(await approvals()).toMatchObject({ standing: 'fail', because: expect.stringContaining('2 by their maker') });
  });

  it('from a review in the export of the forge, at its own time', async () => {
    commit('Open the bastion (#12)', '2026-03-13T20:00:00Z');
    const review = (submittedAt: string): void =>
      world.write('prs.json', [
        {
          number: 12,
          title: 'Open',
          author: { login: 'kim' },
          reviews: [{ author: { login: 'lee' }, state: 'APPROVED', submittedAt }],
        },
      ]);
    review('2026-03-14T07:00:00Z');
    const places = '  gitRepositories: [{ path: ., pullRequests: prs.json }]\n';
    const late = await approvals(places);
    expect(late).toMatchObject({
      standing: 'fail',
      because: expect.stringContaining('2 by their maker or afterwards'),
    });
    expect(late.rows[0]).toMatchObject({ standing: 'approved-afterwards', at: '2026-03-14T07:00:00.000Z' });
  });

  it('from a change record that names the resources, also where a comment in the call says why', async () => {
    world.write(
      'changes.csv',
      'id,from,to,resources,reason,approver,approved\nCHG-1,2026-03-14T05:00:00Z,2026-03-14T07:00:00Z,aws_*,Open the bastion,lee,2026-03-13\n',
    );
    const { standing, because, rows } = await approvals('  changeRecords: [changes.csv]\n');
    expect([standing, because]).toEqual(['pass', '2 of 2 in-band changes approved by somebody else beforehand']);
    expect(rows[0]).toMatchObject({ standing: 'approved', at: '2026-03-13T23:59:59Z', approvers: ['lee'] });
  });
});
