import { DriftbomError, errnoOf } from '../model/error.ts';
import type { Environment, Ran, Run } from './directory-run.ts';

export interface PullOptions {
  /** The folder with the configuration, where `init` was run. */
  readonly directory: string;
  /** The folder as the user would name it, for errors. */
  readonly shown: string;
  /** What the backend is called, for errors: "s3". */
  readonly backend: string;
  readonly env: Environment;
  readonly run: Run;
  /** Programs to try in this order: the first that exists is used. */
  readonly programs: readonly string[];
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 180_000;
const TAIL_LINES = 12;

/**
 * Reads the state through `terraform state pull` (or `tofu`), which serves every backend with the user's own
 * credentials and takes no lock. The bytes are as the backend keeps them; empty where it has no state yet.
 * Errors: E_STATE_PULL with the end of what the program wrote to standard error.
 */
export async function pullState(options: PullOptions): Promise<Uint8Array> {
  const env = { ...options.env, TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' };
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  for (const program of options.programs) {
    let ran: Ran;
    try {
      ran = await options.run(program, ['state', 'pull'], { cwd: options.directory, env, timeoutMs });
    } catch (cause) {
      if (errnoOf(cause) === 'ENOENT') continue;
      throw failure(options, `${program} could not be started: ${errnoOf(cause) ?? 'unknown reason'}`, cause);
    }
    if (ran.timedOut) throw failure(options, `${program} gave no answer within ${timeoutMs / 1000} s`);
    if (ran.code !== 0) {
      throw failure(options, `${program} state pull ended with ${ran.code ?? 'a signal'}:\n${tailOf(ran.stderr)}`);
    }
    return withoutWarnings(ran.stdout);
  }
  const message = `the state is in the backend "${options.backend}", and none of ${options.programs.join(', ')} is on the PATH to read it`;
  throw failure(options, message);
}

function failure(options: PullOptions, what: string, cause?: unknown): DriftbomError {
  return new DriftbomError(
    'E_STATE_PULL',
    `cannot read the state of ${options.shown}: ${what}`,
    `Run \`terraform init\` and \`terraform state pull\` in ${options.shown} until they work, or pass a state file instead.`,
    { cause },
  );
}

/** Terraform frames its errors and colours them; neither helps inside another error. */
function tailOf(stderr: string): string {
  const lines = stderr
    .replace(/\u001b\[[0-9;]*m/g, '')
    .split('\n')
    .map((line) => line.replace(/^[╷│╵]\s?/, '').trimEnd())
    .filter((line) => line !== '');
  return lines
    .slice(-TAIL_LINES)
    .map((line) => `  ${line}`)
    .join('\n');
}

/** A warning about the command line configuration comes before the state, on the same stream. */
function withoutWarnings(stdout: Uint8Array): Uint8Array {
  const start = stdout.indexOf('{'.charCodeAt(0));
  return start < 0 ? new Uint8Array() : stdout.subarray(start);
}
