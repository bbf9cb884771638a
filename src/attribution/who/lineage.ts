import type { LineageStep } from '../../model/attribution.ts';
import type { AuditRecord, JsonMap } from '../port.ts';
import { listAt, memberAt, textAt } from './fields.ts';
import { type Identity, principalOf, readIdentity } from './identity.ts';

/** A session tag, with the call that set it. Tags stand in the issuing call only, never in later ones. */
export interface SessionTag {
  readonly key: string;
  readonly value: string;
  readonly eventId: string;
  /** False where an earlier session of the chain had it and did not hand it on. */
  readonly ofThisSession: boolean;
}

/** A call that issued credentials, with who asked for them. */
export interface Issuance {
  readonly record: AuditRecord;
  readonly identity: Identity;
  /** Subject of the web identity or SAML token that was shown, and who vouches for it. */
  readonly subject: string | null;
  readonly provider: string | null;
}

/** What the log knows of how a caller came by its credentials. */
export interface Trace {
  /** From the call backwards. */
  readonly issuances: readonly Issuance[];
  readonly steps: readonly LineageStep[];
  readonly sourceIdentity: string | null;
  /** The nearest session's first. */
  readonly tags: readonly SessionTag[];
  /** The web identity token at the end of the chain. */
  readonly token: { readonly subject: string; readonly provider: string | null; readonly eventId: string } | null;
}

export interface Lineage {
  of(record: AuditRecord): Trace;
}

/** Clocks of services differ: credentials may seem to be used a little before they were issued. */
const SKEW_MS = 120_000;

/**
 * Joins calls to the calls that issued their credentials: `responseElements.credentials.accessKeyId` of AssumeRole*,
 * GetFederationToken and GetSessionToken is the `userIdentity.accessKeyId` of what follows; chains are followed to their
 * end. The order of `sessions` does not matter, copies of one call are folded to the one that tells most, and a chain
 * that bites its tail ends there. Each list is joined once, however often it is asked for.
 */
export function lineageOf(sessions: readonly AuditRecord[]): Lineage {
  const before = lineages.get(sessions);
  if (before !== undefined) return before;
  const made = joined(sessions);
  lineages.set(sessions, made);
  return made;
}

const lineages = new WeakMap<readonly AuditRecord[], Lineage>();

function joined(sessions: readonly AuditRecord[]): Lineage {
  const issued = new Map<string, Issuance>();
  for (const record of sessions) {
    const key = issuedKey(record);
    if (key === null) continue;
    const next = issuanceOf(record);
    const known = issued.get(key);
    if (known === undefined || tellsMore(next, known)) issued.set(key, next);
  }
  return { of: (record) => trace(record, issued) };
}

function trace(record: AuditRecord, issued: ReadonlyMap<string, Issuance>): Trace {
  const issuances: Issuance[] = [];
  const identity = readIdentity(record.json.userIdentity);
  const seen = new Set([record.eventId]);
  let key = identity.accessKeyId;
  let before = record.eventTime;
  while (key !== null) {
    const found = issued.get(key);
    if (found === undefined || seen.has(found.record.eventId) || isLater(found.record.eventTime, before)) break;
    seen.add(found.record.eventId);
    issuances.push(found);
    key = found.identity.accessKeyId;
    before = found.record.eventTime;
  }
  return {
    issuances,
    steps: issuances.map(stepOf),
    sourceIdentity: identity.sourceIdentity ?? firstText(issuances.map(sourceIdentityOf)),
    tags: issuances.flatMap((one, i) => tagsOf(one.record, i === 0)),
    token: tokenOf(issuances),
  };
}

function issuedKey(record: AuditRecord): string | null {
  if (textAt(record.json, 'errorCode') !== null) return null;
  return textAt(record.json, 'responseElements', 'credentials', 'accessKeyId');
}

function issuanceOf(record: AuditRecord): Issuance {
  const { json } = record;
  const identity = readIdentity(json.userIdentity);
  const subject = textAt(json, 'responseElements', 'subjectFromWebIdentityToken');
  const isToken = identity.type === 'WebIdentityUser' || identity.type === 'SAMLUser';
  return {
    record,
    identity,
    subject: isToken ? (identity.userName ?? subject ?? textAt(json, 'responseElements', 'subject')) : subject,
    provider: identity.identityProvider ?? textAt(json, 'responseElements', 'provider'),
  };
}

/** The account that owns a role sees only the caller's account; the caller's own copy of the record names the caller. */
function tellsMore(a: Issuance, b: Issuance): boolean {
  const rank = ({ identity }: Issuance): number =>
    identity.type === 'AWSAccount' || identity.type === ''
      ? 0
      : identity.arn === null && identity.userName === null
        ? 1
        : 2;
  if (rank(a) !== rank(b)) return rank(a) > rank(b);
  return `${a.record.eventTime} ${a.record.eventId}` < `${b.record.eventTime} ${b.record.eventId}`;
}

function stepOf({ record, identity, subject }: Issuance): LineageStep {
  const bare = identity.arn === null && subject !== null;
  return {
    eventId: record.eventId,
    eventName: record.eventName,
    eventTime: record.eventTime,
    principal: bare ? subject : principalOf(identity),
  };
}

function isLater(time: string, than: string): boolean {
  return Date.parse(time) > Date.parse(than) + SKEW_MS;
}

function sourceIdentityOf({ record, identity }: Issuance): string | null {
  return (
    textAt(record.json, 'requestParameters', 'sourceIdentity') ??
    textAt(record.json, 'responseElements', 'sourceIdentity') ??
    identity.sourceIdentity
  );
}

function firstText(texts: readonly (string | null)[]): string | null {
  return texts.find((text) => text !== null) ?? null;
}

/** `tags`, what an earlier session handed on (`incomingTransitiveTags`), and which of them go on from here. */
function tagsOf(record: AuditRecord, nearest: boolean): SessionTag[] {
  const request = memberAt(record.json, 'requestParameters');
  const transitive = new Set(listAt(request, 'transitiveTagKeys').filter((key) => typeof key === 'string'));
  const own = listAt(request, 'tags').flatMap((tag) => {
    const key = textAt(tag, 'key') ?? textAt(tag, 'Key');
    const value = textAt(tag, 'value') ?? textAt(tag, 'Value');
    return key === null || value === null ? [] : [{ key, value, ofThisSession: nearest || transitive.has(key) }];
  });
  const handed = memberAt(request, 'incomingTransitiveTags') as JsonMap | undefined;
  const names = typeof handed === 'object' && handed !== null && !Array.isArray(handed) ? Object.keys(handed) : [];
  const inherited = names.flatMap((key) => {
    const value = textAt(handed, key);
    return value === null ? [] : [{ key, value, ofThisSession: nearest }];
  });
  return [...own, ...inherited].map((tag) => ({ ...tag, eventId: record.eventId }));
}

function tokenOf(issuances: readonly Issuance[]): Trace['token'] {
  const found = issuances.find(({ identity, subject }) => subject !== null && identity.type === 'WebIdentityUser');
  if (found?.subject == null) return null;
  return { subject: found.subject, provider: found.provider, eventId: found.record.eventId };
}
