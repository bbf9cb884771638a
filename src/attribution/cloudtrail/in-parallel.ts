/** Does work on all items, at most `width` at a time, beginning in order. Rejects with the first failure. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) await work(items[next++] as T);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}

/** The same, and takes what the work gives in the order of the items, as soon as that can be. */
export async function inOrder<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
  take: (given: R, at: number) => void,
): Promise<void> {
  const early = new Map<number, R>();
  let next = 0;
  await inParallel([...items.entries()], width, async ([at, item]) => {
    early.set(at, await work(item));
    for (; early.has(next); next++) {
      take(early.get(next) as R, next);
      early.delete(next);
    }
  });
}
