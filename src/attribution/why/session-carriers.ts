import type { Trust } from '../../model/attribution.ts';
import { isIdentityCenter } from '../who/identity.ts';
import { isHiddenText, quoted } from '../who/quoted-text.ts';
import type { SessionTag } from '../who/lineage.ts';
import type { Call, Clue } from './clue.ts';
import { ticketsIn } from './tickets.ts';

/** A source identity that names a ticket. Nobody can change it on the way, and an identity provider may demand it. */
export function fromSourceIdentity({ trace }: Call, pattern: RegExp): Clue[] {
  const { sourceIdentity } = trace;
  return sourceIdentity === null ? [] : fromName(sourceIdentity, 'source identity', 'high', pattern);
}

/** A session name that names a ticket: chosen by the caller. Identity Center's are user names. */
export function fromSessionName({ identity, trace }: Call, pattern: RegExp): Clue[] {
  return [identity, ...trace.issuances.map((one) => one.identity)]
    .filter((one) => one.type === 'AssumedRole' && !isIdentityCenter(one))
    .flatMap(({ session }) => (session === null ? [] : fromName(session, 'role session name', 'medium', pattern)));
}

function fromName(text: string, source: string, trust: Trust, pattern: RegExp): Clue[] {
  const references = ticketsIn(text, pattern);
  if (references.length === 0) return [];
  return [{ reason: { text: quoted(text), source, trust, references: references.map(quoted) }, closeness: 6 }];
}

const REASONS = new Set(['reason', 'justification', 'changereason', 'purpose', 'comment']);
const TICKETS = new Set([
  ...[
    'ticket',
    'ticketid',
    'ticketno',
    'ticketnumber',
    'change',
    'changeid',
    'changerequest',
    'changenumber',
    'changeticket',
  ],
  ...['jira', 'jirakey', 'issue', 'issuekey', 'incident', 'incidentid', 'workitem', 'crq', 'chg'],
]);
/** What CI systems say of a run; configure-aws-credentials writes these. In the order in which they are printed. */
const RUN = [
  'repository',
  'workflow',
  'action',
  'runid',
  'job',
  'branch',
  'pullrequest',
  'commit',
  'actor',
  'triggeringactor',
];

/** Whether a tag of that key says why something was done. */
export function isReasonKey(key: string): boolean {
  const word = plain(key);
  return REASONS.has(word) || TICKETS.has(word);
}

/** Tags of the session, which only whoever opened it could set. */
export function fromSessionTags({ trace }: Call, pattern: RegExp): Clue[] {
  const tags = trace.tags.filter((tag) => !isHiddenText(tag.value));
  const said = tags.filter((tag) => isReasonKey(tag.key)).map((tag) => clueOf(tag, pattern));
  const run = RUN.flatMap((word) => tags.find((tag) => plain(tag.key) === word) ?? []);
  if (run.length === 0) return said;
  const text = quoted(run.map((tag) => `${tag.key}=${tag.value}`).join(' '));
  const references = run.filter((tag) => plain(tag.key) === 'commit').map((tag) => `commit ${quoted(tag.value)}`);
  const source = 'session tags of the run';
  return [...said, { reason: { text, source, trust: 'high', references }, closeness: 3 }];
}

/** Commits that the session's tags name. */
export function commitsNamed({ trace }: Call): string[] {
  const names = new Set(['commit', 'sha', 'gitsha', 'gitcommit', 'githubsha', 'commitsha']);
  return trace.tags
    .filter((tag) => names.has(plain(tag.key)) && /^[0-9a-f]{7,64}$/i.test(tag.value))
    .map((tag) => tag.value.toLowerCase());
}

function clueOf(tag: SessionTag, pattern: RegExp): Clue {
  const references = ticketsIn(tag.value, pattern).map(quoted);
  const source = tag.ofThisSession
    ? `session tag ${quoted(tag.key)}`
    : `session tag ${quoted(tag.key)} of an earlier session`;
  const trust = tag.ofThisSession ? 'high' : 'medium';
  const closeness = REASONS.has(plain(tag.key)) ? 7 : 6;
  return { reason: { text: quoted(tag.value), source, trust, references }, closeness };
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/**
 * The subject of a pipeline's token: surely its repository and branch, yet it says where a change came from and not why,
 * so anything that says more is closer.
 */
export function fromOidcSubject({ trace }: Call): Clue[] {
  if (trace.token === null) return [];
  const reason = {
    text: quoted(trace.token.subject),
    source: 'OIDC subject',
    trust: 'medium',
    references: [],
  } as const;
  return [{ reason, closeness: 1 }];
}
