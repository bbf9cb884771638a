import type { Actor, ActorKind, CallTool } from '../../model/attribution.ts';
import type { AuditRecord } from '../port.ts';
import { callTool, userAgentOf } from './call-tool.ts';
import { textAt } from './fields.ts';
import { type Identity, isIdentityCenter, principalOf, readIdentity } from './identity.ts';
import { type Lineage, lineageOf, type Trace } from './lineage.ts';
import { tokenSubject } from './oidc.ts';
import { personOf } from './person.ts';
import { type PipelineIdentities, type PipelineMatch, pipelineMatch } from './pipeline.ts';
import { quoted } from './quoted-text.ts';
import { actingService } from './service.ts';

/** Answers who made a call, given the calls that issued credentials. */
export type WhoResolver = (record: AuditRecord, sessions: readonly AuditRecord[]) => Actor;

interface Named {
  readonly name: string;
  readonly kind: ActorKind;
}

/**
 * Names callers. `mask` stands in for source addresses, which are personal data: a keyed digest, so that equal addresses
 * still show.
 */
export function whoResolver(mask: (text: string) => string, pipeline?: PipelineIdentities): WhoResolver {
  return (record, sessions) => actorOf(record, lineageOf(sessions), mask, pipeline);
}

/**
 * Who stands behind a call. A person only where the log names one: an IAM user, an Identity Center session, a SAML
 * subject, a source identity, or the same at the other end of the credentials' lineage. Otherwise the role and its
 * session name, which anybody who may assume the role can choose. A service that acts is a service, never a person.
 */
export function actorOf(
  record: AuditRecord,
  lineage: Lineage,
  mask: (text: string) => string,
  pipeline?: PipelineIdentities,
): Actor {
  const identity = readIdentity(record.json.userIdentity);
  const trace = lineage.of(record);
  const service = actingService(record, identity);
  const tool = service === null ? callTool(record) : 'service';
  const agent = userAgentOf(record);
  const { name, kind } =
    service === null
      ? behind({ identity, trace, tool, agent }, pipeline)
      : ({ name: service, kind: 'service' } as const);
  return {
    name: quoted(name),
    kind,
    id: quoted(principalOf(identity)),
    type: identity.type === '' ? 'none' : quoted(identity.type),
    role: identity.role === null ? null : quoted(identity.role),
    sourceIdentity: trace.sourceIdentity === null ? null : quoted(trace.sourceIdentity),
    mfa: mfaOf(identity, trace),
    via: tool,
    sourceAddress: addressOf(record, mask),
    userAgent: agent === null ? null : quoted(agent),
    lineage: trace.steps.map((step) => ({ ...step, principal: quoted(step.principal) })),
  };
}

interface Caller {
  readonly identity: Identity;
  readonly trace: Trace;
  readonly tool: CallTool;
  readonly agent: string | null;
}

/**
 * Whether the known pipeline made a call: `own` by its identity, with nobody behind it, and `agent` where the tool agrees,
 * too. CI runs of others are pipelines, and not this one. "Applied by the pipeline" needs both.
 */
export function ownPipeline(
  record: AuditRecord,
  lineage: Lineage,
  pipeline: PipelineIdentities,
): { readonly own: boolean; readonly agent: boolean } {
  const identity = readIdentity(record.json.userIdentity);
  if (actingService(record, identity) !== null) return { own: false, agent: false };
  const caller = { identity, trace: lineage.of(record), tool: callTool(record), agent: userAgentOf(record) };
  const match = pipelineMatch(caller, pipeline);
  return { own: isOwn(caller, match), agent: match.agent };
}

/** A token is the pipeline's alone. Its role or user could be used by hand: with its tool, and by nobody who is known. */
function isOwn({ identity, trace }: Caller, match: PipelineMatch): boolean {
  if (match.by === 'token') return true;
  if (match.by === null || !match.agent || trace.sourceIdentity !== null) return false;
  return match.by === 'user' || personBehind(identity, trace) === undefined;
}

function behind(caller: Caller, pipeline: PipelineIdentities | undefined): Named {
  const { identity, trace } = caller;
  const token = trace.token === null ? ownToken(identity) : tokenSubject(trace.token.subject, trace.token.provider);
  const own = pipeline !== undefined && isOwn(caller, pipelineMatch(caller, pipeline));
  const person = personBehind(identity, trace);
  if (own || token?.pipeline === true) {
    return { name: token?.name ?? person?.name ?? bareName(identity), kind: 'pipeline' };
  }
  if (person !== undefined) return person;
  if (token !== undefined) return { name: token.name, kind: 'role' };
  return { name: bareName(identity), kind: bareKind(identity) };
}

/**
 * The source identity names the person and survives role chains, but whoever first sets it may be allowed to set any:
 * where the log also shows who that was and the names differ, both are said.
 */
function personBehind(identity: Identity, trace: Trace): Named | undefined {
  let found: string | undefined;
  for (const one of [identity, ...trace.issuances.map((issuance) => issuance.identity)]) {
    found ??= personOf(one);
  }
  const { sourceIdentity } = trace;
  if (sourceIdentity === null) return found === undefined ? undefined : { name: found, kind: 'person' };
  if (found === undefined || found === sourceIdentity) return { name: sourceIdentity, kind: 'person' };
  return { name: `${sourceIdentity} (source identity of a session of ${found})`, kind: 'person' };
}

function ownToken(identity: Identity): ReturnType<typeof tokenSubject> | undefined {
  if (identity.type !== 'WebIdentityUser' || identity.userName === null) return undefined;
  return tokenSubject(identity.userName, identity.identityProvider);
}

/** What there is to print where nobody is named. */
function bareName(identity: Identity): string {
  const { type, account, session, roleName, userName } = identity;
  if (type === 'Root') return `root user of ${account === null ? 'an unknown account' : `account ${account}`}`;
  if (type === 'FederatedUser' && session !== null) return `federated user ${session}`;
  if (roleName !== null) return session === null ? roleName : `${roleName}/${session}`;
  if (type === 'AWSAccount') return `account ${account ?? 'unknown'}`;
  return userName ?? principalOf(identity);
}

function bareKind({ type, role }: Identity): ActorKind {
  if (type === 'Root' || type === 'AWSAccount') return 'account';
  return type === 'AssumedRole' || type === 'Role' || role !== null ? 'role' : 'unknown';
}

/** An identity provider's second factor never reaches the record: "false" says nothing there. */
function mfaOf(identity: Identity, trace: Trace): boolean | null {
  if (identity.mfa !== false) return identity.mfa;
  const federated = trace.issuances.some((one) => /^(?:SAML|WebIdentity)User$/.test(one.identity.type));
  return federated || isIdentityCenter(identity) || trace.issuances.some((one) => isIdentityCenter(one.identity))
    ? null
    : false;
}

/** A service's name is no secret; anything else is masked, so that the ledger holds no address of a person. */
function addressOf(record: AuditRecord, mask: (text: string) => string): string | null {
  const address = textAt(record.json, 'sourceIPAddress');
  if (address === null) return null;
  return /^(?:AWS Internal|(?:[a-z0-9-]+\.)+amazonaws\.com)$/.test(address) ? address : mask(address);
}
