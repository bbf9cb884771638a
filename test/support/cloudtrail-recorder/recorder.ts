import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { type Answer, type Forwarder, startForwarder } from '../forwarder.ts';
import { ec2Parameters } from './form.ts';
import { isRead, type Operation, operationOf } from './operation.ts';
import { type Json, lowered } from './shape.ts';
import { parseXml } from './xml.ts';

type JsonMap = { [key: string]: Json };

/** Writes the log that AWS would have written of the calls that pass through it. */
export interface CloudTrailRecorder extends Forwarder {
  /** Every record so far, in the order in which the calls completed. */
  readonly records: readonly JsonMap[];
  /** Requests of which no record could be made: method, path or target. Reads of REST services are among them. */
  readonly unread: readonly string[];
  /** Whose access key is whose; a key that is not here is the account's IAM user `terraform`. */
  setIdentity(accessKeyId: string, identity: JsonMap): void;
  /** The time that the next records carry; undefined: the clock's. */
  setTime(time: Date | undefined): void;
}

const ACCOUNT = '123456789012';

/** Services that log in us-east-1 wherever they are called from. */
const GLOBAL = new Set(['iam', 'route53', 'cloudfront']);

/** Starts the recorder on a free port of 127.0.0.1, in front of an emulator. */
export async function startRecorder(target: { readonly port: number }): Promise<CloudTrailRecorder> {
  const records: JsonMap[] = [];
  const unread: string[] = [];
  const identities = new Map<string, JsonMap>();
  let time: Date | undefined;

  function note(incoming: IncomingMessage, raw: Buffer, answer: Answer): void {
    const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(incoming.headers.authorization ?? '');
    if (scope === null) return;
    const [, key = '', region = '', service = ''] = scope;
    const body = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const { method = 'GET', url = '/' } = incoming;
    const amzTarget = incoming.headers['x-amz-target'];
    const operation = operationOf({ service, method, url, target: amzTarget as string | undefined, body });
    if (operation === undefined) {
      unread.push(`${service} ${method} ${url}`);
      return;
    }
    const identity = identities.get(key) ?? iamUser('terraform', key);
    const userAgent = String(incoming.headers['user-agent'] ?? '');
    records.push(recordOf(operation, { service, region, identity, userAgent, time: time ?? new Date() }, answer));
  }

  const forwarder = await startForwarder(target, async ({ incoming, body, handOn }) => {
    const answer = await handOn();
    note(incoming, body, answer);
    return answer;
  });
  return {
    ...forwarder,
    records,
    unread,
    setIdentity: (accessKeyId, identity) => void identities.set(accessKeyId, identity),
    setTime: (next) => {
      time = next;
    },
  };
}

interface Caller {
  readonly service: string;
  readonly region: string;
  readonly identity: JsonMap;
  readonly userAgent: string;
  readonly time: Date;
}

function recordOf({ eventName, parameters }: Operation, caller: Caller, answer: Answer): JsonMap {
  const { service, region, identity, userAgent, time } = caller;
  const failed = answer.status >= 400;
  return {
    eventVersion: '1.11',
    userIdentity: identity,
    eventTime: time.toISOString().replace(/\.\d+Z$/, 'Z'),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: GLOBAL.has(service) ? 'us-east-1' : region,
    sourceIPAddress: '198.51.100.7',
    userAgent: service === 's3' ? `[${userAgent}]` : userAgent,
    ...(failed ? { errorCode: errorCodeOf(answer), errorMessage: 'refused' } : {}),
    requestParameters: parameters,
    responseElements: failed || isRead(eventName) ? null : responseOf(service, eventName, answer),
    requestID: randomUUID(),
    eventID: randomUUID(),
    readOnly: isRead(eventName),
    ...(service === 's3' ? { resources: bucketOf(parameters) } : {}),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
  };
}

/** The identity element of an IAM user. */
export function iamUser(userName: string, accessKeyId: string): JsonMap {
  return {
    type: 'IAMUser',
    principalId: `AIDA${createHash('sha256').update(userName).digest('hex').slice(0, 16).toUpperCase()}`,
    arn: `arn:aws:iam::${ACCOUNT}:user/${userName}`,
    accountId: ACCOUNT,
    accessKeyId,
    userName,
  };
}

/** The identity element of a role session. */
export function roleSession(role: string, session: string, accessKeyId: string): JsonMap {
  const principalId = `AROA${createHash('sha256').update(role).digest('hex').slice(0, 16).toUpperCase()}`;
  return {
    type: 'AssumedRole',
    principalId: `${principalId}:${session}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}`,
    accountId: ACCOUNT,
    accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId,
        arn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        accountId: ACCOUNT,
        userName: role,
      },
      attributes: { creationDate: '2026-11-21T00:00:00Z', mfaAuthenticated: 'true' },
    },
  };
}

/** What the log keeps of an answer: the JSON services' own, EC2's as lists of items, and for many writes nothing. */
function responseOf(service: string, eventName: string, { body }: Answer): Json {
  const text = body.toString('utf8');
  if (service === 'ec2') {
    const [root] = Object.values(parseXml(text));
    return root === undefined ? null : itemised(root);
  }
  if (!text.startsWith('{') || service === 'kms') return null;
  const answer = lowered(JSON.parse(text) as Json) as JsonMap;
  if (Object.keys(answer).length === 0) return null;
  if (service === 'lambda' && 'environment' in answer) answer.environment = {};
  return eventName.startsWith('GetSecret') ? null : answer;
}

/** EC2 lists: `<fooSet><item/></fooSet>` to {items: [...]}. */
function itemised(value: Json): Json {
  if (Array.isArray(value)) return value.map(itemised);
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? ec2Parameters(value) : value;
  const { item, xmlns: _xmlns, ...rest } = value;
  if (item !== undefined) return { items: (Array.isArray(item) ? item : [item]).map(itemised) };
  return Object.fromEntries(
    Object.entries(rest).map(([key, inner]) => [key === 'return' ? '_return' : key, itemised(inner)]),
  );
}

function bucketOf(parameters: { readonly [key: string]: Json } | null): Json {
  const name = parameters?.bucketName;
  return typeof name === 'string' ? [{ accountId: ACCOUNT, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${name}` }] : [];
}

function errorCodeOf({ body, headers }: Answer): string {
  const header = headers['x-amzn-errortype'];
  const text = body.toString('utf8');
  const found = /<Code>([^<]+)<\/Code>/.exec(text)?.[1] ?? /"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(text)?.[1];
  return found ?? (typeof header === 'string' ? header : 'Client.Unknown');
}
