import { readFileSync } from 'node:fs';
import type { AuditRecord, JsonMap } from '../../src/attribution/port.ts';

/** A record of the log around its JSON, as an audit log's reader makes it. */
export function recordOf(json: JsonMap): AuditRecord {
  const text = (name: string): string => (typeof json[name] === 'string' ? (json[name] as string) : '');
  return {
    eventId: text('eventID'),
    eventName: text('eventName'),
    eventSource: text('eventSource'),
    eventTime: text('eventTime'),
    region: text('awsRegion'),
    account: text('recipientAccountId'),
    json,
    origin: { file: 'trail.json.gz', index: 0, digestChain: 'not-verified' },
  };
}

export const ROLE = 'arn:aws:iam::111122223333:role/deploy';
export const CENTER_ROLE =
  'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef';

/** A synthetic write. */
export function write(userIdentity: JsonMap, more: JsonMap = {}): AuditRecord {
  return recordOf({
    eventID: 'write-1',
    eventName: 'ModifyInstanceAttribute',
    eventSource: 'ec2.amazonaws.com',
    eventTime: '2026-03-14T02:03:11Z',
    awsRegion: 'eu-west-1',
    eventType: 'AwsApiCall',
    sourceIPAddress: '203.0.113.7',
    readOnly: false,
    userIdentity,
    ...more,
  });
}

/** The identity of a session of a role. */
export function session(role: string, name: string, accessKeyId: string | null = null): JsonMap {
  const roleName = role.split('/').at(-1) as string;
  return {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLE:${name}`,
    arn: `arn:aws:sts::111122223333:assumed-role/${roleName}/${name}`,
    accountId: '111122223333',
    ...(accessKeyId === null ? {} : { accessKeyId }),
    sessionContext: {
      sessionIssuer: { type: 'Role', arn: role, userName: roleName, accountId: '111122223333' },
      attributes: { mfaAuthenticated: 'false' },
    },
  };
}

export function user(name: string, accessKeyId = `AKIA${name}`): JsonMap {
  return {
    type: 'IAMUser',
    userName: name,
    arn: `arn:aws:iam::111122223333:user/${name}`,
    accountId: '111122223333',
    accessKeyId,
  };
}

/** A synthetic call that issued credentials. */
export function issuing(
  id: string,
  userIdentity: JsonMap,
  issued: string,
  request: JsonMap = {},
  eventName = 'AssumeRole',
): AuditRecord {
  return recordOf({
    eventID: id,
    eventName,
    eventSource: 'sts.amazonaws.com',
    eventTime: '2026-03-14T01:00:00Z',
    awsRegion: 'us-east-1',
    userIdentity,
    requestParameters: request,
    responseElements: { credentials: { accessKeyId: issued, sessionToken: 'REDACTED' } },
  });
}

/** What GitHub Actions shows when it assumes a role. */
export function githubToken(subject: string): JsonMap {
  return {
    type: 'WebIdentityUser',
    principalId: `arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com:sts.amazonaws.com:${subject}`,
    userName: subject,
    identityProvider: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
  };
}

interface PublicRecord {
  readonly story: string;
  readonly record: AuditRecord;
  readonly sessions: readonly AuditRecord[];
}

/** The public records of fixtures/cloudtrail-who. */
export function publicRecords(): PublicRecord[] {
  const file = new URL('../../fixtures/cloudtrail-who/public.ndjson', import.meta.url);
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { story, record, sessions } = JSON.parse(line) as { story: string; record: JsonMap; sessions: JsonMap[] };
      return { story, record: recordOf(record), sessions: sessions.map(recordOf) };
    });
}
