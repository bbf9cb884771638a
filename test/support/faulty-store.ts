import type { LedgerStore } from '../../src/ledger/port.ts';

export class Crash extends Error {}

/**
 * A store that crashes at its n-th write, counted object by object: `before` it took effect, or `after` (failed for the
 * caller, but persisted). From then on it is dead. `writes` tells how many there were.
 */
export function faultyStore(
  store: LedgerStore,
  at: number,
  when: 'before' | 'after',
): LedgerStore & { writes: number } {
  const faulty = {
    writes: 0,
    get: (key: string) => store.get(key),
    list: (prefix: string) => store.list(prefix),
    locked: <T>(work: () => Promise<T>) => store.locked(work),
    put: async (objects: Parameters<LedgerStore['put']>[0]): Promise<void> => {
      for (const object of objects) await step(() => store.put([object]));
    },
    remove: (keys: readonly string[]): Promise<void> => step(() => store.remove(keys)),
    swapHead: (expected: Uint8Array | undefined, next: Uint8Array): Promise<boolean> => {
      return step(() => store.swapHead(expected, next));
    },
  };
  const step = async <T>(write: () => Promise<T>): Promise<T> => {
    const number = faulty.writes++;
    if (number > at || (number === at && when === 'before')) throw new Crash();
    const written = await write();
    if (number === at) throw new Crash();
    return written;
  };
  return faulty;
}
