import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Io } from '../../src/commands/io.ts';
import { runCli } from '../../src/commands/program.ts';
import { stateOf } from './state-samples.ts';
import { type TinyBehaviour, type TinyProvider, tinyProvider } from './tiny-provider.ts';

/** What one command line did. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A Terraform project of tiny servers in a folder of its own, with a provider, and the command line to run on it. */
export interface CliWorld {
  readonly folder: string;
  readonly tiny: TinyProvider;
  run(...argv: string[]): Promise<Ran>;
  write(name: string, content: string | object): void;
  read(name: string): string;
  /** Every file below the folder with its content: what a search for secrets greps. */
  files(): { name: string; content: string }[];
  /** What the next commands read from standard input. */
  type(text: string): void;
  /** Moves the clock on. */
  pass(hours: number): void;
  remove(): void;
}

const SERVER = {
  name: 'web',
  size: 4,
  enabled: true,
  labels: { team: 'a' },
  ports: [80, 443],
  policy: null,
  password: null,
  updated_at: 'monday',
  rules: [{ port: 22, cidr: '10.0.0.0/8' }],
  disk: [{ size: 10, encrypted: true }],
};

/** State of tiny servers; each object is merged over SERVER. */
export function serverState(objects: readonly { readonly name: string; readonly [field: string]: unknown }[]): object {
  return stateOf(
    objects.map(({ name, ...attributes }) => ({
      type: 'tiny_server',
      name,
      provider: 'provider["registry.terraform.io/driftbom/tiny"]',
      schema_version: 1,
      attributes: { ...SERVER, id: name, name, ...attributes },
    })),
  );
}

/** A project with two servers, `web` and `db`, applied and in sync. */
export function cliWorld(behaviour: TinyBehaviour = {}): CliWorld {
  const tiny = tinyProvider(behaviour);
  const folder = mkdtempSync(join(tmpdir(), 'driftbom-cli-'));
  let input = '';
  let now = Date.UTC(2026, 2, 14, 3, 0, 0);
  const path = (name: string): string => join(folder, name);
  const world: CliWorld = {
    folder,
    tiny,
    run: async (...argv) => {
      let out = '';
      let err = '';
      const io: Io = {
        env: { PATH: process.env.PATH, ...tiny.env, DRIFTBOM_CACHE_DIR: join(folder, '..', `${folder}-cache`) },
        cwd: folder,
        homeDir: folder,
        out: (text) => {
          out += text;
        },
        err: (text) => {
          err += text;
        },
        stdin: async () => Buffer.from(input),
        clock: () => new Date(now),
        random: randomBytes,
        owner: { pid: process.pid, host: 'test', isAlive: () => true },
        outIsTerminal: false,
        errIsTerminal: false,
        columns: 100,
        packageRoot: fileURLToPath(new URL('../..', import.meta.url)),
        version: '0.0.0-test',
        build: async () => ({ sha256: null, reason: 'run from source' }),
        onInterrupt: () => () => {},
      };
      const code = await runCli(argv, io);
      return { code, out, err };
    },
    write: (name, content) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), typeof content === 'string' ? content : JSON.stringify(content));
    },
    read: (name) => readFileSync(path(name), 'utf8'),
    files: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile())
        .map((one) => join(one.parentPath, one.name))
        .map((file) => ({ name: file.slice(folder.length + 1), content: readFileSync(file, 'latin1') })),
    type: (text) => {
      input = text;
    },
    pass: (hours) => {
      now += hours * 3_600_000;
    },
    remove: () => {
      tiny.remove();
      for (const one of [folder, `${folder}-cache`]) rmSync(one, { recursive: true, force: true });
    },
  };
  world.write('main.tf', 'terraform {\n  required_providers {\n    tiny = { source = "driftbom/tiny" }\n  }\n}\n');
  world.write('terraform.tfstate', serverState([{ name: 'web' }, { name: 'db' }]));
  return world;
}
