import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { AuditQuestion } from '../port.ts';
import type { OpenReaders, Readers } from './ask-objects.ts';
import { type Parcel, unpacked } from './parcel.ts';
import { type LogObject, type ObjectFindings, readObject } from './read-object.ts';
import { SHELF_BYTES, type SieveQuestion, sieveQuestion } from './sieve.ts';
import { scopeOf } from './window.ts';

/** What a thread is told when it begins. */
export interface WorkerQuestion {
  readonly question: AuditQuestion;
  readonly now: number | undefined;
  readonly shelfBytes: number;
}

/** What it is told of each file. */
export interface WorkerOrder {
  readonly path: string;
  readonly name: string;
  readonly hashed: boolean;
}

export interface ReaderPoolOptions {
  /** How many threads; one: none but the caller's. Left out: as many as there are processors for. */
  readonly threads?: number | undefined;
  /** The threads' program. It is built beside the one that starts them; where it is missing, there are none. */
  readonly program?: URL | undefined;
  /** From how many bytes of files on threads pay. */
  readonly least?: number | undefined;
}

/** Each thread has a heap of its own; more of them wait for the disk. */
const MOST_THREADS = 4;
/** Below, one thread that searches while Node unpacks beside it keeps them all busy: measured with two (`npm run bench`). */
const LEAST_PROCESSORS = 4;
/** What a thread makes anew lives shortly, and is swept up in a small place as well as in a large one. */
const YOUNG_MB = 8;
/** Reading so much takes as long as a few starts of threads. */
const LEAST_BYTES = 16 << 20;
/** How many files are asked for their size at a time. */
const ASKED = 64;

/** Opens threads that read files, one at a time each, where there are processors for them and enough to read. */
export function readerPool(options: ReaderPoolOptions): OpenReaders {
  const { program = new URL('./log-worker.js', import.meta.url), least = LEAST_BYTES } = options;
  const most = options.threads ?? threadsFor(availableParallelism());
  return async (objects, { question, now }) => {
    const paths = objects.flatMap(({ path }) => path ?? []);
    const threads = Math.min(most, paths.length);
    if (threads < 2 || !existsSync(fileURLToPath(program)) || !(await holdAtLeast(paths, least))) return undefined;
    const shelfBytes = Math.floor(SHELF_BYTES / threads);
    const pool = Array.from({ length: threads }, () => new Reader(program, { question, now, shelfBytes }));
    return readersOf(pool, question, now);
  };
}

function threadsFor(processors: number): number {
  return processors < LEAST_PROCESSORS ? 1 : Math.min(MOST_THREADS, processors >> 1);
}

function readersOf(pool: readonly Reader[], question: AuditQuestion, now: number | undefined): Readers {
  const idle = [...pool];
  let here: SieveQuestion | undefined;
  const readHere = (object: LogObject, hashed: boolean): Promise<ObjectFindings> => {
    here ??= sieveQuestion(question, scopeOf(question), now);
    return readObject(object, here, hashed);
  };
  return {
    width: pool.length,
    close: async () => void (await Promise.all(pool.map((reader) => reader.close()))),
    read: async (object, hashed) => {
      const reader = object.path === undefined ? undefined : idle.pop();
      if (reader === undefined || object.path === undefined) return readHere(object, hashed);
      try {
        const found = await reader.read({ path: object.path, name: object.name, hashed });
        idle.push(reader);
        return found;
      } catch {
        // A thread that has ended is used no more; what it was to read is read all the same.
        return readHere(object, hashed);
      }
    },
  };
}

/** One thread. */
class Reader {
  readonly #worker: Worker;
  #settle: { readonly done: (parcel: Parcel) => void; readonly failed: (cause: unknown) => void } | undefined;
  #ended: unknown;

  constructor(program: URL, workerData: WorkerQuestion) {
    this.#worker = new Worker(program, { workerData, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    this.#worker.on('message', (parcel: Parcel) => this.#settle?.done(parcel));
    this.#worker.on('error', (thrown) => this.#end(thrown));
    this.#worker.on('messageerror', (thrown) => this.#end(thrown));
    this.#worker.on('exit', (code) => this.#end(new Error(`the thread ended with ${code}`)));
  }

  /** Rejects where the thread has ended. */
  async read(order: WorkerOrder): Promise<ObjectFindings> {
    if (this.#ended !== undefined) throw this.#ended;
    const parcel = await new Promise<Parcel>((done, failed) => {
      this.#settle = { done, failed };
      this.#worker.postMessage(order);
    });
    return unpacked(parcel);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #end(thrown: unknown): void {
    this.#ended ??= thrown;
    this.#settle?.failed(thrown);
  }
}

async function holdAtLeast(paths: readonly string[], bytes: number): Promise<boolean> {
  let left = bytes;
  for (let at = 0; at < paths.length && left > 0; at += ASKED) {
    const sizes = await Promise.all(
      paths.slice(at, at + ASKED).map((path) =>
        stat(path).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    left -= sizes.reduce((sum, size) => sum + size, 0);
  }
  return left <= 0;
}
