import { chmod, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { initLedger, type LedgerPlace, openLedger } from '../../src/ledger/ledger.ts';
import { parseNote } from '../../src/ledger/note.ts';
import { ownTrust, trustInLedger } from '../../src/ledger/own-trust.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { type RotationWishes, rotateKey } from '../../src/ledger/rotate.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { Crash, Fault, FaultyMap } from '../support/faulty-store.ts';
import { counter, scanOf, ticking, timeoutDrift } from '../support/ledger-world.ts';

const made: string[] = [];
afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true, force: true }))));

const ENTRY: RotationWishes = { use: 'entry', reason: 'yearly', by: 'alice', version: '0' };
const CHECKPOINT: RotationWishes = { ...ENTRY, use: 'checkpoint' };

/** A ledger with one scan in it: entries 0 and 1. */
async function begun() {
  const home = await mkdtemp(join(tmpdir(), 'rotate-'));
  made.push(home);
  const at = { store: memoryStore(), keysDirectory: join(home, 'keys'), random: counter() };
  await initLedger({ ...at, origin: 'ledger.example/rotated' });
  await scan(at, 'a');
  return at;
}

const clock = ticking();

async function scan(at: LedgerPlace, name: string): Promise<void> {
  await recordScan(await openLedger(at), scanOf([name], [timeoutDrift(name)], { workspace: name }), clock);
}

async function sound(at: LedgerPlace): Promise<void> {
  const verification = await verifyLedger(at.store, await ownTrust(at.store, at.keysDirectory));
  expect(verification.failures).toEqual([]);
  expect(verification.unaccounted).toEqual([]);
  expect(verification.skipped).toEqual([]);
}

describe('rotating the key of entries', () => {
  it('keeps old entries verifiable, under keys of either side and under the first key alone', async () => {
    const at = await begun();
    const first = await ownTrust(at.store, at.keysDirectory);
    const rotated = await rotateKey(at, ENTRY, clock);
    expect(rotated).toMatchObject({ use: 'entry', index: 2, retired: first.entryKeys[0]?.keyId });
    await scan(at, 'b');
    await sound(at);
    expect((await verifyLedger(at.store, first)).failures).toEqual([]);
    expect((await verifyLedger(at.store, await trustInLedger(at.store))).failures).toEqual([]);
    const { entryKeys } = await ownTrust(at.store, at.keysDirectory);
    expect(entryKeys.map((key) => key.keyId)).toEqual([rotated.retired, rotated.added]);
  });

  it('keeps the old private key under a dated name, for its owner alone', async () => {
    const at = await begun();
    const before = await readFile(join(at.keysDirectory, 'entry.pem'), 'utf8');
    const { keptAs } = await rotateKey(at, ENTRY, () => new Date('2026-11-21T10:00:00Z'));
    expect(keptAs).toMatch(/^entry-2026-11-21-[0-9a-f]{8}\.pem$/);
    expect(await readFile(join(at.keysDirectory, keptAs as string), 'utf8')).toBe(before);
    expect(await readFile(join(at.keysDirectory, 'entry.pem'), 'utf8')).not.toBe(before);
    expect((await readdir(at.keysDirectory)).sort()).toEqual(
      ['.gitignore', 'checkpoint.pem', 'entry.pem', 'keys.json', 'redaction.key', keptAs].sort(),
    );
  });

  it('may change the algorithm, many times over', async () => {
    const at = await begun();
    for (const algorithm of ['ed25519', 'ecdsa-p256', 'ed25519'] as const) {
      await rotateKey(at, { ...ENTRY, algorithm }, clock);
      await scan(at, algorithm);
    }
    await sound(at);
    expect((await openLedger(at)).signer.algorithm).toBe('ed25519');
  });

  it('refuses another algorithm for a checkpoint key: heads are signed with Ed25519', async () => {
    const at = await begun();
    const wishes = { ...ENTRY, use: 'checkpoint', algorithm: 'ecdsa-p256' } as const;
    await expect(rotateKey(at, wishes, clock)).rejects.toMatchObject({ code: 'E_USAGE' });
    await sound(at);
  });

  it('refuses entries of the retired key, naming the entry that retired it', async () => {
    const at = await begun();
    const old = await openLedger(at);
    await rotateKey(at, ENTRY, clock);
    const unguarded = { ...old, store: at.store };
    await recordScan(unguarded, scanOf(['b'], [], { workspace: 'b' }), clock);
    const { failures } = await verifyLedger(at.store, old.trust);
    expect(failures).toMatchObject([{ code: 'key-not-allowed', index: 4 }]);
    expect(failures[0]?.message).toContain('retired in entry 3');
  });

  it('stops a writer that opened the ledger before, and one with a copy of the old keys', async () => {
    const at = await begun();
    const copy = `${at.keysDirectory}-copy`;
    await cp(at.keysDirectory, copy, { recursive: true });
    await chmod(copy, 0o700);
    const early = await openLedger(at);
    await rotateKey(at, ENTRY, clock);
    await expect(recordScan(early, scanOf(['b']), clock)).rejects.toMatchObject({ code: 'E_KEY' });
    await expect(openLedger({ ...at, keysDirectory: copy })).rejects.toMatchObject({
      code: 'E_KEY',
      message: expect.stringContaining('retired in entry 3'),
    });
    await sound(at);
  });
});

describe('the hint that a key was retired', () => {
  it('must say what the log says; gone, it is no failure; of a key in use, it is nobody’s', async () => {
    const at = await begun();
    await rotateKey(at, ENTRY, clock);
    await rotateKey(at, CHECKPOINT, clock);
    const trust = await ownTrust(at.store, at.keysDirectory);
    const hints = await at.store.list('keys/retired/');
    expect(hints).toHaveLength(2);
    for (const hint of hints) {
      const bytes = at.store.objects.get(hint) as Uint8Array;
      for (let flipped = 0; flipped < bytes.byteLength; flipped += 29) {
        const altered = Uint8Array.from(bytes);
        altered[flipped] = (altered[flipped] as number) ^ 1;
        at.store.objects.set(hint, altered);
        expect((await verifyLedger(at.store, trust)).failures).toMatchObject([{ code: 'key-file-wrong' }]);
      }
      at.store.objects.delete(hint);
      expect((await verifyLedger(at.store, trust)).failures).toEqual([]);
      at.store.objects.set(hint, bytes);
    }
    const foreign = `keys/retired/${'0'.repeat(64)}.json`;
    at.store.objects.set(foreign, Buffer.from('{}'));
    expect(await verifyLedger(at.store, trust)).toMatchObject({ ok: true, unaccounted: [foreign] });
  });

  it('is not believed where no entry bears it out', async () => {
    const at = await begun();
    const { signer } = await openLedger(at);
    const path = `keys/retired/${signer.keyId.slice('sha256:'.length)}.json`;
    for (const hint of ['x', '{}', JSON.stringify({ keyId: signer.keyId, index: 0, digest: 'ab'.repeat(32) })]) {
      at.store.objects.set(path, Buffer.from(hint));
      await openLedger(at);
    }
  });
});

describe('rotating the key of checkpoints', () => {
  it('signs the next checkpoint with both keys and later ones with the new', async () => {
    const at = await begun();
    const rotated = await rotateKey(at, CHECKPOINT, clock);
    await scan(at, 'b');
    const names = async (key: string) =>
      parseNote((await at.store.get(key)) as Uint8Array).signatures.map((one) => one.keyId);
    const [oldId, newId] = [rotated.retired.split('+')[1], rotated.added.split('+')[1]];
    expect(await names('checkpoints/2')).toEqual([oldId]);
    expect(await names('checkpoints/4')).toEqual([newId, oldId]);
    expect(await names('checkpoint')).toEqual([newId]);
    await sound(at);
  });

  it('lets who holds the first key follow, over several rotations', async () => {
    const at = await begun();
    const first = await ownTrust(at.store, at.keysDirectory);
    for (const name of ['b', 'c', 'd']) {
      await rotateKey(at, CHECKPOINT, clock);
      await scan(at, name);
    }
    const verification = await verifyLedger(at.store, first);
    expect(verification.failures).toEqual([]);
    expect(verification.size).toBe(14);
  });

  it('is not followed without the checkpoint that both keys signed', async () => {
    const at = await begun();
    const first = await ownTrust(at.store, at.keysDirectory);
    await rotateKey(at, CHECKPOINT, clock);
    await scan(at, 'b');
    at.store.objects.delete('checkpoints/4');
    const codes = (await verifyLedger(at.store, first)).failures.map((one) => one.code);
    expect(codes).toContain('head-wrong');
  });

  it('refuses checkpoints of the retired key', async () => {
    const at = await begun();
    const old = await openLedger(at);
    await rotateKey(at, CHECKPOINT, clock);
    const both = await ownTrust(at.store, at.keysDirectory);
    await recordScan({ ...old, store: at.store, trust: both }, scanOf(['b'], [], { workspace: 'b' }), clock);
    const { failures } = await verifyLedger(at.store, both);
    expect(failures.map((one) => one.code)).toEqual(['head-wrong', 'checkpoint-wrong']);
    expect(failures[0]?.message).toContain('retired in entry 3');
    await expect(openLedger(at)).rejects.toMatchObject({ code: 'E_KEY' });
  });
});

describe('a rotation that is killed', () => {
  it.each([ENTRY, CHECKPOINT])('at any write of the ledger leaves one that goes on', async (wishes) => {
    for (const when of ['before', 'after'] as const) {
      for (let write = 0; ; write++) {
        const at = await begun();
        const fault = new Fault(write, when);
        const store = memoryStore(new FaultyMap(at.store.objects, fault));
        await rotateKey({ ...at, store }, wishes, clock).catch((thrown) => expect(thrown).toBeInstanceOf(Crash));
        await scan(at, 'b');
        await rotateKey(at, wishes, clock);
        await scan(at, 'c');
        const { failures } = await verifyLedger(at.store, await ownTrust(at.store, at.keysDirectory));
        expect(failures).toEqual([]);
        if (fault.writes <= write) break;
      }
    }
  });

  it('between the head and the keys folder is finished by the next who opens the ledger', async () => {
    const at = await begun();
    const files = async () => (await readdir(at.keysDirectory)).sort();
    // What the folder looks like at each step of taking the new key over.
    const before = `${at.keysDirectory}-before`;
    await cp(at.keysDirectory, before, { recursive: true });
    const pending = await pendingFolder(at);
    const full = await files();
    for (const step of pending) {
      const store = memoryStore(new Map(at.store.objects));
      const resumed = { ...at, store, keysDirectory: step };
      await scan(resumed, 'b');
      expect((await readdir(step)).sort()).toEqual(full);
      await sound(resumed);
    }
  });
});

/** Rotates, and gives copies of the keys folder as a kill would have left it: the new key still waiting, half taken over. */
async function pendingFolder(at: Awaited<ReturnType<typeof begun>>): Promise<string[]> {
  const folders: string[] = [];
  const copy = async (name: string): Promise<string> => {
    const to = `${at.keysDirectory}-${name}`;
    await cp(at.keysDirectory, to, { recursive: true });
    await chmod(to, 0o700);
    folders.push(to);
    return to;
  };
  const watching = {
    ...at.store,
    swapHead: async (...given: Parameters<typeof at.store.swapHead>) => {
      const swapped = await at.store.swapHead(...given);
      await copy('waiting');
      return swapped;
    },
  };
  const { keptAs } = await rotateKey({ ...at, store: watching }, ENTRY, clock);
  const waiting = folders[0] as string;
  // The old key copied; then the new one in its place as well.
  const copied = `${waiting}-copied`;
  await cp(waiting, copied, { recursive: true });
  await cp(join(waiting, 'entry.pem'), join(copied, keptAs as string));
  const renamed = `${waiting}-renamed`;
  await cp(copied, renamed, { recursive: true });
  await cp(join(renamed, 'entry.next.pem'), join(renamed, 'entry.pem'));
  await rm(join(renamed, 'entry.next.pem'));
  for (const folder of [copied, renamed]) await chmod(folder, 0o700);
  return [...folders, copied, renamed];
}
