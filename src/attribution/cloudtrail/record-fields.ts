import { createHash } from 'node:crypto';
import type { Json, JsonMap } from '../json.ts';
import { isJsonMap, memberAt, textAt } from '../who/fields.ts';

/** Reason of an addendum that completes an earlier record. Source: CloudTrail record contents, `addendum`. */
export const COMPLETING = 'UPDATED_DATA';

/** What is read of a record to decide whether it matters and which other records speak of the same action. */
export interface RecordFields {
  readonly eventId: string;
  readonly eventName: string;
  readonly eventSource: string;
  /** RFC 3339 UTC, whole seconds; '' where the record has no time that can be read. */
  readonly eventTime: string;
  readonly region: string;
  readonly account: string;
  /** Access key that signed the call. */
  readonly callerKey: string | null;
  readonly callerAccount: string | null;
  /** Whether the record says who called, and not only from which account. */
  readonly namesCaller: boolean;
  readonly sharedEventId: string | null;
  /** Event that this record completes: an addendum with the reason UPDATED_DATA. */
  readonly completes: string | null;
}

/** All records of one shape are of one call in one region. */
export function callKey({
  eventSource,
  eventName,
  region,
}: Pick<RecordFields, 'eventSource' | 'eventName' | 'region'>): string {
  return `${eventSource} ${eventName} ${region}`;
}

/** Whether a value can be a record of the log: it names a call, or what it belongs to. */
export function isRecord(json: Json | undefined): json is JsonMap {
  if (!isJsonMap(json)) return false;
  return ['eventName', 'eventVersion', 'eventSource'].filter((name) => textAt(json, name) !== null).length >= 2;
}

/** Reads the fields of a record of any shape. `bytes` stands for it where it has no id of its own. */
export function readFields(json: JsonMap, bytes: Uint8Array): RecordFields {
  const identity = memberAt(json, 'userIdentity');
  const callerAccount = textAt(identity, 'accountId');
  const insight = textAt(json, 'eventType') === 'AwsCloudTrailInsight';
  const addendum = textAt(json, 'addendum', 'reason');
  return {
    // A claim must name its record: one without an id is named by its digest.
    eventId: textAt(json, 'eventID') ?? `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    eventName: textAt(json, 'eventName') ?? '',
    eventSource: textAt(json, 'eventSource') ?? '',
    eventTime: wholeSeconds(textAt(json, 'eventTime')),
    region: textAt(json, 'awsRegion') ?? '',
    account: textAt(json, 'recipientAccountId') ?? callerAccount ?? '',
    callerKey: textAt(identity, 'accessKeyId'),
    callerAccount,
    namesCaller: textAt(identity, 'arn') !== null || textAt(identity, 'userName') !== null,
    // Of Insights events it joins the start of a span with its end: another meaning.
    sharedEventId: insight ? null : textAt(json, 'sharedEventID'),
    completes: addendum === COMPLETING ? textAt(json, 'addendum', 'originalEventID') : null,
  };
}

/** `2024-01-01T00:00:00Z` of any spelling of a time in UTC or with an offset; '' of anything else. */
export function wholeSeconds(text: string | null): string {
  if (text === null || !/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/.test(text)) return '';
  if (text.length === 20 && text[10] === 'T' && text[19] === 'Z') return Number.isNaN(Date.parse(text)) ? '' : text;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`;
  const time = Date.parse(zoned.replace(' ', 'T'));
  return Number.isNaN(time) ? '' : `${new Date(time).toISOString().slice(0, 19)}Z`;
}
