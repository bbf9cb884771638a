import type { Json } from '../port.ts';
import { isJsonMap, memberAt, textAt } from '../who/fields.ts';
import { isRecord } from './record-fields.ts';

/** Members in which others carry a record as text: LookupEvents, CloudWatch Logs, its Insights. */
const CARRIERS = ['CloudTrailEvent', 'message', '@message'];

/**
 * Takes a record out of what carries it: EventBridge's envelope (`detail`), LookupEvents output (`CloudTrailEvent`, a
 * text), an event of CloudWatch Logs (`message`, a text). Anything else is given back as it is. Throws a SyntaxError
 * where the text is no JSON.
 */
export function unwrap(json: Json, bytes: Buffer): { readonly json: Json; readonly bytes: Buffer } {
  if (!isJsonMap(json)) return { json, bytes };
  const detail = memberAt(json, 'detail');
  if (isRecord(detail)) {
    return { json: detail, bytes: Buffer.from(JSON.stringify(detail)) };
  }
  if (textAt(json, 'eventName') !== null) return { json, bytes };
  for (const name of CARRIERS) {
    // The whole text, however long: textAt would cut it.
    const carried = memberAt(json, name);
    if (typeof carried === 'string' && carried.trimStart().startsWith('{')) {
      return { json: JSON.parse(carried) as Json, bytes: Buffer.from(carried) };
    }
  }
  return { json, bytes };
}
