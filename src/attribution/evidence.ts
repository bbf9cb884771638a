import { createHash } from 'node:crypto';
import type { AuditEvidence } from '../model/attribution.ts';
import type { Value } from '../model/value.ts';
import { canonicalText } from '../terraform/canonical.ts';
import type { AuditRecord } from './port.ts';

/** An audit record as a claim retains it. The digest is over the record's canonical JSON (RFC 8785). */
export function evidenceOf(record: AuditRecord, matched: readonly string[]): AuditEvidence {
  const { file, index, digestChain } = record.origin;
  return {
    eventId: record.eventId,
    eventName: record.eventName,
    eventSource: record.eventSource,
    eventTime: record.eventTime,
    region: record.region,
    account: record.account,
    // Of what JSON can hold, sorted keys and ECMAScript's numbers and strings are RFC 8785's form.
    sha256: createHash('sha256')
      .update(canonicalText(record.json as Value) ?? '')
      .digest('hex'),
    file,
    index,
    digestChain,
    matched: [...new Set(matched)].sort(),
  };
}
