import type { ChangeEvent } from './event.ts';

/** The rows of one rollout, in the order of time. */
export interface Rollout {
  readonly rows: readonly [ChangeEvent, ...ChangeEvent[]];
  /** The last row that brought it further: from then on it was in effect as far as it got. */
  readonly reached: ChangeEvent;
  /** The row that took it back. */
  readonly undone: ChangeEvent | undefined;
}

/** Joins rows of one rollout by system and id; rows without an id stand alone. */
export function rolloutsOf(events: readonly ChangeEvent[]): Rollout[] {
  const groups = new Map<string, [ChangeEvent, ...ChangeEvent[]]>();
  for (const event of events) {
    const key = event.id === null ? `line ${event.line} ${event.at}` : JSON.stringify([event.system, event.id]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  return [...groups.values()].map((rows) => {
    const undone = rows.find(({ stage }) => stage === 'rolled-back');
    const forward = rows.filter(({ stage }) => stage !== 'rolled-back' && stage !== 'failed');
    return { rows, reached: forward.at(-1) ?? rows[0], undone };
  });
}

/** What a row says of how far its rollout had come: `canary 5 % passed`, `full`, `rolled back`. */
export function stageText({ stage, percent, verdict, summary }: ChangeEvent): string {
  if (stage === 'rolled-back') return 'rolled back';
  if (stage === 'failed') return 'failed';
  if (stage === 'completed' || percent === 100) return 'full';
  if (percent !== null) {
    return `canary ${percent} %${verdict !== null && /pass|ok|success|healthy/i.test(verdict) ? ' passed' : ''}`;
  }
  return stage === 'started' ? 'started' : summary;
}
