/**
 * Makes a trail of invented records in CloudTrail's own layout, the same one each time: what it costs to read a log
 * depends on how long records are, how many of them write, and how many name the same things.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const pack = promisify(gzip);

/** Changes whenever the records do. */
const VERSION = 3;
const FILES = 130;
export const RECORDS = 500_000;
const DAYS = 45;
const START = Date.parse('2026-01-01T00:00:00Z');
const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';

/** Things that exist in the invented account, each with three names. */
export const RESOURCES = 20_000;

/** The names of one resource, as a state would know it. */
export function identifiersOf(resource: number): readonly string[] {
  const hex = hexOf(resource * 7919 + 13, 17);
  return [
    `sg-${hex}`,
    `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/sg-${hex}`,
    `svc-${(resource * 31) % 997}-${resource.toString(36)}-sg`,
  ];
}

/** What a question asks the log: the whole time that it spans. */
export const WINDOW = { from: timeText(START), to: timeText(START + DAYS * 86_400_000) };

/** Writes the trail below a folder, unless it is there; gives the folder of its files. */
export async function makeTrail(parent: string, say: (line: string) => void): Promise<string> {
  const folder = join(parent, `driftbom-bench-trail-${VERSION}`);
  if (existsSync(folder)) return folder;
  say(`making ${RECORDS} records in ${FILES} files`);
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    const random = generator(42);
    const each = Math.ceil(RECORDS / FILES);
    const span = (DAYS * 86_400_000) / FILES;
    for (let file = 0; file < FILES; file++) {
      const count = Math.min(each, RECORDS - file * each);
      const begin = START + file * span;
      const records = Array.from({ length: count }, (_, i) => recordText(random, begin + (i * span) / count));
      const stamp = timeText(begin + span)
        .replace(/[-:]/g, '')
        .replace(/\d\dZ$/, 'Z');
      const name = `${ACCOUNT}_CloudTrail_${REGION}_${stamp}_${hexOf(file * 104729 + 7, 16)}.json.gz`;
      await writeFile(join(draft, name), await pack(Buffer.from(`{"Records":[${records.join(',')}]}`), { level: 6 }));
    }
    await rename(draft, folder);
  } catch (thrown) {
    await rm(draft, { recursive: true, force: true });
    throw thrown;
  }
  return folder;
}

type Random = () => number;

const READS: readonly (readonly [string, string])[] = [
  ['ec2.amazonaws.com', 'DescribeSecurityGroups'],
  ['ec2.amazonaws.com', 'DescribeInstances'],
  ['s3.amazonaws.com', 'GetBucketEncryption'],
  ['iam.amazonaws.com', 'GetRolePolicy'],
  ['kms.amazonaws.com', 'Decrypt'],
  ['lambda.amazonaws.com', 'GetFunctionConfiguration20150331v2'],
  ['rds.amazonaws.com', 'DescribeDBInstances'],
];

const WRITES: readonly (readonly [string, string])[] = [
  ['ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress'],
  ['ec2.amazonaws.com', 'RevokeSecurityGroupIngress'],
  ['ec2.amazonaws.com', 'CreateTags'],
  ['ec2.amazonaws.com', 'ModifySecurityGroupRules'],
];

/** In the order and without the spaces in which CloudTrail writes it. 16.6 in a hundred write, 5 assume a role. */
function recordText(random: Random, time: number): string {
  const share = random();
  const kind = share < 0.166 ? 'write' : share < 0.216 ? 'assume' : 'read';
  const [source, name] =
    kind === 'assume' ? ['sts.amazonaws.com', 'AssumeRole'] : pick(random, kind === 'write' ? WRITES : READS);
  const session = `session-${Math.floor(random() * 4000)}`;
  const role = `app-role-${Math.floor(random() * 200)}`;
  return (
    `{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"AROA${upper(random, 17)}:${session}",` +
    `"arn":"arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}","accountId":"${ACCOUNT}","accessKeyId":"ASIA${upper(random, 16)}",` +
    `"sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROA${upper(random, 17)}","arn":"arn:aws:iam::${ACCOUNT}:role/${role}",` +
    `"accountId":"${ACCOUNT}","userName":"${role}"},"attributes":{"creationDate":"${timeText(time - 1_800_000)}","mfaAuthenticated":"false"}}},` +
    `"eventTime":"${timeText(time)}","eventSource":"${source}","eventName":"${name}","awsRegion":"${REGION}",` +
    `"sourceIPAddress":"10.${byte(random)}.${byte(random)}.${byte(random)}","userAgent":"aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 md/GOARCH#amd64 api/${name.toLowerCase()}#1.40.0",` +
    `${body(kind, random, role, session)},"requestID":"${guid(random)}","eventID":"${guid(random)}","readOnly":${kind !== 'write'},` +
    `"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"${ACCOUNT}","eventCategory":"Management",` +
    `"tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"${source.replace('.', `.${REGION}.`)}"}}`
  );
}

function body(kind: string, random: Random, role: string, session: string): string {
  const [id, arn, name] = identifiersOf(Math.floor(random() * RESOURCES)) as [string, string, string];
  if (kind === 'read') {
    return `"requestParameters":{"securityGroupSet":{"items":[{"groupId":"${id}"}]},"filterSet":{"items":[{"name":"group-name","valueSet":{"items":[{"value":"${name}"}]}}]}},"responseElements":null`;
  }
  if (kind === 'assume') {
    return (
      `"requestParameters":{"roleArn":"arn:aws:iam::${ACCOUNT}:role/${role}","roleSessionName":"${session}","durationSeconds":3600},` +
      `"responseElements":{"credentials":{"accessKeyId":"ASIA${upper(random, 16)}","sessionToken":"${upper(random, 360)}","expiration":"Jan 1, 2026, 1:00:00 AM"},` +
      `"assumedRoleUser":{"assumedRoleId":"AROA${upper(random, 17)}:${session}","arn":"arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}"}}`
    );
  }
  const port = 1024 + Math.floor(random() * 60_000);
  return (
    `"requestParameters":{"groupId":"${id}","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":${port},"toPort":${port},"groups":{},` +
    `"ipRanges":{"items":[{"cidrIp":"10.${byte(random)}.0.0/16","description":"opened for ${name}"}]},"ipv6Ranges":{},"prefixListIds":{}}]}},` +
    `"responseElements":{"requestId":"${guid(random)}","_return":true,"securityGroupRuleSet":{"items":[{"groupOwnerId":"${ACCOUNT}","groupId":"${id}",` +
    `"securityGroupRuleId":"sgr-${hexOf(Math.floor(random() * 2 ** 31), 17)}","isEgress":false,"ipProtocol":"tcp","fromPort":${port},"toPort":${port},` +
    `"cidrIpv4":"10.0.0.0/16","securityGroupRuleArn":"${arn}"}]}}`
  );
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

function byte(random: Random): number {
  return Math.floor(random() * 256);
}

function upper(random: Random, length: number): string {
  let text = '';
  while (text.length < length)
    text += Math.floor(random() * 36 ** 6)
      .toString(36)
      .toUpperCase()
      .padStart(6, '0');
  return text.slice(0, length);
}

function guid(random: Random): string {
  const part = (length: number): string => hexOf(Math.floor(random() * 2 ** 32), length);
  return `${part(8)}-${part(4)}-${part(4)}-${part(4)}-${part(12)}`;
}

/** Hexadecimal digits that depend on all of a number. */
function hexOf(number: number, length: number): string {
  let text = '';
  for (let state = number >>> 0; text.length < length; ) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    text += state.toString(16).padStart(8, '0');
  }
  return text.slice(0, length);
}

function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** A xorshift generator: the same numbers on every machine. */
function generator(seed: number): Random {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
