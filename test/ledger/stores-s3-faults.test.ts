import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerStore } from '../../src/ledger/port.ts';
import { joinPayloads } from '../../src/ledger/stores/payload-join.ts';
import type { S3Sender } from '../../src/ledger/stores/s3-client.ts';
import { s3Client } from '../../src/ledger/stores/s3-client.ts';
import { parseS3Url } from '../../src/ledger/stores/s3-place.ts';
import { s3Store, type S3Options } from '../../src/ledger/stores/s3.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { type Around, FakeS3, s3Error } from '../support/fake-s3.ts';
import { appendNotes, noteTexts } from '../support/ledger-notes.ts';
import { freshLedger, onStore, ticking } from '../support/ledger-world.ts';

const HOLDER = { pid: 4711, host: 'elsewhere', token: 't', since: '2026-11-02T03:00:00.000Z' };

function storeOn(client: S3Sender, more: Partial<S3Options> = {}): LedgerStore {
  const owner = { pid: 1, host: 'here', isAlive: () => true };
  const place = { bucket: 'ledgers', prefix: '' };
  const patient = { patience: 500, lease: 60_000, pause: 2 };
  return s3Store({ place, client: () => client, owner, clock: ticking(), ...patient, ...more });
}

const encode = (text: string): Uint8Array => Buffer.from(text);

async function put(s3: FakeS3, key: string, text: string): Promise<void> {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  await s3.client().send(new PutObjectCommand({ Bucket: s3.bucket, Key: key, Body: encode(text) }));
}

/** Refuses what the pattern matches (`PutObject checkpoint`). */
function refusing(pattern: RegExp, error: () => Error): Around {
  return ({ operation, key }, take) => {
    if (pattern.test(`${operation} ${key}`)) throw error();
    return take();
  };
}

const denied = (): Error => s3Error(403, 'AccessDenied');

describe('the lock of a ledger in S3', () => {
  it('is waited for, and then its holder is named', async () => {
    const s3 = new FakeS3();
    await put(s3, '.lock', JSON.stringify(HOLDER));
    const waiting = storeOn(s3.client(), { patience: 30 }).locked(async () => undefined);
    await expect(waiting).rejects.toMatchObject({
      code: 'E_LEDGER_LOCKED',
      message: 'the ledger is locked by process 4711 on elsewhere since 2026-11-02T03:00:00.000Z',
    });
  });

  it.each([
    [
      'of a dead process of this host',
      { ...HOLDER, host: 'here' },
      { owner: { pid: 1, host: 'here', isAlive: () => false } },
    ],
    ['that nobody touched for a lease', HOLDER, { lease: 10 }],
    ['that names nobody, once it stood for a lease', 'garbage', { lease: 10 }],
  ])('is taken over: one %s', async (_which, note, more) => {
    const s3 = new FakeS3();
    await put(s3, '.lock', JSON.stringify(note));
    expect(await storeOn(s3.client(), more).locked(async () => 'mine')).toBe('mine');
  });

  it('is not taken over while its holder touches it', async () => {
    const s3 = new FakeS3();
    const others = { pid: 2, host: 'elsewhere', isAlive: () => true };
    let working = true;
    const long = storeOn(s3.client(), { owner: others, lease: 30 }).locked(async () => {
      await new Promise((done) => setTimeout(done, 250));
      working = false;
    });
    const seen = await storeOn(s3.client(), { lease: 200, patience: 5_000 }).locked(async () => working);
    expect(seen).toBe(false);
    await long;
  });

  it('is free at once for the next one, though nothing may be deleted', async () => {
    const s3 = new FakeS3();
    const store = storeOn(s3.client(refusing(/^DeleteObject/, denied)), { patience: 0 });
    for (const turn of [1, 2, 3]) expect(await store.locked(async () => turn)).toBe(turn);
  });

  it('that cannot be freed spoils neither the work nor its error', async () => {
    const s3 = new FakeS3();
    let dead = false;
    const store = storeOn(
      s3.client((_request, take) => {
        if (dead) throw new Error('the line went dead');
        return take();
      }),
    );
    const working = store.locked(async () => {
      dead = true;
      return 'done';
    });
    expect(await working).toBe('done');
  });
});

describe('a ledger in S3', () => {
  it('is appended to by a writer that may not delete, and nothing is done twice', async () => {
    const s3 = new FakeS3();
    const puts: string[] = [];
    const store = storeOn(
      s3.client(({ operation, key }, take) => {
        if (operation === 'DeleteObject') throw denied();
        if (operation === 'PutObject') puts.push(key);
        return take();
      }),
    );
    const ledger = await freshLedger(store);
    await appendNotes(ledger, ['a'], ticking());
    await appendNotes(
      ledger,
      Array.from({ length: 300 }, (_, at) => `b${at}`),
      ticking(),
    );
    puts.length = 0;
    await appendNotes(ledger, ['c'], ticking());
    expect(puts.filter((key) => !/^\.(lock|pending)/.test(key)).sort()).toEqual([
      'checkpoint',
      'checkpoints/302',
      'dsse/001.intoto.jsonl',
      'tile/0/001.p/46',
      'tile/entries/001.p/46',
    ]);
    expect((await verifyLedger(storeOn(s3.client()), ledger.trust)).failures).toEqual([]);
  });

  it('shows its whole head to readers though its writer died right after moving it', async () => {
    const s3 = new FakeS3();
    const ledger = await freshLedger(storeOn(s3.client()));
    const dying = storeOn(s3.client(refusing(/^PutObject (tile|dsse|checkpoints)\//, () => new Error('dead'))));
    await appendNotes(onStore(ledger, dying), ['a', 'b'], ticking());
    expect([...s3.present.keys()].filter((key) => /^(tile|dsse)/.test(key))).toEqual([]);

    const reader = storeOn(s3.client(refusing(/^(Put|Delete)Object/, denied)));
    expect((await verifyLedger(reader, ledger.trust)).failures).toEqual([]);
    expect(await noteTexts(reader)).toEqual(['a', 'b']);

    await appendNotes(onStore(ledger, storeOn(s3.client())), ['c'], ticking());
    expect([...s3.present.keys()].filter((key) => key.startsWith('.pending/'))).toEqual([]);
    expect(await noteTexts(storeOn(s3.client()))).toEqual(['a', 'b', 'c']);
    expect((await verifyLedger(storeOn(s3.client()), ledger.trust)).failures).toEqual([]);
  });

  it('clears away what a writer that died before it moved the head had written ahead', async () => {
    const s3 = new FakeS3();
    const ledger = await freshLedger(storeOn(s3.client()));
    const dying = storeOn(s3.client(refusing(/^PutObject checkpoint/, () => new Error('dead'))));
    await expect(appendNotes(onStore(ledger, dying), ['lost'], ticking())).rejects.toThrow('cannot be reached');
    const pending = (): string[] => [...s3.present.keys()].filter((key) => key.startsWith('.pending/'));
    expect(pending()).toHaveLength(1);
    for (const text of ['a', 'b']) await appendNotes(onStore(ledger, storeOn(s3.client())), [text], ticking());
    expect(pending()).toEqual([]);
    expect(await noteTexts(storeOn(s3.client()))).toEqual(['a', 'b']);
  });

  it('takes nothing from a pending object that is malformed, or names what is no part of a log', async () => {
    const s3 = new FakeS3();
    const ledger = await freshLedger(storeOn(s3.client()));
    const dying = storeOn(s3.client(refusing(/^PutObject (tile|dsse)\//, () => new Error('dead'))));
    await appendNotes(onStore(ledger, dying), ['a'], ticking());
    const key = [...s3.present.keys()].find((one) => one.startsWith('.pending/')) as string;
    for (const text of [
      '',
      '{',
      '{"objects":[{"key":"keys/entry/x.pem","length":1}]}\nx',
      '{"objects":1}\n',
      '{"objects":[{"key":"tile/0/000","length":9}]}\nx',
    ]) {
      await put(s3, key, text);
      const verification = await verifyLedger(storeOn(s3.client()), ledger.trust);
      expect(verification.failures.map((one) => one.code)).toContain('payload-missing');
      await expect(appendNotes(onStore(ledger, storeOn(s3.client())), ['b'], ticking())).rejects.toMatchObject({
        code: 'E_LEDGER_CORRUPT',
      });
      expect([...s3.present.keys()].filter((one) => /^(tile|dsse|keys\/entry\/x)/.test(one))).toEqual([]);
    }
  });

  it('writes over what lies where the published log belongs', async () => {
    const s3 = new FakeS3();
    const ledger = await freshLedger(storeOn(s3.client()));
    await put(s3, 'tile/0/000.p/1', 'not a hash');
    await put(s3, 'dsse/000.intoto.jsonl', 'not an envelope\nnor this\n');
    await appendNotes(ledger, ['a'], ticking());
    expect((await verifyLedger(storeOn(s3.client()), ledger.trust)).failures).toEqual([]);
    await appendNotes(ledger, ['b'], ticking());
    expect((await verifyLedger(storeOn(s3.client()), ledger.trust)).failures).toEqual([]);
  });

  it('locks objects that never change again, and no others', async () => {
    const s3 = new FakeS3();
    const clock = (): Date => new Date('2026-11-02T00:00:00Z');
    const store = storeOn(s3.client(), { clock, objectLock: { mode: 'compliance', days: 365 } });
    const ledger = await freshLedger(store);
    await appendNotes(
      ledger,
      Array.from({ length: 300 }, (_, at) => `a${at}`),
      ticking(),
    );
    await store.put([{ key: `state/${'a'.repeat(64)}.json`, bytes: encode('{}') }]);
    for (const [key, { lockMode, lockUntil }] of s3.present) {
      const lasting = /^(checkpoints|state|keys|tile)\//.test(key) && !/\.p\//.test(key);
      expect([key, lockMode]).toEqual([key, lasting ? 'COMPLIANCE' : undefined]);
      if (lasting) expect(lockUntil?.toISOString()).toBe('2027-11-02T00:00:00.000Z');
    }
    expect([...s3.present.values()].filter((one) => one.lockMode !== undefined).length).toBeGreaterThan(5);
  });

  it('is refused where the service does not heed conditions', async () => {
    const s3 = new FakeS3();
    s3.heedsConditions = false;
    await expect(storeOn(s3.client()).locked(async () => undefined)).rejects.toMatchObject({
      code: 'E_LEDGER_ACCESS',
      message: 'the bucket ledgers does not heed conditional writes (If-None-Match, If-Match)',
    });
  });

  it.each([
    ['s3:GetObject', /^GetObject/, (store: LedgerStore) => store.get('checkpoint')],
    ['s3:ListBucket', /^ListObjectsV2/, (store: LedgerStore) => store.list('')],
    ['s3:PutObject', /^PutObject/, (store: LedgerStore) => store.put([{ key: 'a', bytes: encode('x') }])],
  ])('names the permission %s that is missing, and no secret', async (permission, pattern, use) => {
    const error = (): Error => Object.assign(denied(), { message: 'User AKIASECRET is not authorized' });
    const refused = use(storeOn(new FakeS3().client(refusing(pattern, error))));
    await expect(refused).rejects.toMatchObject({
      code: 'E_LEDGER_ACCESS',
      cure: expect.stringContaining(permission),
      message: expect.stringContaining('the bucket ledgers refuses it (AccessDenied, 403)'),
    });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('AKIASECRET') });
  });

  it.each([
    ['does not exist', () => s3Error(404, 'NoSuchBucket')],
    ['does not know these credentials', () => s3Error(400, 'ExpiredToken')],
    ['does not know these credentials', () => Object.assign(new Error(), { name: 'CredentialsProviderError' })],
    ['cannot be reached', () => Object.assign(new Error(), { code: 'ECONNREFUSED' })],
    ['failed', () => s3Error(500, 'InternalError')],
  ])('that %s is one clear error', async (words, error) => {
    for (const use of [
      (store: LedgerStore) => store.get('checkpoint'),
      (store: LedgerStore) => store.list(''),
      (store: LedgerStore) => store.put([{ key: 'tile/0/000', bytes: encode('x') }]),
      (store: LedgerStore) => store.swapHead(undefined, encode('x')),
    ]) {
      const store = storeOn(new FakeS3().client(refusing(/./, error)));
      await expect(use(store)).rejects.toMatchObject({
        code: 'E_LEDGER_ACCESS',
        message: expect.stringContaining(`the bucket ledgers ${words}`),
      });
    }
  });

  it('reads again what broke off on its way', async () => {
    const s3 = new FakeS3();
    await put(s3, 'state/a.json', 'whole');
    let broken = 0;
    const breaking: S3Sender = {
      send: async (command) => {
        const output = (await s3.client().send(command)) as { Body?: { transformToByteArray(): Promise<Uint8Array> } };
        if (output.Body === undefined || broken++ >= 2) return output;
        return { ...output, Body: { transformToByteArray: () => Promise.reject(new Error('aborted')) } };
      },
    };
    expect(Buffer.from((await storeOn(breaking).get('state/a.json')) ?? []).toString()).toBe('whole');
    broken = -10;
    await expect(storeOn(breaking).get('state/a.json')).rejects.toMatchObject({ code: 'E_LEDGER_ACCESS' });
  });
});

describe('payload files of two writers', () => {
  const LINES = Array.from({ length: 8 }, (_, at) => `{"payload":"${at}"}\n`);
  const file = fc.record({ length: fc.nat(8), erased: fc.array(fc.nat(7)) }).map(({ length, erased }) => {
    const lines = LINES.slice(0, length).map((line, at) => (erased.includes(at) ? `{"authorisedBy":"${at}"}\n` : line));
    return encode(lines.join(''));
  });

  it('join to the same file in any order and however often; nothing gets lost, nothing erased comes back', () => {
    fc.assert(
      fc.property(file, file, file, (a, b, c) => {
        const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
        const joined = text(joinPayloads(joinPayloads(a, b), c));
        expect(text(joinPayloads(c, joinPayloads(b, a)))).toBe(joined);
        expect(text(joinPayloads(encode(joined), b))).toBe(joined);
        const lines = joined.split('\n');
        for (const one of [a, b, c].map((bytes) => text(bytes).split('\n').slice(0, -1))) {
          expect(lines.length).toBeGreaterThan(one.length);
          one.forEach((line, at) => {
            if (line.startsWith('{"authorisedBy"')) expect(lines[at]).toBe(line);
          });
        }
      }),
    );
  });

  it('drop half a line that lies after the whole ones', () => {
    expect(Buffer.from(joinPayloads(encode('{"a":1}\n{"b'), encode('{"a":1}\n'))).toString()).toBe('{"a":1}\n');
  });
});

describe('an S3 address', () => {
  it.each([
    ['s3://acme-audit', { bucket: 'acme-audit', prefix: '' }],
    ['s3://acme-audit/', { bucket: 'acme-audit', prefix: '' }],
    ['s3://acme-audit/driftbom/prod', { bucket: 'acme-audit', prefix: 'driftbom/prod' }],
    ['s3://acme-audit/driftbom/prod/', { bucket: 'acme-audit', prefix: 'driftbom/prod' }],
  ])('%s names bucket and prefix', (url, place) => {
    expect(parseS3Url(url)).toEqual(place);
  });

  it.each(['s3://', 's3:///x', 's3://a', 's3://acme/a//b', 's3://acme/../x', 's3://ac me/x', 'acme/x'])(
    '%s is refused',
    (url) => {
      expect(() => parseS3Url(url)).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
    },
  );

  it('of another service is asked there, by path', async () => {
    const sdk = await import('@aws-sdk/client-s3');
    for (const env of [
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
      { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9', AWS_ENDPOINT_URL: 'http://no' },
    ]) {
      const client = s3Client(env)(sdk) as InstanceType<typeof sdk.S3Client>;
      expect(client.config.forcePathStyle).toBe(true);
      expect(await client.config.endpoint?.()).toMatchObject({ hostname: '127.0.0.1', port: 9 });
      expect(await client.config.region()).toBe('us-east-1');
    }
  });
});
