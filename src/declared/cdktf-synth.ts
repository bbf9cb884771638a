import { spawn } from 'node:child_process';
import { kill } from 'node:process';
import { DriftbomError, messageOf } from '../model/error.ts';
import { scrubber } from '../resources/scrub.ts';

/** What a command line did. `output` is the end of what it printed, standard error last. */
interface ShellOutcome {
  readonly code: number | null;
  readonly output: string;
  readonly timedOut: boolean;
}

/** Runs a command line through the shell. Rejects only where the shell cannot be started. */
export type RunShell = (
  command: string,
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly timeoutMs: number;
  },
) => Promise<ShellOutcome>;

export interface SynthOptions {
  /** The `app` of cdktf.json. */
  readonly app: string;
  /** The project's folder, where the app is run. */
  readonly directory: string;
  /** The output folder as cdktf.json names it. */
  readonly output: string;
  /** The `context` of cdktf.json. */
  readonly context: object;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly run: RunShell;
}

const SECRET_NAME = /SECRET|TOKEN|PASSW|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY|^TF_VAR_/i;
const TAIL = 4_000;

/**
 * Runs the app of a CDKTF project as `cdktf synth` does, without needing cdktf-cli: through the shell, told by CDKTF_OUTDIR
 * where to write and by CDKTF_CONTEXT_JSON its context (cdktf 0.21, lib/app.js; CDK Terrain reads the same).
 * Errors: E_CDKTF_SYNTH with the end of what the app printed, without the secrets of its environment.
 */
export async function synthesize(options: SynthOptions): Promise<void> {
  const { app, directory, output, context, timeoutMs } = options;
  const env = {
    ...options.env,
    CDKTF_OUTDIR: output,
    CDKTF_CONTEXT_JSON: JSON.stringify(context),
    SYNTH_HCL_OUTPUT: 'false',
  };
  const cure = `Run it by hand in the project's folder (CDKTF_OUTDIR=${output} ${app}), or pass --no-synth to take ${output} as it is.`;
  let outcome: ShellOutcome;
  try {
    outcome = await options.run(app, { cwd: directory, env, timeoutMs });
  } catch (cause) {
    throw new DriftbomError('E_CDKTF_SYNTH', `The CDKTF app did not start: ${messageOf(cause)}`, cure, { cause });
  }
  if (outcome.code === 0 && !outcome.timedOut) return;
  const how = outcome.timedOut
    ? `was not done after ${Math.round(timeoutMs / 1000)} s`
    : `ended with code ${outcome.code}`;
  const secrets = Object.entries(env).filter(([name]) => SECRET_NAME.test(name));
  const said = scrubber(secrets.map(([, value]) => value ?? ''))(outcome.output.trim());
  const tail = said === '' ? '' : `:\n${said.slice(-TAIL)}`;
  throw new DriftbomError('E_CDKTF_SYNTH', `The CDKTF app "${app}" ${how}${tail}`, cure);
}

/** Runs through the system's shell. What it started dies with it when time is up or this program ends. */
export const runShell: RunShell = (command, { cwd, env, timeoutMs }) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, {
      cwd,
      env: { ...env },
      shell: true,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const printed = { out: '', err: '' };
    let timedOut = false;
    const end = (): void => {
      // The group is the shell with everything below it; where there are no groups, the shell alone.
      try {
        if (child.pid !== undefined) kill(-child.pid, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
    };
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, timeoutMs);
    process.once('exit', end);
    const settle = (): void => {
      clearTimeout(timer);
      process.off('exit', end);
    };
    child.stdout.on('data', (bytes: Buffer) => {
      printed.out = (printed.out + bytes.toString()).slice(-TAIL);
    });
    child.stderr.on('data', (bytes: Buffer) => {
      printed.err = (printed.err + bytes.toString()).slice(-TAIL);
    });
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('close', (code) => {
      settle();
      resolve({ code, output: `${printed.out}\n${printed.err}`, timedOut });
    });
  });
