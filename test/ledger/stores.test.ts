import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { recordScan } from '../../src/ledger/record.ts';
import { directoryStore } from '../../src/ledger/stores/directory.ts';
import type { LockOptions } from '../../src/ledger/stores/lock-note.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { initLedger, openLedger } from '../../src/ledger/ledger.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { ledgerStoreContract } from '../contract/ledger-store.ts';
import { FaultyMap, faultyDisk } from '../support/faulty-store.ts';
import { appendNotes, noteTexts } from '../support/ledger-notes.ts';
import { counter, freshLedger, onStore, scanOf, ticking, timeoutDrift } from '../support/ledger-world.ts';
import { buildWriter, startWriter, type WriterProcess } from '../support/writer-process.ts';

const made: string[] = [];
async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'ledger-'));
  made.push(path);
  return path;
}
const started: WriterProcess[] = [];
afterAll(async () => {
  for (const writer of started) writer.kill();
  await Promise.all(started.map((writer) => writer.ended));
  await Promise.all(made.map((path) => rm(path, { recursive: true, force: true })));
});

function lockedBy(pid: number, alive: readonly number[] = [], patience = 20_000): LockOptions {
  return { owner: { pid, host: 'here', isAlive: (one) => alive.includes(one) }, clock: ticking(), patience };
}

ledgerStoreContract('a memory', async () => {
  const objects = new Map<string, Uint8Array>();
  const whole = memoryStore(objects);
  return { open: (fault) => (fault === undefined ? whole : memoryStore(new FaultyMap(objects, fault))) };
});

ledgerStoreContract('a directory', async () => {
  const path = join(await folder(), 'deep', 'ledger');
  return { open: (fault) => directoryStore(path, lockedBy(1, [1]), fault && faultyDisk(fault)) };
});

describe('a directory store', () => {
  it('leaves no temporary file and no lock behind', async () => {
    const path = await folder();
    const store = directoryStore(path, lockedBy(1));
    await store.locked(() => store.put([{ key: 'a/b', bytes: Buffer.from('x') }]));
    expect((await readdir(path, { recursive: true })).sort()).toEqual(['.tmp', 'a', 'a/b']);
    expect(await store.list('')).toEqual(['a/b']);
  });

  it('clears what a crash left half written', async () => {
    const path = await folder();
    const store = directoryStore(path, lockedBy(1));
    await store.put([{ key: 'a', bytes: Buffer.from('x') }]);
    await writeFile(join(path, '.tmp', 'half'), 'ha');
    await store.locked(async () => undefined);
    expect((await readdir(path, { recursive: true })).sort()).toEqual(['.tmp', 'a']);
  });

  it('takes away the lock of a process that is dead, and of an earlier one with the same pid', async () => {
    for (const pid of [4711, 1]) {
      const path = await folder();
      await writeFile(join(path, '.lock'), JSON.stringify({ pid, host: 'here', token: 't', since: 'long ago' }));
      const store = directoryStore(path, lockedBy(1, [1]));
      expect(await store.locked(async () => 'mine')).toBe('mine');
      expect(await readdir(path)).toEqual(['.tmp']);
    }
  });

  it('never shows a lock that does not say whose it is', async () => {
    const path = await folder();
    let seen = 0;
    let working = true;
    const watching = (async () => {
      while (working) {
        const text = await readFile(join(path, '.lock'), 'utf8').catch(() => undefined);
        if (text === undefined) continue;
        expect(JSON.parse(text)).toMatchObject({ pid: 1, host: 'here' });
        seen++;
      }
    })();
    const store = directoryStore(path, lockedBy(1));
    for (let turn = 0; turn < 60; turn++) await store.locked(async () => undefined);
    working = false;
    await watching;
    expect(seen).toBeGreaterThan(0);
  });

  it('takes away a lock though its first breaker died over it', async () => {
    const path = await folder();
    const dead = JSON.stringify({ pid: 4711, host: 'here', token: 't', since: 'long ago' });
    await writeFile(join(path, '.lock'), dead);
    await writeFile(join(path, '.lock.break'), dead);
    expect(await directoryStore(path, lockedBy(1)).locked(async () => 'mine')).toBe('mine');
  });

  it.each([
    ['a process that lives', { pid: 4711, host: 'here', token: 't', since: '2026-11-02T03:00:00.000Z' }],
    ['another host', { pid: 4711, host: 'elsewhere', token: 't', since: '2026-11-02T03:00:00.000Z' }],
  ])('waits for %s, then says who holds the lock', async (_who, note) => {
    const path = await folder();
    await writeFile(join(path, '.lock'), JSON.stringify(note));
    const store = directoryStore(path, lockedBy(1, [4711], 40));
    await expect(store.locked(async () => undefined)).rejects.toMatchObject({
      code: 'E_LEDGER_LOCKED',
      message: `the ledger is locked by process 4711 on ${note.host} since 2026-11-02T03:00:00.000Z`,
    });
    expect(JSON.parse(await readFile(join(path, '.lock'), 'utf8'))).toEqual(note);
  });

  it('takes no lock from a container that shares its host name, where both are process 1', async () => {
    const path = await folder();
    const inside = (place: string): LockOptions => ({
      ...lockedBy(1, [1], 40),
      owner: { pid: 1, host: 'web', place, isAlive: (pid) => pid === 1 },
    });
    const [one, other] = [directoryStore(path, inside('boot pid:[1]')), directoryStore(path, inside('boot pid:[2]'))];
    await one.locked(async () => {
      await expect(other.locked(async () => undefined)).rejects.toMatchObject({ code: 'E_LEDGER_LOCKED' });
      expect(await one.swapHead(undefined, Buffer.from('x'))).toBe(true);
    });
    expect(await other.locked(async () => 'mine')).toBe('mine');
    const dead = { pid: 1, host: 'web', place: 'boot pid:[1]', token: 't', since: 'long ago' };
    await writeFile(join(path, '.lock'), JSON.stringify(dead));
    await expect(other.locked(async () => undefined)).rejects.toMatchObject({ code: 'E_LEDGER_LOCKED' });
    expect(await one.locked(async () => 'mine')).toBe('mine');
  });

  it('does not move the head once its lock was taken by another', async () => {
    const path = await folder();
    const store = directoryStore(path, lockedBy(1));
    await store.locked(async () => {
      await writeFile(join(path, '.lock'), JSON.stringify({ pid: 2, host: 'here', token: 'other', since: 'now' }));
      expect(await store.swapHead(undefined, Buffer.from('x'))).toBe(false);
    });
    expect(await readdir(path)).toContain('.lock');
  });

  it('says in one error that it cannot write', async () => {
    const path = join(await folder(), 'file');
    await writeFile(path, '');
    const store = directoryStore(path, lockedBy(1));
    await expect(store.put([{ key: 'a', bytes: Buffer.from('x') }])).rejects.toMatchObject({ code: 'E_OUTPUT' });
  });
});

describe('two writers on one directory', () => {
  it('lose nothing and write nothing twice', async () => {
    const path = await folder();
    const alive = [1, 2];
    const first = await freshLedger(directoryStore(path, lockedBy(1, alive)));
    const second = onStore(first, directoryStore(path, lockedBy(2, alive)));
    const names = Array.from({ length: 12 }, (_, at) => `aws_sqs_queue.q${at}`);
    await Promise.all(
      names.map((name, at) => {
        const scan = scanOf([name], [timeoutDrift(name)], { workspace: `w${at}` });
        return recordScan(at % 2 === 0 ? first : second, scan, ticking());
      }),
    );
    const verification = await verifyLedger(first.store, first.trust);
    expect(verification).toMatchObject({ ok: true, size: 24, unaccounted: [] });
  });

  it('of three processes lose nothing, though one is killed at work', async () => {
    const home = await folder();
    const store = directoryStore(join(home, 'ledger'), lockedBy(1));
    const keysDirectory = join(home, 'keys');
    await initLedger({ store, keysDirectory, random: counter() });
    const script = await buildWriter(home);
    const jobs = [12, 12, 100_000].map((appends, at) => ({ home, name: `writer ${at}`, appends, batch: 1 }));
    const writers = jobs.map((job) => startWriter(script, job));
    started.push(...writers);
    const [, , endless] = writers as [WriterProcess, WriterProcess, WriterProcess];
    await endless.toldOf(3);
    endless.kill();
    expect(await Promise.all(writers.map((writer) => writer.ended))).toEqual([0, 0, null]);
    const ledger = await openLedger({ store, keysDirectory, random: counter() });
    await appendNotes(ledger, ['after'], ticking());
    const verification = await verifyLedger(store, ledger.trust);
    expect(verification.failures).toEqual([]);
    const texts = await noteTexts(store);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts).toEqual(expect.arrayContaining([...writers.flatMap(({ told }) => told), 'after']));
    expect(texts.length - writers.flatMap(({ told }) => told).length).toBeLessThanOrEqual(2);
  });
});
