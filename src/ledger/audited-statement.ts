import { CHANGE_PREDICATE, type ChangePredicate, STATEMENT_TYPE, type Statement } from '../model/entry.ts';
import type { AuditedChange } from '../model/scan.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { answerOf } from './answer.ts';
import { sha256Hex } from './bytes.ts';
import { type LedgerDocument, stateDocument } from './documents.ts';
import { driftKey, fingerprint } from './fingerprint.ts';
import { canonicalBytes } from './jcs.ts';
import { ACTIONS, detectorOf, type Frame, resourceOf, stateDescriptor } from './statement.ts';

/** State documents of these entries hold the attributes that the call shows, and no others. */
const PARTIAL = { coverage: 'partial' } as const;

/**
 * The statement of a change that the audit log shows and that left no drift. Its state documents are partial: by path,
 * what the call shows of before and after; `documents` takes them.
 */
export function auditedStatement(
  frame: Frame,
  audited: AuditedChange,
  workspaceKey: string,
  documents: LedgerDocument[],
): Statement<ChangePredicate> {
  const { resource, changes, attribution, driftKind, kind } = audited;
  const before = stateDocument(resource, side(audited, 'before'));
  const after = stateDocument(resource, side(audited, 'after'));
  documents.push(before, after);
  const events = attribution.events.map(({ eventId }) => eventId).sort();
  const { who, occurredAt, occurredAtSource, why, evidence } = answerOf(attribution);
  const { id, finishedAt } = frame.scan;
  const predicate: ChangePredicate = {
    entryId: frame.entryId(),
    ledger: { origin: frame.origin },
    change: {
      kind: 'change',
      driftKind,
      action: ACTIONS[driftKind],
      driftKey: driftKey(workspaceKey, resource.address),
      // Two equal changes are two changes: the events tell them apart.
      fingerprint: sha256Hex(canonicalBytes({ events, changes: fingerprint({ kind: driftKind, resource, changes }) })),
      resource: resourceOf(resource, workspaceKey),
      cause: kind === 'transient' ? 'out-of-band' : 'unknown',
      before: { ...stateDescriptor(resource, before), annotations: { ...PARTIAL, statementDigest: null } },
      paths: changes.map(({ path, op, before, after, sensitive, cause }) => ({
        path,
        op,
        before,
        after,
        sensitive,
        cause,
      })),
      origin: kind,
    },
    who,
    when: {
      occurredAt,
      occurredAtSource,
      notBefore: occurredAt,
      notAfter: occurredAt ?? finishedAt,
      observedAt: finishedAt,
      recordedAt: frame.recordedAt,
    },
    why,
    evidence,
    scan: { id },
    detector: detectorOf(frame.scan.tool.version),
    supersedes: null,
  };
  const subject = [{ ...stateDescriptor(resource, after), annotations: PARTIAL }];
  return { _type: STATEMENT_TYPE, subject, predicateType: CHANGE_PREDICATE, predicate };
}

/** One side by path; null where the object was not there on that side. */
function side({ driftKind, changes }: AuditedChange, name: 'before' | 'after'): Value {
  if (driftKind === 'missing' && name === 'after') return null;
  if (driftKind === 'unmanaged' && name === 'before') return null;
  const attributes: { [path: string]: Value } = Object.create(null);
  for (const change of changes) attributes[change.path] = change[name];
  return attributes as ValueMap;
}
