import { Worker } from 'node:worker_threads';
import { toHex } from './bytes.ts';

interface Question {
  readonly key: number;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly resolve: (holds: boolean) => void;
  readonly reject: (fault: unknown) => void;
}

interface Answer {
  readonly id: number;
  /** 1 where a signature holds. */
  readonly holds: Uint8Array;
  readonly memory: ArrayBuffer;
}

/** MiB: what it is given is checked and forgotten. */
const LITTLE = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 64 };

/** Checks signatures on another thread, batch by batch, while this one goes on. */
export class SignatureThread {
  readonly #worker: Worker;
  readonly #keys = new Map<string, number>();
  #newKeys: Uint8Array[] = [];
  #batch: Question[] = [];
  readonly #asked = new Map<number, readonly Question[]>();
  #id = 0;
  /** Of batches that are done. */
  readonly #memory: ArrayBuffer[] = [];
  /** Why the thread ended, where it did. */
  #fault: unknown;

  constructor() {
    this.#worker = new Worker(new URL('./signature-worker.mjs', import.meta.url), { resourceLimits: LITTLE });
    this.#worker.on('message', ({ id, holds, memory }: Answer) => {
      this.#memory.push(memory);
      this.#asked.get(id)?.forEach(({ resolve }, at) => {
        resolve(holds[at] === 1);
      });
      this.#asked.delete(id);
    });
    this.#worker.on('error', (fault) => {
      this.#fault = fault;
      for (const batch of this.#asked.values()) for (const { reject } of batch) reject(fault);
      this.#asked.clear();
    });
  }

  /** Whether the signature of a DER SubjectPublicKeyInfo over the message holds. Nothing is asked before the next `send`. */
  holds(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
    const key = this.#numberOf(publicKey);
    return new Promise((resolve, reject) => {
      this.#batch.push({ key, message, signature, resolve, reject });
    });
  }

  /** Sends what was asked since the last time. */
  send(): void {
    const batch = this.#batch;
    if (batch.length === 0) return;
    if (this.#fault !== undefined) for (const { reject } of batch) reject(this.#fault);
    const ends = new Uint32Array(batch.length * 3);
    const bytes = this.#room(batch.reduce((sum, one) => sum + one.message.length + one.signature.length, 0));
    let at = 0;
    for (const [i, { key, message, signature }] of batch.entries()) {
      bytes.set(message, at);
      bytes.set(signature, at + message.length);
      ends.set([key, at + message.length, at + message.length + signature.length], i * 3);
      at += message.length + signature.length;
    }
    const id = this.#id++;
    this.#asked.set(id, batch);
    this.#worker.postMessage({ id, newKeys: this.#newKeys, bytes, ends }, [bytes.buffer, ends.buffer]);
    this.#batch = [];
    this.#newKeys = [];
  }

  /** Memory for so many bytes at least, of an earlier batch where one is back. */
  #room(bytes: number): Uint8Array<ArrayBuffer> {
    const back = this.#memory.pop();
    return new Uint8Array(back !== undefined && back.byteLength >= bytes ? back : new ArrayBuffer(bytes * 2));
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #numberOf(publicKey: Uint8Array): number {
    const name = toHex(publicKey);
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    // A copy: what is sent takes the memory around it along.
    this.#newKeys.push(Uint8Array.from(publicKey));
    this.#keys.set(name, this.#keys.size);
    return this.#keys.size - 1;
  }
}
