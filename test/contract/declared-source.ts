import { describe, expect, it } from 'vitest';
import type { Declared, DeclaredSource } from '../../src/declared/port.ts';

/**
 * What every DeclaredSource keeps to. `make` gives a source over some real material; `askable` says whether a provider
 * can be asked for its resources (a plan brings its live side along and names no provider configuration).
 */
export function declaredSourceContract(name: string, make: () => Promise<DeclaredSource>, askable = true): void {
  describe(`${name} keeps the contract of a declared source`, () => {
    const read = async (): Promise<Declared> => (await make()).read();

    it('gives the same when it is read again', async () => {
      const source = await make();
      expect(await source.read()).toEqual(await source.read());
    });

    it('names its reader and its workspace', async () => {
      const { reader, workspace } = await read();
      expect(reader).not.toBe('');
      expect(workspace).not.toBe('');
      expect(workspace.startsWith('/')).toBe(false);
    });

    it('lists each resource once, and each with a state or a configuration', async () => {
      const { resources, workspace } = await read();
      const addresses = resources.map((resource) => resource.ref.address);
      expect(new Set(addresses).size).toBe(addresses.length);
      for (const { ref, state, config } of resources) {
        expect(ref.workspace).toBe(workspace);
        expect(state ?? config).toBeDefined();
      }
    });

    it('says of each gap which address of which workspace it concerns', async () => {
      const { gaps, workspace } = await read();
      for (const gap of gaps) expect(gap).toMatchObject({ workspace, address: expect.stringMatching(/./) });
    });

    it('names every input by a relative path or a URI, with its digest', async () => {
      const { inputs, workspace } = await read();
      expect(inputs.length).toBeGreaterThan(0);
      for (const input of inputs) {
        expect(input.name).not.toMatch(/^\/|^[A-Za-z]:\\|^$/);
        expect(input.sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(input.workspace).toBe(workspace);
      }
    });

    it('gives each provider configuration one key, and a source of three parts', async () => {
      const { providers, resources } = await read();
      const keys = providers.map((provider) => provider.key);
      expect(new Set(keys).size).toBe(keys.length);
      for (const provider of providers) expect(provider.source.split('/')).toHaveLength(3);
      if (!askable) expect(providers).toEqual([]);
      else if (resources.length > 0) expect(keys).toEqual(expect.arrayContaining([resources[0]?.providerKey]));
    });
  });
}
