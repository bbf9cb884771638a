import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/compliance/facts-of.ts';
import { type Facts, NO_FACTS } from '../../src/compliance/facts.ts';
import type { SignedChange } from '../../src/model/entry.ts';
import type { Value } from '../../src/model/value.ts';

type DriftKind = 'changed' | 'missing' | 'unmanaged';

function facts(
  type: string,
  changes: readonly (readonly [string, Value, Value])[],
  driftKind: DriftKind = 'changed',
): Facts {
  const resource = {
    address: `${type}.x`,
    type,
    id: null,
    workspace: 'prod',
    workspaceKey: 'name:prod',
    provider: 'aws',
  };
  const paths = changes.map(
    ([path, before, after]): SignedChange => ({
      ...{ path, before, after, sensitive: false, cause: 'out-of-band' },
      op: before === null ? 'add' : after === null ? 'remove' : 'replace',
    }),
  );
  return factsOf({ driftKind, resource, paths });
}

const rule = (cidr: string, from = 22, to = 22, protocol = 'tcp'): Value => ({
  ...{ cidr_blocks: [cidr], ipv6_cidr_blocks: [], from_port: from, to_port: to, protocol },
});
const policy = (...statements: Value[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allow = (action: Value, more: object = {}): Value => ({
  Effect: 'Allow',
  Action: action,
  Resource: 'arn:x',
  ...more,
});

describe('the facts of a change', () => {
  it('see a rule that lets anybody in, and its ports', () => {
    const found = facts('aws_security_group', [['ingress', null, rule('0.0.0.0/0')]]).publicIngressAdded;
    expect(found).toEqual([{ from: 22, to: 22, protocol: 'tcp', cidr: '0.0.0.0/0', path: 'ingress' }]);
    expect(facts('aws_security_group', [['ingress', null, rule('10.0.0.0/8')]]).publicIngressAdded).toEqual([]);
    expect(facts('aws_security_group', [['egress', null, rule('0.0.0.0/0')]]).publicIngressAdded).toEqual([]);
  });

  it('go by direction: a rule that is gone opens nothing', () => {
    expect(facts('aws_security_group', [['ingress', rule('0.0.0.0/0'), null]]).publicIngressAdded).toEqual([]);
  });

  it('see only what is wider than before', () => {
    const narrower = facts('aws_security_group', [
      ['ingress[0]', rule('0.0.0.0/0', 0, 65535), rule('0.0.0.0/0', 443, 443)],
    ]);
    expect(narrower.publicIngressAdded).toEqual([]);
  });

  it('take ports that a change does not name for all of them', () => {
    const found = facts('aws_vpc_security_group_ingress_rule', [
      ['cidr_ipv4', '10.0.0.0/8', '0.0.0.0/0'],
    ]).publicIngressAdded;
    expect(found).toEqual([{ from: 0, to: 65535, protocol: 'unknown', cidr: '0.0.0.0/0', path: 'cidr_ipv4' }]);
  });

  it('read protocol -1 and negative ports as everything', () => {
    const [one] = facts('aws_security_group', [['ingress', null, rule('::/0', 0, 0, '-1')]]).publicIngressAdded;
    expect(one).toMatchObject({ from: 0, to: 65535, protocol: '-1' });
  });

  it('see which actions, principals and conditions a policy gained or lost', () => {
    const before = policy(
      allow('s3:GetObject', { Principal: { AWS: 'arn:a' }, Condition: { StringEquals: { 'aws:SourceAccount': '1' } } }),
    );
    const after = policy(allow(['s3:GetObject', 's3:*'], { Principal: '*' }));
    const found = facts('aws_s3_bucket_policy', [['policy', before, after]]);
    expect(found.iamActionsAdded).toEqual(['s3:*']);
    expect(found.iamPrincipalsAdded).toEqual(['*']);
    expect(found.iamConditionsRemoved).toEqual(['StringEquals aws:SourceAccount']);
  });

  it('see a denial that was lifted, and a resource that became every one', () => {
    const before = policy(allow('s3:GetObject'), { Effect: 'Deny', Action: 's3:DeleteBucket', Resource: '*' });
    const after = policy(allow('s3:GetObject', { Resource: '*' }));
    expect(facts('aws_iam_policy', [['policy', before, after]]).iamActionsAdded).toEqual([
      'no longer denied: s3:DeleteBucket',
      's3:GetObject on *',
    ]);
  });

  it('find nothing in a policy that became narrower', () => {
    const found = facts('aws_iam_policy', [['policy', policy(allow(['a:B', 'a:C'])), policy(allow('a:B'))]]);
    expect([found.iamActionsAdded, found.iamPrincipalsAdded, found.iamConditionsRemoved]).toEqual([[], [], []]);
  });

  it('tell protections that went off from those that went on', () => {
    const off = facts('aws_db_instance', [
      ['storage_encrypted', true, false],
      ['deletion_protection', true, false],
    ]);
    expect([off.encryptionOff, off.deletionProtectionOff, off.boolOff]).toEqual([
      ['storage_encrypted'],
      ['deletion_protection'],
      ['deletion_protection', 'storage_encrypted'],
    ]);
    const on = facts('aws_db_instance', [['storage_encrypted', false, true]]);
    expect([on.encryptionOff, on.boolOn]).toEqual([[], ['storage_encrypted']]);
    expect(facts('aws_cloudtrail', [['enable_logging', true, false]]).loggingOff).toEqual(['enable_logging']);
    expect(facts('aws_cloudtrail', [['s3_bucket_name', 'a', 'b']]).loggingTargetsRemoved).toEqual(['s3_bucket_name']);
    expect(facts('aws_db_instance', [['publicly_accessible', false, true]]).publicAccessOn).toEqual([
      'publicly_accessible',
    ]);
    expect(
      facts('aws_s3_bucket_public_access_block', [['block_public_acls', true, false]]).publicAccessBlockOff,
    ).toEqual(['block_public_acls']);
  });

  it('take a whole resource that is gone for what it did', () => {
    expect(facts('aws_s3_bucket_public_access_block', [], 'missing')).toMatchObject({
      resourceGone: true,
      publicAccessBlockOff: ['(whole resource)'],
    });
    expect(facts('aws_flow_log', [], 'missing').loggingOff).toEqual(['(whole resource)']);
    expect(facts('aws_instance', [], 'unmanaged').resourceUnmanaged).toBe(true);
  });

  it('know that a retention of zero keeps for ever', () => {
    const shortened = (from: number, to: number): boolean =>
      facts('aws_cloudwatch_log_group', [['retention_in_days', from, to]]).retentionShortened.length > 0;
    expect([shortened(400, 30), shortened(30, 400), shortened(0, 30), shortened(30, 0)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('say nothing of values that are masked, and that they say nothing', () => {
    const found = facts('aws_db_instance', [['password', 'hmac-sha256:k:aa', 'hmac-sha256:k:bb']]);
    expect(found).toEqual({ ...NO_FACTS, hidden: ['password'] });
  });

  it('see tags alone only where there is nothing else', () => {
    expect(
      facts('aws_instance', [
        ['tags.Owner', 'a', 'b'],
        ['tags_all["x.y"]', null, 'z'],
      ]).onlyTagsChanged,
    ).toBe(true);
    expect(
      facts('aws_instance', [
        ['tags.Owner', 'a', 'b'],
        ['ami', 'a', 'b'],
      ]).onlyTagsChanged,
    ).toBe(false);
  });

  it('never break on a value, and know only their own names', () => {
    const value = fc.letrec<{ v: Value }>((tie) => ({
      v: fc.oneof(
        { maxDepth: 3 },
        fc.constant(null),
        fc.boolean(),
        fc.double({ noNaN: true }),
        fc.string(),
        fc.constant('{"Statement":[1]}'),
        fc.array(tie('v'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('v'), { maxKeys: 3 }),
      ),
    })).v;
    const path = fc.constantFrom(
      'ingress',
      'ingress[0].cidr_blocks',
      'policy',
      'tags.a',
      'retention_in_days',
      '',
      'x["y.z"]',
    );
    const type = fc.constantFrom(
      'aws_security_group',
      'aws_security_group_rule',
      'aws_network_acl',
      'aws_iam_policy',
      'x',
    );
    fc.assert(
      fc.property(type, path, value, value, (one, at, before, after) => {
        expect(Object.keys(facts(one, [[at, before, after]])).sort()).toEqual(Object.keys(NO_FACTS).sort());
      }),
      { numRuns: 300 },
    );
  });
});
