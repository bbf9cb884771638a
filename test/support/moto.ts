import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { Tools } from './find-tools.ts';

/** A running AWS emulator. */
export interface Moto {
  readonly endpoint: string;
  readonly port: number;
  /** Forgets everything. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts moto on a free port of 127.0.0.1 and waits until it answers (at most 30 s). */
export async function startMoto(tools: Tools): Promise<Moto> {
  const port = await freePort();
  const [program, ...args] = tools.moto;
  const child = spawn(program, [...args, '-H', '127.0.0.1', '-p', String(port)], {
    // Without it AWS's own managed policies do not exist.
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' },
    stdio: 'ignore',
  });
  running.add(child);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      running.delete(child);
      resolve();
    });
  });
  const endpoint = `http://127.0.0.1:${port}`;
  await untilAnswers(`${endpoint}/moto-api/`, child);
  return {
    endpoint,
    port,
    reset: async () => {
      await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (child.exitCode !== null) break;
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  child.kill('SIGKILL');
  throw new Error('moto did not answer');
}

/** A port that nobody listens on at this moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
