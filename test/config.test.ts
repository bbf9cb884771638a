import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configJsonSchema, loadConfig, parseConfig } from '../src/config.ts';

describe('driftbom.yaml', () => {
  it('takes ignore rules with reason, owner and end', () => {
    const text = `
version: 1
ignore:
  - type: aws_lambda_function
    path: tags.LastDeployed
    reason: written by the deploy script
    owner: team-orders
    until: 2027-01-31
`;
    expect(parseConfig(text, 'driftbom.yaml').ignore).toEqual([
      {
        type: 'aws_lambda_function',
        path: 'tags.LastDeployed',
        reason: 'written by the deploy script',
        owner: 'team-orders',
        until: '2027-01-31',
      },
    ]);
  });

  it('lists every fault at once, each with its key', () => {
    const text = 'version: 2\nscan: { paralelism: 4 }\nignore: [{ type: x }, { reason: all, until: 2027-02-31 }]\n';
    const attempt = (): unknown => parseConfig(text, 'driftbom.yaml');
    for (const key of ['version', 'scan', 'ignore.0.reason', 'ignore.1']) expect(attempt).toThrow(key);
    expect(attempt).toThrow(expect.objectContaining({ code: 'E_CONFIG' }));
  });

  it('names line and column of broken YAML, and refuses a key written twice', () => {
    expect(() => parseConfig('version: 1\nignore: [\n', 'driftbom.yaml')).toThrow(/driftbom\.yaml:\d+:\d+/);
    expect(() => parseConfig('version: 1\nversion: 1\n', 'driftbom.yaml')).toThrow(/driftbom\.yaml:2:1/);
  });

  it('takes the identities of the pipeline and the places of reasons', () => {
    const block = {
      pipeline: { roles: ['deploy-*'], subjects: ['repo:acme/infra:*'], users: ['ci'], userAgents: ['atlantis'] },
      ticketPattern: 'CHG\\d+',
      changeRecords: ['changes.csv'],
      gitRepositories: [{ path: '.', pullRequests: 'prs.json' }],
    };
    expect(parseConfig(JSON.stringify({ version: 1, attribution: block }), 'd').attribution).toEqual(block);
    const wrong = { pipeline: { role: ['x'] }, ticketPattern: '(', gitRepositories: ['.'] };
    const attempt = (): unknown => parseConfig(JSON.stringify({ version: 1, attribution: wrong }), 'd');
    for (const fault of ['attribution.pipeline', 'no regular expression', 'gitRepositories.0']) {
      expect(attempt).toThrow(fault);
    }
  });

  it('refuses a rule that would ignore everything', () => {
    expect(() => parseConfig('version: 1\nignore: [{ reason: noise }]\n', 'd')).toThrow('at least one of type');
  });

  it('survives an alias bomb', () => {
    const bomb = `version: 1\na: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh']
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
      .join('\n')}\n`;
    expect(() => parseConfig(bomb, 'd')).toThrow();
  });

  it('is found in the first folder that has one; only a file that was named must be there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'driftbom-config-'));
    await writeFile(join(folder, 'driftbom.yaml'), 'version: 1\nledger: here\n');
    expect(await loadConfig(undefined, [join(folder, 'absent'), folder])).toEqual({ version: 1, ledger: 'here' });
    expect(await loadConfig(undefined, [join(folder, 'absent')])).toEqual({ version: 1 });
    await expect(loadConfig(join(folder, 'absent.yaml'), [])).rejects.toMatchObject({ code: 'E_CONFIG' });
  });

  it('has a published JSON Schema that is up to date', async () => {
    const file = new URL('../schema/driftbom.schema.json', import.meta.url);
    const current = `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`;
    if (process.env.UPDATE_GOLDEN !== undefined) await writeFile(file, current);
    expect(await readFile(file, 'utf8')).toBe(current);
  });
});
