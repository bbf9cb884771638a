import { CreateBucketCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { s3Client } from '../../src/ledger/stores/s3-client.ts';
import { s3Store, type S3Options } from '../../src/ledger/stores/s3.ts';
import { ledgerStoreContract } from '../contract/ledger-store.ts';
import { faultyRequests } from '../support/faulty-store.ts';
import type { Around } from '../support/fake-s3.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import type { Forwarder } from '../support/forwarder.ts';
import { startSerialProxy } from '../support/serial-proxy.ts';
import { writersWorld } from './ledger-writers.ts';

const tools = inject('tools');

describe.skipIf(tools.kind === 'missing')('with an emulated S3', () => {
  let moto: Moto;
  let proxy: Forwarder;
  let admin: S3Client;
  let buckets = 0;

  beforeAll(async () => {
    if (tools.kind === 'missing') return;
    process.env.AWS_ACCESS_KEY_ID = 'testing';
    process.env.AWS_SECRET_ACCESS_KEY = 'testing';
    moto = await startMoto(tools.tools);
    proxy = await startSerialProxy(moto);
    admin = new S3Client({ endpoint: proxy.endpoint, region: 'us-east-1', forcePathStyle: true });
  });

  afterAll(async () => {
    admin?.destroy();
    await proxy?.stop();
    await moto?.stop();
  });

  async function newBucket(objectLock = false): Promise<string> {
    const bucket = `ledgers-${buckets++}`;
    await admin.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: objectLock }));
    return bucket;
  }

  function storeOn(bucket: string, around?: Around, more: Partial<S3Options> = {}) {
    const make = s3Client({ AWS_ENDPOINT_URL_S3: proxy.endpoint });
    const client: S3Options['client'] = (sdk) => {
      const real = make(sdk);
      if (around === undefined) return real;
      return {
        send: async (command) => {
          const operation = command.constructor.name.replace(/Command$/, '') as 'GetObject';
          return around({ operation, key: '' }, () => real.send(command));
        },
      };
    };
    const owner = { pid: process.pid, host: 'here', isAlive: () => true };
    const place = { bucket, prefix: 'acme/prod' };
    const patient = { patience: 20_000, lease: 60_000, pause: 5 };
    return s3Store({ place, client, owner, clock: () => new Date(), ...patient, ...more });
  }

  ledgerStoreContract('an emulated S3 bucket', async () => {
    const bucket = await newBucket();
    return { open: (fault) => storeOn(bucket, fault && faultyRequests(fault)) };
  });

  it('keeps what never changes again under Object Lock', async () => {
    const bucket = await newBucket(true);
    const store = storeOn(bucket, undefined, { objectLock: { mode: 'governance', days: 30 } });
    await store.put([{ key: 'state/a.json', bytes: Buffer.from('{}') }]);
    await store.put([{ key: 'state/a.json', bytes: Buffer.from('{}') }]);
    const input = { Bucket: bucket, Key: 'acme/prod/state/a.json' };
    const head = await admin.send(new HeadObjectCommand(input));
    expect(head.ObjectLockMode).toBe('GOVERNANCE');
    expect(Math.round(((head.ObjectLockRetainUntilDate?.getTime() ?? 0) - Date.now()) / 86_400_000)).toBe(30);
  });

  it('says in one error that the bucket is not there', async () => {
    await expect(storeOn('no-such-bucket').get('checkpoint')).rejects.toMatchObject({
      code: 'E_LEDGER_ACCESS',
      message: expect.stringContaining('the bucket no-such-bucket does not exist'),
    });
  });

  describe('two processes', () => {
    it('append 500 entries each: nothing is lost, nothing is there twice', async () => {
      const world = await writersWorld({ endpoint: proxy.endpoint, bucket: await newBucket() });
      onTestFinished(() => world.stop());
      const writers = ['left', 'right'].map((name) => world.start(name, 100, 5));
      expect(await Promise.all(writers.map((writer) => writer.ended))).toEqual([0, 0]);
      expect(await world.expectWhole()).toBe(1001);
    });

    it('killed 40 times at random leave a whole ledger', async () => {
      const world = await writersWorld({ endpoint: proxy.endpoint, bucket: await newBucket() });
      onTestFinished(() => world.stop());
      for (let round = 0; round < 4; round++) {
        await world.killAtRandom(10, 2, 250);
        await world.expectWhole();
      }
    });
  });
});
