import { createHash } from 'node:crypto';
import { parseJsonText } from '../model/json-text.ts';
import type { Value } from '../model/value.ts';
import { isArray, isEmpty, isMap } from '../model/value.ts';
import { protocolName } from '../resources/protocols.ts';
import { sameMeaning } from './text-meaning.ts';

/**
 * Whether what the configuration writes may be what the state holds, in the provider's own spelling. Providers rewrite
 * what they are given and do not say how, so this errs on the side of "yes": a configuration that cannot be compared
 * exactly never alarms.
 */
export function mayMean(written: Value, held: Value): boolean {
  if (written === held) return true;
  if (isEmpty(written) && isEmpty(held)) return true;
  if (isMap(written) || isArray(written) || isMap(held) || isArray(held)) return false;
  if (written === null || held === null || typeof written === 'symbol' || typeof held === 'symbol') return true;
  const [a, b] = [String(written), String(held)];
  return a === b || (typeof written === 'string' && typeof held === 'string' && sameText(a, b));
}

function sameText(a: string, b: string): boolean {
  if (sameMeaning(a, b) || plain(a) === plain(b)) return true;
  return (
    sameDocument(a, b) || sameName(a, b) || samePeriod(a, b) || digests(a).includes(b.toLowerCase()) || encodes(a, b)
  );
}

/** Case, space at the ends, line ends, a trailing dot or slash, and the spelling of protocols. */
function plain(text: string): string {
  const bare = text.replace(/\s+/g, ' ').trim().toLowerCase().replace(/[./]$/, '');
  return protocolName(bare);
}

/** A provider completes documents with defaults: what is written must be there, more may be. */
function sameDocument(a: string, b: string): boolean {
  const written = parseJsonText(a);
  const held = parseJsonText(b);
  return written !== undefined && held !== undefined && within(written, held);
}

function within(written: Value, held: Value): boolean {
  if (isEmpty(written) && isEmpty(held)) return true;
  if (isArray(written)) {
    return (
      isArray(held) &&
      written.length === held.length &&
      written.every((one) => held.some((other) => within(one, other)))
    );
  }
  if (isMap(written)) {
    return isMap(held) && Object.keys(written).every((key) => within(written[key] ?? null, keyed(held, key)));
  }
  return (
    written === held || (typeof written !== 'object' && typeof held !== 'object' && String(written) === String(held))
  );
}

function keyed(held: { readonly [key: string]: Value }, key: string): Value {
  if (Object.hasOwn(held, key)) return held[key] ?? null;
  const twin = Object.keys(held).find((other) => other.toLowerCase() === key.toLowerCase());
  return twin === undefined ? null : (held[twin] ?? null);
}

/** An ARN, URL or alias against the bare name or id. */
function sameName(a: string, b: string): boolean {
  const reference = (text: string): boolean => /^(arn:|https?:\/\/)/.test(text);
  if (a.startsWith('alias/') || b.startsWith('alias/')) return reference(a) || reference(b);
  const tail = (long: string, short: string): boolean =>
    reference(long) && (long.endsWith(`/${short}`) || long.endsWith(`:${short}`));
  return tail(a, b) || tail(b, a);
}

const SECONDS: { readonly [unit: string]: number } = {
  s: 1,
  second: 1,
  m: 60,
  minute: 60,
  h: 3600,
  hour: 3600,
  d: 86400,
  day: 86400,
};

function samePeriod(a: string, b: string): boolean {
  const period = (text: string): number | undefined => {
    const match = /^(?:rate\()?(\d+)\s*(seconds?|minutes?|hours?|days?|[smhd])\)?$/.exec(text);
    const unit = SECONDS[(match?.[2] ?? '').replace(/(?<=.)s$/, '')];
    return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
  };
  return period(a) !== undefined && period(a) === period(b);
}

/** Some attributes are kept as a digest of what was written (user data). */
function digests(written: string): string[] {
  return ['sha1', 'sha256', 'md5'].flatMap((name) => {
    const digest = createHash(name).update(written).digest();
    return [digest.toString('hex'), digest.toString('base64').toLowerCase()];
  });
}

function encodes(a: string, b: string): boolean {
  const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
  return base64(a) === b || base64(b) === a;
}
