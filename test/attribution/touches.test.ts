import { describe, expect, it } from 'vitest';
import { identifiersOf } from '../../src/attribution/identify.ts';
import { populationOf } from '../../src/attribution/population.ts';
import type { JsonMap } from '../../src/attribution/port.ts';
import { type ManagedResource, touchesOf } from '../../src/attribution/touches.ts';
import type { Actor } from '../../src/model/attribution.ts';
import type { Value, ValueMap } from '../../src/model/value.ts';
import { user, write } from '../support/who-records.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';

interface Call {
  readonly source: string;
  readonly name: string;
  readonly request: JsonMap;
}

function managed(type: string, live: ValueMap): ManagedResource {
  const resource = { address: `${type}.it`, type, id: live.id as string, workspace: 'w', provider: 'aws' };
  const state = { attributes: live, schemaVersion: 0, private: undefined, sensitive: [], tainted: false };
  const identifiers = identifiersOf({ ref: resource, providerKey: 'aws', state, config: undefined }, live);
  return { resource, identifiers, account: ACCOUNT, region: REGION, live, sensitive: [] };
}

/** What became of each call, in their order. */
function standings(one: ManagedResource, calls: readonly Call[]) {
  const writes = calls.map(({ source, name, request }, i) =>
    write(user('mallory'), {
      eventID: `e${i}`,
      eventName: name,
      eventSource: `${source}.amazonaws.com`,
      eventTime: `2026-03-14T02:00:0${i}Z`,
      recipientAccountId: ACCOUNT,
      requestParameters: request,
    }),
  );
  const touches = touchesOf([one], writes, () => 'hmac-sha256:k:00');
  const { changes } = populationOf({
    writes,
    succeeded: () => true,
    touched: ({ eventId }) => touches.get(eventId) ?? [],
    who: () => ({ name: 'mallory', kind: 'person' }) as Actor,
    inBand: () => false,
    evidence: new Set(),
    recorded: new Set(),
    window: { from: null, to: '2026-03-14T06:00:00Z' },
  });
  return changes.map(({ standing, leaves }) => [standing, leaves.map(({ path, op, value }) => ({ path, op, value }))]);
}

const INSTANCE = { id: 'i-0a1b2c3d4e5f60718', instance_type: 't3.micro' };
const QUEUE = { id: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/jobs`, name: 'jobs' };
const tags = (own: Value): ValueMap => ({ tags: own, tags_all: own });
const set = (path: string, value: string) => ({ path, op: 'set', value });
const unset = (path: string) => ({ path, op: 'unset', value: null });

const createTags = (key: string, value: string): Call => ({
  source: 'ec2',
  name: 'CreateTags',
  request: { resourcesSet: { items: [{ resourceId: INSTANCE.id }] }, tagSet: { items: [{ key, value }] } },
});
const deleteTags = (key: string): Call => ({
  source: 'ec2',
  name: 'DeleteTags',
  request: { resourcesSet: { items: [{ resourceId: INSTANCE.id }] }, tagSet: { items: [{ key }] } },
});
const tagQueue = (own: JsonMap): Call => ({
  source: 'sqs',
  name: 'TagQueue',
  request: { queueUrl: QUEUE.id, tags: own },
});
const untagQueue = (...tagKeys: string[]): Call => ({
  source: 'sqs',
  name: 'UntagQueue',
  request: { queueUrl: QUEUE.id, tagKeys },
});

describe('a tag that was put on and taken off again between two scans', () => {
  it.each([
    ['none are left', null],
    ['an empty map is left', {}],
    ['others are left', { Name: 'web' }],
  ])('is transient, both ways, where %s', (_, own) => {
    const one = managed('aws_instance', { ...INSTANCE, ...tags(own) });
    expect(standings(one, [createTags('Owner', 'mallory'), deleteTags('Owner')])).toEqual([
      ['transient', [set('tags.Owner', 'mallory')]],
      ['kept', [unset('tags.Owner')]],
    ]);
  });

  it('is known by a map of tags and a list of keys, too', () => {
    const one = managed('aws_sqs_queue', { ...QUEUE, ...tags({ Name: 'jobs' }) });
    expect(standings(one, [tagQueue({ Owner: 'mallory', Team: 'x' }), untagQueue('Owner', 'Team')])).toEqual([
      ['transient', [set('tags.Owner', 'mallory'), set('tags.Team', 'x')]],
      ['kept', [unset('tags.Owner'), unset('tags.Team')]],
    ]);
  });

  it('and put on once more is kept, and told as a change each time', () => {
    const one = managed('aws_sqs_queue', { ...QUEUE, ...tags({ Owner: 'mallory' }) });
    const on = tagQueue({ Owner: 'mallory' });
    expect(standings(one, [on, untagQueue('Owner'), on, on]).map(([standing]) => standing)).toEqual([
      'kept',
      'transient',
      'kept',
      're-applied',
    ]);
  });
});

describe('calls on tags', () => {
  it('that set one which is live now and one which is not are kept', () => {
    const one = managed('aws_sqs_queue', { ...QUEUE, ...tags({ Owner: 'mallory' }) });
    expect(standings(one, [tagQueue({ Owner: 'mallory', Team: 'x' })])[0]?.[0]).toBe('kept');
  });

  it('that took away what is live again are transient', () => {
    const one = managed('aws_instance', { ...INSTANCE, ...tags({ Owner: 'ops' }) });
    expect(standings(one, [deleteTags('Owner')])).toEqual([['transient', [unset('tags.Owner')]]]);
  });

  it('that took all of them away say so', () => {
    const call = { source: 's3', name: 'DeleteBucketTagging', request: { bucketName: 'acme-logs', tagging: '' } };
    const bucket = { id: 'acme-logs', bucket: 'acme-logs' };
    expect(standings(managed('aws_s3_bucket', { ...bucket, ...tags({}) }), [call])).toEqual([
      ['kept', [unset('tags')]],
    ]);
    expect(standings(managed('aws_s3_bucket', { ...bucket, ...tags({ Owner: 'x' }) }), [call])).toEqual([
      ['transient', [unset('tags')]],
    ]);
  });

  it('are unseen where the resource was not read', () => {
    const one = { ...managed('aws_instance', { ...INSTANCE, ...tags(null) }), live: undefined };
    expect(standings(one, [createTags('Owner', 'mallory')])[0]?.[0]).toBe('unseen');
  });
});

describe('a call that is named after the resource and takes tags off', () => {
  it('deletes nothing', () => {
    const role = { id: 'deploy', name: 'deploy', arn: `arn:aws:iam::${ACCOUNT}:role/deploy`, ...tags(null) };
    const call = { source: 'iam', name: 'UntagRole', request: { roleName: 'deploy', tagKeys: ['Owner'] } };
    expect(standings(managed('aws_iam_role', role), [call])).toEqual([['kept', [unset('tags.Owner')]]]);
  });
});

describe('a key of another map', () => {
  const job = { id: 'nightly-load', name: 'nightly-load', default_arguments: { '--retries': '3' } };
  const update = (args: JsonMap): Call => ({
    source: 'glue',
    name: 'UpdateJob',
    request: { jobName: 'nightly-load', jobUpdate: { defaultArguments: args } },
  });

  it('that is not there is no less plain than one of tags', () => {
    const one = managed('aws_glue_job', job);
    expect(standings(one, [update({ '--debug': 'on' })])).toEqual([
      ['transient', [set('default_arguments.--debug', 'on')]],
    ]);
    expect(standings(one, [update({ '--retries': '3' })])).toEqual([
      ['kept', [set('default_arguments.--retries', '3')]],
    ]);
  });
});

describe('a member that no map holds', () => {
  it('is told by its own name', () => {
    const one = managed('aws_instance', { ...INSTANCE, ...tags(null) });
    const call = {
      source: 'ec2',
      name: 'ModifyInstanceAttribute',
      request: { instanceId: INSTANCE.id, instanceType: { value: 't3.large' } },
    };
    expect(standings(one, [call])).toEqual([['transient', [set('instance_type', 't3.large')]]]);
  });
});

describe('hidden values', () => {
  it('that were written twice are no repetition', () => {
    const one = managed('aws_ssm_parameter', { id: '/app/limit', name: '/app/limit', value: '10' });
    const put = {
      source: 'ssm',
      name: 'PutParameter',
      request: { name: '/app/limit', value: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
    };
    expect(standings(one, [put, put]).map(([standing]) => standing)).toEqual(['unseen', 'unseen']);
  });
});
