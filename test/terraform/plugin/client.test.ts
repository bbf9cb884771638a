import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { typeOfBlock } from '../../../src/terraform/block-type.ts';
import { decodeValue, encodeValue } from '../../../src/terraform/msgpack.ts';
import { type ProviderClient, startProvider } from '../../../src/terraform/plugin/client.ts';
import { type TinyProvider, tinyProvider } from '../../support/tiny-provider.ts';

let tempDir: string;
beforeEach(() => {
  tempDir = mkdtempSync(join(tmpdir(), 'client-'));
});
afterEach(() => rmSync(tempDir, { recursive: true, force: true }));

const soon = (): number => Date.now() + 30_000;

async function using(
  provider: TinyProvider,
  act: (client: ProviderClient) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  const { executable, source } = provider;
  const client = await startProvider({ executable, source, cwd: '.', env, tempDir, startMs: 30_000 });
  try {
    await act(client);
  } finally {
    await client.close();
    provider.remove();
  }
}

describe.each([5, 6] as const)('a client of protocol %i', (protocol) => {
  it('decodes only the types that are wanted, and says which the provider does not know', () =>
    using(tinyProvider({ protocol }), async (client) => {
      const answer = await client.schema(new Set(['tiny_rule', 'tiny_alien']), soon());
      expect(client.protocol).toBe(protocol);
      expect([...answer.resources]).toEqual([
        ['tiny_rule', { version: 0, block: expect.anything() }],
        ['tiny_alien', undefined],
      ]);
      // A data source of the name tiny_server exists too and must not be taken for the resource.
      expect(answer.resources.get('tiny_rule')?.block.attributes.port).toEqual({ type: 'number', required: true });
      expect(answer.optional).toBe(true);
      expect(answer.provider.block.attributes.token).toEqual({ type: 'string', optional: true, sensitive: true });
    }));

  it('plans one resource and hears which attributes force a new one', () =>
    using(tinyProvider({ protocol }), async (client) => {
      const schema = (await client.schema(new Set(['tiny_rule']), soon())).resources.get('tiny_rule');
      const type = typeOfBlock(schema?.block ?? { attributes: {}, blocks: {} });
      const value = (port: number) => encodeValue({ id: 'r', server: 's', port }, type);
      const answer = await client.plan(
        { type: 'tiny_rule', prior: value(1), proposed: value(2), config: value(2), private: Buffer.from('mine') },
        soon(),
      );
      expect(decodeValue(answer.state as Uint8Array, type)).toEqual({ id: 'r', server: 's', port: 2 });
      expect(Buffer.from(answer.private as Uint8Array).toString()).toBe('mine');
      expect(answer.replace).toEqual(['rules[0]']);
      expect(answer.diagnostics).toEqual([]);
    }));

  it('hands private data through a read, and stops when asked', () =>
    using(tinyProvider({ protocol }), async (client) => {
      const state = encodeValue({ id: 'x' }, ['object', { id: 'string' }]);
      const answer = await client.read({ type: 'tiny_rule', state, private: Buffer.from([0, 255]) }, soon());
      expect([...(answer.private as Uint8Array)]).toEqual([0, 255]);
      await client.stop(soon());
    }));

  it('gives up at the deadline', () =>
    using(tinyProvider({ protocol, read: { tiny_rule: { delayMs: 60_000 } } }), async (client) => {
      const state = encodeValue({ id: 'x' }, ['object', { id: 'string' }]);
      const reading = client.read({ type: 'tiny_rule', state, private: undefined }, Date.now() + 200);
      await expect(reading).rejects.toMatchObject({ name: 'CallFault', kind: 'deadline' });
      expect(await client.crashed()).toBe(false);
    }));

  it('sees that the process died, and keeps its last words', () =>
    using(tinyProvider({ protocol, read: { tiny_rule: { crash: true } } }), async (client) => {
      const state = encodeValue({ id: 'x' }, ['object', { id: 'string' }]);
      const reading = client.read({ type: 'tiny_rule', state, private: undefined }, soon());
      await expect(reading).rejects.toMatchObject({ name: 'CallFault', kind: 'lost' });
      expect(await client.crashed()).toBe(true);
      expect(client.stderr()).toContain('panic: tiny provider told to crash');
      expect(readdirSync(tempDir)).toEqual([]);
    }));
});

describe('the process of a provider', () => {
  it('serves from a private folder that goes with it', async () => {
    const provider = tinyProvider();
    const { executable, source } = provider;
    const client = await startProvider({ executable, source, cwd: '.', env: {}, tempDir, startMs: 30_000 });
    const [folder] = readdirSync(tempDir);
    expect(folder).toBeDefined();
    await client.close();
    await client.close();
    expect(existsSync(join(tempDir, folder as string))).toBe(false);
    provider.remove();
  });

  it('does not see the plugin settings of a Terraform above us', () =>
    using(
      tinyProvider(),
      async (client) => {
        // With a client certificate the provider would answer in TLS, and a foreign socket folder would be used.
        expect((await client.schema(new Set(), soon())).diagnostics).toEqual([]);
      },
      { PLUGIN_CLIENT_CERT: 'x', PLUGIN_UNIX_SOCKET_DIR: 'no-such-folder' },
    ));

  it('is one error where the file cannot be run', async () => {
    const options = { executable: join(tempDir, 'none'), source: 'a/b/c', cwd: '.', env: {}, tempDir, startMs: 30_000 };
    await expect(startProvider(options)).rejects.toMatchObject({
      code: 'E_PROVIDER_START',
      message: expect.stringContaining('a/b/c did not start: it could not be run'),
    });
    expect(readdirSync(tempDir)).toEqual([]);
  });
});
