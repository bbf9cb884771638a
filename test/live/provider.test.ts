import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { providerReader, type ProviderReaderOptions } from '../../src/live/provider.ts';
import { packageDigest } from '../../src/terraform/package-digest.ts';
import { DriftbomError } from '../../src/model/error.ts';
import type { DeclaredResource, LiveAnswer, ProviderConfig } from '../../src/model/resource.ts';
import { UNKNOWN } from '../../src/model/value.ts';
import { collect, liveReaderContract } from '../contract/live-reader.ts';
import { declaredResource, providerConfig } from '../support/declared-samples.ts';
import { type TinyBehaviour, type TinyProvider, tinyProvider } from '../support/tiny-provider.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'reader-'));
  cleanups.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function tiny(behaviour: TinyBehaviour = {}): TinyProvider {
  const provider = tinyProvider(behaviour);
  cleanups.push(() => provider.remove());
  return provider;
}

function optionsFor(provider: TinyProvider, overrides: Partial<ProviderReaderOptions> = {}): ProviderReaderOptions {
  return {
    env: { ...provider.env },
    homeDir: 'no-home',
    cacheDir: undefined,
    sleep: () => Promise.resolve(),
    ...overrides,
  };
}

/** Reads with a fresh reader. */
async function read(
  provider: TinyProvider,
  wanted: readonly DeclaredResource[],
  configs: readonly ProviderConfig[] = [providerConfig()],
  overrides: Partial<ProviderReaderOptions> = {},
): Promise<Record<string, LiveAnswer>> {
  const reader = providerReader(optionsFor(provider, overrides));
  try {
    const answers = await collect(reader, wanted, configs);
    expect(answers).toHaveLength(wanted.length);
    return Object.fromEntries(answers.map((one) => [one.resource.ref.address, one]));
  } finally {
    await reader.close();
  }
}

const server = (id: string, more: object = {}): DeclaredResource =>
  declaredResource('tiny_server', { id, name: `name of ${id}`, ...more }, { state: { schemaVersion: 1 } });

const count = (provider: TinyProvider, call: string): number =>
  provider.calls().filter((line) => line === call || line.startsWith(`${call} `)).length;

async function failure(work: Promise<unknown>): Promise<DriftbomError> {
  const thrown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(thrown).toBeInstanceOf(DriftbomError);
  return thrown as DriftbomError;
}

for (const protocol of [5, 6] as const) {
  liveReaderContract(`the provider reader on protocol ${protocol}`, () => {
    const provider = tinyProvider({ protocol, read: { denied: { summary: 'AccessDenied', detail: 'no' } } });
    provider.setLive({ gone: null, same: { size: 9 } });
    const { state: _, ...unapplied } = server('new');
    return {
      reader: providerReader(optionsFor(provider)),
      wanted: [server('same'), server('gone'), server('denied'), { ...unapplied, state: undefined }],
      providers: [providerConfig()],
      expected: {
        'tiny_server.same': 'found',
        'tiny_server.gone': 'absent',
        'tiny_server.denied': 'unread',
        'tiny_server.new': 'unread',
      },
      tearDown: () => provider.remove(),
    };
  });
}

describe('reading through the provider', () => {
  it('gives state and live in the same schema, with what was changed behind Terraform’s back', async () => {
    const provider = tiny();
    provider.setLive({ web: { size: 900, rules: [{ port: 22, cidr: '0.0.0.0/0' }], labels: { __proto__x: 'y' } } });
    const { 'tiny_server.web': answer } = await read(provider, [server('web', { size: 5, rules: [] })]);
    expect(answer).toMatchObject({ kind: 'found', schema: { version: 1 } });
    if (answer?.kind !== 'found') return;
    expect(answer.prior).toMatchObject({ size: 5, rules: [], disk: [], labels: null });
    expect(answer.live).toMatchObject({ size: 900, rules: [{ port: 22, cidr: '0.0.0.0/0' }], disk: [] });
    expect(answer.schema?.block.attributes.password).toEqual({ type: 'string', optional: true, sensitive: true });
    expect(answer.schema?.block.blocks.disk).toMatchObject({ nesting: 'list', maxItems: 1 });
  });

  it('reads attributes that have attributes of their own (protocol 6)', async () => {
    const provider = tiny({ protocol: 6 });
    provider.setLive({ n: { settings: { mode: 'loud' }, endpoints: [{ host: 'b', key: null }] } });
    const wanted = declaredResource('tiny_nested', { id: 'n', settings: { mode: 'calm' }, endpoints: [] });
    const { 'tiny_nested.n': answer } = await read(provider, [wanted]);
    expect(answer).toMatchObject({ kind: 'found', live: { settings: { mode: 'loud' }, endpoints: [{ host: 'b' }] } });
    if (answer?.kind !== 'found') return;
    expect(answer.schema?.block.attributes.endpoints?.nested).toMatchObject({
      nesting: 'list',
      attributes: { key: { writeOnly: true, sensitive: true } },
    });
  });

  it('carries numbers that no double holds through the state upgrade and back', async () => {
    const provider = tiny();
    const wanted = declaredResource('tiny_number', { id: 'n', big: '123456789012345678901234567890' });
    const { 'tiny_number.n': answer } = await read(provider, [
      { ...wanted, state: wanted.state && { ...wanted.state, attributes: { id: 'n', big: '9007199254740993' } } },
    ]);
    // The tiny provider parses JSON numbers with JavaScript: had we sent text, it would have come back as text.
    expect(answer).toMatchObject({ kind: 'found', prior: { big: 9007199254740992 } });
  });

  it('brings an older state to the present schema', async () => {
    const provider = tiny();
    const wanted = declaredResource('tiny_server', { id: 'old', title: 'before' });
    expect(await read(provider, [wanted])).toMatchObject({
      'tiny_server.old': { kind: 'found', prior: { name: 'before' }, live: { name: 'before' } },
    });
  });

  it('believes that an object is gone only after a second look', async () => {
    const provider = tiny({ read: { blink: { absent: true, times: 1 }, gone: { absent: true } } });
    expect(await read(provider, [server('blink'), server('gone')])).toMatchObject({
      'tiny_server.blink': { kind: 'found' },
      'tiny_server.gone': { kind: 'absent' },
    });
    expect(count(provider, 'read tiny_server/gone')).toBe(2);
  });

  it.each([
    [404, 'absent'],
    [200, 'absent'],
    [400, 'access-denied'],
    [403, 'access-denied'],
    [429, 'throttled'],
    [500, 'provider-error'],
    ['unanswered', 'provider-error'],
  ] as const)('believes it only where the cloud did not refuse to tell: %s is %s', async (status, expected) => {
    const provider = tiny({ read: { x: { absent: true, status }, gone: { absent: true, status: 404 } } });
    const answers = await read(provider, [server('x'), server('gone'), server('fine')]);
    const x = answers['tiny_server.x'];
    expect(x?.kind === 'unread' ? x.reason : x?.kind).toBe(expected);
    expect(answers).toMatchObject({ 'tiny_server.gone': { kind: 'absent' }, 'tiny_server.fine': { kind: 'found' } });
  });

  it('believes a provider that logs nothing', async () => {
    const provider = tiny({ silent: true, read: { x: { absent: true, status: 403 } } });
    expect(await read(provider, [server('x')])).toMatchObject({ 'tiny_server.x': { kind: 'absent' } });
  });

  it('reports progress over everything that is wanted', async () => {
    const seen: string[] = [];
    await read(tiny(), [server('a'), server('b')], undefined, {
      onProgress: (done, total) => seen.push(`${done}/${total}`),
    });
    expect(seen).toEqual(['1/2', '2/2']);
  });

  it('answers for Terraform’s built-in provider from the state, as Terraform does', async () => {
    const provider = 'terraform.io/builtin/terraform';
    const wanted = declaredResource('terraform_data', { id: 'd', input: 'x' }, { provider, providerKey: 'builtin' });
    expect(await read(tiny(), [wanted], [])).toMatchObject({
      'terraform_data.d': { kind: 'found', prior: { input: 'x' }, live: { input: 'x' } },
    });
  });
});

describe('faults of single resources', () => {
  it('become gaps with the reason, and the rest is read', async () => {
    const provider = tiny({
      read: {
        denied: { summary: 'reading', detail: 'api error AccessDenied: not authorized to perform this' },
        odd: { summary: 'reading', detail: 'internal failure' },
      },
      upgrade: { rotten: { summary: 'cannot upgrade' } },
    });
    const newer = declaredResource('tiny_server', { id: 'newer' }, { state: { schemaVersion: 7 } });
    const alien = declaredResource('tiny_alien', { id: 'x' });
    const wanted = [...['denied', 'odd', 'rotten', 'fine'].map((id) => server(id)), newer, alien];
    expect(await read(provider, wanted)).toMatchObject({
      'tiny_server.fine': { kind: 'found' },
      'tiny_server.denied': {
        kind: 'unread',
        reason: 'access-denied',
        message: expect.stringContaining('AccessDenied'),
      },
      'tiny_server.odd': { kind: 'unread', reason: 'provider-error', message: 'reading: internal failure' },
      'tiny_server.rotten': { kind: 'unread', reason: 'state-upgrade-failed', message: 'cannot upgrade' },
      'tiny_server.newer': { kind: 'unread', reason: 'newer-state' },
      'tiny_alien.x': { kind: 'unread', reason: 'unknown-type' },
    });
  });

  it('become gaps where the deadline passes', async () => {
    const provider = tiny({ read: { slow: { delayMs: 60_000 } } });
    expect(await read(provider, [server('slow')], undefined, { deadlineMs: 500 })).toMatchObject({
      'tiny_server.slow': { kind: 'unread', reason: 'timeout', message: 'no answer within 0.5 s' },
    });
  });

  it('waits longer and longer while the cloud throttles, and gives up after four tries', async () => {
    const throttle = { summary: 'reading', detail: 'ThrottlingException: Rate exceeded' };
    const provider = tiny({ read: { busy: { ...throttle, times: 3 }, jammed: throttle } });
    const waits: number[] = [];
    const overrides = { sleep: async (ms: number) => void waits.push(ms), chance: () => 0.5, parallelism: 1 };
    expect(await read(provider, [server('busy'), server('jammed')], undefined, overrides)).toMatchObject({
      'tiny_server.busy': { kind: 'found' },
      'tiny_server.jammed': { kind: 'unread', reason: 'throttled' },
    });
    expect(waits).toEqual([375, 750, 1500, 375, 750, 1500]);
    expect(count(provider, 'read tiny_server/jammed')).toBe(4);
  });

  it('does not read more at once than it may', async () => {
    const provider = tiny({ read: { tiny_server: { delayMs: 150 } } });
    const started = Date.now();
    await read(
      provider,
      ['a', 'b', 'c', 'd'].map((id) => server(id)),
      undefined,
      { parallelism: 1 },
    );
    expect(Date.now() - started).toBeGreaterThanOrEqual(600);
  });
});

describe('a provider that dies', () => {
  it('is started once more, and everything is read', async () => {
    const provider = tiny({ read: { b: { crash: true, times: 1 } } });
    const answers = await read(
      provider,
      ['a', 'b', 'c'].map((id) => server(id)),
    );
    expect(Object.values(answers).map((one) => one.kind)).toEqual(['found', 'found', 'found']);
    expect(count(provider, 'start')).toBe(2);
  });

  it('loses only the resource that kills it again', async () => {
    const provider = tiny({ read: { poison: { crash: true } } });
    const ids = ['a', 'b', 'c', 'd', 'poison'];
    const answers = await read(
      provider,
      ids.map((id) => server(id)),
      undefined,
      { parallelism: 2 },
    );
    const { 'tiny_server.poison': dead, ...rest } = answers;
    expect(dead).toMatchObject({ kind: 'unread', reason: 'provider-crashed' });
    expect(dead).toMatchObject({ message: expect.stringContaining('panic: tiny provider told to crash') });
    expect(Object.values(rest).map((one) => one.kind)).toEqual(['found', 'found', 'found', 'found']);
    expect(count(provider, 'start')).toBe(2);
  });

  it('loses what it called gone, where it dies while that is confirmed', async () => {
    const provider = tiny({ read: { gone: { absent: true, times: 1 }, fine: { delayMs: 50 } } });
    provider.setLive({ gone: null });
    expect(await read(provider, [server('gone'), server('fine')])).toMatchObject({
      'tiny_server.gone': { kind: 'absent' },
    });
    provider.setBehaviour({ read: { also: { absent: true, times: 1 }, tiny_server: { crash: true } } });
    expect(await read(provider, [server('also')])).toMatchObject({
      'tiny_server.also': { kind: 'unread', reason: 'provider-crashed' },
    });
  });

  it('never turns what it left unread into something absent', async () => {
    const provider = tiny({ read: { tiny_server: { crash: true } } });
    const answers = Object.values(
      await read(
        provider,
        ['a', 'b', 'c'].map((id) => server(id)),
      ),
    );
    expect(answers.map((one) => (one.kind === 'unread' ? one.reason : one.kind))).toEqual(
      Array(3).fill('provider-crashed'),
    );
    expect(count(provider, 'start')).toBe(2);
  });
});

describe('a provider that does not start', () => {
  it.each([
    ['exit', 'it ended at once (exit code 3); it wrote: cannot open the thing that it needs'],
    ['garbage', 'its first line is no plugin handshake'],
    ['silent', 'it did not say where it serves within'],
  ] as const)('is one error: %s', async (start, message) => {
    const error = await failure(
      read(tiny({ start }), [server('a')], undefined, { setUpMs: start === 'silent' ? 500 : 60_000 }),
    );
    expect(error.code).toBe('E_PROVIDER_START');
    expect(error.message).toContain(message);
  });

  it('leaves no folder behind', async () => {
    const tempDir = folder();
    await failure(read(tiny({ start: 'garbage' }), [server('a')], undefined, { tempDir }));
    expect(readdirSync(tempDir)).toEqual([]);
  });

  it('is one error that lists where it was looked for, where it is not installed', async () => {
    const provider = tiny();
    const error = await failure(
      read(provider, [server('a')], [providerConfig({ source: 'registry.terraform.io/driftbom/other' })]),
    );
    expect(error.code).toBe('E_PROVIDER_MISSING');
    expect(error.message).toContain(provider.mirrorDir);
    expect(error.cure).toContain('terraform init');
  });

  it('makes gaps of its own resources only, where another provider works', async () => {
    const other = providerConfig({ key: 'other', source: 'registry.terraform.io/driftbom/other' });
    const lost = declaredResource('other_thing', { id: 'o' }, { providerKey: 'other', provider: other.source });
    expect(await read(tiny(), [server('a'), lost], [providerConfig(), other])).toMatchObject({
      'tiny_server.a': { kind: 'found' },
      'other_thing.o': { kind: 'unread', reason: 'provider-missing' },
    });
  });

  it('is not run at all when its files are not those of the lock file', async () => {
    const provider = tiny();
    const locked = providerConfig({ lockedVersion: provider.version, hashes: ['h1:AAAA', 'zh:00'] });
    expect((await failure(read(provider, [server('a')], [locked]))).code).toBe('E_PROVIDER_CHECKSUM');
    expect(provider.calls()).toEqual([]);
    const digest = await packageDigest(join(provider.executable, '..'), undefined);
    const right = providerConfig({ lockedVersion: provider.version, hashes: ['h1:AAAA', digest] });
    expect(await read(provider, [server('a')], [right])).toMatchObject({ 'tiny_server.a': { kind: 'found' } });
  });
});

describe('configuring a provider', () => {
  it('sends every argument, null or empty where unset, and text as the type wants it', async () => {
    const provider = tiny();
    const values = { region: 'eu-west-1', retries: '3', assume: { role: 'r' }, version: '~> 1.0' };
    await read(provider, [server('a')], [providerConfig({ values })]);
    const sent = provider.calls().find((line) => line.startsWith('configure'));
    expect(JSON.parse((sent as string).slice('configure '.length, sent?.lastIndexOf(' in ')))).toEqual({
      region: 'eu-west-1',
      token: null,
      retries: 3,
      tags: null,
      assume: [{ role: 'r' }],
    });
  });

  it('runs it in the folder of its configuration, where relative paths start', async () => {
    const provider = tiny();
    const directory = folder();
    await read(provider, [server('a')], [providerConfig({ directory })]);
    expect(provider.calls().find((line) => line.startsWith('configure'))).toMatch(new RegExp(` in \\S*${directory}$`));
  });

  it('says which argument is wrong, where it is', async () => {
    const wrong = [providerConfig({ values: { retries: 'many' } })];
    const error = await failure(read(tiny(), [server('a')], wrong));
    expect([error.code, error.message]).toEqual(['E_PROVIDER_CONFIG', expect.stringContaining('retries is no number')]);
    const unheard = await failure(read(tiny(), [server('a')], [providerConfig({ values: { colour: 'red' } })]));
    expect(unheard.message).toContain('colour is not known to the provider');
  });

  it('is one error without credentials, and repeats no secret', async () => {
    const provider = tiny({
      configure: { summary: 'No valid credential sources found', detail: 'tried hunter2secret' },
    });
    const configs = ['a', 'b'].map((key) => providerConfig({ key, values: { region: key, token: 'hunter2secret' } }));
    const wanted = configs.map(({ key }) => ({ ...server(key), providerKey: key }));
    const error = await failure(read(provider, wanted, configs));
    expect(error.code).toBe('E_CREDENTIALS');
    expect(error.message).toContain('tried (sensitive)');
  });

  it('never sends what is not known: its resources are gaps that name the argument', async () => {
    const provider = tiny();
    const unknown = providerConfig({ key: 'u', values: { assume: [{ role: UNKNOWN }] } });
    const answers = await read(
      provider,
      [server('a'), { ...server('b'), providerKey: 'u' }],
      [providerConfig(), unknown],
    );
    expect(answers).toMatchObject({
      'tiny_server.a': { kind: 'found' },
      'tiny_server.b': { kind: 'unread', reason: 'provider-not-configured' },
    });
    expect(answers['tiny_server.b']).toMatchObject({ message: expect.stringContaining('assume[0].role') });
    expect(count(provider, 'configure')).toBe(1);
  });

  it('starts one process for ten workspaces that say the same, and one each where they differ', async () => {
    const provider = tiny();
    const configs = Array.from({ length: 10 }, (_, i) =>
      providerConfig({ key: `w${i}`, directory: `folder-${i}`, values: { tags: { b: 'x', a: 'y' } } }),
    );
    const other = providerConfig({ key: 'o', values: { region: 'elsewhere' } });
    const wanted = [...configs, other].map(({ key }) => ({ ...server(key), providerKey: key }));
    await read(provider, wanted, [...configs, other]);
    expect(count(provider, 'start')).toBe(2);
    expect(count(provider, 'read')).toBe(11);
  });
});

describe('the schema', () => {
  it('is asked for once, then never again for that very file', async () => {
    const provider = tiny();
    const cacheDir = folder();
    await read(provider, [server('a')], undefined, { cacheDir });
    await read(provider, [server('b')], undefined, { cacheDir });
    expect(count(provider, 'schema')).toBe(1);
    const unheard = declaredResource('tiny_alien', { id: 'x' });
    await read(provider, [server('a'), unheard], undefined, { cacheDir });
    await read(provider, [server('a'), unheard], undefined, { cacheDir });
    expect(count(provider, 'schema')).toBe(2);
  });

  it('is asked for by every process where the provider insists on it', async () => {
    const provider = tiny({ schemaOptional: false });
    const cacheDir = folder();
    await read(provider, [server('a')], undefined, { cacheDir });
    await read(provider, [server('a')], undefined, { cacheDir });
    expect(count(provider, 'schema')).toBe(2);
    expect(existsSync(join(cacheDir, 'schemas'))).toBe(false);
  });

  it('is asked for once by two processes of one run', async () => {
    const provider = tiny();
    const other = providerConfig({ key: 'o', values: { region: 'elsewhere' } });
    await read(provider, [server('a'), { ...server('b'), providerKey: 'o' }], [providerConfig(), other]);
    expect([count(provider, 'start'), count(provider, 'schema')]).toEqual([2, 1]);
  });
});

describe('closing', () => {
  it('ends a read that hangs, at once, and leaves no process and no folder', async () => {
    const provider = tiny({ read: { slow: { delayMs: 60_000 } } });
    const tempDir = folder();
    const reader = providerReader(optionsFor(provider, { tempDir }));
    const answers: LiveAnswer[] = [];
    for await (const answer of reader.read([server('quick'), server('slow')], [providerConfig()])) {
      answers.push(answer);
      if (answers.length === 1) void reader.close();
    }
    expect(answers.map((one) => one.kind)).toEqual(['found', 'unread']);
    await reader.close();
    expect(readdirSync(tempDir)).toEqual([]);
  });

  it('names the versions that answered', async () => {
    const provider = tiny();
    const reader = providerReader(optionsFor(provider));
    await collect(reader, [server('a')], [providerConfig()]);
    expect(reader.versions()).toEqual([{ source: provider.source, version: provider.version }]);
    await reader.close();
  });
});
