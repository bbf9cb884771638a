// Checks signatures on a thread of its own: they are most of what the verification of a log costs. Plain JavaScript, since
// Node 20 starts it as it is, from the sources and from the bundle alike.
import { createPublicKey, verify } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** By number, in the order in which they came. */
const keys = [];

// A batch: `bytes` begins with message and signature of each, one after the other; `ends` has three numbers for each, the key's,
// the end of the message and the end of the signature. The answer has a 1 where a signature holds.
parentPort.on('message', ({ id, newKeys, bytes, ends }) => {
  for (const der of newKeys) {
    const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
    keys.push({ key, hash: key.asymmetricKeyType === 'ed25519' ? null : 'sha256' });
  }
  const holds = new Uint8Array(ends.length / 3);
  let start = 0;
  for (let at = 0; at < holds.length; at++) {
    const { key, hash } = keys[ends[at * 3]];
    const [message, signature] = [ends[at * 3 + 1], ends[at * 3 + 2]];
    holds[at] = verify(hash, bytes.subarray(start, message), key, bytes.subarray(message, signature)) ? 1 : 0;
    start = signature;
  }
  // The memory goes back, to be filled again.
  parentPort.postMessage({ id, holds, memory: bytes.buffer }, [bytes.buffer]);
});
