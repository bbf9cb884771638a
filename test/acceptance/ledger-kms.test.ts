import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { initLedger, openLedger } from '../../src/ledger/ledger.ts';
import { ownTrust } from '../../src/ledger/own-trust.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { counter, scanOf, ticking } from '../support/ledger-world.ts';
import { type Moto, startMoto } from '../support/moto.ts';

const tools = inject('tools');

describe.skipIf(tools.kind === 'missing')('with an emulated KMS', () => {
  let moto: Moto;
  let admin: KMSClient;
  let home: string;

  beforeAll(async () => {
    if (tools.kind === 'missing') return;
    moto = await startMoto(tools.tools);
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_ENDPOINT_URL_KMS: moto.endpoint,
    });
    admin = new KMSClient({ region: 'eu-central-1' });
    home = await mkdtemp(join(tmpdir(), 'driftbom-kms-'));
  });

  afterAll(async () => {
    admin?.destroy();
    await moto?.stop();
    await rm(home, { recursive: true, force: true });
  });

  async function begun(name: string) {
    const create = new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    const { KeyMetadata: key } = await admin.send(create);
    const at = { store: memoryStore(), keysDirectory: join(home, name), random: counter() };
    await initLedger({ ...at, kms: key?.Arn });
    return { at, key };
  }

  it('a key is taken into use through the SDK', async () => {
    const { at, key } = await begun('used');
    expect(await readFile(join(at.keysDirectory, 'keys.json'), 'utf8')).toContain(key?.Arn);
    expect((await openLedger(at)).signer.algorithm).toBe('ecdsa-p256');
    expect((await verifyLedger(at.store, await ownTrust(at.store, at.keysDirectory))).ok).toBe(true);
  });

  // This emulator hashes what it signs, also where it is told that it was given a digest. AWS does not, and unit tests
  // hold our side against that; here it shows that a wrong signature never gets into the log.
  it('a service that signs something else than it was given is found out before anything is appended', async () => {
    const { at } = await begun('wrong');
    const head = at.store.objects.get('checkpoint');
    const refused = recordScan(await openLedger(at), scanOf(['a']), ticking());
    await expect(refused).rejects.toMatchObject({
      code: 'E_SIGNER',
      message: expect.stringContaining('does not hold'),
    });
    expect(at.store.objects.get('checkpoint')).toEqual(head);
  });

  it('a key of another kind is refused, and one that is not there', async () => {
    const at = { store: memoryStore(), keysDirectory: join(home, 'refused'), random: counter() };
    const { KeyMetadata: rsa } = await admin.send(
      new CreateKeyCommand({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }),
    );
    const absent = String(rsa?.Arn).replace(/[^/]+$/, '11111111-2222-3333-4444-555555555555');
    for (const [kms, why] of [
      [rsa?.Arn, 'for SIGN_VERIFY'],
      [absent, 'NotFoundException'],
    ]) {
      const refused = initLedger({ ...at, kms });
      await expect(refused).rejects.toMatchObject({ code: 'E_SIGNER', message: expect.stringContaining(String(why)) });
    }
    expect(at.store.objects.size).toBe(0);
  });
});
