import { gzipSync } from 'node:zlib';
import type { AuditQuestion, Json, JsonMap } from '../../src/attribution/port.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
const WINDOW = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };

let count = 0;

/** A GUID that no other call gave. */
export function eventId(): string {
  return `00000000-0000-4000-8000-${(++count).toString(16).padStart(12, '0')}`;
}

/** A record in the order in which CloudTrail writes its members. What is given replaces or follows what is usual. */
export function recordOf(members: { readonly [name: string]: Json } = {}): JsonMap {
  const base: { [name: string]: Json } = {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:ann',
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/admin/ann`,
      accountId: ACCOUNT,
      accessKeyId: 'ASIAEXAMPLE000000001',
    },
    eventTime: '2026-03-01T12:00:00Z',
    eventSource: 'ec2.amazonaws.com',
    eventName: 'AuthorizeSecurityGroupIngress',
    awsRegion: REGION,
    sourceIPAddress: '192.0.2.1',
    userAgent: 'aws-cli/2.15',
    requestParameters: { groupId: 'sg-0abc' },
    responseElements: { _return: true },
    requestID: eventId(),
    eventID: eventId(),
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
  };
  return { ...base, ...members };
}

/** A call that issued credentials. */
export function issuingOf(issued: string, members: { readonly [name: string]: Json } = {}): JsonMap {
  return recordOf({
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/admin`, roleSessionName: 'ann' },
    responseElements: { credentials: { accessKeyId: issued, sessionToken: 'REDACTED' } },
    readOnly: true,
    eventTime: '2026-03-01T11:00:00Z',
    ...members,
  });
}

/** A trail's file as it is delivered. */
export function trailText(records: readonly Json[]): string {
  return JSON.stringify({ Records: records });
}

export function packed(text: string): Uint8Array {
  return gzipSync(Buffer.from(text));
}

/** The key that CloudTrail gives a file: `stamp` is `20260301T1205Z`. */
export function keyOf(stamp: string, place: { account?: string; region?: string; tail?: string } = {}): string {
  const { account = ACCOUNT, region = REGION, tail = 'abcdefghijklmnop' } = place;
  const day = `${stamp.slice(0, 4)}/${stamp.slice(4, 6)}/${stamp.slice(6, 8)}`;
  return `AWSLogs/${account}/CloudTrail/${region}/${day}/${account}_CloudTrail_${region}_${stamp}_${tail}.json.gz`;
}

export function questionOf(members: Partial<AuditQuestion> = {}): AuditQuestion {
  return { window: WINDOW, needles: new Set(['sg-0abc']), accounts: undefined, regions: undefined, ...members };
}
