import { execFileSync } from 'node:child_process';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMessage } from '../../../src/attribution/why/commit-message.ts';
import { parseForgeExport, withPullRequests } from '../../../src/attribution/why/forge-export.ts';
import { declaringFile, readWhySources } from '../../../src/attribution/why/git-and-files.ts';
import { readGitLog } from '../../../src/attribution/why/git-log.ts';
import { readPatch } from '../../../src/attribution/why/patch.ts';
import { runProgram } from '../../../src/declared/directory-run.ts';
import { commit } from '../../support/why-questions.ts';

describe('a commit message', () => {
  it.each([
    ['Allow 60 s (#12)', 'Allow 60 s (#12)', '#12'],
    ['Merge pull request #13 from acme/fix\n\nRaise the limit\n', 'Raise the limit', '#13'],
    ["Merge branch 'fix' into 'main'\n\nRaise the limit\n\nSee merge request acme/infra!14", 'Raise the limit', '!14'],
    ['Merged in fix (pull request #15)\n\nRaise the limit', 'Raise the limit', '#15'],
    ['Merged PR 16: Raise the limit', 'Merged PR 16: Raise the limit', '#16'],
    ['Fix what #9 broke', 'Fix what #9 broke', null],
  ])('%j gives title and pull request', (message, title, pullRequest) => {
    expect(readMessage(message, '')).toEqual({ title, pullRequest, approvers: [] });
  });

  it('names approvers by its trailers, and whoever merely signs off does not approve', () => {
    const trailers =
      'Reviewed-by: Bob <b@x>\nSigned-off-by: Al <a@x>\napproved-by: Eve <e@x>\nReviewed-by: Bob <b@x>\n';
    expect(readMessage('x', trailers).approvers).toEqual(['Bob <b@x>', 'Eve <e@x>']);
  });
});

describe('a patch', () => {
  it('gives files and added lines; a line of content never passes for a header', () => {
    const text = [
      'diff --git a/main.tf b/main.tf',
      '--- a/main.tf',
      '+++ b/main.tf',
      '@@ -1 +1,2 @@',
      '-timeout = 30',
      '+timeout = 60',
      '+++ b/forged.tf',
      'diff --git a/old.tf b/old.tf',
      'deleted file mode 100644',
      '--- a/old.tf',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-x',
    ].join('\n');
    expect(readPatch(text)).toEqual({ files: ['main.tf', 'old.tf'], added: ['timeout = 60', '++ b/forged.tf'] });
  });
});

describe('a forge’s export', () => {
  it('adds titles, authors and approvers to commits, by merge commit or number', () => {
    const requests = parseForgeExport(
      JSON.stringify([
        {
          number: 12,
          title: 'Longer requests',
          author: { login: 'alice' },
          reviews: [
            { author: { login: 'bob' }, state: 'APPROVED', submittedAt: '2026-03-12T10:00:00Z' },
            { author: { login: 'carol' }, state: 'APPROVED' },
            { author: { login: 'carol' }, state: 'CHANGES_REQUESTED' },
            { author: { login: 'bob' }, state: 'COMMENTED' },
            { author: { login: 'alice' }, state: 'APPROVED' },
          ],
        },
        {
          iid: 14,
          title: 'Other',
          merge_commit_sha: 'f'.repeat(40),
          user: 'dave',
          approved_by: [{ user: { username: 'erin' } }],
        },
      ]),
      'prs.json',
    );
    const [first, second, third] = withPullRequests(
      [commit({ approvals: [] }), commit({ id: 'f'.repeat(40), pullRequest: null }), commit({ pullRequest: '#99' })],
      requests,
    );
    expect(first).toMatchObject({ title: 'Longer requests', author: 'alice', pullRequest: '#12' });
    expect(first?.approvals).toEqual([{ by: 'bob', at: '2026-03-12T10:00:00.000Z', basis: 'review' }]);
    expect(second).toMatchObject({ author: 'dave', pullRequest: '#14' });
    expect(second?.approvals).toEqual([
      { by: 'erin', at: null, basis: null },
      { by: 'Bob <bob@example.com>', at: '2026-03-10T09:00:00Z', basis: 'trailer' },
    ]);
    expect(third).toEqual(commit({ pullRequest: '#99' }));
  });

  it.each(['{', '{}', '[{"title":"x"}]', '[1]'])('is refused where it is none: %s', (text) => {
    expect(() => parseForgeExport(text, 'prs.json')).toThrow(/prs\.json/);
  });
});

describe('the history of a repository', () => {
  let folder: string;
  const env = {
    PATH: process.env.PATH,
    HOME: tmpdir(),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
  };
  const git = (args: readonly string[], at = '2026-03-13T20:00:00Z'): void => {
    const name = { GIT_AUTHOR_NAME: 'Alice', GIT_AUTHOR_EMAIL: 'alice@example.com', GIT_COMMITTER_NAME: 'Forge' };
    const dates = { GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at, GIT_COMMITTER_EMAIL: 'forge@example.com' };
    execFileSync('git', args, { cwd: folder, env: { ...env, ...name, ...dates }, stdio: 'pipe' });
  };
  const log = (more: Partial<Parameters<typeof readGitLog>[0]> = {}) =>
    readGitLog({
      directory: folder,
      files: ['main.tf'],
      since: null,
      until: '2026-03-20T00:00:00Z',
      env,
      run: runProgram,
      ...more,
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'driftbom-git-'));
    await mkdir(join(folder, 'live'));
    git(['init', '-q', '-b', 'main']);
    await writeFile(join(folder, 'main.tf'), 'timeout = 30\n');
    await writeFile(join(folder, 'live', 'db.tf'), 'size = 1\n');
    git(['add', '.']);
    git(['commit', '-qm', 'First'], '2026-03-01T00:00:00Z');
    git(['checkout', '-qb', 'fix']);
    await writeFile(join(folder, 'main.tf'), 'timeout = 60\n');
    git(['commit', '-qam', 'wip']);
    git(['checkout', '-q', 'main']);
    const message =
      'Merge pull request #12 from acme/fix\n\nRaise the limit for CHG-7\n\nReviewed-by: Bob <bob@example.com>';
    git(['merge', '-q', '--no-ff', '-m', message, 'fix'], '2026-03-14T01:00:00+02:00');
    await writeFile(join(folder, 'live', 'db.tf'), 'size = 2\n');
    git(['commit', '-qam', 'Database (#13)'], '2026-03-14T03:00:00Z');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('shows merges as what they brought in, newest first, with what they added', async () => {
    const { commits, unread } = await log();
    expect(unread).toBeNull();
    expect(commits.map(({ id: _, ...one }) => one)).toEqual([
      {
        title: 'Raise the limit for CHG-7',
        author: null,
        mergedBy: 'Alice <alice@example.com>',
        committedAt: '2026-03-13T23:00:00Z',
        pullRequest: '#12',
        approvals: [{ by: 'Bob <bob@example.com>', at: '2026-03-13T23:00:00Z', basis: 'trailer' }],
        tickets: ['CHG-7'],
        files: ['main.tf'],
        added: ['timeout = 60'],
      },
      expect.objectContaining({ title: 'First', author: 'Alice <alice@example.com>', files: ['main.tf'] }),
    ]);
  });

  it('is bounded by time, and names files as seen from the folder', async () => {
    const { commits } = await log({ directory: join(folder, 'live'), files: [], since: '2026-03-10T00:00:00Z' });
    expect(commits).toMatchObject([{ title: 'Database (#13)', pullRequest: '#13', files: ['db.tf'] }]);
    expect((await log({ prefix: 'net/' })).commits[0]?.files).toEqual(['net/main.tf']);
    expect((await log({ until: '2026-03-02T00:00:00Z' })).commits).toMatchObject([{ title: 'First' }]);
  });

  it('is this folder’s own, even inside another repository’s hook', async () => {
    expect((await log({ env: { ...env, GIT_DIR: '/nowhere' } })).commits).toHaveLength(2);
  });

  it('says why it cannot be read, and names no folder', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'driftbom-nogit-'));
    const { commits, unread } = await log({ directory: outside });
    expect(commits).toEqual([]);
    expect(unread).toMatch(/^git: not a git repository/);
    expect(unread).not.toContain(outside);
    expect((await log({ env: { PATH: outside } })).unread).toBe('git is not installed');
    await rm(outside, { recursive: true, force: true });
  });

  it('says that a shallow clone lacks the older part', async () => {
    const clone = await mkdtemp(join(tmpdir(), 'driftbom-shallow-'));
    execFileSync('git', ['clone', '-q', '--depth', '1', `file://${folder}`, clone], { env, stdio: 'pipe' });
    expect((await log({ directory: clone })).unread).toMatch(/shallow/);
    await rm(clone, { recursive: true, force: true });
  });

  it('is read beside the files of reasons, with files named as declarations name theirs', async () => {
    await writeFile(join(folder, 'c.csv'), 'id,from,to,reason\nCHG-1,2026-03-14,2026-03-14,Failover\n');
    await writeFile(join(folder, 'prs.json'), '[{"number":13,"title":"Larger database","author":{"login":"dora"}}]');
    const reading = { cwd: folder, env, run: runProgram, since: '2026-03-16T00:00:00Z', until: '2026-03-20T00:00:00Z' };
    const places = {
      ticketPattern: 'CHG',
      changeRecords: ['c.csv'],
      gitRepositories: [{ path: './live/', pullRequests: 'prs.json' }, { path: 'absent' }],
    };
    const { commits, changeRecords, unread, ticketPattern } = await readWhySources(places, {
      ...reading,
      recorded: undefined,
    });
    expect(commits).toMatchObject([{ title: 'Larger database', author: 'dora', files: ['live/db.tf'] }]);
    expect(commits?.[0]?.files).toEqual(declaringFile('./live', 'db.tf:3'));
    expect(changeRecords).toMatchObject([{ id: 'CHG-1', place: 'c.csv:2' }]);
    expect([...unread.keys()]).toEqual(['git history']);
    expect(ticketPattern.source).toBe('CHG');
    expect(declaringFile('net', '../modules/a/main.tf:3')).toEqual(['modules/a/main.tf']);
    expect(declaringFile('.', 'Stack/database')).toEqual([]);
    const none = await readWhySources({}, { ...reading, recorded: [] });
    expect(none).toMatchObject({ recorded: [], changeRecords: undefined, commits: undefined });
    await expect(readWhySources({ changeRecords: ['absent.csv'] }, { ...reading, recorded: [] })).rejects.toMatchObject(
      { code: 'E_REASONS', message: 'cannot read absent.csv: there is no such file (ENOENT)' },
    );
  });
});
