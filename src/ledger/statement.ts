import {
  CHANGE_PREDICATE,
  type ChangePredicate,
  type Descriptor,
  type Detector,
  type OpenDrift,
  type Resolution,
  SCAN_PREDICATE,
  type ScanPredicate,
  type SignedChange,
  STATE_MEDIA_TYPE,
  STATEMENT_TYPE,
  type Statement,
} from '../model/entry.ts';
import { causeOf, type DriftKind } from '../model/drift.ts';
import type { ResourceRef } from '../model/resource.ts';
import type { Scan } from '../model/scan.ts';
import { type Answer, answerOf, pathAnswers } from './answer.ts';
import { documentOf, type LedgerDocument, stateDocument } from './documents.ts';
import { PAYLOAD_TYPE } from './dsse.ts';
import { signedChanges } from './fingerprint.ts';
import { revisitedOf } from './resolution.ts';
import type { ClosedDrift, FreshDrift } from './standing.ts';

/** What every statement of one batch says of itself. */
export interface Frame {
  readonly origin: string;
  /** RFC 3339, UTC. */
  readonly recordedAt: string;
  /** A new urn:uuid at each call. */
  readonly entryId: () => string;
  readonly scan: Scan;
}

export const ACTIONS = { changed: 'update', missing: 'delete', unmanaged: 'create' } as const satisfies Record<
  DriftKind,
  string
>;

/** The statement of a drift that is seen for the first time; `documents` takes both sides' state documents. */
export function driftStatement(
  frame: Frame,
  fresh: FreshDrift,
  notBefore: string | null,
  documents: LedgerDocument[],
): Statement<ChangePredicate> {
  const { drift, documents: sides, attribution } = fresh.scanned;
  const answers = pathAnswers(attribution);
  const before = stateDocument(drift.resource, sides.declared);
  const after = stateDocument(drift.resource, sides.live);
  documents.push(before, after);
  return changeStatement(frame, notBefore, [stateDescriptor(drift.resource, after)], {
    change: {
      kind: 'drift',
      driftKind: drift.kind,
      action: ACTIONS[drift.kind],
      driftKey: fresh.driftKey,
      fingerprint: fresh.fingerprint,
      resource: resourceOf(drift.resource, fresh.workspaceKey),
      cause: causeOf({ ...drift, changes: signedChanges(drift) }),
      before: { ...stateDescriptor(drift.resource, before), annotations: { statementDigest: null } },
      paths: signedChanges(drift).map(({ path, op, before, after, sensitive, cause }): SignedChange => {
        const who = answers.get(path);
        return { path, op, before, after, sensitive, cause, ...(who === undefined ? {} : { who }) };
      }),
    },
    answer: answerOf(attribution),
    supersedes: fresh.supersedes?.entry ?? null,
  });
}

/**
 * The statement that a drift is gone. Where live moved back, its paths tell that move; else there are none, and the drift's
 * own entry, named by `supersedes`, holds the difference. Subject: the live state now, where the scan has its document; else the drift's own entry, of which it speaks.
 */
export function resolvedStatement(
  frame: Frame,
  { open, workspace }: ClosedDrift,
  drifted: Statement<ChangePredicate>,
  resolution: Resolution,
  notBefore: string | null,
  documents: LedgerDocument[],
): Statement<ChangePredicate> {
  const { change } = drifted.predicate;
  const resource: ResourceRef = { ...change.resource, id: change.resource.id ?? undefined };
  const now = revisitedOf(frame.scan, { workspace, address: resource.address });
  const subject: Descriptor[] = [];
  if (now === undefined) {
    subject.push({ name: change.resource.address, digest: { sha256: open.entry }, mediaType: PAYLOAD_TYPE });
  } else {
    const live = stateDocument(resource, now.documents.live);
    documents.push(live);
    subject.push(stateDescriptor(resource, live));
  }
  const { resolution: _resolution, ...rest } = change;
  return changeStatement(frame, notBefore, subject, {
    change: {
      ...rest,
      kind: 'resolved',
      action: resolution === 'reverted' ? UNDOING[change.driftKind] : 'none',
      before: { ...(drifted.subject[0] as Descriptor), annotations: { statementDigest: open.entry } },
      paths: resolution === 'reverted' ? change.paths.map(reversed) : [],
      resolution,
    },
    answer: answerOf(undefined),
    supersedes: open.entry,
  });
}

const UNDOING = { changed: 'update', missing: 'create', unmanaged: 'delete' } as const satisfies Record<
  DriftKind,
  string
>;
const REVERSED = { add: 'remove', remove: 'add', replace: 'replace' } as const;

function reversed({ who: _who, ...change }: SignedChange): SignedChange {
  return { ...change, op: REVERSED[change.op], before: change.after, after: change.before };
}

/**
 * The statement that a scan ran: its coverage, counts and gaps, and every drift that is open after it. Subjects: the list
 * of what was compared (SHA-256 over its canonical JSON), then the inputs.
 */
export function scanStatement(
  frame: Frame,
  open: readonly OpenDrift[],
  resolved: readonly string[],
): Statement<ScanPredicate> {
  const { id, startedAt, finishedAt, scope, inputs, summary, gaps, ignored, audit, waivers, rules, manifest } =
    frame.scan;
  const coverage = documentOf(scope.compared);
  const predicate: ScanPredicate = {
    entryId: frame.entryId(),
    ledger: { origin: frame.origin },
    scan: {
      id,
      startedAt,
      finishedAt,
      scope,
      inputs,
      summary,
      gaps,
      ignored,
      open,
      resolved,
      ...(audit === undefined ? {} : { population: audit.population }),
      ...(waivers === undefined ? {} : { waivers }),
      ...(rules === undefined ? {} : { rules }),
      ...(manifest === undefined ? {} : { manifest }),
    },
    recordedAt: frame.recordedAt,
    detector: detectorOf(frame.scan.tool.version),
  };
  const subject = [
    { name: 'compared', digest: { sha256: coverage.sha256 } },
    ...inputs.map(({ name, sha256, kind, workspace }) => ({
      name,
      digest: { sha256 },
      annotations: { kind, workspace },
    })),
  ];
  return { _type: STATEMENT_TYPE, subject, predicateType: SCAN_PREDICATE, predicate };
}

function changeStatement(
  frame: Frame,
  notBefore: string | null,
  subject: readonly Descriptor[],
  says: Pick<ChangePredicate, 'change' | 'supersedes'> & { readonly answer: Answer },
): Statement<ChangePredicate> {
  const { id, finishedAt } = frame.scan;
  const { who, occurredAt, occurredAtSource, why, evidence } = says.answer;
  const predicate: ChangePredicate = {
    entryId: frame.entryId(),
    ledger: { origin: frame.origin },
    change: says.change,
    who,
    when: {
      occurredAt,
      occurredAtSource,
      notBefore,
      notAfter: finishedAt,
      observedAt: finishedAt,
      recordedAt: frame.recordedAt,
    },
    why,
    evidence,
    scan: { id },
    detector: detectorOf(frame.scan.tool.version),
    supersedes: says.supersedes,
  };
  return { _type: STATEMENT_TYPE, subject, predicateType: CHANGE_PREDICATE, predicate };
}

/** What a statement says of the tool that made it. */
export function detectorOf(version: string): Detector {
  return { id: 'https://driftbom.dev/detector', version };
}

export function resourceOf(resource: ResourceRef, workspaceKey: string): ChangePredicate['change']['resource'] {
  const { address, type, id, workspace, provider } = resource;
  return { address, type, id: id ?? null, workspace, workspaceKey, provider };
}

export function stateDescriptor(resource: ResourceRef, document: LedgerDocument): Descriptor {
  return {
    name: resource.address,
    ...(resource.id?.startsWith('arn:') ? { uri: resource.id } : {}),
    digest: { sha256: document.sha256 },
    mediaType: STATE_MEDIA_TYPE,
  };
}
