import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DriftAttribution } from '../../src/model/attribution.ts';
import { type AwsChange, typeOf, type World } from '../support/aws-change.ts';
import { AWS_CHANGES } from '../support/aws-changes.ts';
import {
  type CloudTrailRecorder,
  iamUser,
  roleSession,
  startRecorder,
} from '../support/cloudtrail-recorder/recorder.ts';
import type { TerraformWorkspace } from '../support/terraform.ts';
import { type Companions, describeWithTools, fixture, MARKS, startCompanions } from './companions.ts';
import { scan, type Scanned } from './driftbom.ts';
import { worldOf } from './world.ts';

const BUCKET = 'orders-audit-trail';
/** Credentials of the audit log's reader. */
const EMULATED = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing', AWS_REGION: 'eu-central-1' };
const PEOPLE = ['alice', 'bob', 'carol'];

/** One change a resource, so that each drift has one culprit. */
function oneEach(changes: readonly AwsChange[]): readonly AwsChange[] {
  const seen = new Set<string>();
  return changes.filter(({ address, expected }) => {
    if (expected === 'equal' || seen.has(address)) return false;
    seen.add(address);
    return true;
  });
}

interface Culprit {
  readonly change: AwsChange;
  readonly person: string;
  readonly events: readonly string[];
}

describeWithTools('changes behind the back of Terraform, and the audit log of those very calls', () => {
  const table: string[] = [];
  let companions: Companions;
  let recorder: CloudTrailRecorder;
  let stack: TerraformWorkspace;
  let culprits: readonly Culprit[] = [];
  let s3: S3;

  beforeAll(async () => {
    companions = await startCompanions();
    recorder = await startRecorder(companions.moto);
    recorder.setIdentity('testing', iamUser('terraform', 'testing'));
    stack = await companions.home.workspace(fixture('stack'), 'audited', { endpoint: recorder.endpoint, ...MARKS });
    await stack.apply();
    const clean = await scanStack();
    expect(clean.code).toBe(0);
    // The log has whole seconds: what happens in the second of the scan's start is not after it.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const world = await worldOf(stack, recorder.endpoint);
    culprits = await changeAll(oneEach(AWS_CHANGES), world);
    s3 = new S3({
      endpoint: companions.moto.endpoint,
      region: 'eu-central-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    });
  });

  afterAll(async () => {
    if (table.length > 0) process.stdout.write(`\n${table.join('\n')}\n\n`);
    await recorder?.stop();
    await companions?.stop();
  });

  const scanStack = (...args: readonly string[]): Promise<Scanned> =>
    scan(companions.home, companions.home.folder, stack.directory, ...args);

  /** Every change by one of three people, whose sessions share Terraform's access key. */
  async function changeAll(changes: readonly AwsChange[], world: World): Promise<readonly Culprit[]> {
    const made: Culprit[] = [];
    for (const [i, change] of changes.entries()) {
      const person = PEOPLE[i % PEOPLE.length] as string;
      recorder.setIdentity('testing', roleSession('Operations', `${person}@example.com`, 'testing'));
      const before = recorder.records.length;
      await change.apply(world);
      const events = recorder.records.slice(before).filter((record) => record.readOnly === false);
      made.push({ change, person, events: events.map((record) => String(record.eventID)) });
    }
    return made;
  }

  /** The records as CloudTrail delivers them: a file of each region, oldest first, some hundred at a time. */
  function trailFiles(): readonly { readonly key: string; readonly bytes: Buffer }[] {
    const regions = [...new Set(recorder.records.map((record) => String(record.awsRegion)))];
    return regions.flatMap((region) => {
      const records = recorder.records.filter((record) => record.awsRegion === region);
      const files = [];
      for (let i = 0; i < records.length; i += 200) {
        const day = String(records[i]?.eventTime).slice(0, 10);
        const stamp = `${day.replaceAll('-', '')}T0000Z`;
        const name = `123456789012_CloudTrail_${region}_${stamp}_${randomBytes(8).toString('hex')}.json.gz`;
        const key = `AWSLogs/123456789012/CloudTrail/${region}/${day.replaceAll('-', '/')}/${name}`;
        files.push({ key, bytes: gzipSync(JSON.stringify({ Records: records.slice(i, i + 200) })) });
      }
      return files;
    });
  }

  it('is large enough to mean something', () => {
    expect(culprits.length).toBeGreaterThanOrEqual(20);
    expect(culprits.every(({ events }) => events.length > 0)).toBe(true);
    const noise = recorder.records.filter((record) => record.readOnly === false).length - culprits.length;
    expect(noise).toBeGreaterThan(100);
  });

  it('names the right call and the right person for every one of them, from a trail in S3', async () => {
    await s3.createBucket({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } });
    for (const { key, bytes } of trailFiles()) await s3.putObject({ Bucket: BUCKET, Key: key, Body: bytes });
    const scanned = await scan(
      {
        ...companions.home,
        env: { ...companions.home.env, ...EMULATED, AWS_ENDPOINT_URL_S3: companions.moto.endpoint },
      },
      companions.home.folder,
      stack.directory,
      '--cloudtrail',
      `s3://${BUCKET}`,
    );
    expect(scanned.code, scanned.stderr).toBe(2);
    judge(scanned.document?.drifts ?? []);
  });

  it('finds the same in files', async () => {
    const folder = join(companions.home.folder, 'trail');
    for (const { key, bytes } of trailFiles()) {
      await mkdir(join(folder, key, '..'), { recursive: true });
      await writeFile(join(folder, key), bytes);
    }
    const scanned = await scanStack('--cloudtrail', folder, '--no-record');
    judge(scanned.document?.drifts ?? []);
  });

  function judge(
    drifts: readonly { readonly address: string; readonly attribution?: DriftAttribution | null }[],
  ): void {
    const wrong: string[] = [];
    const right: string[] = [];
    table.length = 0;
    for (const { change, person, events } of culprits) {
      const answer = drifts.find((one) => one.address === change.address)?.attribution;
      const named = answer?.actors.map(({ name }) => name).join(', ') ?? 'no answer';
      const found = answer?.events.map(({ eventId }) => eventId) ?? [];
      const isRight =
        named === `Operations/${person}@example.com` && found.length > 0 && found.every((id) => events.includes(id));
      (isRight ? right : wrong).push(change.name);
      table.push(
        `${change.name.padEnd(56)} ${typeOf(change.address).padEnd(40)} ${String(answer?.verdict).padEnd(10)} ${String(answer?.call).padEnd(48)} ${named}`,
      );
    }
    expect(wrong).toEqual([]);
    expect(right.length).toBe(culprits.length);
  }
});
