import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { type CliWorld, cliWorld } from '../support/cli-world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tsx = createRequire(import.meta.url).resolve('tsx');
let world: CliWorld;
afterEach(() => world.remove());

/** The command line as a process of its own: only that one has signals and an exit code. */
function start(...argv: string[]): ChildProcess {
  return spawn(process.execPath, ['--import', tsx, join(root, 'src/cli.ts'), ...argv], {
    cwd: world.folder,
    env: { PATH: process.env.PATH, ...world.tiny.env, DRIFTBOM_CACHE_DIR: `${world.folder}-cache` },
    stdio: 'ignore',
  });
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((go) => setTimeout(go, 20));
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((go) => child.once('exit', (code) => go(code)));

it('ends with 130 on SIGINT in the middle of a read, the provider with it and the ledger whole', async () => {
  world = cliWorld();
  await world.run('scan');
  world.tiny.setBehaviour({ read: { tiny_server: { delayMs: 60_000 } } });
  const child = start('scan');
  const code = ended(child);
  await until(() => world.tiny.calls().filter((call) => call.startsWith('read ')).length >= 4);
  child.kill('SIGINT');
  expect(await code).toBe(130);
  world.tiny.setBehaviour({});
  expect((await world.run('verify')).code).toBe(0);
  expect((await world.run('scan')).code).toBe(0);
});

it('ends with the exit code of the scan as a process, too', async () => {
  world = cliWorld();
  world.tiny.setLive({ web: { size: 900 } });
  expect(await ended(start('scan', '-o', 'json=scan.json'))).toBe(2);
  expect(existsSync(join(world.folder, 'scan.json'))).toBe(true);
  expect(await ended(start('--version'))).toBe(0);
  expect(await ended(start('scan', 'nowhere'))).toBe(1);
});
