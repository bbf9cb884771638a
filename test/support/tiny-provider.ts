import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';

/** What may go wrong with a call on one object, keyed by `type/id`, `id` or `type`. */
export interface TinyFault {
  /** An error diagnostic instead of an answer. */
  readonly summary?: string;
  readonly detail?: string;
  /** The process dies with a panic on stderr. */
  readonly crash?: boolean;
  readonly delayMs?: number;
  /** Read only: the object is not there. */
  readonly absent?: boolean;
  /** Read only: the status that the provider logs of the cloud's answer; 200 by default. */
  readonly status?: number | 'unanswered';
  /** Happens so often only, counted over all processes. */
  readonly times?: number;
}

export interface TinyBehaviour {
  readonly protocol?: 5 | 6;
  readonly start?: 'silent' | 'garbage' | 'exit';
  /** get_provider_schema_optional; true by default. */
  readonly schemaOptional?: boolean;
  /** Logs nothing of its calls. */
  readonly silent?: boolean;
  readonly schema?: { readonly summary: string };
  readonly configure?: TinyFault;
  readonly upgrade?: Readonly<Record<string, TinyFault>>;
  readonly read?: Readonly<Record<string, TinyFault>>;
}

export interface TinyProvider {
  readonly source: string;
  readonly version: string;
  /** A folder in the layout of a filesystem_mirror. */
  readonly mirrorDir: string;
  readonly executable: string;
  /** Makes Terraform and driftbom find it: TF_CLI_CONFIG_FILE with that mirror. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Live objects by id (or `type/id`): the attributes that differ from the state, or null for an object that is gone.
   * What is not named is as the state says.
   */
  setLive(objects: Readonly<Record<string, object | null>>): void;
  setBehaviour(behaviour: TinyBehaviour): void;
  /** Everything that was asked so far, one line a call: `start`, `schema`, `configure {...} in <cwd>`, `read type/id`. */
  calls(): readonly string[];
  remove(): void;
}

const SOURCE = 'registry.terraform.io/driftbom/tiny';
const VERSION = '1.2.3';

/**
 * Lays out a provider for tests that needs nothing but Node: types tiny_server, tiny_rule, tiny_number and, in protocol
 * 6, tiny_nested (see tiny-provider-schema.mjs).
 */
export function tinyProvider(behaviour: TinyBehaviour = {}, version = VERSION): TinyProvider {
  const folder = mkdtempSync(join(tmpdir(), 'tiny-provider-'));
  const mirrorDir = join(folder, 'mirror');
  const target = `${platform()}_${arch() === 'x64' ? 'amd64' : arch()}`;
  const packageDir = join(mirrorDir, SOURCE, version, target);
  mkdirSync(packageDir, { recursive: true });
  const executable = join(packageDir, `terraform-provider-tiny_v${version}`);
  const server = new URL('./tiny-provider-server.mjs', import.meta.url).href;
  writeFileSync(
    executable,
    `#!${process.execPath}\nimport(${JSON.stringify(server)}).then(({ serve }) => serve(${JSON.stringify(folder)}));\n`,
    { mode: 0o755 },
  );
  const config = join(folder, 'cli.tfrc');
  writeFileSync(
    config,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirrorDir)}\n  }\n}\n`,
  );
  const write = (name: string, content: unknown): void => writeFileSync(join(folder, name), JSON.stringify(content));
  write('behaviour.json', behaviour);
  return {
    source: SOURCE,
    version,
    mirrorDir,
    executable,
    env: { TF_CLI_CONFIG_FILE: config },
    setLive: (objects) => write('live.json', objects),
    setBehaviour: (next) => write('behaviour.json', next),
    calls: () => {
      try {
        return readFileSync(join(folder, 'calls.log'), 'utf8').trim().split('\n');
      } catch {
        return [];
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
