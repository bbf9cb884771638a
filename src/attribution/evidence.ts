import { hash } from 'node:crypto';
import type { AuditEvidence } from '../model/attribution.ts';
import type { Value } from '../model/value.ts';
import { canonicalText } from '../terraform/canonical.ts';
import type { AuditRecord } from './port.ts';

/**
 * The digest of a record: SHA-256 in hex over its canonical JSON (RFC 8785). Of what JSON can hold, sorted keys and
 * ECMAScript's numbers and strings are that form.
 */
export function digestOf({ json }: Pick<AuditRecord, 'json'>): string {
  return hash('sha256', canonicalText(json as Value) ?? '', 'hex');
}

/** An audit record as a claim retains it. `sha256`: its digest, where that is known already. */
export function evidenceOf(
  record: AuditRecord,
  matched: readonly string[],
  sha256: string = digestOf(record),
): AuditEvidence {
  const { file, index, digestChain } = record.origin;
  return {
    eventId: record.eventId,
    eventName: record.eventName,
    eventSource: record.eventSource,
    eventTime: record.eventTime,
    region: record.region,
    account: record.account,
    sha256,
    file,
    index,
    digestChain,
    matched: [...new Set(matched)].sort(),
  };
}
