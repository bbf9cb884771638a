import { HEAD_KEY } from '../paths.ts';
import type { LedgerStore, StoredObject } from '../port.ts';
import { ledgerKey } from './ledger-key.ts';
import { isSameHead } from './same-head.ts';

/** A store in memory: for tests, and for looking at what a recording would write. `objects` may be altered freely. */
export function memoryStore(objects: Map<string, Uint8Array> = new Map()): LedgerStore & {
  readonly objects: Map<string, Uint8Array>;
} {
  let queue: Promise<unknown> = Promise.resolve();
  const write = (written: readonly StoredObject[]): void => {
    for (const { key, bytes } of written) objects.set(ledgerKey(key), Uint8Array.from(bytes));
  };
  return {
    objects,
    get: async (key) => objects.get(ledgerKey(key)),
    list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
    put: async (written) => write(written),
    remove: async (keys) => {
      for (const key of keys) objects.delete(ledgerKey(key));
    },
    // Nobody comes in between: up to the head nothing is awaited.
    swapHead: async (expected, next, brought = []) => {
      if (!isSameHead(objects.get(HEAD_KEY), expected)) return false;
      write([...brought, { key: HEAD_KEY, bytes: next }]);
      return true;
    },
    locked: (work) => {
      const run = queue.then(work);
      queue = run.catch(() => undefined);
      return run;
    },
  };
}
