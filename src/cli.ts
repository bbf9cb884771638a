#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { homedir, hostname } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import pkg from '../package.json' with { type: 'json' };
import { buildOf } from './commands/build.ts';
import { EXIT, type Io } from './commands/io.ts';
import { processPlace } from './commands/process-place.ts';
import { runCli } from './commands/program.ts';

// What the AWS SDK says of Node's age is for us to read, not for an engineer at 3 a.m.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const closers = new Set<() => Promise<void> | void>();

const io: Io = {
  env: process.env,
  cwd: process.cwd(),
  homeDir: homedir(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  stdin: () => buffer(process.stdin),
  clock: () => new Date(),
  random: randomBytes,
  owner: { pid: process.pid, host: hostname(), place: processPlace(), isAlive },
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
  columns: process.stdout.columns ?? 100,
  packageRoot: fileURLToPath(new URL('..', import.meta.url)),
  version: pkg.version,
  build: () => buildOf(import.meta.url),
  onInterrupt: (close) => {
    closers.add(close);
    return () => void closers.delete(close);
  },
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    const code = signal === 'SIGINT' ? EXIT.interrupted : signal === 'SIGTERM' ? 143 : 129;
    const closing = [...closers].map(async (close) => close());
    // An append to the ledger becomes true in one rename, so it is safe to leave at any moment.
    void Promise.allSettled(closing).then(() => process.exit(code));
    setTimeout(() => process.exit(code), 3_000).unref();
  });
}
// A reader that closes the pipe early (`driftbom scan | head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.inSync : EXIT.error),
);

process.exitCode = await runCli(process.argv.slice(2), io);

/** Signal 0 only asks (kill(2)); EPERM means that the process is there and somebody else's. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
