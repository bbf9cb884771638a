import { FAILURE_LISTS, verbOf } from '../resources/aws/audit-words.ts';
import { callOf } from './call-name.ts';
import type { AuditRecord, Json } from './port.ts';
import { isJsonMap, memberAt, textAt } from './who/fields.ts';

/** Clocks of services and of the observer differ by this much at most. */
const SKEW_MS = 120_000;

/** Why a record changed nothing, whatever it says; undefined where it is a write that took effect. */
export function whyNoWrite(record: AuditRecord): string | undefined {
  const { json } = record;
  if (hasFailed(json)) return 'failed call';
  const request = json.requestParameters;
  if (memberAt(request, 'dryRun') === true || memberAt(request, 'DryRun') === true) return 'dry run';
  const said = json.readOnly === true || json.readOnly === 'true';
  const denied = json.readOnly === false || json.readOnly === 'false';
  const read = whyRead(record, said ? true : denied ? false : undefined);
  if (read !== undefined) return read;
  const type = json.eventType;
  return type === 'AwsCloudTrailInsight' || type === 'AwsConsoleSignIn' ? 'no call on a resource' : undefined;
}

const WRITES = /^(?:Put|Update|Modify|Delete|Create|Attach|Detach|Authorize|Revoke|Tag|Untag)[A-Z]/;

/**
 * Why a call changed nothing, by its name and by what the log says of it. Some services mark writes as reads: the verb
 * decides where the two disagree on a write.
 */
export function whyRead(
  record: Pick<AuditRecord, 'eventName' | 'eventSource'>,
  readOnly: boolean | undefined,
): string | undefined {
  if (readOnly !== false && verbOf(callOf(record).word) === 'read') return 'read only';
  return readOnly === true && !WRITES.test(record.eventName) ? 'read only' : undefined;
}

/** Why a record cannot explain what was seen at `notAfter` and was not so at `notBefore` (RFC 3339; null: not known). */
export function whyOutside(record: AuditRecord, notBefore: string | null, notAfter: string): string | undefined {
  const time = Date.parse(record.eventTime);
  if (Number.isNaN(time)) return 'has no time';
  if (notBefore !== null && time <= Date.parse(notBefore)) return 'before the last clean scan';
  return time > Date.parse(notAfter) + SKEW_MS ? 'after the scan' : undefined;
}

/** Whether an answer lists something as not done: the texts of those lists. */
export function failedTexts(response: Json | undefined): ReadonlySet<string> {
  const texts = new Set<string>();
  for (const name of FAILURE_LISTS) collectTexts(memberAt(response, name), texts, 8);
  return texts;
}

function hasFailed(json: AuditRecord['json']): boolean {
  if (isSaid(json.errorCode) || isSaid(json.errorMessage)) return true;
  const response = json.responseElements;
  // Some services answer with success and say inside what went wrong (CloudTrail User Guide, record contents).
  return (
    memberAt(response, '_return') === false ||
    ['errorCode', 'ErrorCode', 'errorMessage', 'ErrorMessage'].some((name) => textAt(response, name) !== null) ||
    isSaid(memberAt(response, 'error'))
  );
}

function isSaid(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false;
}

function collectTexts(json: Json | undefined, texts: Set<string>, levels: number): void {
  if (typeof json === 'string') texts.add(json);
  else if (levels > 0 && Array.isArray(json)) for (const item of json) collectTexts(item as Json, texts, levels - 1);
  else if (levels > 0 && isJsonMap(json)) {
    for (const [key, member] of Object.entries(json)) {
      texts.add(key);
      collectTexts(member, texts, levels - 1);
    }
  }
}
