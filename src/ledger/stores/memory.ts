import { sameBytes } from '../bytes.ts';
import { HEAD_KEY } from '../paths.ts';
import type { LedgerStore } from '../port.ts';

/** A store in memory: for tests, and for looking at what a recording would write. `objects` may be altered freely. */
export function memoryStore(objects: Map<string, Uint8Array> = new Map()): LedgerStore & {
  readonly objects: Map<string, Uint8Array>;
} {
  let queue: Promise<unknown> = Promise.resolve();
  return {
    objects,
    get: async (key) => objects.get(key),
    list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
    put: async (written) => {
      for (const { key, bytes } of written) objects.set(key, Uint8Array.from(bytes));
    },
    remove: async (keys) => {
      for (const key of keys) objects.delete(key);
    },
    swapHead: async (expected, next) => {
      const head = objects.get(HEAD_KEY);
      const same = head === undefined || expected === undefined ? head === expected : sameBytes(head, expected);
      if (same) objects.set(HEAD_KEY, Uint8Array.from(next));
      return same;
    },
    locked: (work) => {
      const run = queue.then(work);
      queue = run.catch(() => undefined);
      return run;
    },
  };
}
