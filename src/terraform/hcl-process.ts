import { type ChildProcess, fork } from 'node:child_process';

interface Waiting {
  readonly resolve: (parsed: unknown) => void;
  readonly reject: (cause: Error) => void;
}

interface Reply {
  readonly id: number;
  readonly parsed?: unknown;
  readonly fault?: string;
}

/** How long the process may wait for the next file, in milliseconds. */
const IDLE_MS = 1500;

/** The parser's process: started by the first file, ended when none came for a while. It never keeps us alive. */
class HclProcess {
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #count = 0;

  /** Starts the process before there is a file. */
  warm(): void {
    if (this.#child === undefined) this.#rest(this.#start());
  }

  /** Parses one file. Throws an Error with the parser's own words. */
  parse(name: string, text: string): Promise<unknown> {
    clearTimeout(this.#idle);
    const child = this.#child ?? this.#start();
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      child.ref();
      child.channel?.ref();
      child.send({ id, name, text });
    });
  }

  #start(): ChildProcess {
    const child = fork(new URL('./hcl-child.mjs', import.meta.url), [], { stdio: 'ignore', execArgv: [] });
    this.#child = child;
    child.on('message', (reply) => this.#take(reply as Reply));
    const gone = (): void => this.#lost(child);
    child.once('error', gone);
    child.once('exit', gone);
    return child;
  }

  #take({ id, parsed, fault }: Reply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (fault === undefined) waiting?.resolve(parsed);
    else waiting?.reject(new Error(fault));
    if (this.#waiting.size > 0) return;
    if (this.#child !== undefined) this.#rest(this.#child);
  }

  #rest(child: ChildProcess): void {
    child.unref();
    child.channel?.unref();
    this.#idle = setTimeout(() => {
      // It takes a moment to end: a file that comes meanwhile needs another one.
      this.#child = undefined;
      child.kill();
    }, IDLE_MS).unref();
  }

  #lost(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    for (const { reject } of this.#waiting.values()) reject(new Error('the parser ended before it was done'));
    this.#waiting.clear();
  }
}

/** The one parser of this process. */
export const hclProcess = new HclProcess();
