import { attribute } from '../attribution/attribute.ts';
import { needlesOf } from '../attribution/needles.ts';
import type { AuditLog, AuditWindow } from '../attribution/port.ts';
import { type DriftQuestion, questionOf } from '../attribution/question.ts';
import { movedVersions } from '../attribution/versions.ts';
import { whoResolver } from '../attribution/who/actor.ts';
import type { PipelineIdentities } from '../attribution/who/pipeline.ts';
import type { WhySources } from '../attribution/why/sources.ts';
import type { DriftAttribution } from '../model/attribution.ts';
import type { Change, DriftKind } from '../model/drift.ts';
import type { ResourceRef } from '../model/resource.ts';
import { isMap, type Value } from '../model/value.ts';
import { reasonsOf, regionsOf } from './attribution.ts';
import { windowOf } from './window.ts';

/** A drift of an earlier scan, as the ledger keeps it; values are masked. */
export interface EarlierDrift {
  readonly resource: ResourceRef;
  readonly kind: DriftKind;
  readonly changes: readonly Change[];
  readonly declared: Value;
  readonly live: Value;
  readonly notBefore: string | null;
  readonly notAfter: string;
}

export interface LateOptions {
  readonly log: AuditLog;
  readonly drifts: readonly EarlierDrift[];
  readonly pipeline: PipelineIdentities;
  /** As for attributeScan. */
  readonly oldest: string | null;
  readonly redact: (secret: Value) => string;
  readonly why: (window: AuditWindow) => Promise<WhySources>;
}

/**
 * Asks an audit log again about drifts of earlier scans: events may arrive late. One answer a drift, in their order.
 * Errors: E_AUDIT_LOG, E_REASONS.
 */
export async function attributeLate(options: LateOptions): Promise<readonly DriftAttribution[]> {
  const { log, drifts, pipeline, redact, oldest } = options;
  const questions = drifts.map(laterQuestion);
  if (questions.length === 0) return [];
  const last = questions.map((one) => one.notAfter).reduce((a, b) => (Date.parse(b) > Date.parse(a) ? b : a));
  const begins = questions.map((one) => one.notBefore);
  const window = windowOf(begins, last, oldest);
  const answer = await log.ask({
    window,
    needles: needlesOf(questions),
    accounts: undefined,
    regions: regionsOf(questions),
  });
  const who = whoResolver((text) => redact(text), pipeline);
  const found = attribute(questions, answer, { redact, who, pipeline });
  const explain = reasonsOf(answer, await options.why(window), pipeline);
  return found.map(({ attribution }, i) => explain.drift(attribution, questions[i] as DriftQuestion, []));
}

/** A scan is told by the comparison what moved beside a drift; the entry does not say it, and its documents do. */
function movedBeside({ changes, declared, live }: EarlierDrift): readonly Change[] {
  return movedVersions(declared, live).filter(({ path }) => !changes.some((change) => change.path === path));
}

/** The state documents hold every attribute on both sides: identifiers are found there as in a state. */
function laterQuestion(one: EarlierDrift): DriftQuestion {
  const { resource, kind, changes, declared, live, notBefore, notAfter } = one;
  const state = {
    attributes: isMap(declared) ? declared : {},
    schemaVersion: 0,
    private: undefined,
    sensitive: [],
    tainted: false,
  };
  return questionOf(
    { kind, resource, changes },
    { ref: resource, providerKey: '', state, config: undefined },
    isMap(live) ? live : undefined,
    { notBefore, notAfter, bookkeeping: movedBeside(one) },
  );
}
