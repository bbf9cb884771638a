import { isArray, isMap, UNKNOWN, type Value } from '../model/value.ts';

/** How "known after apply" is written in signed documents: a value of its own, never an absence. */
const UNKNOWN_AS_JSON = { $unknown: true };

/**
 * A Terraform value as plain JSON for signing. UNKNOWN becomes {"$unknown":true}. Half a surrogate pair, which no
 * canonical JSON can hold, becomes U+FFFD: hostile text in one attribute must not prevent the recording of the rest.
 */
export function toJson(value: Value): unknown {
  if (value === UNKNOWN) return UNKNOWN_AS_JSON;
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (isArray(value)) return value.map(toJson);
  if (!isMap(value)) return value;
  const json: { [key: string]: unknown } = Object.create(null) as { [key: string]: unknown };
  for (const key of Object.keys(value)) json[wellFormed(key)] = toJson(value[key] as Value);
  return json;
}

/** Most text has no surrogate at all, and that is quickly seen. */
const SURROGATE = /[\uD800-\uDFFF]/;

function wellFormed(text: string): string {
  if (!SURROGATE.test(text)) return text;
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}
