import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskedBlock } from '../../src/attribution/address-block.ts';
import { callOf } from '../../src/attribution/call-name.ts';
import { identifiersOf } from '../../src/attribution/identify.ts';
import { needlesOf } from '../../src/attribution/needles.ts';
import { wireLeaves } from '../../src/attribution/wire-shape.ts';
import { isTelling, scalarText } from '../../src/attribution/wire-value.ts';
import { wordsOf } from '../../src/attribution/words.ts';
import type { ValueMap } from '../../src/model/value.ts';
import { user, write } from '../support/who-records.ts';

function textsOf(type: string, attributes: ValueMap): readonly string[] {
  const id = typeof attributes.id === 'string' ? attributes.id : undefined;
  const ref = { address: `${type}.it`, type, id, workspace: 'w', provider: 'aws' };
  const state = { attributes, schemaVersion: 0, private: undefined, sensitive: [], tainted: false };
  return identifiersOf({ ref, providerKey: 'aws', state, config: undefined }).map(({ text, with: keys = [] }) =>
    [text, ...keys].join(' + '),
  );
}

describe('words of names', () => {
  it.each([
    ['dBInstanceIdentifier', 'db instance identifier'],
    ['db_instance_identifier', 'db instance identifier'],
    ['cIDRIP', 'cidr'],
    ['tTL', 'ttl'],
    ['sSHPublicKey', 'ssh public key'],
    ['aRN', 'arn'],
    ['eTag', 'e tag'],
    ['SqsManagedSseEnabled', 'sqs managed sse enable'],
    ['deletion_protection.enabled', 'deletion protection enable'],
    ['PolicyDocuments', 'policy document'],
    ['addresses', 'address'],
  ])('are told in %s', (name, words) => {
    expect(wordsOf(name).join(' ')).toBe(words);
  });
});

describe('scalars of the wire', () => {
  it.each([
    [true, 'true'],
    ['True', 'true'],
    ['22', '22'],
    [22, '22'],
    ['007', '007'],
    ['208.236.235.254/0', '0.0.0.0/0'],
    ['2001:DB8::1/32', '20010db8000000000000000000000000/32'],
    ['Aug 1, 2024 1:37:41 PM', '2024-08-01T13:37:41Z'],
    ['2024-08-01T13:37:41.482Z', '2024-08-01T13:37:41Z'],
  ])('%s is told as %s', (value, text) => {
    expect(scalarText(value)).toBe(text);
  });

  it('of policies are one text for an object’s, a JSON text’s and a URL-encoded text’s form', () => {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: '*' }] };
    const text = JSON.stringify(policy, null, 2);
    expect(scalarText(encodeURIComponent(text))).toBe(scalarText(text));
    const [, , leaf] = wireLeaves(write(user('a'), { requestParameters: { a: 1, b: 2, bucketPolicy: policy } }));
    expect(leaf?.text).toBe(scalarText(text));
  });

  it('of address blocks stay what they are once their host bits are cleared', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, bits) => {
        const block = maskedBlock(`${address}/${bits}`) ?? '';
        expect(maskedBlock(block)).toBe(block);
      }),
    );
    expect(maskedBlock('10.0.0.256/8')).toBeUndefined();
    expect(maskedBlock('orders/12')).toBeUndefined();
  });

  it('tell little or much', () => {
    expect(['true', 'Enabled', 443, '0', 'tcp'].map(isTelling)).toEqual([false, false, false, false, false]);
    expect(['0.0.0.0/0', 'sg-0a1b2c3d', 1_000_000].map(isTelling)).toEqual([true, true, true]);
  });
});

describe('shapes of the wire', () => {
  const leaves = (requestParameters: object): readonly string[] =>
    wireLeaves(write(user('a'), { requestParameters: requestParameters as never })).map(
      ({ names, text, pair }) => `${names.join('.')}=${text}${pair ? '*' : ''}`,
    );

  it('are folded into one', () => {
    expect(leaves({ a: { items: [{ b: 1 }, { b: 2 }] }, c: {}, d: { value: false } })).toEqual([
      'a.b=1',
      'a.b=2',
      'c=',
      'd=false',
    ]);
    expect(leaves({ XRequest: { Id: { tag: 1, content: 'fl-1' } } })).toEqual(['Id=fl-1']);
    expect(leaves({ DelTGwVpcAttachReq: { Id: 'x' } })).toEqual(['Id=x']);
    expect(leaves({ R: { xmlns: 'x', TagSet: { Tag: { Key: 'K', Value: true } } } })).toEqual([
      'R.TagSet.Tag.K=true*',
      'R.TagSet.Tag.Key=K',
      'R.TagSet.Tag.Value=true',
    ]);
    expect(leaves({ attributeName: 'DisplayName', attributeValue: 'x' })[0]).toBe('DisplayName=x*');
  });

  it('leave out the marks of sub-resources, and only there', () => {
    const s3 = write(user('a'), {
      eventSource: 's3.amazonaws.com',
      requestParameters: { policy: '', acl: [''], bucketName: 'b' },
    });
    expect(wireLeaves(s3).map((leaf) => leaf.names.join('.'))).toEqual(['bucketName']);
    expect(leaves({ policy: '' })).toEqual(['policy=']);
  });
});

describe('names of calls', () => {
  it.each([
    ['UpdateFunctionConfiguration20150331v2', 'UpdateFunctionConfiguration', 'set', 'function configuration'],
    ['UpdateDistribution2020_05_31', 'UpdateDistribution', 'set', 'distribution'],
    ['DetachRolePolicy', 'DetachRolePolicy', 'remove', 'role policy attachment'],
    ['ScheduleKeyDeletion', 'ScheduleKeyDeletion', 'remove', 'key'],
    ['DisableKeyRotation', 'DisableKeyRotation', 'off', 'key rotation'],
    ['BatchDeleteImage', 'BatchDeleteImage', 'remove', 'delete image'],
    ['DescribeVpcs', 'DescribeVpcs', 'read', 'vpc'],
  ])('%s is taken apart', (eventName, name, verb, noun) => {
    const call = callOf({ eventName, eventSource: 'x.amazonaws.com' });
    expect([call.name, call.verb, call.noun.join(' ')]).toEqual([name, verb, noun]);
  });
});

describe('identifiers of a resource', () => {
  it('are its ids, ARNs and names', () => {
    expect(
      textsOf('aws_lambda_function', {
        id: 'f-name',
        function_name: 'f-name',
        arn: 'arn:aws:lambda:eu-west-1:1:function:f-name',
        role: 'arn:aws:iam::1:role/r',
      }),
    ).toEqual(['f-name', 'arn:aws:lambda:eu-west-1:1:function:f-name']);
  });

  it('of a child are its own name beside its parent’s', () => {
    expect(textsOf('aws_iam_role_policy', { id: 'r:p', role: 'r', name: 'p', policy: '{}' })).toEqual(['r + p']);
    expect(textsOf('aws_route53_record', { id: 'Z1_a_A', zone_id: 'Z1', name: 'a.example.com', type: 'A' })).toEqual([
      'Z1 + a.example.com + A',
    ]);
  });

  it('leave out labels, foreign ids and database names', () => {
    expect(
      textsOf('aws_security_group', { id: 'sg-0a1b2c3d4e5f60718', name: 'web', vpc_id: 'vpc-0aa11bb22cc33dd44' }),
    ).toEqual(['sg-0a1b2c3d4e5f60718']);
    expect(textsOf('aws_db_instance', { identifier: 'orders', db_name: 'app' })).toEqual(['orders']);
  });

  it('of a setting are those of what it belongs to', () => {
    expect(textsOf('aws_s3_bucket_versioning', { id: 'b-1', bucket: 'b-1' })).toEqual(['b-1']);
    expect(textsOf('aws_sqs_queue_policy', { queue_url: 'https://sqs.eu-west-1.amazonaws.com/1/q' })).toEqual([
      'https://sqs.eu-west-1.amazonaws.com/1/q',
    ]);
  });

  it('become needles where they are particular enough', () => {
    const identifiers = [
      { text: 'main', kind: 'name', from: 'name' },
      { text: 'orders-app', kind: 'name', from: 'name' },
      { text: 'ci', kind: 'name', from: 'role', with: ['read-orders'] },
    ] as const;
    expect([...needlesOf([{ identifiers }])]).toEqual(['orders-app', 'read-orders']);
  });
});
