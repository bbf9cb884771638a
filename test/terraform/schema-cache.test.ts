import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResourceSchema } from '../../src/model/schema.ts';
import { readCached, writeCached } from '../../src/terraform/cache-file.ts';
import type { SchemaAnswer } from '../../src/terraform/plugin/schema-message.ts';
import { cachedSchema, rememberSchema } from '../../src/terraform/schema-cache.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cache-'));
  writeFileSync(join(root, 'provider'), 'build one');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const provider = () => ({ source: 's', version: '1.0.0', executable: join(root, 'provider'), folder: undefined });
const cacheDir = () => join(root, 'cache');
const schema = (version: number): ResourceSchema => ({
  version,
  block: { attributes: { id: { type: 'string', computed: true } }, blocks: {} },
});
const answer = (types: Record<string, ResourceSchema | undefined>, optional = true): SchemaAnswer => ({
  provider: schema(0),
  resources: new Map(Object.entries(types)),
  optional,
  diagnostics: [],
});
const file = (): string => join(cacheDir(), 'schemas', readdirSync(join(cacheDir(), 'schemas'))[0] as string);

describe('the schema cache', () => {
  it('gives back what was stored, and what the provider did not know as not known', async () => {
    await rememberSchema(provider(), cacheDir(), undefined, answer({ a: schema(3), alien: undefined }));
    const known = await cachedSchema(provider(), cacheDir());
    expect(known).toEqual({
      provider: schema(0),
      optional: true,
      resources: new Map([
        ['a', schema(3)],
        ['alien', undefined],
      ]),
    });
  });

  it('adds further types to those it has', async () => {
    const first = await rememberSchema(provider(), cacheDir(), undefined, answer({ a: schema(1) }));
    await rememberSchema(provider(), cacheDir(), first, answer({ b: schema(2) }));
    expect([...((await cachedSchema(provider(), cacheDir()))?.resources.keys() ?? [])].sort()).toEqual(['a', 'b']);
  });

  it('stores nothing of a provider that wants to be asked each time', async () => {
    await rememberSchema(provider(), cacheDir(), undefined, answer({ a: schema(1) }, false));
    expect(await cachedSchema(provider(), cacheDir())).toBeUndefined();
  });

  it('knows nothing of another build or version of the same provider', async () => {
    await rememberSchema(provider(), cacheDir(), undefined, answer({ a: schema(1) }));
    expect(await cachedSchema({ ...provider(), version: '1.0.1' }, cacheDir())).toBeUndefined();
    writeFileSync(join(root, 'provider'), 'build two');
    expect(await cachedSchema(provider(), cacheDir())).toBeUndefined();
  });

  it('ignores a file with any byte changed or cut off, and writes it anew', async () => {
    await rememberSchema(provider(), cacheDir(), undefined, answer({ a: schema(1) }));
    const whole = readFileSync(file());
    for (const at of [0, 40, 70, whole.length - 2]) {
      const wounded = Buffer.from(whole);
      wounded[at] = (wounded[at] as number) ^ 1;
      writeFileSync(file(), wounded);
      expect(await cachedSchema(provider(), cacheDir())).toBeUndefined();
    }
    writeFileSync(file(), whole.subarray(0, 100));
    expect(await cachedSchema(provider(), cacheDir())).toBeUndefined();
    await rememberSchema(provider(), cacheDir(), undefined, answer({ a: schema(1) }));
    expect(await cachedSchema(provider(), cacheDir())).toBeDefined();
    expect(readdirSync(join(cacheDir(), 'schemas'))).toHaveLength(1);
  });

  it('does without a folder that cannot be written', async () => {
    writeFileSync(cacheDir(), 'a file is in the way');
    await rememberSchema(provider(), cacheDir(), undefined, answer({ a: schema(1) }));
    expect(await cachedSchema(provider(), cacheDir())).toBeUndefined();
  });

  it('does not take a file for another key that was moved into its place', async () => {
    await writeCached(cacheDir(), 'kind', 'one', 'value');
    const [name] = readdirSync(join(cacheDir(), 'kind'));
    const bytes = readFileSync(join(cacheDir(), 'kind', name as string));
    await writeCached(cacheDir(), 'kind', 'two', 'other');
    mkdirSync(join(cacheDir(), 'kind'), { recursive: true });
    const second = readdirSync(join(cacheDir(), 'kind')).find((one) => one !== name) as string;
    writeFileSync(join(cacheDir(), 'kind', second), bytes);
    expect(await readCached(cacheDir(), 'kind', 'two')).toBeUndefined();
    expect(await readCached(cacheDir(), 'kind', 'one')).toBe('value');
  });
});
