import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Target } from '../../src/declared/discover.ts';
import { discover, parseForced } from '../../src/declared/discover.ts';
import type { SourceKind } from '../../src/declared/discover-kind.ts';
import { folderWith } from '../support/folder.ts';
import { stateOf } from '../support/state-samples.ts';

const STATE = stateOf([]);
const PLAN = { format_version: '1.2', terraform_version: '1.11.4', planned_values: {}, resource_changes: [] };
const SYNTH = { '//': { metadata: { backend: 'local', stackName: 'prod' } }, resource: {} };
const TF = 'terraform {}\n';

async function find(
  files: Parameters<typeof folderWith>[0],
  paths: readonly string[],
  forced: readonly { kind: SourceKind; path: string }[] = [],
): Promise<string[]> {
  const cwd = folderWith(files);
  const made: Target[] = [];
  const factory = (target: Target): [] => {
    made.push(target);
    return [];
  };
  const factories = { directory: factory, state: factory, cdktf: factory, plan: factory };
  const found = await discover(paths, forced, { cwd, factories });
  expect(found.map((one) => one.target)).toEqual(made);
  return made.map((one) => {
    const extra =
      one.stateFile === undefined ? '' : ` with ${relative(cwd, one.stateFile)} of ${one.terraformWorkspace}`;
    return `${one.kind} ${relative(cwd, one.path) || '.'}${extra} as ${one.label}`;
  });
}

/** As `--record-live` writes it. */
const RECORDING = { ...(STATE as object), lineage: 'driftbom-snapshot', driftbom: { version: 1 } };

describe('discover', () => {
  it('does not take a recording of the live side for a declaration, unless told to', async () => {
    const files = { 'terraform.tfstate': STATE, 'live.snapshot.json': RECORDING };
    expect(await find(files, ['.'])).toEqual(['state terraform.tfstate as default']);
    await expect(find(files, ['live.snapshot.json'])).rejects.toThrow(/recording of the live side/);
    expect(await find(files, [], [{ kind: 'state', path: 'live.snapshot.json' }])).toHaveLength(1);
  });

  it('takes the working directory where nothing is named', async () => {
    expect(await find({ 'main.tf': TF }, [])).toEqual(['directory . as default']);
  });

  it.each<readonly [string, Parameters<typeof folderWith>[0], string, string[]]>([
    ['a folder with *.tf', { 'a/main.tf': TF }, 'a', ['directory a as a']],
    ['a folder with *.tf.json', { 'a/main.tf.json': {} }, 'a', ['directory a as a']],
    ['a CDKTF project', { 'a/cdktf.json': {}, 'a/main.ts': '' }, 'a', ['cdktf a as a']],
    [
      'a CDKTF project by its cdktf.json',
      { 'a/cdktf.json': { language: 'typescript' } },
      'a/cdktf.json',
      ['cdktf a as a'],
    ],
    [
      'a synthesized stack',
      { 'out/stacks/prod/cdk.tf.json': SYNTH },
      'out/stacks/prod',
      ['cdktf out/stacks/prod as out/stacks/prod'],
    ],
    ['a synthesized file', { 'x/cdk.tf.json': SYNTH }, 'x/cdk.tf.json', ['cdktf x/cdk.tf.json as x']],
    [
      'a synthesized folder of stacks',
      { 'out/manifest.json': {}, 'out/stacks/a/cdk.tf.json': SYNTH },
      'out',
      ['cdktf out as out'],
    ],
    ['a state', { 's/prod.tfstate': STATE }, 's/prod.tfstate', ['state s/prod.tfstate as s/prod']],
    ['a state of another name', { 'dump.json': STATE }, 'dump.json', ['state dump.json as dump']],
    ['a plan', { 'p.json': PLAN }, 'p.json', ['plan p.json as p']],
    ['a plan that is called a state', { 'p.tfstate': PLAN }, 'p.tfstate', ['plan p.tfstate as p']],
    [
      'a plan in UTF-16',
      { 'p.json': Buffer.from(`\ufeff${JSON.stringify(PLAN)}`, 'utf16le') },
      'p.json',
      ['plan p.json as p'],
    ],
    ['a file of a module', { 'a/main.tf': TF }, 'a/main.tf', ['directory a as a']],
    ['a broken state, whose reader says why', { 'x.tfstate': '{"version": 4,' }, 'x.tfstate', ['state x.tfstate as x']],
  ])('knows %s', async (_what, files, path, expected) => {
    expect(await find(files, [path])).toEqual(expected);
  });

  it('joins a state to the configuration beside it', async () => {
    const files = {
      'a/main.tf': TF,
      'a/terraform.tfstate': STATE,
      'a/terraform.tfstate.d/prod/terraform.tfstate': STATE,
    };
    expect(await find(files, ['a/terraform.tfstate'])).toEqual([
      'directory a with a/terraform.tfstate of default as a',
    ]);
    expect(await find(files, ['a/terraform.tfstate.d/prod/terraform.tfstate'])).toEqual([
      'directory a with a/terraform.tfstate.d/prod/terraform.tfstate of prod as a',
    ]);
  });

  it('finds every state below a folder, whatever its name, and no backup', async () => {
    const files = {
      'states/one/terraform.tfstate': STATE,
      'states/two/prod.tfstate': STATE,
      'states/two/prod.tfstate.backup': STATE,
      'states/three.json': STATE,
      'states/other.json': { hello: 1 },
      'states/.terraform/terraform.tfstate': { version: 3 },
      'states/node_modules/x/terraform.tfstate': STATE,
    };
    expect(await find(files, ['states'])).toEqual([
      'state states/three.json as states/three',
      'state states/one/terraform.tfstate as states/one',
      'state states/two/prod.tfstate as states/two/prod',
    ]);
  });

  it('finds root modules below a folder: those with a state or an initialised backend', async () => {
    const files = {
      'infra/a/main.tf': TF,
      'infra/a/terraform.tfstate': STATE,
      'infra/b/main.tf': TF,
      'infra/b/.terraform/terraform.tfstate': { version: 3, backend: {} },
      'infra/modules/m/main.tf': TF,
      'infra/c/cdktf.json': {},
    };
    expect(await find(files, ['infra'])).toEqual([
      'directory infra/a with infra/a/terraform.tfstate of default as infra/a',
      'directory infra/b as infra/b',
      'cdktf infra/c as infra/c',
    ]);
  });

  it('expands a glob', async () => {
    const files = { 'e/a/s.tfstate': STATE, 'e/b/s.tfstate': STATE, 'e/b/other.tfstate': STATE, 'x.tfstate': STATE };
    expect(await find(files, ['e/*/s.tfstate'])).toEqual([
      'state e/a/s.tfstate as e/a/s',
      'state e/b/s.tfstate as e/b/s',
    ]);
    expect(await find(files, ['**/*.tfstate'])).toHaveLength(4);
    expect(await find({ 's/a/main.tf': TF, 's/b/main.tf': TF }, ['s/*'])).toEqual([
      'directory s/a as s/a',
      'directory s/b as s/b',
    ]);
  });

  it('takes a place once, however often it is named', async () => {
    expect(await find({ 'a/main.tf': TF }, ['a', './a', 'a/main.tf', '*'])).toEqual(['directory a as a']);
  });

  it('gives each workspace a name of its own, whatever else is named', async () => {
    const files = { 'a.tfstate': STATE, 'a/terraform.tfstate': STATE };
    const labels = (await find(files, ['a.tfstate', 'a'])).map((line) => line.split(' as ')[1]);
    expect(new Set(labels).size).toBe(2);
  });

  it('names what lies outside the working directory by its own name, never by an absolute path', async () => {
    const elsewhere = folderWith({ 'stack/main.tf': TF, 'states/prod.tfstate': STATE });
    const found = await find({}, [join(elsewhere, 'stack'), join(elsewhere, 'states/prod.tfstate')]);
    expect(found.map((line) => line.split(' as ')[1])).toEqual(['stack', 'prod']);
  });

  it('lets the user force a reader', async () => {
    const files = { 'a/main.tf': TF, 'a/terraform.tfstate': STATE, 'a/p.json': PLAN };
    expect(await find(files, [], [{ kind: 'state', path: 'a/terraform.tfstate' }])).toEqual([
      'state a/terraform.tfstate as a',
    ]);
    expect(await find(files, [], [{ kind: 'state', path: 'a' }])).toEqual(['state a/terraform.tfstate as a']);
    expect(await find(files, [], [{ kind: 'plan', path: 'a' }])).toEqual(['plan a/p.json as a/p']);
    expect(await find(files, [], [{ kind: 'cdktf', path: 'a' }])).toEqual(['cdktf a as a']);
  });
});

describe('discover, where there is nothing to read', () => {
  it.each<readonly [string, Parameters<typeof folderWith>[0], string, RegExp]>([
    [
      'says what it looked for',
      { 'a/readme.md': 'x' },
      'a',
      /looked for cdktf\.json, cdk\.tf\.json, \*\.tf.*in this folder/,
    ],
    ['says that a path does not exist', {}, 'nope', /no such file or folder/],
    ['says that a glob matches nothing', {}, '*.tfstate', /nothing matches/],
    ['tells a binary plan', { plan: Buffer.from('PK\u0003\u0004xxxx') }, 'plan', /plan in binary form/],
    [
      'tells the JSON of a shown state',
      { 's.json': { format_version: '1.0', values: {} } },
      's.json',
      /terraform show -json/,
    ],
    ['tells any other file', { 'x.txt': 'hello' }, 'x.txt', /neither a Terraform state nor a plan/],
    ['tells other JSON', { 'x.json': [1] }, 'x.json', /neither a Terraform state nor a plan/],
    ['says that a forced folder has no such file', { 'a/x.json': '{}' }, 'state:a', /no state file in it or below/],
  ])('%s', async (_what, files, path, message) => {
    const run = path.startsWith('state:') ? find(files, [], [parseForced(path)]) : find(files, [path]);
    await expect(run).rejects.toMatchObject({ code: 'E_NOTHING_DECLARED', message: expect.stringMatching(message) });
  });
});

describe('parseForced', () => {
  it('reads kind:path, also with a colon in the path', () => {
    expect(parseForced('state:a:b.tfstate')).toEqual({ kind: 'state', path: 'a:b.tfstate' });
  });

  it.each(['x', 'other:x', 'state:', ':x', ''])('refuses %j', (text) => {
    expect(() => parseForced(text)).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
  });
});
