import { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { initLedger, openLedger } from '../../../src/ledger/ledger.ts';
import { ownTrust } from '../../../src/ledger/own-trust.ts';
import { recordScan } from '../../../src/ledger/record.ts';
import { rotateKey } from '../../../src/ledger/rotate.ts';
import type { KmsClient } from '../../../src/ledger/signers/kms.ts';
import { memoryStore } from '../../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../../src/ledger/verify.ts';
import { counter, scanOf, ticking, timeoutDrift } from '../../support/ledger-world.ts';
import { signDigest } from '../../support/sign-digest.ts';

const made: string[] = [];
afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true, force: true }))));

const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const OTHER = ARN.replace('1111-2222', '9999-2222');

async function place() {
  const home = await mkdtemp(join(tmpdir(), 'kms-'));
  made.push(home);
  return { store: memoryStore(), keysDirectory: join(home, 'keys'), random: counter() };
}

/** KMS with real P-256 keys, as far as we use it. It signs digests and nothing else. */
function fakeKms(answer: (operation: 'GetPublicKey' | 'Sign') => object | Error | undefined = () => undefined) {
  const keys = new Map<string, KeyPairKeyObjectResult>();
  const asked: { readonly region: string; readonly input: object }[] = [];
  const keyOf = (arn: string): KeyPairKeyObjectResult => {
    const key = keys.get(arn) ?? generateKeyPairSync('ec', { namedCurve: 'P-256' });
    keys.set(arn, key);
    return key;
  };
  const connectKms = async (region: string): Promise<KmsClient> => ({
    send: async (command) => {
      asked.push({ region, input: command.input });
      const arn = command.input.KeyId as string;
      const operation = command instanceof SignCommand ? 'Sign' : 'GetPublicKey';
      const told = answer(operation);
      if (told instanceof Error) throw told;
      if (told !== undefined) return told;
      if (command instanceof GetPublicKeyCommand) {
        const PublicKey = keyOf(arn).publicKey.export({ format: 'der', type: 'spki' });
        return { PublicKey, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };
      }
      return { Signature: signDigest(command.input.Message as Uint8Array, keyOf(arn).privateKey) };
    },
  });
  return { connectKms, asked };
}

describe('a KMS key', () => {
  it('signs entries over digests, with no entry key in the folder', async () => {
    const at = await place();
    const { connectKms, asked } = fakeKms();
    await initLedger({ ...at, kms: ARN, connectKms });
    expect((await readdir(at.keysDirectory)).sort()).toEqual([
      '.gitignore',
      'checkpoint.pem',
      'keys.json',
      'redaction.key',
    ]);
    const ledger = await openLedger({ ...at, connectKms });
    await recordScan(ledger, scanOf(['a'], [timeoutDrift('a')]), ticking());
    const verification = await verifyLedger(at.store, await ownTrust(at.store, at.keysDirectory));
    expect(verification).toMatchObject({ ok: true, checked: { signatures: 2 } });
    const signs = asked.filter(({ input }) => 'Message' in input);
    expect(signs).toHaveLength(2);
    for (const { region, input } of signs) {
      expect(region).toBe('eu-central-1');
      expect(input).toMatchObject({ KeyId: ARN, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' });
      expect((input as { Message: Uint8Array }).Message.byteLength).toBe(32);
    }
  });

  it('is not asked to verify, nor to open the ledger', async () => {
    const at = await place();
    const { connectKms } = fakeKms();
    await initLedger({ ...at, kms: ARN, connectKms });
    const silent = async () => {
      throw new Error('asked');
    };
    await openLedger({ ...at, connectKms: silent });
    expect((await verifyLedger(at.store, await ownTrust(at.store, at.keysDirectory))).ok).toBe(true);
  });

  it.each([
    ['refuses', Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' }), 'AccessDeniedException'],
    ['answers with nothing', {}, 'does not hold'],
    ['answers with another signature', { Signature: Buffer.alloc(70, 1) }, 'does not hold'],
  ])('that %s gives one error with key and operation, and nothing is appended', async (_what, told, why) => {
    const at = await place();
    await initLedger({ ...at, kms: ARN, connectKms: fakeKms().connectKms });
    const { connectKms } = fakeKms((operation) => (operation === 'Sign' ? told : undefined));
    const ledger = await openLedger({ ...at, connectKms });
    const before = new Map(at.store.objects);
    const refused = await recordScan(ledger, scanOf(['a']), ticking()).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ code: 'E_SIGNER' });
    for (const part of [ARN, 'kms:Sign', why]) expect(String(refused)).toContain(part);
    expect(at.store.objects.get('checkpoint')).toEqual(before.get('checkpoint'));
  });

  it.each([
    ['RSA', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY', PublicKey: Buffer.alloc(10) }],
    ['another curve', { KeySpec: 'ECC_NIST_P384', KeyUsage: 'SIGN_VERIFY', PublicKey: Buffer.alloc(10) }],
    ['key agreement', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT', PublicKey: Buffer.alloc(10) }],
  ])('of %s is refused before anything is made', async (_what, told) => {
    const at = await place();
    const { connectKms } = fakeKms(() => told);
    await expect(initLedger({ ...at, kms: ARN, connectKms })).rejects.toMatchObject({ code: 'E_SIGNER' });
    expect(at.store.objects.size).toBe(0);
  });

  it.each(['alias/driftbom', 'arn:aws:kms:eu-central-1:111122223333:alias/driftbom', 'x'])(
    'is named by its own ARN, not by %s',
    async (kms) => {
      const at = await place();
      await expect(initLedger({ ...at, kms, connectKms: fakeKms().connectKms })).rejects.toMatchObject({
        code: 'E_USAGE',
      });
    },
  );

  it('takes over from a key file, and gives back, with every entry verifiable', async () => {
    const at = { ...(await place()), ...fakeKms() };
    await initLedger(at);
    const clock = ticking();
    const scan = async (name: string) =>
      recordScan(await openLedger(at), scanOf([name], [], { workspace: name }), clock);
    await scan('a');
    const wishes = { use: 'entry', reason: null, by: 'alice', version: '0' } as const;
    const first = await rotateKey(at, { ...wishes, kms: ARN }, clock);
    expect(await readdir(at.keysDirectory)).not.toContain('entry.pem');
    expect(await readdir(at.keysDirectory)).toContain(first.keptAs);
    await scan('b');
    await rotateKey(at, { ...wishes, kms: OTHER }, clock);
    await scan('c');
    await expect(rotateKey(at, { ...wishes, kms: ARN }, clock)).rejects.toMatchObject({ code: 'E_USAGE' });
    await rotateKey(at, wishes, clock);
    await scan('d');
    const verification = await verifyLedger(at.store, await ownTrust(at.store, at.keysDirectory));
    expect(verification.failures).toEqual([]);
    expect(verification.size).toBe(10);
  });

  it('cannot sign checkpoints', async () => {
    const at = { ...(await place()), ...fakeKms() };
    await initLedger(at);
    const wishes = { use: 'checkpoint', reason: null, by: 'alice', version: '0', kms: ARN } as const;
    await expect(rotateKey(at, wishes, ticking())).rejects.toMatchObject({ code: 'E_USAGE' });
  });
});
