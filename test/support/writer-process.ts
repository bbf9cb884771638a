import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { WriterJob } from './writer-job.ts';

export interface WriterProcess {
  /** Texts that it was told to be appended, so far. */
  readonly told: readonly string[];
  /** Settles with its exit code, null where it was killed. */
  readonly ended: Promise<number | null>;
  /** Settles once it begins to append. */
  readonly ready: () => Promise<void>;
  /** Settles once it was told of so many texts. */
  readonly toldOf: (count: number) => Promise<void>;
  kill(): void;
}

/** Bundles ledger-writer.ts into a folder, so that each process starts within a tenth of a second. */
export async function buildWriter(folder: string): Promise<string> {
  const outfile = join(folder, 'ledger-writer.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('ledger-writer.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: {
      js: "import { createRequire as writerRequire } from 'node:module'; const require = writerRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return outfile;
}

/** Starts a writer. What it writes to stderr is shown. */
export function startWriter(script: string, job: WriterJob): WriterProcess {
  const child = spawn(process.execPath, [script, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  let text = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (data: Buffer) => {
    text += data.toString();
    for (const check of waiting) check();
  });
  const ended = new Promise<number | null>((done) => child.on('close', (code) => done(code)));
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((done, fail) => {
      const check = (): void => {
        if (!holds()) return;
        waiting.delete(check);
        done();
      };
      waiting.add(check);
      check();
      void ended.then((code) => fail(new Error(`the writer ended with ${code} after: ${text.slice(-200)}`)));
    });
  // Whole lines only: a killed writer may leave half of one.
  const lines = (): string[] => text.split('\n').slice(0, -1);
  return {
    get told() {
      return lines().slice(1);
    },
    ended,
    ready: () => until(() => lines().length > 0),
    toldOf: (count) => until(() => lines().length > count),
    kill: () => child.kill('SIGKILL'),
  };
}
