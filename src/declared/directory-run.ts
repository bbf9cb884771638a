import { spawn } from 'node:child_process';

/** Environment variables, as the command line hands them in. */
export interface Environment {
  readonly [name: string]: string | undefined;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: Environment;
  readonly timeoutMs: number;
}

export interface Ran {
  /** Exit code; undefined where a signal or the timeout ended it. */
  readonly code: number | undefined;
  readonly timedOut: boolean;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

/** Runs a program without a shell. Rejects only where it cannot be started (the error's code is ENOENT if it is absent). */
export type Run = (program: string, args: readonly string[], options: RunOptions) => Promise<Ran>;

/** Standard error beyond this is of no use to anybody. */
const MOST_STDERR = 256 * 1024;

export const runProgram: Run = (program, args, { cwd, env, timeoutMs }) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    let stderr = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGTERM');
      // Terraform asks plugins and backends to stop first; who does not answer is ended.
      setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
    }, timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MOST_STDERR);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? undefined, timedOut, stdout: Buffer.concat(stdout), stderr });
    });
  });
