import { describe, expect, it } from 'vitest';
import type { Declared } from '../../src/declared/port.ts';
import type { LiveAnswer, ProviderConfig } from '../../src/model/resource.ts';
import type { ValueMap } from '../../src/model/value.ts';
import { placesOf } from '../../src/scan/places.ts';

const AWS = 'registry.terraform.io/hashicorp/aws';
const [A, B] = ['111122223333', '444455556666'];
const arn = (region: string, account: string): string => `arn:aws:lambda:${region}:${account}:function:x`;

/** One resource as it was read; without live values it was not. */
function answer(address: string, state: ValueMap, live?: ValueMap, key = 'main'): LiveAnswer {
  const resource = {
    ref: { address, type: address.split('.')[0] as string, id: undefined, workspace: 'prod', provider: AWS },
    providerKey: key,
    state: { attributes: state, schemaVersion: 0, private: undefined, sensitive: [], tainted: false },
    config: undefined,
  };
  if (live === undefined) return { kind: 'unread', resource, reason: 'timeout', message: '' };
  return { kind: 'found', resource, prior: state, live, schema: undefined };
}

function placed(answers: readonly LiveAnswer[], region?: string, fallback?: string): Record<string, unknown> {
  const provider: ProviderConfig = {
    ...{ key: 'main', source: AWS, alias: undefined, lockedVersion: undefined, hashes: [], directory: '' },
    values: region === undefined ? {} : { region },
  };
  const declared = [{ providers: [provider] }] as unknown as Declared[];
  return Object.fromEntries(
    placesOf(answers, declared, fallback).flatMap((place) =>
      place.addresses.map((address) => [address, [place.account, place.region]]),
    ),
  );
}

describe('where a resource lives', () => {
  it('is told by its ARN, read or not, and by its own region before that', () => {
    expect(
      placed([
        answer('aws_lambda_function.a', { arn: arn('eu-west-1', A) }, { arn: arn('eu-west-1', A) }),
        answer('aws_lambda_function.b', { arn: arn('us-east-2', B) }),
        answer('aws_s3_bucket.c', {}, { arn: 'arn:aws:s3:::c', region: 'eu-north-1' }),
      ]),
    ).toEqual({
      'aws_lambda_function.a': [A, 'eu-west-1'],
      'aws_lambda_function.b': [B, 'us-east-2'],
      'aws_s3_bucket.c': [null, 'eu-north-1'],
    });
  });

  it('is, without an ARN, the region of its provider configuration and the one account behind that', () => {
    const known = answer('aws_lambda_function.a', {}, { arn: arn('eu-west-1', A) });
    const bare = answer('aws_route.r', {});
    expect(placed([known, bare], 'eu-west-1')['aws_route.r']).toEqual([A, 'eu-west-1']);
    expect(placed([known, bare], undefined, 'us-west-2')['aws_route.r']).toEqual([A, 'us-west-2']);
    expect(placed([known, bare])['aws_route.r']).toEqual([A, null]);
  });

  it('is no account where the configuration’s objects tell of two, or of one that is AWS', () => {
    const two = [A, B].map((account, i) => answer(`aws_lambda_function.f${i}`, { arn: arn('eu-west-1', account) }));
    expect(placed([...two, answer('aws_route.r', {})])['aws_route.r']).toEqual([null, null]);
    const managed = answer('aws_iam_policy.p', { arn: 'arn:aws:iam::aws:policy/ReadOnly' });
    expect(placed([managed], 'eu-west-1')).toEqual({ 'aws_iam_policy.p': [null, null] });
  });

  it('is no region for services that have none', () => {
    const role = answer('aws_iam_role.r', { arn: `arn:aws:iam::${A}:role/r` });
    const attached = answer('aws_iam_role_policy_attachment.a', {});
    const record = answer('aws_route53_record.w', {});
    expect(Object.values(placed([role, attached, record], 'eu-west-1'))).toEqual([
      [A, null],
      [A, null],
      [A, null],
    ]);
  });

  it('names every resource once', () => {
    const answers = Array.from({ length: 30 }, (_, i) =>
      answer(`aws_sqs_queue.q${i}`, i % 3 === 0 ? {} : { arn: arn(i % 2 ? 'eu-west-1' : 'us-east-1', A) }),
    );
    const places = placesOf(answers, [], 'eu-west-1');
    expect(places.flatMap((one) => one.addresses).sort()).toEqual(
      answers.map((one) => one.resource.ref.address).sort(),
    );
    expect(places).toHaveLength(2);
  });
});
