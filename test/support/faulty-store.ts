import { type Disk, durableDisk } from '../../src/ledger/stores/durable.ts';
import type { Around } from './fake-s3.ts';

export class Crash extends Error {}

/** Whether the write that a crash hits takes effect: `before` it does, or `after` (failed for the caller, but persisted). */
export type When = 'before' | 'after';

/** Counts a store's writes, and at one of them lets its process die: from then on nothing that it does has any effect. */
export class Fault {
  /** How many writes there were. */
  writes = 0;
  readonly #at: number;
  readonly #when: When;

  constructor(at = Number.POSITIVE_INFINITY, when: When = 'before') {
    this.#at = at;
    this.#when = when;
  }

  /** One numbered write. */
  take<T>(write: () => T): T {
    const number = this.writes++;
    if (number > this.#at || (number === this.#at && this.#when === 'before')) throw new Crash();
    const written = write();
    if (number === this.#at) throw new Crash();
    return written;
  }

  /** The same for a write that takes time. */
  async step<T>(write: () => T | Promise<T>): Promise<T> {
    const number = this.writes++;
    if (number > this.#at || (number === this.#at && this.#when === 'before')) throw new Crash();
    const written = await write();
    if (number === this.#at) throw new Crash();
    return written;
  }
}

/** A disk that fails. */
export function faultyDisk(fault: Fault): Disk {
  return {
    write: (path, bytes, scratch) => fault.step(() => durableDisk.write(path, bytes, scratch)),
    remove: (path) => fault.step(() => durableDisk.remove(path)),
  };
}

/** The objects of a store in memory, as a writer sees them that fails. */
export class FaultyMap extends Map<string, Uint8Array> {
  readonly #objects: Map<string, Uint8Array>;
  readonly #fault: Fault;

  constructor(objects: Map<string, Uint8Array>, fault: Fault) {
    super();
    this.#objects = objects;
    this.#fault = fault;
  }

  override get(key: string): Uint8Array | undefined {
    return this.#objects.get(key);
  }

  override keys(): MapIterator<string> {
    return this.#objects.keys();
  }

  override set(key: string, bytes: Uint8Array): this {
    this.#fault.take(() => this.#objects.set(key, bytes));
    return this;
  }

  override delete(key: string): boolean {
    return this.#fault.take(() => this.#objects.delete(key));
  }
}

/** Requests of an S3 client that fails. */
export function faultyRequests(fault: Fault): Around {
  return ({ operation }, take) =>
    operation === 'PutObject' || operation === 'DeleteObject' ? fault.step(take) : take();
}
