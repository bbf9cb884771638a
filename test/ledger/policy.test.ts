import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8, sha256, toBase64, toHex } from '../../src/ledger/bytes.ts';
import { readSigningKeys } from '../../src/ledger/signing-keys.ts';
import { formatNote, parseNote } from '../../src/ledger/note.ts';
import { formatPolicy, parsePolicy } from '../../src/ledger/policy.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { checkpointSigner, entrySigner, newCheckpointKey, newEntryKey } from '../../src/ledger/signers/local.ts';
import type { Trust } from '../../src/ledger/trust.ts';
import { type Verification, verifyLedger } from '../../src/ledger/verify.ts';
import { ENTRY_KINDS } from '../../src/model/entry.ts';
import { annotate } from '../support/annotations.ts';
import { freshLedger, scanOf, ticking, timeoutDrift } from '../support/ledger-world.ts';

const WAIVER = {
  workspace: null,
  address: '*',
  path: null,
  from: '2026-11-02T00:00:00.000Z',
  until: '2026-12-02T00:00:00.000Z',
  requestedBy: 'alice',
  approvedBy: 'bob',
};

/** Entries 0 drift, 1 scan, recorded at 03:01; 2 waiver, at 03:02. */
async function recorded() {
  const ledger = await freshLedger();
  const clock = ticking();
  await recordScan(ledger, scanOf(['a'], [timeoutDrift('a')]), clock);
  await annotate(ledger, { kind: 'waiver', waiver: WAIVER }, clock);
  return ledger;
}

type PolicyJson = {
  schema: string;
  entryKeys: { [field: string]: unknown }[];
  checkpointKeys: { [field: string]: unknown }[];
  [field: string]: unknown;
};

/** The ledger's own policy with something changed, and what verify says under it. */
async function under(
  ledger: Awaited<ReturnType<typeof recorded>>,
  change: (policy: PolicyJson) => void,
  kept: readonly Uint8Array[] = [],
): Promise<Verification> {
  const policy = JSON.parse(formatPolicy(await readSigningKeys(ledger.store))) as PolicyJson;
  change(policy);
  return verifyLedger(ledger.store, { ...read(policy), kept });
}

function read(policy: unknown): Trust {
  return parsePolicy(encodeUtf8(JSON.stringify(policy)), 'p.json');
}

function found({ failures }: Verification): [string, number | undefined][] {
  return failures.map(({ code, index }) => [code, index]);
}

describe('a policy printed for a ledger', () => {
  it('accepts that ledger', async () => {
    const verification = await under(await recorded(), () => {});
    expect(verification).toMatchObject({ ok: true, size: 3, witnessed: undefined });
  });

  it('accepts no entry of a key that it does not name', async () => {
    const ledger = await recorded();
    const stranger = toBase64(entrySigner(newEntryKey()).publicKey);
    const verification = await under(ledger, (policy) => {
      policy.entryKeys = [{ publicKey: stranger }];
    });
    expect(found(verification)).toEqual([0, 1, 2].map((index) => ['key-not-allowed', index]));
  });
});

describe('what a policy lets a key sign', () => {
  it('is refused by entry, key and kind', async () => {
    const ledger = await recorded();
    const verification = await under(ledger, ({ entryKeys: [key] }) => {
      Object.assign(key as object, { name: 'scanner', kinds: ['scan', 'drift', 'resolved'] });
    });
    expect(found(verification)).toEqual([['key-not-allowed', 2]]);
    const message = verification.failures[0]?.message;
    for (const part of ['entry 2', 'scanner', ledger.signer.keyId, 'kind waiver']) expect(message).toContain(part);
  });

  it.each([
    ['from', '2026-11-02T03:02:00.000Z', [0, 1]],
    ['from', '2026-11-02T03:01:00.000Z', []],
    ['from', '2026-11-02T04:01:00.000+01:00', []],
    ['until', '2026-11-02T03:02:00.000Z', []],
    ['until', '2026-11-02T03:01:00.000Z', [2]],
    ['until', '2026-11-02T03:00:59.999Z', [0, 1, 2]],
  ])('is bounded by time: %s %s', async (bound, time, refused) => {
    const verification = await under(await recorded(), ({ entryKeys: [key] }) => {
      Object.assign(key as object, { [bound]: time });
    });
    expect(found(verification)).toEqual(refused.map((index) => ['key-not-allowed', index]));
  });

  it('refuses every kind that it does not list, and no other', async () => {
    const ledger = await recorded();
    const kinds = ['drift', 'scan', 'waiver'];
    await fc.assert(
      fc.asyncProperty(fc.subarray([...ENTRY_KINDS], { minLength: 1 }), async (listed) => {
        const verification = await under(ledger, ({ entryKeys: [key] }) => {
          Object.assign(key as object, { kinds: listed });
        });
        const refused = kinds.flatMap((kind, at) => ((listed as string[]).includes(kind) ? [] : [at]));
        expect(found(verification)).toEqual(refused.map((index) => ['key-not-allowed', index]));
      }),
      { numRuns: 15 },
    );
  });

  it('bounds checkpoint keys by the size of the log', async () => {
    const late = await under(await recorded(), ({ checkpointKeys: [key] }) => {
      Object.assign(key as object, { fromSize: 1 });
    });
    expect(late.failures).toMatchObject([
      { code: 'checkpoint-wrong', message: expect.stringContaining('checkpoints/0') },
    ]);
    const early = await under(await recorded(), ({ checkpointKeys: [key] }) => {
      Object.assign(key as object, { untilSize: 2 });
    });
    expect(early.failures.map(({ code }) => code)).toEqual(['head-wrong', 'checkpoint-wrong']);
  });
});

describe('approvers of a policy', () => {
  it.each([
    [{ names: ['Bob '] }, []],
    [{ names: ['carol'] }, [['approver-not-allowed', 2]]],
    [{ names: [] }, [['approver-not-allowed', 2]]],
    [{}, []],
  ])('%j', async (approvers, expected) => {
    const verification = await under(await recorded(), (policy) => {
      policy.approvers = approvers;
    });
    expect(found(verification)).toEqual(expected);
  });

  it('may be bound to the key that signs the approval', async () => {
    const ledger = await recorded();
    const { digest } = await annotate(ledger, { kind: 'note' }, ticking());
    await annotate(ledger, { kind: 'approval', about: [digest], by: 'bob' }, ticking());
    const allowed = await under(ledger, (policy) => {
      policy.approvers = { keys: [ledger.signer.keyId] };
    });
    expect(found(allowed)).toEqual([]);
    const refused = await under(ledger, (policy) => {
      policy.approvers = { keys: [`sha256:${'0'.repeat(64)}`] };
    });
    expect(found(refused)).toEqual([['approver-not-allowed', 4]]);
  });
});

/** A witness as C2SP tlog-cosignature describes it. */
function witness(name: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const keyId = toHex(sha256(encodeUtf8(`${name}\n`), Uint8Array.of(4), raw).subarray(0, 4));
  return {
    vkey: `${name}+${keyId}+${toBase64(Buffer.concat([Buffer.of(4), raw]))}`,
    cosign(note: Uint8Array, time = 1_790_000_000n, text = parseNote(note).text): Uint8Array {
      const stamp = Buffer.alloc(8);
      stamp.writeBigUInt64BE(time);
      const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), privateKey);
      const { signatures, text: own } = parseNote(note);
      return formatNote({
        text: own,
        signatures: [...signatures, { name, keyId, signature: Buffer.concat([stamp, signature]) }],
      });
    },
  };
}

describe('witnesses of a policy', () => {
  const [one, two] = [witness('w1.example'), witness('w2.example')];
  const asking = (quorum: number) => (policy: PolicyJson) => {
    policy.witnesses = { quorum, vkeys: [one.vkey, two.vkey] };
  };

  it('are counted over the head and its copies elsewhere', async () => {
    const ledger = await recorded();
    const head = (await ledger.store.get('checkpoint')) as Uint8Array;
    const verification = await under(ledger, asking(2), [one.cosign(head), two.cosign(head)]);
    expect(verification).toMatchObject({ ok: true, witnessed: { quorum: 2, by: ['w1.example', 'w2.example'] } });
    await ledger.store.put([{ key: 'checkpoint', bytes: two.cosign(one.cosign(head)) }]);
    expect((await under(ledger, asking(2))).ok).toBe(true);
  });

  it('are missed where too few cosigned, and one twice is one', async () => {
    const ledger = await recorded();
    const head = (await ledger.store.get('checkpoint')) as Uint8Array;
    expect(found(await under(ledger, asking(1)))).toEqual([['quorum-missing', undefined]]);
    const twice = await under(ledger, asking(2), [one.cosign(one.cosign(head), 5n)]);
    expect(found(twice)).toEqual([['quorum-missing', undefined]]);
    expect(twice.failures[0]?.message).toContain('1 of');
  });

  it('count only for the head itself, and only with a cosignature that holds', async () => {
    const ledger = await recorded();
    const head = (await ledger.store.get('checkpoint')) as Uint8Array;
    const earlier = (await ledger.store.get('checkpoints/2')) as Uint8Array;
    const wrong = one.cosign(head, 7n, 'another text\n');
    expect(found(await under(ledger, asking(1), [one.cosign(earlier)]))).toEqual([['quorum-missing', undefined]]);
    expect(found(await under(ledger, asking(1), [wrong]))).toEqual([['quorum-missing', undefined]]);
  });
});

const LOG_KEY = checkpointSigner(newCheckpointKey(), 'x.example').vkey;

describe('a policy file', () => {
  const good = (): PolicyJson => ({
    schema: 'driftbom.policy/v1',
    entryKeys: [{ publicKey: toBase64(entrySigner(newEntryKey()).publicKey) }],
    checkpointKeys: [{ vkey: LOG_KEY }],
  });

  const key = (): string => toBase64(entrySigner(newEntryKey()).publicKey);
  const twice = { publicKey: key() };
  it.each<[string, object, string]>([
    ['another schema', { schema: 'x' }, 'schema'],
    ['no entry key', { entryKeys: [] }, 'entryKeys'],
    ['a field that nobody knows', { rules: [] }, 'rules'],
    ['a kind that nobody knows', { entryKeys: [{ publicKey: key(), kinds: ['x'] }] }, 'entryKeys.0.kinds'],
    ['a time without zone', { entryKeys: [{ publicKey: key(), from: '2026-01-01T00:00:00' }] }, 'entryKeys.0.from'],
    ['a key that is none', { entryKeys: [{ publicKey: 'AAAA' }] }, 'entryKeys.0.publicKey'],
    ['a verifier key that is damaged', { checkpointKeys: [{ vkey: 'x+a8c4c8a4+ARoJ' }] }, 'checkpointKeys.0.vkey'],
    ['a quorum beyond its witnesses', { witnesses: { quorum: 2, vkeys: [witness('w').vkey] } }, 'witnesses'],
    ['a log key as witness', { witnesses: { quorum: 1, vkeys: [LOG_KEY] } }, 'witnesses.vkeys.0'],
    ['the same key twice', { entryKeys: [twice, twice] }, 'stands there twice'],
  ])('with %s is refused, naming file and place', (_what, fault, place) => {
    expect(() => read(good())).not.toThrow();
    expect(() => read({ ...good(), ...fault })).toThrow(
      expect.objectContaining({
        code: 'E_CONFIG',
        message: expect.stringMatching(new RegExp(`p\\.json[\\s\\S]*${place}`)),
      }),
    );
  });

  it.each(['', 'x', '[]', '{"schema":"driftbom.policy/v1","schema":"driftbom.policy/v1"}'])(
    'is refused as %j',
    (text) => {
      expect(() => parsePolicy(encodeUtf8(text), 'p.json')).toThrow(expect.objectContaining({ code: 'E_CONFIG' }));
    },
  );
});
