import type { Json } from '../port.ts';
import { memberAt, textAt } from './fields.ts';

/**
 * A record's `userIdentity`, read once. Source: CloudTrail User Guide, "CloudTrail userIdentity element"; what it does
 * not say is null.
 */
export interface Identity {
  /** IAMUser, AssumedRole, ... ; '' where the record has none. */
  readonly type: string;
  readonly arn: string | null;
  readonly principalId: string | null;
  readonly account: string | null;
  readonly userName: string | null;
  readonly accessKeyId: string | null;
  readonly invokedBy: string | null;
  readonly identityProvider: string | null;
  /** Session name of an assumed role, name of a federated user. */
  readonly session: string | null;
  /** ARN of the role that was assumed. */
  readonly role: string | null;
  /** Last part of that ARN, or of the session's own. */
  readonly roleName: string | null;
  /** Who issued a federated user's session. */
  readonly issuer: { readonly type: string | null; readonly arn: string | null; readonly name: string | null };
  readonly sourceIdentity: string | null;
  /** What AWS itself says of a second factor; identity providers keep theirs to themselves. */
  readonly mfa: boolean | null;
  /** User id of IAM Identity Center, where a trusted identity was passed on. */
  readonly onBehalfOf: string | null;
}

/** Reads a `userIdentity` of any shape. */
export function readIdentity(json: Json | undefined): Identity {
  const context = memberAt(json, 'sessionContext');
  const issuer = {
    type: textAt(context, 'sessionIssuer', 'type'),
    arn: textAt(context, 'sessionIssuer', 'arn'),
    name: textAt(context, 'sessionIssuer', 'userName'),
  };
  const type = textAt(json, 'type') ?? '';
  const arn = textAt(json, 'arn');
  const principalId = textAt(json, 'principalId');
  const role = roleOf(type, arn, issuer);
  return {
    type,
    arn,
    principalId,
    account: textAt(json, 'accountId'),
    userName: textAt(json, 'userName'),
    accessKeyId: textAt(json, 'accessKeyId'),
    invokedBy: textAt(json, 'invokedBy'),
    identityProvider: textAt(json, 'identityProvider'),
    session: sessionName(type, arn, principalId),
    role,
    roleName: role?.split('/').at(-1) ?? null,
    issuer,
    sourceIdentity: textAt(context, 'sourceIdentity'),
    mfa: truth(memberAt(context, 'attributes', 'mfaAuthenticated')),
    onBehalfOf: textAt(json, 'onBehalfOf', 'userId'),
  };
}

/** What names the caller best: its ARN, or what there is instead. */
export function principalOf(identity: Identity): string {
  const web = identity.identityProvider === null ? null : `${identity.identityProvider}:${identity.userName ?? ''}`;
  const named = identity.arn ?? identity.onBehalfOf ?? identity.principalId ?? web ?? identity.invokedBy;
  return named ?? (identity.account === null ? 'unknown' : `account ${identity.account}`);
}

/** The path under which IAM Identity Center keeps its roles. IAM lets nobody else make a role there. */
export function isIdentityCenter({ role }: Identity): boolean {
  return role !== null && /^arn:[^:]+:iam::\d*:role\/aws-reserved\/sso\.amazonaws\.com\//.test(role);
}

/** The service of a service-linked role (`autoscaling.amazonaws.com`), by the path that is reserved for those. */
export function linkedService({ role }: Identity): string | null {
  return (role === null ? null : /^arn:[^:]+:iam::\d*:role\/aws-service-role\/([^/]+)\//.exec(role)?.[1]) ?? null;
}

function roleOf(type: string, arn: string | null, issuer: Identity['issuer']): string | null {
  if (issuer.arn !== null && /:role\//.test(issuer.arn)) return issuer.arn;
  if (type === 'Role') return arn;
  if (type !== 'AssumedRole' || arn === null) return null;
  // Without its issuer the path of the role is not known: the session's own ARN, less the session, is what there is.
  return /^(arn:[^/]*:assumed-role\/[^/]+)/.exec(arn)?.[1] ?? null;
}

/** `AROA...:session`, or the ARN's tail. Session names hold neither `:` nor `/` (STS API reference, AssumeRole). */
function sessionName(type: string, arn: string | null, principalId: string | null): string | null {
  if (type === 'FederatedUser') return /federated-user\/(.+)$/.exec(arn ?? '')?.[1] ?? afterColon(principalId);
  if (type !== 'AssumedRole') return null;
  return afterColon(principalId) ?? /:assumed-role\/[^/]+\/([^/]+)$/.exec(arn ?? '')?.[1] ?? null;
}

function afterColon(text: string | null): string | null {
  return /:([^:]+)$/.exec(text ?? '')?.[1] ?? null;
}

/** CloudTrail writes these as "true" and "false"; some records hold booleans. */
export function truth(json: Json | undefined): boolean | null {
  if (typeof json === 'boolean') return json;
  if (typeof json !== 'string') return null;
  const word = json.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : null;
}
