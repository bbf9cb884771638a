import { afterAll, describe, expect, it } from 'vitest';
import { SignatureThread } from '../../src/ledger/signature-thread.ts';
import { entrySigner, newEntryKey } from '../../src/ledger/signers/local.ts';

const threads: SignatureThread[] = [];
const started = (): SignatureThread => {
  const thread = new SignatureThread();
  threads.push(thread);
  return thread;
};

afterAll(async () => {
  for (const thread of threads) await thread.close();
});

describe('a thread that checks signatures', () => {
  it('tells of each whether it holds, over keys of both kinds and over several batches', async () => {
    const thread = started();
    const signers = (['ecdsa-p256', 'ed25519'] as const).map((kind) => entrySigner(newEntryKey(kind)));
    for (let batch = 0; batch < 3; batch++) {
      const asked = await Promise.all(
        Array.from({ length: 40 }, async (_, i) => {
          const signer = signers[i % 2] as (typeof signers)[number];
          const message = Buffer.from(`message ${i} of batch ${batch}`.repeat(i + 1));
          const signature = await signer.sign(message);
          const altered = i % 5 === 0;
          return {
            altered,
            holds: thread.holds(signer.publicKey, altered ? Buffer.from('another') : message, signature),
          };
        }),
      );
      thread.send();
      const answers = await Promise.all(asked.map(({ holds }) => holds));
      expect(answers).toEqual(asked.map(({ altered }) => !altered));
    }
  });

  it('says no to what is no signature, and to one by another key', async () => {
    const thread = started();
    const [one, other] = [entrySigner(newEntryKey()), entrySigner(newEntryKey())];
    const message = Buffer.from('message');
    const answers = [
      thread.holds(one.publicKey, message, new Uint8Array()),
      thread.holds(one.publicKey, message, Buffer.alloc(72, 0x30)),
      thread.holds(one.publicKey, message, await other.sign(message)),
      thread.holds(one.publicKey, message, await one.sign(message)),
    ];
    thread.send();
    expect(await Promise.all(answers)).toEqual([false, false, false, true]);
  });

  it('fails whoever asks it, where it cannot go on', async () => {
    const thread = started();
    const none = thread.holds(Buffer.from('no key'), Buffer.from('message'), Buffer.from('signature'));
    thread.send();
    await expect(none).rejects.toThrow();
    const late = thread.holds(Buffer.from('no key'), Buffer.from('message'), Buffer.from('signature'));
    thread.send();
    await expect(late).rejects.toThrow();
  });
});
