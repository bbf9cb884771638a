import type { ValueMap } from '../../model/value.ts';

/** What kind of change a system of rollouts makes. */
export type EventKind = 'flag' | 'config' | 'deploy' | 'change';
export type Stage = 'started' | 'step' | 'completed' | 'rolled-back' | 'failed' | 'changed';

/** One row of a rollout or a change, as another system tells it. All text is foreign. */
export interface ChangeEvent {
  /** Line of the file, 1 is the first. */
  readonly line: number;
  readonly system: string;
  /** Names the rollout that the row belongs to; rows without one stand alone. */
  readonly id: string | null;
  readonly at: number;
  readonly kind: EventKind;
  readonly stage: Stage;
  readonly percent: number | null;
  readonly verdict: string | null;
  readonly triggeredBy: string | null;
  readonly services: readonly string[];
  readonly summary: string;
  readonly by: string | null;
  /** Address or id of the thing that was changed. */
  readonly resource: string | null;
  readonly version: string | null;
}

/** The parts that a format fills in; a text says why a row that is of the format cannot be read. */
export type EventReader = (row: ValueMap) => readonly Partial<ChangeEvent>[] | string | undefined;

const STAGES: readonly (readonly [RegExp, Stage])[] = [
  [/roll(ed)?[-_ ]?back|revert|abort|undo/i, 'rolled-back'],
  [/fail/i, 'failed'],
  [/complet|succe|finish|promot|done|ended/i, 'completed'],
  [/percent|step|weight|bake|pause|canary|progress|ready/i, 'step'],
  [/start|begin|creat|initiat|updated$/i, 'started'],
];

/** The stage that a word of another system stands for. */
export function stageOf(word: string | null): Stage {
  return STAGES.find(([pattern]) => pattern.test(word ?? ''))?.[1] ?? 'changed';
}

/** The kind that a word of another system stands for. */
export function kindOf(word: string | null): EventKind {
  if (/flag|toggle|experiment/i.test(word ?? '')) return 'flag';
  if (/config|setting|param/i.test(word ?? '')) return 'config';
  return /deploy|release|rollout|build|ship|version/i.test(word ?? '') ? 'deploy' : 'change';
}
