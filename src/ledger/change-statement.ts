import type { Actor } from '../model/attribution.ts';
import {
  CHANGE_PREDICATE,
  type ChangePredicate,
  type Descriptor,
  STATE_MEDIA_TYPE,
  STATEMENT_TYPE,
  type Statement,
} from '../model/entry.ts';
import type { Value } from '../model/value.ts';
import type { Occasion } from './append-statements.ts';
import type { LedgerDocument } from './documents.ts';
import { driftKey, fingerprint } from './fingerprint.ts';
import { keyChanges, keyDocument, keyResource, keyWorkspaceKey } from './key-value.ts';
import { detectorOf, resourceOf } from './statement.ts';

/** A change that somebody states: of a feature flag, a pool size, a step of a runbook. Secrets are masked already. */
export interface StatedChange {
  readonly key: string;
  readonly workspace: string;
  /** UNKNOWN where nobody knows it, null where there was none. */
  readonly before: Value;
  readonly after: Value;
  /** RFC 3339; null: not said. */
  readonly at: string | null;
  readonly by: string;
  readonly reason: string | null;
  /** Tickets and the like that the reason names. */
  readonly references: readonly string[];
  readonly evidence: readonly Descriptor[];
}

/** The entry of the same key that a stated change continues, and when that one happened, if it was said. */
export interface Continued {
  readonly digest: string;
  readonly occurredAt: string | null;
}

/**
 * The statement of a change that a person or another tool records. What it says of who, when and why is that person's
 * word, marked `stated`. Bounds: after the change that it continues, if that one says when it was; before now.
 */
export function statedStatement(
  { origin, recordedAt, entryId }: Occasion,
  stated: StatedChange,
  continued: Continued | undefined,
  documents: LedgerDocument[],
  version: string,
): Statement<ChangePredicate> {
  const { key, workspace, before, after, at, reason, references } = stated;
  const resource = keyResource(key, workspace);
  const sides = { before: keyDocument(resource, before), after: keyDocument(resource, after) };
  documents.push(sides.before, sides.after);
  const descriptor = ({ sha256 }: LedgerDocument): Descriptor => ({
    name: key,
    digest: { sha256 },
    mediaType: STATE_MEDIA_TYPE,
  });
  const workspaceKey = keyWorkspaceKey(workspace);
  const paths = keyChanges(before, after);
  const changes = paths.map((path) => ({ ...path, class: 'declared' as const }));
  const predicate: ChangePredicate = {
    entryId: entryId(),
    ledger: { origin },
    change: {
      kind: 'change',
      driftKind: 'changed',
      action: before === null ? 'create' : after === null ? 'delete' : 'update',
      driftKey: driftKey(workspaceKey, key),
      fingerprint: fingerprint({ kind: 'changed', resource, changes }),
      resource: resourceOf(resource, workspaceKey),
      cause: 'out-of-band',
      before: { ...descriptor(sides.before), annotations: { statementDigest: continued?.digest ?? null } },
      paths,
    },
    who: { verdict: 'stated', actors: [statedActor(stated.by)], call: null, missing: [], searched: null },
    when: {
      occurredAt: at,
      occurredAtSource: at === null ? null : 'stated',
      notBefore: continued?.occurredAt ?? null,
      notAfter: recordedAt,
      observedAt: recordedAt,
      recordedAt,
    },
    why: {
      status: reason === null ? 'none' : 'stated',
      reason: reason === null ? null : { text: reason, source: 'driftbom record', trust: 'high', references },
      lookedIn: ['driftbom record'],
    },
    evidence: stated.evidence,
    scan: null,
    detector: detectorOf(version),
    supersedes: continued?.digest ?? null,
  };
  const subject = [descriptor(sides.after)];
  return { _type: STATEMENT_TYPE, subject, predicateType: CHANGE_PREDICATE, predicate };
}

/** An actor of whom no more is known than the name that somebody wrote. */
function statedActor(by: string): Actor {
  return {
    name: by,
    kind: 'unknown',
    id: by,
    type: 'stated',
    role: null,
    sourceIdentity: null,
    mfa: null,
    via: 'unknown',
    sourceAddress: null,
    userAgent: null,
    lineage: [],
  };
}
