import type { AuditRecord } from '../port.ts';
import { type Identity, linkedService } from './identity.ts';

/** Called through these, a call is still the caller's own: a stack that he deployed, a console that he used. */
const FOR_THE_CALLER = new Set(['cloudformation.amazonaws.com', 'signin.amazonaws.com']);
const UNNAMED = 'AWS Internal';

/**
 * The service that acted, or null where a caller did. A service acts with its own identity, with a service-linked role,
 * with a role that was handed to it, or with the credentials of whoever asked it to (forwarded access); the record does
 * not tell the last two apart, and a service is what made the call in both.
 */
export function actingService(record: AuditRecord, identity: Identity): string | null {
  const { invokedBy } = identity;
  const named = invokedBy === null || invokedBy === UNNAMED ? null : invokedBy;
  const linked = linkedService(identity);
  if (linked !== null) return named ?? linked;
  if (identity.type === 'AWSService') return named ?? (record.eventSource || UNNAMED);
  if (invokedBy !== null && !FOR_THE_CALLER.has(invokedBy)) return named ?? ownName(record);
  // A service's own event names no caller, or an unknown one.
  const nobody = identity.type === '' || identity.type === 'Unknown';
  return nobody && record.json.eventType === 'AwsServiceEvent' ? ownName(record) : null;
}

function ownName({ eventSource }: AuditRecord): string {
  return eventSource === '' ? UNNAMED : eventSource;
}
