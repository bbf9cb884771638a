import type { DeclaredResource, LiveAnswer, StateInstance } from '../model/resource.ts';
import type { Pace } from './provider-pace.ts';
import { CRASHED, confirmAbsence, GONE, type ReadOptions, readResource } from './provider-read.ts';
import { type ProviderSession, panicIn } from './provider-session.ts';
import type { Slots } from './provider-slots.ts';

export type Stateful = DeclaredResource & { readonly state: StateInstance };

export interface RunOptions extends ReadOptions {
  readonly slots: Slots;
  readonly pace: Pace;
  readonly answer: (answer: LiveAnswer) => void;
  /** Starts the provider anew after a crash. */
  readonly reopen: () => Promise<ProviderSession>;
  /** True once nobody waits for answers any more. */
  readonly stopped: () => boolean;
}

/**
 * Reads all resources of one provider process. When the process dies it is started once more: what had not begun is
 * read first; what was being read when it died, one of which may be to blame, follows one by one. What a second death
 * leaves open stays unread. Ends with the process closed.
 */
export async function readAll(
  session: ProviderSession,
  resources: readonly Stateful[],
  options: RunOptions,
): Promise<void> {
  const work = new Work(resources, options);
  await work.goOn(session);
  await session.client.close();
  if (work.done()) return;
  if (options.stopped()) return work.giveUp('the scan was stopped before this resource was read');

  const words = wordsOf(session);
  let next: ProviderSession;
  try {
    next = await options.reopen();
  } catch {
    return work.giveUp(`the provider crashed${words} and could not be started again`);
  }
  await work.goOn(next);
  await next.client.close();
  work.giveUp(`the provider crashed${wordsOf(next)} twice before this resource was read`);
}

/** What is still to be read, and how. */
class Work {
  readonly #options: RunOptions;
  #fresh: readonly Stateful[];
  /** Being read when the process died. */
  #suspects: readonly Stateful[] = [];
  /** Called gone once; looked for again at the end, when nothing else is read. */
  #gone: Stateful[] = [];
  #crashed = false;

  constructor(resources: readonly Stateful[], options: RunOptions) {
    this.#fresh = options.pace.order(resources);
    this.#options = options;
  }

  done(): boolean {
    return this.#fresh.length + this.#suspects.length + this.#gone.length === 0;
  }

  giveUp(message: string): void {
    for (const resource of [...this.#fresh, ...this.#suspects, ...this.#gone]) this.#lose(resource, message);
  }

  /** Reads until nothing is left or the process dies. */
  async goOn(session: ProviderSession): Promise<void> {
    this.#crashed = false;
    const left: Stateful[] = [];
    const suspects: Stateful[] = [];
    await Promise.all(
      this.#fresh.map((resource) =>
        this.#options.slots.run(async () => {
          if (this.#over()) left.push(resource);
          else if (!(await this.#read(session, resource))) suspects.push(resource);
        }),
      ),
    );
    this.#fresh = left;
    await this.#readSuspects(session);
    this.#suspects = [...suspects, ...this.#suspects];
    await this.#confirmGone(session);
  }

  async #readSuspects(session: ProviderSession): Promise<void> {
    while (!this.#over()) {
      const [suspect, ...others] = this.#suspects;
      if (suspect === undefined) return;
      this.#suspects = others;
      if (await this.#read(session, suspect)) continue;
      this.#lose(suspect, `the provider crashed${wordsOf(session)} while it read this resource, twice`);
    }
  }

  /** One at a time of each type, so that the provider's log can be told apart. */
  async #confirmGone(session: ProviderSession): Promise<void> {
    const types = new Map<string, Stateful[]>();
    for (const resource of this.#gone)
      types.set(resource.ref.type, [...(types.get(resource.ref.type) ?? []), resource]);
    const left: Stateful[] = [];
    await Promise.all(
      [...types.values()].map((resources) =>
        this.#options.slots.run(async () => {
          for (const resource of resources) {
            const answer = this.#over() ? CRASHED : await confirmAbsence(session, resource, this.#options);
            if (answer !== CRASHED) this.#options.answer(answer);
            else {
              this.#crashed = true;
              left.push(resource);
            }
          }
        }),
      ),
    );
    this.#gone = left;
  }

  /** False where the process died under it. */
  async #read(session: ProviderSession, resource: Stateful): Promise<boolean> {
    const { pace } = this.#options;
    const answer = await pace.time(resource.ref.type, () => readResource(session, resource, this.#options));
    if (answer === CRASHED) this.#crashed = true;
    else if (answer === GONE) this.#gone.push(resource);
    else this.#options.answer(answer);
    return answer !== CRASHED;
  }

  #over(): boolean {
    return this.#crashed || this.#options.stopped();
  }

  #lose(resource: Stateful, message: string): void {
    this.#options.answer({ kind: 'unread', resource, reason: 'provider-crashed', message });
  }
}

function wordsOf(session: ProviderSession): string {
  const panic = panicIn(session.client.stderr());
  return panic === undefined ? '' : ` (${session.scrub(panic)})`;
}
