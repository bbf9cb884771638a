import type { DeclaredResource, LiveAnswer, StateInstance } from '../model/resource.ts';
import { CRASHED, type ReadOptions, readResource } from './provider-read.ts';
import { panicIn, type ProviderSession } from './provider-session.ts';
import type { Slots } from './provider-slots.ts';

export type Stateful = DeclaredResource & { readonly state: StateInstance };

export interface RunOptions extends ReadOptions {
  readonly slots: Slots;
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
  const first = await readRound(session, resources, options);
  await session.client.close();
  if (first.crashed.length + first.open.length === 0) return;

  const left = [...first.crashed, ...first.open];
  if (options.stopped()) return giveUp(left, 'the scan was stopped before this resource was read', options);
  const words = wordsOf(session);
  let next: ProviderSession;
  try {
    next = await options.reopen();
  } catch {
    return giveUp(left, `the provider crashed${words} and could not be started again`, options);
  }
  const rest = await readRound(next, first.open, options);
  const suspects = rest.crashed.length === 0 ? await readOneByOne(next, first.crashed, options) : first.crashed;
  await next.client.close();
  giveUp(
    [...rest.crashed, ...rest.open, ...suspects],
    `the provider crashed${wordsOf(next)} twice before this resource was read`,
    options,
  );
}

/** Gives back what a crash left unread; names the resource that was being read when the process died. */
async function readOneByOne(
  session: ProviderSession,
  suspects: readonly Stateful[],
  options: RunOptions,
): Promise<readonly Stateful[]> {
  for (const [i, suspect] of suspects.entries()) {
    const answer = await readResource(session, suspect, options);
    if (answer === CRASHED) {
      giveUp([suspect], `the provider crashed${wordsOf(session)} while it read this resource, twice`, options);
      return suspects.slice(i + 1);
    }
    options.answer(answer);
  }
  return [];
}

function giveUp(resources: readonly Stateful[], message: string, options: RunOptions): void {
  for (const resource of resources) {
    options.answer({ kind: 'unread', resource, reason: 'provider-crashed', message });
  }
}

interface Round {
  /** Being read when the process died. */
  readonly crashed: readonly Stateful[];
  /** Not begun when it died. */
  readonly open: readonly Stateful[];
}

async function readRound(
  session: ProviderSession,
  resources: readonly Stateful[],
  options: RunOptions,
): Promise<Round> {
  const crashed: Stateful[] = [];
  const open: Stateful[] = [];
  await Promise.all(
    resources.map((resource) =>
      options.slots.run(async () => {
        if (crashed.length > 0 || options.stopped()) return void open.push(resource);
        const answer = await readResource(session, resource, options);
        if (answer === CRASHED) crashed.push(resource);
        else options.answer(answer);
      }),
    ),
  );
  return { crashed, open };
}

function wordsOf(session: ProviderSession): string {
  const panic = panicIn(session.client.stderr());
  return panic === undefined ? '' : ` (${session.scrub(panic)})`;
}
