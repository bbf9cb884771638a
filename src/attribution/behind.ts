import type { Actor } from '../model/attribution.ts';
import type { AuditRecord } from './port.ts';
import { ownPipeline, type WhoResolver } from './who/actor.ts';
import { lineageOf } from './who/lineage.ts';
import type { PipelineIdentities } from './who/pipeline.ts';

/** Who stands behind calls: each is resolved once. */
export interface Behind {
  actor(record: AuditRecord): Actor;
  /** Whether the known pipeline made the call: identity and user agent both say so. */
  isPipeline(record: AuditRecord): boolean;
}

export function behindOf(
  who: WhoResolver,
  sessions: readonly AuditRecord[],
  pipeline: PipelineIdentities | undefined,
): Behind {
  const actors = new WeakMap<AuditRecord, Actor>();
  const lineage = lineageOf(sessions);
  return {
    actor: (record) => {
      const before = actors.get(record);
      if (before !== undefined) return before;
      const actor = who(record, sessions);
      actors.set(record, actor);
      return actor;
    },
    isPipeline: (record) => {
      if (pipeline === undefined) return false;
      const { own, agent } = ownPipeline(record, lineage, pipeline);
      return own && agent;
    },
  };
}

/** Whether two actors are one. Sessions come and go; the name stays. */
export function isSameActor(a: Actor, b: Actor): boolean {
  return a.kind === b.kind && a.name === b.name;
}

/** Each actor once, in the given order. */
export function distinctActors(actors: readonly Actor[]): readonly Actor[] {
  return actors.filter((actor, i) => actors.findIndex((other) => isSameActor(other, actor)) === i);
}

/** Whether a call was made by hand, or may have been: no tool that applies a configuration, no service. */
export function isByHand({ kind, via }: Actor): boolean {
  return kind !== 'service' && kind !== 'pipeline' && !['terraform', 'cloudformation', 'service'].includes(via);
}
