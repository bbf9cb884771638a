import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';
import { DriftbomError, messageOf } from '../../model/error.ts';
import { ExchangeLog } from './exchange-log.ts';
import { type Handshake, LONGEST_LINE, parseHandshake } from './handshake.ts';
import { FOREIGN_PLUGIN_ENV, HANDSHAKE_ENV } from './protocol.ts';

export interface ChildOptions {
  readonly executable: string;
  /** Source address, for error messages. */
  readonly source: string;
  /** Folder in which Terraform would run the provider: relative paths in its configuration start there. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder for the private folder that holds the socket. */
  readonly tempDir: string;
  /** How long the provider may take until it serves, in milliseconds. */
  readonly startMs: number;
  /** Ends the process wherever it stands, also before it serves. */
  readonly signal?: AbortSignal;
}

/** A running provider. */
export interface ProviderChild extends Handshake {
  readonly alive: () => boolean;
  /** Settles when the process is gone, whoever ended it. */
  readonly exited: Promise<void>;
  /** The last lines that it wrote to stderr. May hold secrets once the provider is configured. */
  readonly stderr: () => string;
  /** What the process logs of its exchanges with the cloud. */
  readonly exchanges: ExchangeLog;
  /** Ends the process at once and removes its folder. May be called more than once. */
  readonly kill: () => void;
}

/** How much of stderr is kept, in characters. */
const TAIL = 16 * 1024;

/** Children that would outlive us: killed from the exit hook, where nothing asynchronous runs any more. */
const living = new Set<() => void>();
function killAll(): void {
  for (const kill of living) kill();
}

/**
 * Starts a provider and waits until it serves: plain text on a socket in a private folder, as go-plugin does without a
 * client certificate. Reading changes nothing, so the process may be killed at any moment.
 * Errors: E_PROVIDER_START when it cannot be started, exits, says something else or nothing in time.
 */
export async function startChild(options: ChildOptions): Promise<ProviderChild> {
  const folder = mkdtempSync(join(shortEnough(options.tempDir), 'driftbom-'));
  const child = spawn(options.executable, [], {
    cwd: options.cwd,
    env: childEnv(options.env, folder),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let stderr = '';
  const exchanges = new ExchangeLog();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-TAIL);
    exchanges.feed(text);
  });
  let alive = true;
  const kill = (): void => {
    if (alive) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    options.signal?.removeEventListener('abort', kill);
    forget(kill);
  };
  const exited = new Promise<void>((resolve) => {
    const gone = (): void => {
      alive = false;
      kill();
      resolve();
    };
    child.once('exit', gone);
    // Without a process there is no exit event: the file was missing or could not be run.
    child.once('error', () => child.pid === undefined && gone());
  });
  if (living.size === 0) process.once('exit', killAll);
  living.add(kill);
  if (options.signal?.aborted) kill();
  else options.signal?.addEventListener('abort', kill, { once: true });

  const handshake = await firstLine(child, options.startMs).then(parseHandshake, (cause) => messageOf(cause));
  if (typeof handshake === 'string') {
    kill();
    await exited;
    throw startError(options.source, handshake, stderr);
  }
  // From here on stdout is of no interest, but it must be read or the provider blocks on a full pipe.
  child.stdout.resume();
  return { ...handshake, alive: () => alive, exited, stderr: () => stderr, exchanges, kill };
}

/** A socket's path may have 104 bytes at most (macOS; 108 on Linux), 40 of which are ours and the provider's. */
function shortEnough(tempDir: string): string {
  return Buffer.byteLength(tempDir) <= 60 || platform() === 'win32' ? tempDir : '/tmp';
}

function forget(kill: () => void): void {
  if (living.delete(kill) && living.size === 0) process.removeListener('exit', killAll);
}

function childEnv(env: ChildOptions['env'], folder: string): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !FOREIGN_PLUGIN_ENV.test(name)) passed[name] = value;
  }
  return { ...passed, ...HANDSHAKE_ENV, TMPDIR: folder, PLUGIN_UNIX_SOCKET_DIR: folder };
}

/** The first line of stdout, or a rejection that says in words why there is none. */
function firstLine(child: ChildProcess, limitMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(
      () => reject(new Error(`it did not say where it serves within ${Math.round(limitMs / 1000)} s`)),
      limitMs,
    );
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      act();
    };
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      if (text.includes('\n')) return;
      text += chunk;
      if (text.includes('\n') || text.length > LONGEST_LINE) {
        settle(() => resolve(text.split('\n', 1)[0] as string));
      }
    });
    child.once('error', (cause) => settle(() => reject(new Error(`it could not be run (${messageOf(cause)})`))));
    // 'close' and not 'exit': what the provider wrote last must have been read.
    child.once('close', (code, signal) =>
      settle(() => reject(new Error(`it ended at once (${signal ?? `exit code ${code}`})`))),
    );
  });
}

function startError(source: string, why: string, stderr: string): DriftbomError {
  // Nothing was sent to the provider yet, so its words can hold no secret of a configuration.
  const words = stderr.trim().split('\n').slice(-3).join(' ').replace(/\s+/g, ' ').slice(-400);
  return new DriftbomError(
    'E_PROVIDER_START',
    `provider ${source} did not start: ${why}${words === '' ? '' : `; it wrote: ${words}`}`,
    'Run `terraform init` again in this folder, and check that `terraform plan` can start the provider.',
  );
}
