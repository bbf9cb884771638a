import { describe, expect, it } from 'vitest';
import type { LedgerStore } from '../../src/ledger/port.ts';
import type { Fault } from '../support/faulty-store.ts';
import { crashContract } from './ledger-store-crashes.ts';

/** A place to keep a ledger, empty at first. */
export interface StorePlace {
  /** A writer of its own on that place; its writes fail where the fault says so. */
  open(fault?: Fault): LedgerStore;
}

/** What every LedgerStore promises (src/ledger/port.ts). */
export function ledgerStoreContract(name: string, place: () => Promise<StorePlace>): void {
  crashContract(name, place);

  const bytes = (text: string): Uint8Array => Buffer.from(text);
  const textOf = (found: Uint8Array | undefined): string | undefined =>
    found === undefined ? undefined : Buffer.from(found).toString();

  describe(`${name} keeps a ledger's objects`, () => {
    it('gives back what was put, byte for byte, to any reader', async () => {
      const at = await place();
      const all = Uint8Array.from({ length: 256 }, (_, value) => value);
      await at.open().put([
        { key: 'dsse/000.intoto.jsonl', bytes: all },
        { key: 'tile/0/x001/000.p/3', bytes: bytes('') },
      ]);
      const reader = at.open();
      expect(Buffer.from((await reader.get('dsse/000.intoto.jsonl')) ?? []).equals(all)).toBe(true);
      expect((await reader.get('tile/0/x001/000.p/3'))?.byteLength).toBe(0);
    });

    it('answers undefined for what is not there, also below an object and for a folder', async () => {
      const store = (await place()).open();
      await store.put([{ key: 'tile/0/000', bytes: bytes('x') }]);
      expect(await store.get('checkpoint')).toBeUndefined();
      expect(await store.get('tile/0/000/deeper')).toBeUndefined();
      expect(await store.get('tile/0/001')).toBeUndefined();
      expect(await store.get('tile/0')).toBeUndefined();
    });

    it('replaces an object', async () => {
      const store = (await place()).open();
      for (const key of ['a', 'state/ab.json', 'keys/entry/ab.pem']) {
        await store.put([{ key, bytes: bytes('one, longer') }]);
        await store.put([{ key, bytes: bytes('two') }]);
        expect(textOf(await store.get(key))).toBe('two');
      }
    });

    it('replaces an erased line of a payload file', async () => {
      const store = (await place()).open();
      const key = 'dsse/000.intoto.jsonl';
      await store.put([{ key, bytes: bytes('{"payload":1}\n{"payload":2}\n') }]);
      const erased = '{"payload":1}\n{"authorisedBy":"x"}\n';
      await store.put([{ key, bytes: bytes(erased) }]);
      expect(textOf(await store.get(key))).toBe(erased);
    });

    it('refuses keys that lead out of it or into what is its own', async () => {
      const store = (await place()).open();
      for (const key of ['../x', 'a/../../x', '/x', 'a//b', '.lock', 'a/.b', '', 'a\\b', 'a\0b']) {
        await expect(async () => store.get(key)).rejects.toThrow(RangeError);
        await expect(async () => store.put([{ key, bytes: bytes('') }])).rejects.toThrow(RangeError);
        await expect(async () => store.remove([key])).rejects.toThrow(RangeError);
      }
    });

    it('keeps a full tile beside its partial forms', async () => {
      const store = (await place()).open();
      await store.put([{ key: 'tile/0/000.p/3', bytes: bytes('p') }]);
      await store.put([{ key: 'tile/0/000', bytes: bytes('f') }]);
      expect(await store.list('tile/0/000')).toEqual(['tile/0/000', 'tile/0/000.p/3']);
    });

    it('lists keys by prefix, sorted, whatever the prefix ends in', async () => {
      const store = (await place()).open();
      const keys = ['checkpoints/10', 'checkpoints/2', 'state/b.json', 'state/a.json', 'statement'];
      await store.put(keys.map((key) => ({ key, bytes: bytes(key) })));
      expect(await store.list('checkpoints/')).toEqual(['checkpoints/10', 'checkpoints/2']);
      expect(await store.list('state')).toEqual(['state/a.json', 'state/b.json', 'statement']);
      expect(await store.list('state/a')).toEqual(['state/a.json']);
      expect(await store.list('nothing/')).toEqual([]);
      expect(await store.list('')).toEqual(keys.toSorted());
    });

    it('takes objects away, and takes no offence at one that is not there', async () => {
      const store = (await place()).open();
      await store.put(['a/b.p/1', 'a/b.p/2', 'a/b'].map((key) => ({ key, bytes: bytes(key) })));
      await store.remove(['a/b.p/1', 'a/none', 'no/where']);
      expect(await store.list('')).toEqual(['a/b', 'a/b.p/2']);
      await store.remove(['a/b.p/2', 'a/b']);
      expect(await store.list('')).toEqual([]);
      await store.put([{ key: 'a/b', bytes: bytes('again') }]);
      expect(textOf(await store.get('a/b'))).toBe('again');
    });

    it('is not affected by what the caller does to the bytes afterwards', async () => {
      const store = (await place()).open();
      const mine = Uint8Array.from([1, 2, 3]);
      await store.put([{ key: 'a', bytes: mine }]);
      mine[0] = 9;
      expect([...((await store.get('a')) ?? [])]).toEqual([1, 2, 3]);
    });

    it('makes a head only where there is none', async () => {
      const at = await place();
      expect(await at.open().swapHead(undefined, bytes('first'))).toBe(true);
      expect(await at.open().swapHead(undefined, bytes('second'))).toBe(false);
      expect(textOf(await at.open().get('checkpoint'))).toBe('first');
    });

    it('moves the head only from what is expected', async () => {
      const at = await place();
      const store = at.open();
      expect(await store.swapHead(bytes('ghost'), bytes('x'))).toBe(false);
      expect(await store.get('checkpoint')).toBeUndefined();
      await store.swapHead(undefined, bytes('one'));
      expect(await at.open().swapHead(bytes('one'), bytes('two'))).toBe(true);
      expect(await store.swapHead(bytes('one'), bytes('three'))).toBe(false);
      expect(textOf(await store.get('checkpoint'))).toBe('two');
    });

    it('lets exactly one of many writers move the head, and shows what that one brought', async () => {
      const at = await place();
      await at.open().swapHead(undefined, bytes('old'));
      const brought = (by: string) =>
        ['tile/0/000.p/1', 'dsse/000.intoto.jsonl'].map((key) => ({ key, bytes: bytes(by) }));
      const names = ['a\n', 'b\n', 'c\n', 'd\n', 'e\n'];
      const swaps = names.map((next) => at.open().swapHead(bytes('old'), bytes(next), brought(next)));
      const won = await Promise.all(swaps);
      expect(won.filter((one) => one)).toHaveLength(1);
      const reader = at.open();
      const winner = names[won.indexOf(true)];
      expect(textOf(await reader.get('checkpoint'))).toBe(winner);
      for (const { key } of brought('')) expect(textOf(await reader.get(key))).toBe(winner);
    });

    it('brings nothing with a head that it does not move', async () => {
      const at = await place();
      const store = at.open();
      await store.swapHead(undefined, bytes('one'), [{ key: 'tile/0/000.p/1', bytes: bytes('true') }]);
      const lost = [
        { key: 'tile/0/000.p/1', bytes: bytes('lost') },
        { key: 'tile/0/000.p/2', bytes: bytes('lost') },
      ];
      expect(await store.swapHead(undefined, bytes('two'), lost)).toBe(false);
      expect(await store.swapHead(bytes('ghost'), bytes('two'), lost)).toBe(false);
      expect(textOf(await at.open().get('tile/0/000.p/1'))).toBe('true');
      expect(await store.list('')).toEqual(['checkpoint', 'tile/0/000.p/1']);
    });

    it('lets one writer work at a time, gives its answer and lets go when it fails', async () => {
      const at = await place();
      let inside = 0;
      let most = 0;
      const work = async (): Promise<string> => {
        most = Math.max(most, ++inside);
        await new Promise((done) => setTimeout(done, 5));
        inside--;
        return 'done';
      };
      const shared = at.open();
      const failing = at.open().locked(async () => {
        throw new Error('mine');
      });
      await expect(failing).rejects.toThrow('mine');
      expect(await Promise.all([shared.locked(work), shared.locked(work), at.open().locked(work)])).toEqual([
        'done',
        'done',
        'done',
      ]);
      expect(most).toBe(1);
    });

    it('can be read and its head be moved while the lock is held', async () => {
      const store = (await place()).open();
      await store.locked(async () => {
        await store.put([{ key: 'a', bytes: bytes('x') }]);
        expect(await store.swapHead(undefined, bytes('head'))).toBe(true);
      });
      expect(textOf(await store.get('checkpoint'))).toBe('head');
    });
  });
}
