import { type Identity, isIdentityCenter } from './identity.ts';

/**
 * The person that an identity names, or undefined where it names none. Source: CloudTrail User Guide, "CloudTrail
 * userIdentity element". The session name of a role that is not Identity Center's is the caller's own choice and names
 * nobody; a root user is an account's, not a person's.
 */
export function personOf(identity: Identity): string | undefined {
  switch (identity.type) {
    case 'IAMUser':
      return userNameOf(identity);
    case 'AssumedRole':
      return (isIdentityCenter(identity) ? identity.session : null) ?? centerUser(identity);
    case 'SAMLUser':
      return identity.userName ?? undefined;
    case 'IdentityCenterUser':
      return centerUser(identity);
    case 'FederatedUser':
      return federated(identity);
    default:
      return undefined;
  }
}

function userNameOf({ userName, arn }: Identity): string | undefined {
  return userName ?? /:user\/(?:.*\/)?([^/]+)$/.exec(arn ?? '')?.[1];
}

/** Only Identity Center can tell the name behind the id. */
function centerUser({ onBehalfOf }: Identity): string | undefined {
  return onBehalfOf === null ? undefined : `Identity Center user ${onBehalfOf} (name not resolved)`;
}

/** The name of the federated user is whatever its issuer wrote; who that was is known. */
function federated({ issuer, session }: Identity): string | undefined {
  const user = issuer.type === 'IAMUser' ? (issuer.name ?? issuer.arn) : null;
  if (user === null) return undefined;
  return session === null ? user : `${user} (federated as ${session})`;
}
