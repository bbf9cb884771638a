import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stateFile, stateFiles } from '../../src/declared/state.ts';
import { declaredSourceContract } from '../contract/declared-source.ts';
import { folderWith } from '../support/folder.ts';
import { AWS, stateOf } from '../support/state-samples.ts';

const EAST = `provider["${AWS}"].east`;
const STATE = stateOf([
  { type: 'aws_x', name: 'a', attributes: { id: 'i' } },
  { type: 'aws_x', name: 'b', attributes: { id: 'j' }, provider: EAST },
  { type: 'aws_x', name: 'b', attributes: {}, deposed: '00000001', provider: EAST },
  { mode: 'data', type: 'aws_y', attributes: {}, provider: 'provider["registry.terraform.io/hashicorp/http"]' },
]);
const LOCK = `provider "${AWS}" {\n  version = "5.100.0"\n  hashes = ["h1:x"]\n}\n`;

const options = (files: Parameters<typeof folderWith>[0], name = 'prod.tfstate'): Parameters<typeof stateFile>[0] => ({
  path: join(folderWith(files), name),
  shown: `states/${name}`,
  workspace: 'states/prod',
});

declaredSourceContract('a state file', async () =>
  stateFile(options({ 'prod.tfstate': STATE, '.terraform.lock.hcl': LOCK })),
);

describe('a state file', () => {
  it('gives what the state holds, under the name of its workspace', async () => {
    const declared = await stateFile(options({ 'prod.tfstate': STATE })).read();
    expect(declared).toMatchObject({
      reader: 'terraform state',
      workspace: 'states/prod',
      resources: [{ ref: { address: 'aws_x.a' } }, { ref: { address: 'aws_x.b' } }],
      gaps: [{ address: 'aws_x.b', reason: 'deposed' }],
      skippedDataSources: 1,
      inputs: [{ kind: 'state', name: 'states/prod.tfstate', serial: 7 }],
    });
  });

  it('has an empty provider configuration for each block that resources use, with the lock file beside it', async () => {
    const { providers } = await stateFile(options({ 'prod.tfstate': STATE, '.terraform.lock.hcl': LOCK })).read();
    expect(providers).toMatchObject([
      { source: AWS, alias: undefined, values: {}, lockedVersion: '5.100.0', hashes: ['h1:x'] },
      { source: AWS, alias: 'east', values: {} },
    ]);
  });

  it('keeps the keys of several states apart', async () => {
    const folder = folderWith({ 'a.tfstate': STATE, 'b.tfstate': STATE });
    const sources = stateFiles(
      ['a', 'b'].map((name) => ({ path: join(folder, `${name}.tfstate`), shown: name, workspace: name })),
    );
    const read = await Promise.all(sources.map((source) => source.read()));
    const keys = read.flatMap((one) => one.providers.map((provider) => provider.key));
    expect(new Set(keys).size).toBe(4);
  });

  it('that is not there or broken is one clear error', async () => {
    await expect(stateFile(options({}, 'none.tfstate')).read()).rejects.toMatchObject({
      code: 'E_NOTHING_DECLARED',
      message: 'cannot read states/none.tfstate: there is no such file (ENOENT)',
    });
    await expect(stateFile(options({ 'prod.tfstate': '{' })).read()).rejects.toMatchObject({ code: 'E_STATE_FORMAT' });
    await expect(stateFile(options({ 'prod.tfstate': { version: 3 } })).read()).rejects.toMatchObject({
      code: 'E_STATE_VERSION',
    });
  });

  it('in UTF-16, as PowerShell writes it, is read all the same', async () => {
    const utf16 = Buffer.from(`\ufeff${JSON.stringify(STATE)}`, 'utf16le');
    expect((await stateFile(options({ 'prod.tfstate': utf16 })).read()).resources).toHaveLength(2);
  });
});
