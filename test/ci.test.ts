import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { afterEach, describe, expect, it } from 'vitest';
import { type CliWorld, cliWorld } from './support/cli-world.ts';
import { sarifFaults } from './support/sarif-check.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsx = createRequire(import.meta.url).resolve('tsx');
const folders: string[] = [];
let world: CliWorld | undefined;
afterEach(() => {
  world?.remove();
  world = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const OURS = `exec "${process.execPath}" --import "${tsx}" "${join(root, 'src/cli.ts')}" "$@"`;

/** A folder of commands in which `driftbom` is this source tree, or what stands for it. */
function commandFolder(body: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'driftbom-ci-'));
  folders.push(folder);
  const command = join(folder, 'driftbom');
  writeFileSync(command, `#!/bin/sh\n${body}\n`);
  chmodSync(command, 0o755);
  return folder;
}

interface Ran {
  readonly code: number;
  readonly outputs: { readonly [name: string]: string };
  readonly summary: string;
  readonly err: string;
}

/** Runs the script of the action as a step of GitHub does. */
async function step(
  { folder, tiny }: CliWorld,
  inputs: { readonly [name: string]: string },
  script: readonly string[] = ['bash', join(root, 'ci/scan.sh')],
  driftbom = OURS,
): Promise<Ran> {
  const commands = commandFolder(driftbom);
  const files = { output: join(commands, 'output'), summary: join(commands, 'summary') };
  const env = {
    ...process.env,
    ...tiny.env,
    DRIFTBOM_CACHE_DIR: `${folder}-cache`,
    HOME: commands,
    PATH: `${commands}:${process.env.PATH}`,
    GITHUB_OUTPUT: files.output,
    GITHUB_STEP_SUMMARY: files.summary,
    ...inputs,
  };
  const { code, err } = await new Promise<{ code: number; err: string }>((done) => {
    execFile(script[0] as string, script.slice(1), { cwd: folder, env }, (error, _out, err) =>
      done({ code: error === null ? 0 : Number(error.code), err }),
    );
  });
  const written = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  const lines = written(files.output).trim().split('\n');
  return {
    code,
    outputs: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))),
    summary: written(files.summary),
    err,
  };
}

describe('the GitHub action', () => {
  it('gives the counts, the files and a summary, and fails for drift', async () => {
    world = cliWorld();
    world.tiny.setLive({ web: { size: 900 } });
    const { code, outputs, summary } = await step(world, { DRIFTBOM_OUT: 'out files' });
    expect(code).toBe(2);
    expect(outputs).toMatchObject({ 'exit-code': '2', verdict: 'drift', drifts: '1', waived: '0', gaps: '0' });
    expect(summary).toContain('driftbom: 1 resource drifted');
    expect(sarifFaults(readFileSync(join(world.folder, outputs.sarif ?? ''), 'utf8'))).toEqual([]);
    for (const name of ['json', 'junit', 'slack', 'summary', 'comment']) {
      expect(existsSync(join(world.folder, outputs[name] ?? '')), name).toBe(true);
    }
    expect(existsSync(join(world.folder, '.driftbom'))).toBe(false);
  });

  it('takes nothing of its inputs for a command, and says what went wrong where nothing was scanned', async () => {
    world = cliWorld();
    const { code, outputs, summary } = await step(world, {
      DRIFTBOM_TARGETS: '$(touch stolen)\n; touch stolen',
      DRIFTBOM_FAIL_ON: 'error',
    });
    expect(code).toBe(1);
    expect(outputs).toMatchObject({ 'exit-code': '1', verdict: 'error' });
    expect(outputs.sarif).toBeUndefined();
    expect(summary).toContain('the scan did not finish');
    expect(existsSync(join(world.folder, 'stolen'))).toBe(false);
  });

  it('does not fail for drift where only errors are to fail', async () => {
    world = cliWorld();
    const stub = 'touch .driftbom-ci/summary.md; exit 2';
    const { code, outputs } = await step(world, { DRIFTBOM_FAIL_ON: 'error' }, undefined, stub);
    expect(code).toBe(0);
    expect(outputs['exit-code']).toBe('2');
  });

  it('hands every input on, and has every output that the script writes', () => {
    const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
    const script = readFileSync(join(root, 'ci/scan.sh'), 'utf8');
    const steps = action.runs.steps as { run: string; env: { [name: string]: string } }[];
    for (const { run } of steps) expect(run).not.toContain('${{');
    const given = steps.flatMap(({ env }) => Object.values(env)).join(' ');
    for (const name of Object.keys(action.inputs)) {
      expect(given).toContain(`\${{ inputs.${name} }}`);
    }
    for (const name of Object.keys(action.outputs)) expect(script).toMatch(new RegExp(`${name}[=:,]|\\b${name}\\b`));
    for (const variable of Object.keys(steps[1]?.env ?? {}).filter((one) => one !== 'DRIFTBOM_ACTION')) {
      expect(script).toContain(variable);
    }
  });
});

describe('the receipt of an alert', () => {
  const job = parse(readFileSync(join(root, 'ci/gitlab.yml'), 'utf8'))['.driftbom'];
  const gitlab = job.script.filter((line: string) => !line.includes('npm install')).join('\n');
  const scripts = { 'the action': ['bash', join(root, 'ci/scan.sh')], GitLab: ['sh', '-ec', gitlab] };

  /** A Slack that answers so; gives what it was sent. */
  async function slack(status: number): Promise<{ url: string; sent: string[]; close: () => void }> {
    const sent: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        sent.push(body);
        response.writeHead(status, { 'x-slack-req-id': 'req-77' }).end(status === 200 ? 'ok' : 'no');
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/services/xyz`, sent, close: () => server.close() };
  }

  for (const [name, script] of Object.entries(scripts)) {
    it(`is recorded in the ledger once Slack took the message: ${name}`, async () => {
      world = cliWorld();
      world.tiny.setLive({ web: { size: 900 } });
      const { url, sent, close } = await slack(200);
      const given = { DRIFTBOM_TARGETS: '.', DRIFTBOM_LEDGER: 'kept', DRIFTBOM_STRICT: 'true', GITHUB_ACTOR: 'ci' };
      const { code } = await step(world, { ...given, DRIFTBOM_SLACK_WEBHOOK: url }, script);
      close();
      expect(code).toBe(2);
      expect(JSON.parse(sent[0] ?? '').blocks.length).toBeGreaterThan(1);
      const shown = await world.run('log', '--kind', 'note', '--ledger', 'kept');
      expect(shown.out).toContain('slack, receipt req-77');
    });

    it(`is none where Slack refused: then the job fails, and no webhook is printed: ${name}`, async () => {
      world = cliWorld();
      world.tiny.setLive({ web: { size: 900 } });
      const { url, close } = await slack(403);
      const given = {
        DRIFTBOM_TARGETS: '.',
        DRIFTBOM_LEDGER: 'kept',
        DRIFTBOM_STRICT: 'false',
        DRIFTBOM_FAIL_ON: 'error',
      };
      const ran = await step(world, { ...given, DRIFTBOM_SLACK_WEBHOOK: url }, script);
      close();
      expect(ran.code).toBe(1);
      expect(ran.err).toContain('Slack answered 403');
      expect(ran.err).not.toContain('xyz');
      expect((await world.run('log', '--kind', 'note', '--ledger', 'kept')).out).not.toContain('receipt');
    });
  }
});

describe('driftbom scan --max-bytes', () => {
  it('cuts the Markdown file that it names, and no other', async () => {
    world = cliWorld();
    world.tiny.setLive({
      web: { size: 900, labels: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`l${i}`, 'x'.repeat(40)])) },
    });
    const limits = ['--max-bytes', 'short.md=3000', '--max-bytes', '900000'];
    await world.run('scan', '-o', 'markdown=short.md', '-o', 'markdown=long.md', '-o', 'html=page.html', ...limits);
    expect(Buffer.byteLength(world.read('short.md'))).toBeLessThanOrEqual(3000);
    expect(world.read('short.md')).toContain('Cut to 3000 of');
    expect(world.read('long.md')).not.toContain('Cut to');
    expect(world.read('page.html')).toContain('</html>');
  });

  it('refuses a limit below which nothing can be said', async () => {
    world = cliWorld();
    const { code, err } = await world.run('scan', '-o', 'markdown=a.md', '--max-bytes', '100');
    expect(code).toBe(1);
    expect(err).toContain('N is 2000 or more');
  });
});

describe('the GitLab template', () => {
  it('writes what it hands in as reports, in a plain shell', async () => {
    world = cliWorld();
    world.tiny.setLive({ web: { size: 900 } });
    const job = parse(readFileSync(join(root, 'ci/gitlab.yml'), 'utf8'))['.driftbom'];
    const { code } = await step(world, { ...job.variables, DRIFTBOM_TARGETS: '.\n' }, [
      ...['sh', '-ec'],
      job.script.filter((line: string) => !line.includes('npm install')).join('\n'),
    ]);
    expect(code).toBe(2);
    expect(job.allow_failure.exit_codes).toContain(code);
    const { junit, codequality } = job.artifacts.reports;
    expect(world.read(junit)).toContain('<failure message="changed: tiny_server.web');
    expect(JSON.parse(world.read(codequality))).toMatchObject([{ check_name: 'drift/changed', severity: 'major' }]);
  });
});
