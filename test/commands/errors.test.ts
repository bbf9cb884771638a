import { afterEach, describe, expect, it } from 'vitest';
import { type CliWorld, cliWorld } from '../support/cli-world.ts';
import type { TinyBehaviour } from '../support/tiny-provider.ts';

let world: CliWorld;
afterEach(() => world.remove());

interface Spoiled {
  readonly name: string;
  readonly code: string;
  readonly files?: Readonly<Record<string, string | object>>;
  readonly behaviour?: TinyBehaviour;
  readonly argv?: readonly string[];
}

const CASES: readonly Spoiled[] = [
  { name: 'an empty folder', code: 'E_NOTHING_DECLARED', files: { 'empty/readme.txt': 'x' }, argv: ['empty'] },
  { name: 'a path that is not there', code: 'E_NOTHING_DECLARED', argv: ['nowhere'] },
  {
    name: 'a state of an old version',
    code: 'E_STATE_VERSION',
    files: { 'old.tfstate': { version: 3, modules: [] } },
    argv: ['old.tfstate'],
  },
  { name: 'a truncated state', code: 'E_STATE_FORMAT', files: { 'terraform.tfstate': '{"version":4,"resou' } },
  { name: 'HCL that does not parse', code: 'E_HCL', files: { 'broken.tf': 'resource "x" {{{' } },
  {
    name: 'a plan of an unknown version',
    code: 'E_PLAN_VERSION',
    files: { 'p.json': { format_version: '9.0', resource_changes: [] } },
    argv: ['p.json'],
  },
  {
    name: 'a snapshot that is none',
    code: 'E_SNAPSHOT',
    files: { 's.json': '[]' },
    argv: ['--live', 'snapshot:s.json'],
  },
  { name: 'a live reader that is none', code: 'E_USAGE', argv: ['--live', 'cloud'] },
  { name: 'a forced reader that is none', code: 'E_USAGE', argv: ['--declared', 'cloud:x'] },
  { name: 'a configuration with faults', code: 'E_CONFIG', files: { 'driftbom.yaml': 'version: 1\nignroe: []\n' } },
  {
    name: 'an ignore rule whose path is none',
    code: 'E_CONFIG',
    files: { 'driftbom.yaml': 'version: 1\nignore: [{ path: "tags..x", reason: r }]\n' },
  },
  { name: 'a provider that exits at once', code: 'E_PROVIDER_START', behaviour: { start: 'exit' } },
  {
    name: 'a provider that refuses its configuration',
    code: 'E_PROVIDER_CONFIG',
    behaviour: { configure: { summary: 'Invalid region' } },
  },
  {
    name: 'missing credentials',
    code: 'E_CREDENTIALS',
    behaviour: { configure: { summary: 'No valid credential sources found' } },
  },
  {
    name: 'a template that is broken',
    code: 'E_TEMPLATE',
    files: { 't/scan/report.html.hbs': '{{#if}}' },
    argv: ['-o', 'html=x.html', '--template-dir', 't', '--no-record'],
  },
  { name: 'an output that cannot be written', code: 'E_OUTPUT', argv: ['-o', 'json=main.tf/x.json'] },
];

describe('bad input', () => {
  it.each(CASES)(
    '$name: $code, once, and nothing is written',
    async ({ code: expected, files, behaviour, argv = [] }) => {
      world = cliWorld(behaviour);
      for (const [name, content] of Object.entries(files ?? {})) world.write(name, content);
      const before = world.files().map((file) => file.name);
      const { code, out, err } = await world.run('scan', ...argv);
      expect(err).toContain(`driftbom: ${expected}: `);
      expect(err.match(/driftbom: E_/g)).toHaveLength(1);
      expect(code).toBe(1);
      expect(out).toBe('');
      expect(world.files().map((file) => file.name)).toEqual(before);
    },
  );

  it('a provider that is nowhere: E_PROVIDER_MISSING, with the places that were searched', async () => {
    world = cliWorld();
    world.tiny.remove();
    const { code, err } = await world.run('scan');
    expect(code).toBe(1);
    expect(err).toContain('driftbom: E_PROVIDER_MISSING: ');
    expect(err).toContain('terraform init');
  });

  it('an unknown option or command is said on stderr with exit code 1', async () => {
    world = cliWorld();
    for (const argv of [['scan', '--nope'], ['nope'], ['scan', '-o', 'pdf=x'], ['scan', '--parallelism', '0']]) {
      const { code, err } = await world.run(...argv);
      expect(code).toBe(1);
      expect(err).toMatch(/error:/);
    }
  });

  it('a ledger that is not there is one error for verify and report', async () => {
    world = cliWorld();
    for (const argv of [['verify'], ['report', 'incident'], ['report', 'compliance']]) {
      const { code, err } = await world.run(...argv);
      expect(code).toBe(1);
      expect(err).toContain('driftbom: E_LEDGER_MISSING: ');
    }
  });
});

describe('driftbom explain', () => {
  it('names what is near where nothing is declared at an address', async () => {
    world = cliWorld();
    const { code, err } = await world.run('explain', 'tiny_server.wbe');
    expect(code).toBe(1);
    expect(err).toContain('E_NOT_FOUND: nothing is declared at tiny_server.wbe');
    expect(err).toContain('tiny_server.web');
  });
});

describe('driftbom --help', () => {
  it.each([[['--help']], [['scan', '--help']]])('%j lists every exit code', async (argv) => {
    world = cliWorld();
    const { code, out } = await world.run(...argv);
    expect(code).toBe(0);
    for (const exit of ['0 ', '1 ', '2 ', '3 ', '130']) expect(out).toMatch(new RegExp(`^  ${exit}`, 'm'));
  });
});
