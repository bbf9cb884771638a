// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's templates look like this.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DirectoryOptions } from '../../src/declared/directory.ts';
import { terraformDirectory } from '../../src/declared/directory.ts';
import type { Run } from '../../src/declared/directory-run.ts';
import type { Declared, DeclaredSource } from '../../src/declared/port.ts';
import { declaredSourceContract } from '../contract/declared-source.ts';
import { folderWith } from '../support/folder.ts';
import { AWS, stateOf } from '../support/state-samples.ts';

const noRun: Run = () => Promise.reject(Object.assign(new Error('absent'), { code: 'ENOENT' }));

function source(directory: string, more: Partial<DirectoryOptions> = {}): DeclaredSource {
  return terraformDirectory({ directory, shown: 'infra', label: 'infra', env: {}, run: noRun, ...more });
}

const read = (files: Parameters<typeof folderWith>[0], more: Partial<DirectoryOptions> = {}): Promise<Declared> =>
  source(folderWith(files), more).read();

const STATE = stateOf([{ type: 'aws_x', name: 'a', attributes: { id: 'i' } }]);
const MAIN = `
variable "size" {
  type    = number
  default = 1
}
provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Owner = "me" }
  }
}
resource "aws_x" "a" {
  size = var.size
}
`;
const LOCK = `provider "${AWS}" {\n  version = "5.100.0"\n  hashes = ["h1:x"]\n}\n`;

const sizeIn = (declared: Declared): unknown => declared.resources[0]?.config?.values.size;

declaredSourceContract('a Terraform directory', async () =>
  source(folderWith({ 'main.tf': MAIN, 'terraform.tfstate': STATE, '.terraform.lock.hcl': LOCK })),
);

describe('a Terraform directory', () => {
  it('gives the resources of its state with their configuration, and its provider blocks', async () => {
    const declared = await read({ 'main.tf': MAIN, 'terraform.tfstate': STATE, '.terraform.lock.hcl': LOCK });
    expect(declared).toMatchObject({
      reader: 'terraform directory',
      workspace: 'infra',
      resources: [{ ref: { address: 'aws_x.a', id: 'i' }, config: { values: { size: 1 }, location: 'main.tf:12' } }],
      providers: [
        { values: { region: 'eu-west-1', default_tags: [{ tags: { Owner: 'me' } }] }, lockedVersion: '5.100.0' },
      ],
    });
    expect(declared.inputs.map((input) => [input.kind, input.name])).toEqual([
      ['config', 'main.tf'],
      ['lock', '.terraform.lock.hcl'],
      ['state', 'terraform.tfstate'],
    ]);
    expect(declared.inputs[2]).toMatchObject({ lineage: 'a-lineage', serial: 7 });
  });

  it('reads JSON configuration without loading the HCL parser', async () => {
    const declared = await read({
      'main.tf.json': { resource: { aws_x: { a: { size: 2 } } } },
      'terraform.tfstate': STATE,
    });
    expect(sizeIn(declared)).toBe(2);
  });

  it('changes nothing in the folder', async () => {
    const folder = folderWith({ 'main.tf': MAIN, 'terraform.tfstate': STATE });
    const before = readdirSync(folder, { recursive: true });
    await source(folder).read();
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });

  it('reads local modules, and names their files', async () => {
    const declared = await read({
      'main.tf': 'module "net" {\n  source = "./modules/net"\n  size   = 3\n}\n',
      'modules/net/main.tf': 'variable "size" {}\nresource "aws_x" "a" {\n  size = var.size\n}\n',
      'terraform.tfstate': stateOf([{ module: 'module.net', type: 'aws_x', name: 'a', attributes: {} }]),
    });
    expect(declared.resources[0]).toMatchObject({ config: { values: { size: 3 }, location: 'modules/net/main.tf:2' } });
    expect(declared.inputs.map((input) => input.name)).toContain('modules/net/main.tf');
  });

  it('refuses a local module that is not there, or that calls itself', async () => {
    await expect(read({ 'main.tf': 'module "m" {\n  source = "./nowhere"\n}\n' })).rejects.toMatchObject({
      code: 'E_HCL',
      message: expect.stringContaining('there is no configuration in nowhere'),
    });
    await expect(
      read({
        'main.tf': 'module "m" {\n  source = "./m"\n}\n',
        'm/main.tf': 'module "again" {\n  source = "../m"\n}\n',
      }),
    ).rejects.toMatchObject({ code: 'E_HCL', message: expect.stringContaining('calls itself') });
  });

  it('lets override files replace arguments, and OpenTofu files replace their Terraform twins', async () => {
    const overridden = await read({
      'main.tf': 'resource "aws_x" "a" {\n  size = 1\n  name = "kept"\n}\n',
      'main_override.tf': 'resource "aws_x" "a" {\n  size = 9\n}\n',
      'terraform.tfstate': STATE,
    });
    expect(overridden.resources[0]?.config?.values).toEqual({ size: 9, name: 'kept' });
    const tofu = await read({
      'main.tf': 'resource "aws_x" "a" {\n  size = 1\n}\n',
      'main.tofu': 'resource "aws_x" "a" {\n  size = 2\n}\n',
      'terraform.tfstate': STATE,
    });
    expect(sizeIn(tofu)).toBe(2);
  });

  it('passes over backups and hidden files of editors', async () => {
    const declared = await read({
      'main.tf': MAIN,
      '.#main.tf': '{',
      'main.tf~': '{',
      '#x.tf#': '{',
      'terraform.tfstate': STATE,
    });
    expect(declared.inputs.filter((input) => input.kind === 'config')).toHaveLength(1);
  });

  it('names file, line and column of broken configuration', async () => {
    await expect(read({ 'net.tf': 'resource "a" "b" {\n  x =\n}\n' })).rejects.toMatchObject({
      code: 'E_HCL',
      message: expect.stringMatching(/^net\.tf:2:\d+: /),
    });
    await expect(read({ 'net.tf.json': '{"resource": ' })).rejects.toMatchObject({
      code: 'E_HCL',
      message: expect.stringMatching(/^net\.tf\.json:1:\d+: /),
    });
  });
});

describe('variables of a Terraform directory', () => {
  const base = { 'main.tf': MAIN, 'terraform.tfstate': STATE };

  it('take the strongest of environment, terraform.tfvars, *.auto.tfvars and -var-file', async () => {
    const env = { TF_VAR_size: '2' };
    expect(sizeIn(await read(base))).toBe(1);
    expect(sizeIn(await read(base, { env }))).toBe(2);
    const files = { ...base, 'terraform.tfvars': 'size = 3\n' };
    expect(sizeIn(await read(files, { env }))).toBe(3);
    const automatic = { ...files, 'b.auto.tfvars.json': { size: 5 }, 'a.auto.tfvars': 'size = 4\n' };
    expect(sizeIn(await read(automatic, { env }))).toBe(5);
    const folder = folderWith({ ...automatic, 'more/prod.tfvars': 'size = 6\nnot_declared = 1\n' });
    expect(sizeIn(await source(folder, { env, varFiles: [join(folder, 'more/prod.tfvars')] }).read())).toBe(6);
  });

  it('of a missing -var-file are one clear error', async () => {
    const folder = folderWith(base);
    await expect(source(folder, { varFiles: [join(folder, 'nope.tfvars')] }).read()).rejects.toMatchObject({
      code: 'E_HCL',
      message: expect.stringContaining('nope.tfvars'),
    });
  });

  it('never stand in an error, not even where their file is broken', async () => {
    const broken = read({ ...base, 'terraform.tfvars': 'password = "hunter2" "hunter3"\n' });
    await expect(broken).rejects.toMatchObject({ code: 'E_HCL', message: expect.not.stringContaining('hunter') });
  });
});

describe('the state of a Terraform directory', () => {
  it('is that of the selected workspace', async () => {
    const files = {
      'main.tf': MAIN,
      'terraform.tfstate.d/prod/terraform.tfstate': STATE,
      '.terraform/environment': 'prod',
    };
    const selected = await read(files);
    expect(selected.workspace).toBe('infra:prod');
    expect(selected.inputs.at(-1)?.name).toBe('terraform.tfstate.d/prod/terraform.tfstate');
    const named = await read({ ...files, '.terraform/environment': 'other' }, { env: { TF_WORKSPACE: 'prod' } });
    expect(named.workspace).toBe('infra:prod');
  });

  it('follows the path of a local backend, also one given at init', async () => {
    const written = 'terraform {\n  backend "local" {\n    path = "states/here.tfstate"\n  }\n}\n';
    const declared = await read({ 'main.tf': `${written}${MAIN}`, 'states/here.tfstate': STATE });
    expect(declared.inputs.at(-1)?.name).toBe('states/here.tfstate');
    const atInit = await read({
      'main.tf': `terraform {\n  backend "local" {}\n}\n${MAIN}`,
      '.terraform/terraform.tfstate': { version: 3, backend: { type: 'local', config: { path: 'there.tfstate' } } },
      'there.tfstate': STATE,
    });
    expect(atInit.inputs.at(-1)?.name).toBe('there.tfstate');
  });

  it('that is not there is one clear error', async () => {
    await expect(read({ 'main.tf': MAIN })).rejects.toMatchObject({
      code: 'E_NOTHING_DECLARED',
      message: 'infra has a configuration but no state: its state file terraform.tfstate does not exist',
    });
    await expect(read({ 'main.tf': MAIN, 'terraform.tfstate': '' })).rejects.toMatchObject({
      code: 'E_NOTHING_DECLARED',
    });
  });

  const REMOTE = `terraform {\n  backend "s3" {\n    bucket = "b"\n  }\n}\n${MAIN}`;
  const answering = (stdout: string, calls: unknown[] = []): Run => {
    return async (program, args, options) => {
      calls.push({ program, args, cwd: options.cwd, env: options.env });
      return { code: 0, timedOut: false, stdout: Buffer.from(stdout), stderr: '' };
    };
  };

  it('in another backend is pulled with the environment of the user', async () => {
    const calls: { program: string; args: string[]; cwd: string; env: { [name: string]: string } }[] = [];
    const folder = folderWith({ 'main.tf': REMOTE });
    const run = answering(JSON.stringify(STATE), calls);
    const declared = await source(folder, { env: { AWS_PROFILE: 'me' }, run }).read();
    expect(declared.resources).toHaveLength(1);
    expect(declared.inputs.at(-1)).toMatchObject({ kind: 'state', name: 'backend:s3' });
    expect(calls).toMatchObject([
      { program: 'terraform', args: ['state', 'pull'], cwd: folder, env: { AWS_PROFILE: 'me' } },
    ]);
  });

  it('is pulled through tofu where the lock file names its registry, or where terraform is absent', async () => {
    const opentofu = {
      'main.tf': REMOTE,
      '.terraform.lock.hcl': 'provider "registry.opentofu.org/hashicorp/aws" {\n  version = "1.0.0"\n}\n',
    };
    const calls: { program: string }[] = [];
    const declared = await read(opentofu, { run: answering(JSON.stringify(STATE), calls) });
    expect(calls.map((call) => call.program)).toEqual(['tofu']);
    expect(declared.providers[0]?.source).toBe('registry.opentofu.org/hashicorp/aws');
    const tried: string[] = [];
    const run: Run = (program, args, options) => {
      tried.push(program);
      return program === 'tofu'
        ? answering(JSON.stringify(STATE))(program, args, options)
        : noRun(program, args, options);
    };
    await read({ 'main.tf': REMOTE }, { run });
    expect(tried).toEqual(['terraform', 'tofu']);
  });

  it('is read past warnings before it', async () => {
    const declared = await read(
      { 'main.tf': REMOTE },
      { run: answering(`\nWarning: no config file\n\n${JSON.stringify(STATE)}`) },
    );
    expect(declared.resources).toHaveLength(1);
  });

  it('that cannot be pulled is one clear error, with the end of what the program said', async () => {
    const failing: Run = async () => ({
      code: 1,
      timedOut: false,
      stdout: new Uint8Array(),
      stderr: `${'noise\n'.repeat(50)}\u001b[31m╷\u001b[0m\n│ Error: Backend initialization required\n│ \n╵\n`,
    });
    const fault = read({ 'main.tf': REMOTE }, { run: failing });
    await expect(fault).rejects.toMatchObject({
      code: 'E_STATE_PULL',
      message: expect.stringContaining('Error: Backend initialization required'),
      cure: expect.stringContaining('terraform init'),
    });
    await fault.catch((thrown: Error) => {
      expect(thrown.message.split('\n').length).toBeLessThan(16);
      expect(thrown.message).not.toContain('\u001b');
    });
    await expect(read({ 'main.tf': REMOTE })).rejects.toMatchObject({
      code: 'E_STATE_PULL',
      message: expect.stringContaining('none of terraform, tofu'),
    });
    const hanging: Run = async () => ({ code: undefined, timedOut: true, stdout: new Uint8Array(), stderr: '' });
    await expect(read({ 'main.tf': REMOTE }, { run: hanging })).rejects.toMatchObject({
      code: 'E_STATE_PULL',
      message: expect.stringContaining('no answer within'),
    });
  });

  it('that the backend does not have yet is said to be missing', async () => {
    await expect(read({ 'main.tf': REMOTE }, { run: answering('') })).rejects.toMatchObject({
      code: 'E_NOTHING_DECLARED',
    });
  });

  it('that the user named wins over the backend', async () => {
    const folder = folderWith({ 'main.tf': REMOTE, 'copy.tfstate': STATE });
    const declared = await source(folder, { stateFile: join(folder, 'copy.tfstate') }).read();
    expect(declared.inputs.at(-1)?.name).toBe('copy.tfstate');
  });
});
