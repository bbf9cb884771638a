import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkpointKey } from '../../src/ledger/paths.ts';
import { defaultKeysDirectory } from '../../src/ledger/keys.ts';
import { initLedger, openLedger } from '../../src/ledger/ledger.ts';
import { ownTrust, trustInLedger, trustOf } from '../../src/ledger/own-trust.ts';
import { readEntries } from '../../src/ledger/read.ts';
import { recall } from '../../src/ledger/recall.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { counter, gathered, scanOf, ticking, timeoutDrift } from '../support/ledger-world.ts';

const made: string[] = [];
afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true, force: true }))));

async function place() {
  const home = await mkdtemp(join(tmpdir(), 'keys-'));
  made.push(home);
  return { store: memoryStore(), keysDirectory: join(home, 'keys'), random: counter() };
}

describe('making a ledger', () => {
  it('makes keys that only the owner may read and that git leaves alone, and an empty signed log', async () => {
    const at = await place();
    const done = await initLedger({ ...at, origin: 'ledger.example/acme' });
    expect(done).toMatchObject({ origin: 'ledger.example/acme', log: true });
    expect(done.keys).toHaveLength(3);
    expect((await readdir(at.keysDirectory)).sort()).toEqual([
      '.gitignore',
      'checkpoint.pem',
      'entry.pem',
      'keys.json',
      'redaction.key',
    ]);
    expect((await stat(at.keysDirectory)).mode & 0o777).toBe(0o700);
    for (const path of done.keys) expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(join(at.keysDirectory, '.gitignore'), 'utf8')).toMatch(/^\*$/m);
    const ledger = await openLedger(at);
    expect(await verifyLedger(at.store, ledger.trust)).toMatchObject({ ok: true, size: 0, unaccounted: [] });
  });

  it('makes nothing the second time', async () => {
    const at = await place();
    const first = await initLedger(at);
    const before = new Map(at.store.objects);
    expect(await initLedger(at)).toEqual({ origin: first.origin, keys: [], log: false });
    expect(at.store.objects).toEqual(before);
  });

  it('keeps private keys and secrets out of the ledger', async () => {
    const at = await place();
    await initLedger(at);
    const ledger = await openLedger(at);
    await recordScan(ledger, scanOf(['a'], [timeoutDrift('a')]), ticking());
    const published = [...at.store.objects.values()].map((bytes) => Buffer.from(bytes).toString('latin1')).join('\n');
    for (const name of ['entry.pem', 'checkpoint.pem', 'redaction.key']) {
      const lines = (await readFile(join(at.keysDirectory, name), 'utf8')).split('\n');
      for (const line of lines.filter((one) => one.length > 20 && !one.startsWith('-----'))) {
        expect(published).not.toContain(line);
      }
    }
    expect(published).not.toContain('PRIVATE KEY');
  });

  it('refuses a name that no checkpoint can carry, and another name for a ledger that has one', async () => {
    const at = await place();
    await expect(initLedger({ ...at, origin: 'two words' })).rejects.toMatchObject({ code: 'E_USAGE' });
    await initLedger({ ...at, origin: 'a.example' });
    await expect(initLedger({ ...at, origin: 'b.example' })).rejects.toMatchObject({ code: 'E_USAGE' });
  });

  it('makes no new keys for a ledger whose keys are missing', async () => {
    const at = await place();
    await initLedger(at);
    const elsewhere = { ...at, keysDirectory: `${at.keysDirectory}-other` };
    await expect(initLedger(elsewhere)).rejects.toMatchObject({ code: 'E_KEY' });
  });

  it('begins no second log where the head of the first was taken away', async () => {
    const at = await place();
    await initLedger(at);
    at.store.objects.delete('checkpoint');
    await expect(initLedger(at)).rejects.toMatchObject({ code: 'E_LEDGER_CORRUPT' });
  });

  it('puts keys beside the ledger and never inside', () => {
    expect(defaultKeysDirectory(join('p', '.driftbom', 'ledger'))).toBe(join('p', '.driftbom', 'keys'));
    expect(defaultKeysDirectory(join('data', 'log'))).toBe(join('data', 'log-keys'));
  });
});

describe('opening a ledger', () => {
  it('says that there is none', async () => {
    await expect(openLedger(await place())).rejects.toMatchObject({ code: 'E_LEDGER_MISSING' });
    await expect(gathered(readEntries(memoryStore()))).rejects.toMatchObject({ code: 'E_LEDGER_MISSING' });
  });

  it.each(['entry.pem', 'checkpoint.pem', 'redaction.key'])(
    'names the key file %s that is missing or damaged',
    async (name) => {
      const at = await place();
      await initLedger(at);
      const path = join(at.keysDirectory, name);
      const content = await readFile(path, 'utf8');
      const secret = content.split('\n').find((line) => line.length > 20 && !line.startsWith('-----')) as string;
      await writeFile(path, content.replace(secret.slice(10, 20), 'AAAAAAAAAA'));
      const damaged = await openLedger(at).catch((thrown: unknown) => thrown);
      // Another key of the same kind is as good as a damaged one.
      expect(damaged).toMatchObject({ code: 'E_KEY' });
      expect(String(damaged)).toContain(path);
      expect(JSON.stringify(damaged) + String(damaged)).not.toContain(secret.slice(20));
      await rm(path);
      await expect(openLedger(at)).rejects.toMatchObject({ code: 'E_KEY', message: expect.stringContaining(path) });
    },
  );

  it('refuses a private key that others may read', async () => {
    const at = await place();
    await initLedger(at);
    await chmod(join(at.keysDirectory, 'entry.pem'), 0o644);
    await expect(openLedger(at)).rejects.toMatchObject({ code: 'E_KEY', cure: expect.stringContaining('chmod 600') });
  });

  it('refuses the keys of another ledger', async () => {
    const mine = await place();
    const other = await place();
    await initLedger({ ...mine, origin: 'x.example' });
    await initLedger({ ...other, origin: 'x.example' });
    await expect(openLedger({ ...mine, keysDirectory: other.keysDirectory })).rejects.toMatchObject({ code: 'E_KEY' });
  });

  it.each(['checkpoint', 'tile/0/000.p/2'])('refuses to append where %s was altered', async (key) => {
    const at = await place();
    await initLedger(at);
    const ledger = await openLedger(at);
    await recordScan(ledger, scanOf(['a'], [timeoutDrift('a')]), ticking());
    const altered = Uint8Array.from(at.store.objects.get(key) as Uint8Array);
    altered[altered.length - 5] = (altered[altered.length - 5] as number) ^ 1;
    at.store.objects.set(key, altered);
    const before = new Map(at.store.objects);
    await expect(openLedger(at)).rejects.toMatchObject({ code: 'E_LEDGER_CORRUPT' });
    await expect(recordScan(ledger, scanOf(['a']), ticking())).rejects.toMatchObject({ code: 'E_LEDGER_CORRUPT' });
    expect(at.store.objects).toEqual(before);
  });

  it('refuses to build on an entry that was altered', async () => {
    const at = await place();
    await initLedger(at);
    const ledger = await openLedger(at);
    await recordScan(ledger, scanOf(['a'], [timeoutDrift('a')]), ticking());
    const lines = Buffer.from(at.store.objects.get('dsse/000.intoto.jsonl') as Uint8Array)
      .toString()
      .split('\n');
    at.store.objects.set('dsse/000.intoto.jsonl', Buffer.from([lines[1], lines[1], ''].join('\n')));
    await expect(recordScan(ledger, scanOf(['a']), ticking())).rejects.toMatchObject({
      code: 'E_LEDGER_CORRUPT',
      message: expect.stringContaining('entry 0'),
    });
    expect((await recall(ledger)).open).toHaveLength(1);
    expect(await at.store.list('checkpoints/')).toEqual([checkpointKey(0), checkpointKey(2)]);
  });
});

describe('trust', () => {
  it('taken from the private keys, from key files and from the ledger itself is the same in an honest ledger', async () => {
    const at = await place();
    await initLedger(at);
    const own = await ownTrust(at.store, at.keysDirectory);
    expect(await trustInLedger(at.store)).toEqual(own);
    expect((await openLedger(at)).trust).toEqual(own);
  });

  it('is the same from the private keys where the head was altered or taken away: kept checkpoints name the log', async () => {
    const at = await place();
    await initLedger(at);
    const own = await ownTrust(at.store, at.keysDirectory);
    const whole = at.store.objects.get('checkpoint') as Uint8Array;
    for (const at0 of [0, 1, whole.indexOf(0x0a), whole.byteLength - 10]) {
      const altered = Uint8Array.from(whole);
      altered[at0] = (altered[at0] ?? 0) ^ 1;
      at.store.objects.set('checkpoint', altered);
      expect(await ownTrust(at.store, at.keysDirectory)).toEqual(own);
      const { failures } = await verifyLedger(at.store, own);
      expect(failures.map(({ code }) => code)).toEqual(['head-wrong']);
    }
    at.store.objects.delete('checkpoint');
    expect(await ownTrust(at.store, at.keysDirectory)).toEqual(own);
    const { failures } = await verifyLedger(at.store, own);
    expect(failures.map(({ code }) => code)).toEqual(['head-missing']);
  });

  it('refuses a file that is no public key, naming it', () => {
    for (const text of ['', 'x', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n']) {
      expect(() => trustOf([{ name: 'k.pem', text }])).toThrow(
        expect.objectContaining({ code: 'E_KEY', message: expect.stringContaining('k.pem') }),
      );
    }
  });
});

describe('reading a large ledger', () => {
  it('gives entries across payload files in order, from any index on', async () => {
    const at = await place();
    await initLedger(at);
    const ledger = await openLedger(at);
    const names = Array.from({ length: 600 }, (_, index) => `aws_sqs_queue.q${index}`);
    await recordScan(
      ledger,
      scanOf(
        names,
        names.map((name) => timeoutDrift(name)),
      ),
      ticking(),
    );
    await recordScan(ledger, scanOf(names), ticking());
    const entries = await gathered(readEntries(at.store));
    expect(entries.map((entry) => entry.index)).toEqual(Array.from({ length: 1202 }, (_, index) => index));
    expect(entries.filter((entry) => entry.kind === 'resolved')).toHaveLength(600);
    expect((await gathered(readEntries(at.store, { from: 1200 }))).map((entry) => entry.kind)).toEqual([
      'resolved',
      'scan',
    ]);
    const verification = await verifyLedger(at.store, ledger.trust);
    expect(verification).toMatchObject({ ok: true, size: 1202, unaccounted: [] });
    // 601 and 1202 were published; the partial tiles of 601 went when their full ones came.
    expect((await at.store.list('tile/')).filter((key) => key.includes('.p/'))).toEqual([
      'tile/0/004.p/178',
      'tile/1/000.p/2',
      'tile/1/000.p/4',
      'tile/entries/004.p/178',
    ]);
  });
});
