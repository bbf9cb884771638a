import { resolve } from 'node:path';
import { loadConfig } from '../config.ts';
import { RANKS } from '../ledger/better-answer.ts';
import { type Improved, improveAnswers, type LaterAnswer } from '../ledger/improve.ts';
import { openLedger } from '../ledger/ledger.ts';
import { openDriftFacts } from '../ledger/open-drifts.ts';
import { recall } from '../ledger/recall.ts';
import type { DriftAttribution, Verdict } from '../model/attribution.ts';
import { DriftbomError } from '../model/error.ts';
import { attributeLate } from '../scan/late.ts';
import { type AuditRequest, auditLog, pipelineOf, whySources } from './audit.ts';
import type { WireIo } from './io.ts';
import { ledgerFolders, placeOf, requireLedger } from './ledger.ts';

export interface AttributeRequest extends AuditRequest {
  readonly ledger?: string;
  readonly config?: string;
  /** Asks about every open drift, also those whose answer is as sure as it can be. */
  readonly all?: boolean;
}

/** What a later look told. */
export interface LateLook {
  readonly open: number;
  readonly asked: readonly {
    readonly address: string;
    readonly was: Verdict;
    readonly attribution: DriftAttribution;
  }[];
  readonly improved: readonly Improved[];
}

/** `driftbom attribute`. Errors: E_USAGE, E_AUDIT_LOG, E_REASONS, E_LEDGER_MISSING, E_LEDGER_CORRUPT, E_KEY. */
export async function wireAttribute(request: AttributeRequest, io: WireIo): Promise<LateLook> {
  const config = await loadConfig(request.config && resolve(io.cwd, request.config), [io.cwd]);
  const named = await auditLog(request, io);
  if (named === undefined) {
    throw new DriftbomError(
      'E_USAGE',
      'no audit log is named',
      'Give --cloudtrail FILES, s3://BUCKET/PREFIX or lookup.',
    );
  }
  const folders = ledgerFolders(request.ledger, config, io);
  await requireLedger(folders);
  const ledger = await openLedger(placeOf(folders, io));
  const known = await (await recall(ledger)).answers();
  const sure = RANKS.confirmed;
  const open = known.open.filter(
    ({ verdict, hasReason }) => request.all === true || RANKS[verdict] < sure || !hasReason,
  );
  const facts = await openDriftFacts(ledger, open);
  const attributions = await attributeLate({
    log: named.log,
    drifts: facts.map(({ recorded: { notBefore, notAfter }, ...fact }) => ({ ...fact, notBefore, notAfter })),
    pipeline: pipelineOf(config),
    oldest: named.oldest,
    redact: ledger.redact,
    why: (window) => whySources(config, known.stated, window, io),
  });
  const later = facts.map(
    ({ recorded }, i): LaterAnswer => ({ recorded, attribution: attributions[i] as DriftAttribution }),
  );
  const improved = await improveAnswers(ledger, later, { clock: io.clock, version: io.version });
  return {
    open: known.open.length,
    asked: later.map(({ recorded, attribution }) => ({
      address: recorded.drift.address,
      was: recorded.verdict,
      attribution,
    })),
    improved,
  };
}
