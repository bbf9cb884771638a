import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { initLedger, openLedger } from '../../../src/ledger/ledger.ts';
import { ownTrust } from '../../../src/ledger/own-trust.ts';
import { recordScan } from '../../../src/ledger/record.ts';
import { rotateKey } from '../../../src/ledger/rotate.ts';
import { memoryStore } from '../../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../../src/ledger/verify.ts';
import { counter, scanOf, ticking, timeoutDrift } from '../../support/ledger-world.ts';

const made: string[] = [];
afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true, force: true }))));

async function place() {
  const home = await mkdtemp(join(tmpdir(), 'signers-'));
  made.push(home);
  return { store: memoryStore(), keysDirectory: join(home, 'keys'), random: counter() };
}

const PASSPHRASE = 'correct horse battery staple';

describe('keys that a passphrase locks', () => {
  it('sign with it, and verify without it', async () => {
    const at = await place();
    await initLedger({ ...at, lock: true, passphrase: PASSPHRASE });
    for (const name of ['entry.pem', 'checkpoint.pem']) {
      expect(await readFile(join(at.keysDirectory, name), 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    }
    const ledger = await openLedger({ ...at, passphrase: PASSPHRASE });
    await recordScan(ledger, scanOf(['a'], [timeoutDrift('a')]), ticking());
    expect((await verifyLedger(at.store, await ownTrust(at.store, at.keysDirectory))).failures).toEqual([]);
  });

  it.each([
    [undefined, 'locked with a passphrase'],
    ['wrong', 'does not open it'],
    ['', 'does not open it'],
  ])('are refused with the passphrase %j, which no error quotes', async (passphrase, why) => {
    const at = await place();
    await initLedger({ ...at, lock: true, passphrase: PASSPHRASE });
    const refused = await openLedger({ ...at, passphrase }).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({
      code: 'E_KEY',
      message: expect.stringContaining(why),
      cure: expect.stringContaining('DRIFTBOM_KEY_PASSPHRASE'),
    });
    expect(String(refused)).toContain('entry.pem');
    expect(String(refused)).not.toContain(PASSPHRASE);
    if (passphrase !== undefined && passphrase !== '') expect(String(refused)).not.toContain(passphrase);
  });

  it('are not made without one', async () => {
    for (const passphrase of [undefined, '']) {
      const at = await place();
      await expect(initLedger({ ...at, lock: true, passphrase })).rejects.toMatchObject({ code: 'E_KEY' });
      expect(at.store.objects.size).toBe(0);
    }
  });

  it('are followed by locked ones when they are rotated', async () => {
    const at = { ...(await place()), passphrase: PASSPHRASE };
    await initLedger({ ...at, lock: true });
    const wishes = { use: 'entry', reason: null, by: 'alice', version: '0' } as const;
    const { keptAs } = await rotateKey(at, wishes, ticking());
    for (const name of ['entry.pem', keptAs as string]) {
      expect(await readFile(join(at.keysDirectory, name), 'utf8')).toMatch(/ENCRYPTED/);
    }
    await openLedger(at);
    await expect(openLedger({ ...at, passphrase: undefined })).rejects.toMatchObject({ code: 'E_KEY' });
  });

  it('stay closed for keys that are not locked, whatever the variable holds', async () => {
    const at = await place();
    await initLedger(at);
    await openLedger({ ...at, passphrase: 'something' });
  });
});

describe('Ed25519 entry keys', () => {
  it('sign entries that verify, and say so in the leaf', async () => {
    const at = await place();
    await initLedger({ ...at, algorithm: 'ed25519' });
    const ledger = await openLedger(at);
    expect(ledger.signer.algorithm).toBe('ed25519');
    await recordScan(ledger, scanOf(['a'], [timeoutDrift('a')]), ticking());
    const verification = await verifyLedger(at.store, await ownTrust(at.store, at.keysDirectory));
    expect(verification).toMatchObject({ ok: true, checked: { signatures: 2 } });
    expect(Buffer.from(at.store.objects.get('tile/entries/000.p/2') as Uint8Array).toString()).toContain(
      'PKIX_ED25519',
    );
  });
});

describe('the record of keys', () => {
  it('is made anew from the private keys where it is missing', async () => {
    const at = await place();
    await initLedger(at);
    const before = await ownTrust(at.store, at.keysDirectory);
    await rm(join(at.keysDirectory, 'keys.json'));
    expect(await ownTrust(at.store, at.keysDirectory)).toEqual(before);
    await openLedger(at);
  });

  it.each([
    ['no JSON', 'x'],
    ['another version', '{"version":2}'],
    ['a field that nobody knows', '{"version":1,"entry":[],"checkpoint":[],"more":1}'],
  ])('is refused with %s, naming the file', async (_what, text) => {
    const at = await place();
    await initLedger(at);
    await writeFile(join(at.keysDirectory, 'keys.json'), text);
    await expect(openLedger(at)).rejects.toMatchObject({
      code: 'E_KEY',
      message: expect.stringContaining('keys.json'),
    });
  });

  it('names no file outside of its folder', async () => {
    const at = await place();
    await initLedger(at);
    const path = join(at.keysDirectory, 'keys.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"entry.pem"', '"../entry.pem"'));
    await expect(openLedger(at)).rejects.toMatchObject({ code: 'E_KEY' });
  });
});
