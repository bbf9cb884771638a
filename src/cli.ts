#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import pkg from '../package.json' with { type: 'json' };
import { EXIT, type Io } from './commands/io.ts';
import { runCli } from './commands/program.ts';

const closers = new Set<() => Promise<void> | void>();

const io: Io = {
  env: process.env,
  cwd: process.cwd(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  clock: () => new Date(),
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
  columns: process.stdout.columns ?? 100,
  packageRoot: fileURLToPath(new URL('..', import.meta.url)),
  version: pkg.version,
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
