import type { JsonMap } from '../../src/attribution/port.ts';
import type { Change } from '../../src/model/drift.ts';
import type { Value, ValueMap } from '../../src/model/value.ts';
import { ACCOUNT, REGION } from './attribution-story.ts';

/** A change that a scan tells, and the call that made it, in the shape in which CloudTrail writes it. Synthetic. */
export interface WireCase {
  readonly name: string;
  readonly type: string;
  readonly values: ValueMap;
  /** Path, before, after; none where the resource is gone. */
  readonly change: readonly [string, Value, Value] | 'missing';
  readonly call: readonly [source: string, name: string];
  readonly request: JsonMap;
  readonly response?: JsonMap;
  /** Default: confirmed. */
  readonly verdict?: 'likely';
  /** Its call may have done what another one did, as far as the log shows: it is left out where that one is missing. */
  readonly vague?: true;
}

const arn = (service: string, rest: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
const iam = (rest: string): string => `arn:aws:iam::${ACCOUNT}:${rest}`;
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
const trusting = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }],
});
const nothing = JSON.stringify({ Version: '2012-10-17', Statement: [] });

const group: ValueMap = {
  id: 'sg-0a1b2c3d4e5f60718',
  arn: arn('ec2', 'security-group/sg-0a1b2c3d4e5f60718'),
  name: 'web',
};
const role: ValueMap = { id: 'orders-app', name: 'orders-app', arn: iam('role/orders-app') };
const bucket: ValueMap = { id: 'orders-data', bucket: 'orders-data', arn: 'arn:aws:s3:::orders-data' };
const ofBucket: ValueMap = { id: 'orders-data', bucket: 'orders-data' };
const table: ValueMap = { id: 'orders-table', name: 'orders-table', arn: arn('dynamodb', 'table/orders-table') };
const fn: ValueMap = {
  id: 'orders-checkout',
  function_name: 'orders-checkout',
  arn: arn('lambda', 'function:orders-checkout'),
};
const queueUrl = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/orders-invoices`;
const queue: ValueMap = { id: queueUrl, url: queueUrl, name: 'orders-invoices', arn: arn('sqs', 'orders-invoices') };
const topic: ValueMap = { id: arn('sns', 'orders-alerts'), arn: arn('sns', 'orders-alerts'), name: 'orders-alerts' };
const balancer: ValueMap = {
  id: arn('elasticloadbalancing', 'loadbalancer/app/front/50dc6c495c0c9188'),
  arn: arn('elasticloadbalancing', 'loadbalancer/app/front/50dc6c495c0c9188'),
  name: 'front',
};
const key: ValueMap = {
  id: 'e42c53b8-a188-4ca1-99c1-0123456789ab',
  key_id: 'e42c53b8-a188-4ca1-99c1-0123456789ab',
  arn: arn('kms', 'key/e42c53b8-a188-4ca1-99c1-0123456789ab'),
};
const acl: ValueMap = { id: 'acl-0a1b2c3d4e5f60718', arn: arn('ec2', 'network-acl/acl-0a1b2c3d4e5f60718') };
const routes: ValueMap = { id: 'rtb-0a1b2c3d4e5f60718', arn: arn('ec2', 'route-table/rtb-0a1b2c3d4e5f60718') };
const subnet: ValueMap = { id: 'subnet-0e540f0c7ffb48ae9', arn: arn('ec2', 'subnet/subnet-0e540f0c7ffb48ae9') };
const vpc: ValueMap = { id: 'vpc-0aa11bb22cc33dd44', arn: arn('ec2', 'vpc/vpc-0aa11bb22cc33dd44') };
const instance: ValueMap = {
  id: 'i-0f0f0f0f0f0f0f0f0',
  arn: arn('ec2', 'instance/i-0f0f0f0f0f0f0f0f0'),
  root_block_device: [{ volume_id: 'vol-0c0c0c0c0c0c0c0c0' }],
};
const database: ValueMap = {
  id: 'db-ABCDEFGHIJKLMNOPQRST12',
  identifier: 'orders-db',
  resource_id: 'db-ABCDEFGHIJKLMNOPQRST12',
  arn: arn('rds', 'db:orders-db'),
};
const asg: ValueMap = {
  id: 'orders-workers',
  name: 'orders-workers',
  arn: arn('autoscaling', 'autoScalingGroup:8f3a:autoScalingGroupName/orders-workers'),
};
const repository: ValueMap = { id: 'orders/app', name: 'orders/app', arn: arn('ecr', 'repository/orders/app') };
const alarm: ValueMap = {
  id: 'orders-queue-depth',
  alarm_name: 'orders-queue-depth',
  arn: arn('cloudwatch', 'alarm:orders-queue-depth'),
};
const logs: ValueMap = { id: '/orders/api', name: '/orders/api', arn: arn('logs', 'log-group:/orders/api') };
const eventRule: ValueMap = { id: 'orders-nightly', name: 'orders-nightly', arn: arn('events', 'rule/orders-nightly') };
const ecs: ValueMap = {
  id: arn('ecs', 'service/orders/checkout-api'),
  arn: arn('ecs', 'service/orders/checkout-api'),
  name: 'checkout-api',
  cluster: arn('ecs', 'cluster/orders'),
};
const eks: ValueMap = { id: 'orders-eks', name: 'orders-eks', arn: arn('eks', 'cluster/orders-eks') };
const distribution: ValueMap = {
  id: 'E53370FUHBNLK',
  arn: `arn:aws:cloudfront::${ACCOUNT}:distribution/E53370FUHBNLK`,
};

function rule(port: number, ...blocks: readonly string[]): ValueMap {
  return {
    cidr_blocks: blocks,
    description: '',
    from_port: port,
    ipv6_cidr_blocks: [],
    prefix_list_ids: [],
    protocol: 'tcp',
    security_groups: [],
    self: false,
    to_port: port,
  };
}

function permission(port: number, ...blocks: readonly string[]): JsonMap {
  const items = blocks.map((cidrIp) => ({ cidrIp }));
  return {
    ipProtocol: 'tcp',
    fromPort: port,
    toPort: port,
    groups: {},
    ipRanges: { items },
    ipv6Ranges: {},
    prefixListIds: {},
  };
}

const groupCall = (...items: readonly JsonMap[]): JsonMap => ({
  groupId: 'sg-0a1b2c3d4e5f60718',
  ipPermissions: { items },
});

const route = (block: string, gateway: string): ValueMap => ({
  cidr_block: block,
  gateway_id: gateway,
  egress_only_gateway_id: '',
  ipv6_cidr_block: '',
  nat_gateway_id: '',
});

export const WIRE_CASES: readonly WireCase[] = [
  {
    name: 'a rule of a group opened',
    type: 'aws_security_group',
    values: group,
    change: ['ingress', null, rule(22, '0.0.0.0/0')],
    call: ['ec2', 'AuthorizeSecurityGroupIngress'],
    request: groupCall(permission(22, '0.0.0.0/0')),
  },
  {
    name: 'a second block joined to a rule',
    type: 'aws_security_group',
    values: group,
    change: ['ingress', rule(443, '10.0.0.0/8'), rule(443, '10.0.0.0/8', '198.51.100.0/24')],
    call: ['ec2', 'AuthorizeSecurityGroupIngress'],
    request: groupCall(permission(443, '198.51.100.0/24')),
  },
  {
    name: 'one block of a rule revoked',
    type: 'aws_security_group',
    values: group,
    change: ['ingress', rule(8443, '10.1.0.0/16', '10.2.0.0/16'), rule(8443, '10.1.0.0/16')],
    call: ['ec2', 'RevokeSecurityGroupIngress'],
    request: {
      groupId: 'sg-0a1b2c3d4e5f60718',
      cidrIp: '10.2.0.0/16',
      fromPort: 8443,
      toPort: 8443,
      ipProtocol: 'tcp',
      ipPermissions: {},
    },
  },
  {
    name: 'a rule out of the group',
    type: 'aws_security_group',
    values: group,
    change: ['egress', rule(5432, '10.9.0.0/16'), null],
    call: ['ec2', 'RevokeSecurityGroupEgress'],
    request: groupCall(permission(5432, '10.9.0.0/16')),
  },
  {
    name: 'a tag of a group',
    type: 'aws_security_group',
    values: group,
    change: ['tags.Team', 'payments', 'growth'],
    call: ['ec2', 'CreateTags'],
    request: {
      resourcesSet: { items: [{ resourceId: 'sg-0a1b2c3d4e5f60718' }] },
      tagSet: { items: [{ key: 'Team', value: 'growth' }] },
    },
  },
  {
    name: 'a tag of a group taken away',
    type: 'aws_security_group',
    values: group,
    change: ['tags.Owner', 'somebody', null],
    call: ['ec2', 'DeleteTags'],
    request: {
      resourcesSet: { items: [{ resourceId: 'sg-0a1b2c3d4e5f60718' }] },
      tagSet: { items: [{ key: 'Owner' }] },
    },
  },
  {
    name: 'a rule of its own revoked',
    type: 'aws_security_group_rule',
    values: {
      id: 'sgrule-1234567890',
      security_group_id: 'sg-0b0b0b0b0b0b0b0b0',
      type: 'ingress',
      protocol: 'tcp',
      from_port: 22,
      to_port: 22,
      cidr_blocks: ['10.20.1.0/24'],
    },
    change: 'missing',
    call: ['ec2', 'RevokeSecurityGroupIngress'],
    request: { groupId: 'sg-0b0b0b0b0b0b0b0b0', ipPermissions: { items: [permission(22, '10.20.1.0/24')] } },
  },
  {
    name: 'a number of a network ACL added',
    type: 'aws_network_acl',
    values: acl,
    change: [
      'ingress',
      null,
      {
        action: 'allow',
        cidr_block: '0.0.0.0/0',
        from_port: 0,
        icmp_code: 0,
        icmp_type: 0,
        ipv6_cidr_block: '',
        protocol: '-1',
        rule_no: 90,
        to_port: 0,
      },
    ],
    call: ['ec2', 'CreateNetworkAclEntry'],
    request: {
      networkAclId: 'acl-0a1b2c3d4e5f60718',
      ruleNumber: 90,
      egress: false,
      aclProtocol: '-1',
      ruleAction: 'allow',
      cidrBlock: '0.0.0.0/0',
      icmpTypeCode: {},
      portRange: {},
    },
  },
  {
    name: 'a number of a network ACL removed',
    type: 'aws_network_acl',
    values: acl,
    change: [
      'ingress',
      {
        action: 'allow',
        cidr_block: '10.0.0.0/8',
        from_port: 443,
        icmp_code: 0,
        icmp_type: 0,
        ipv6_cidr_block: '',
        protocol: '6',
        rule_no: 100,
        to_port: 443,
      },
      null,
    ],
    call: ['ec2', 'DeleteNetworkAclEntry'],
    request: { networkAclId: 'acl-0a1b2c3d4e5f60718', ruleNumber: 100, egress: false },
  },
  {
    name: 'a route by hand',
    type: 'aws_route_table',
    values: routes,
    change: ['route', null, route('203.0.113.0/24', 'igw-e0615c8da195a9deb')],
    call: ['ec2', 'CreateRoute'],
    request: {
      routeTableId: 'rtb-0a1b2c3d4e5f60718',
      destinationCidrBlock: '203.0.113.0/24',
      gatewayId: 'igw-e0615c8da195a9deb',
    },
    response: { requestId: 'x', _return: true },
  },
  {
    name: 'a route taken away',
    type: 'aws_route_table',
    values: routes,
    change: ['route', route('0.0.0.0/0', 'igw-e0615c8da195a9deb'), null],
    call: ['ec2', 'DeleteRoute'],
    request: { routeTableId: 'rtb-0a1b2c3d4e5f60718', destinationCidrBlock: '0.0.0.0/0' },
  },
  {
    name: 'a managed route deleted',
    type: 'aws_route',
    values: {
      id: 'r-rtb-0c0c0c0c0c0c0c0c01080289494',
      route_table_id: 'rtb-0c0c0c0c0c0c0c0c0',
      destination_cidr_block: '0.0.0.0/0',
      destination_ipv6_cidr_block: '',
    },
    change: 'missing',
    call: ['ec2', 'DeleteRoute'],
    request: { routeTableId: 'rtb-0c0c0c0c0c0c0c0c0', destinationCidrBlock: '0.0.0.0/0' },
  },
  {
    name: 'public addresses of a subnet',
    type: 'aws_subnet',
    values: subnet,
    change: ['map_public_ip_on_launch', false, true],
    call: ['ec2', 'ModifySubnetAttribute'],
    request: { subnetId: 'subnet-0e540f0c7ffb48ae9', mapPublicIpOnLaunch: { value: true } },
  },
  {
    name: 'names in a network off',
    type: 'aws_vpc',
    values: vpc,
    change: ['enable_dns_hostnames', true, false],
    call: ['ec2', 'ModifyVpcAttribute'],
    request: { vpcId: 'vpc-0aa11bb22cc33dd44', enableDnsHostnames: { value: false } },
  },
  {
    name: 'termination protection off',
    type: 'aws_instance',
    values: instance,
    change: ['disable_api_termination', true, false],
    call: ['ec2', 'ModifyInstanceAttribute'],
    request: { instanceId: 'i-0f0f0f0f0f0f0f0f0', disableApiTermination: { value: false } },
  },
  {
    name: 'another type of an instance',
    type: 'aws_instance',
    values: instance,
    change: ['instance_type', 't3.micro', 'm5.4xlarge'],
    call: ['ec2', 'ModifyInstanceAttribute'],
    request: { instanceId: 'i-0f0f0f0f0f0f0f0f0', instanceType: { value: 'm5.4xlarge' } },
  },
  {
    name: 'another group of an instance',
    type: 'aws_instance',
    values: instance,
    change: ['vpc_security_group_ids', null, 'sg-0d0d0d0d0d0d0d0d0'],
    call: ['ec2', 'ModifyInstanceAttribute'],
    request: { instanceId: 'i-0f0f0f0f0f0f0f0f0', groupSet: { items: [{ groupId: 'sg-0d0d0d0d0d0d0d0d0' }] } },
    verdict: 'likely',
  },
  {
    name: 'a larger disk',
    type: 'aws_instance',
    values: instance,
    change: ['root_block_device[0].volume_size', 8, 200],
    call: ['ec2', 'ModifyVolume'],
    request: { ModifyVolumeRequest: { VolumeId: 'vol-0c0c0c0c0c0c0c0c0', Size: 200 } },
  },
  {
    name: 'an instance terminated',
    type: 'aws_instance',
    values: instance,
    change: 'missing',
    call: ['ec2', 'TerminateInstances'],
    request: {
      instancesSet: { items: [{ instanceId: 'i-0aaaaaaaaaaaaaaaa' }, { instanceId: 'i-0f0f0f0f0f0f0f0f0' }] },
    },
  },
  {
    name: 'a policy attached to a role',
    type: 'aws_iam_role',
    values: role,
    change: ['managed_policy_arns', null, ADMIN],
    call: ['iam', 'AttachRolePolicy'],
    request: { roleName: 'orders-app', policyArn: ADMIN },
  },
  {
    name: 'an inline policy put beside',
    type: 'aws_iam_role',
    values: role,
    change: ['inline_policy', null, { name: 'backdoor', policy: everything }],
    call: ['iam', 'PutRolePolicy'],
    request: { roleName: 'orders-app', policyName: 'backdoor', policyDocument: everything },
  },
  {
    name: 'longer sessions of a role',
    type: 'aws_iam_role',
    values: role,
    change: ['max_session_duration', 3600, 43200],
    call: ['iam', 'UpdateRole'],
    request: { roleName: 'orders-app', maxSessionDuration: 43200, description: 'Runs the order functions' },
  },
  {
    name: 'anybody may assume a role',
    type: 'aws_iam_role',
    values: role,
    change: ['assume_role_policy', nothing, trusting],
    call: ['iam', 'UpdateAssumeRolePolicy'],
    request: { roleName: 'orders-app', policyDocument: trusting },
  },
  {
    name: 'a boundary taken off a role',
    type: 'aws_iam_role',
    values: role,
    change: ['permissions_boundary', iam('policy/boundary'), ''],
    call: ['iam', 'DeleteRolePermissionsBoundary'],
    request: { roleName: 'orders-app' },
  },
  {
    name: 'an inline policy rewritten',
    type: 'aws_iam_role_policy',
    values: { id: 'orders-app:read-orders', role: 'orders-app', name: 'read-orders' },
    change: ['policy', nothing, everything],
    call: ['iam', 'PutRolePolicy'],
    request: { roleName: 'orders-app', policyName: 'read-orders', policyDocument: everything },
  },
  {
    name: 'a policy detached',
    type: 'aws_iam_role_policy_attachment',
    values: { id: 'orders-app-2023', role: 'orders-app', policy_arn: iam('policy/orders-logs') },
    change: 'missing',
    call: ['iam', 'DetachRolePolicy'],
    request: { roleName: 'orders-app', policyArn: iam('policy/orders-logs') },
  },
  {
    name: 'another default version',
    type: 'aws_iam_policy',
    values: { id: iam('policy/orders-logs'), arn: iam('policy/orders-logs'), name: 'orders-logs' },
    change: ['policy', nothing, everything],
    call: ['iam', 'CreatePolicyVersion'],
    request: { policyArn: iam('policy/orders-logs'), policyDocument: everything, setAsDefault: true },
  },
  {
    name: 'a tag of a user removed',
    type: 'aws_iam_user',
    values: { id: 'orders-deploy', name: 'orders-deploy', arn: iam('user/orders-deploy') },
    change: ['tags.Purpose', 'deployment', null],
    call: ['iam', 'UntagUser'],
    request: { userName: 'orders-deploy', tagKeys: ['Purpose'] },
  },
  {
    name: 'key rotation off',
    type: 'aws_kms_key',
    values: key,
    change: ['enable_key_rotation', true, false],
    call: ['kms', 'DisableKeyRotation'],
    request: { keyId: 'e42c53b8-a188-4ca1-99c1-0123456789ab' },
  },
  {
    name: 'a key disabled',
    type: 'aws_kms_key',
    values: key,
    change: ['is_enabled', true, false],
    call: ['kms', 'DisableKey'],
    request: { keyId: arn('kms', 'key/e42c53b8-a188-4ca1-99c1-0123456789ab') },
  },
  {
    name: 'a key described otherwise',
    type: 'aws_kms_key',
    values: key,
    change: ['description', 'main', 'free'],
    call: ['kms', 'UpdateKeyDescription'],
    request: { keyId: 'e42c53b8-a188-4ca1-99c1-0123456789ab', description: 'free' },
  },
  {
    name: 'a key to be deleted',
    type: 'aws_kms_key',
    values: key,
    change: 'missing',
    call: ['kms', 'ScheduleKeyDeletion'],
    request: { keyId: 'e42c53b8-a188-4ca1-99c1-0123456789ab', pendingWindowInDays: 7 },
  },
  {
    name: 'versioning suspended',
    type: 'aws_s3_bucket_versioning',
    values: ofBucket,
    change: ['versioning_configuration[0].status', 'Enabled', 'Suspended'],
    call: ['s3', 'PutBucketVersioning'],
    request: {
      bucketName: 'orders-data',
      Host: 'x',
      versioning: '',
      VersioningConfiguration: { xmlns: 'x', Status: 'Suspended' },
    },
  },
  {
    name: 'versioning seen on the bucket',
    type: 'aws_s3_bucket',
    values: bucket,
    change: ['versioning[0].enabled', false, true],
    call: ['s3', 'PutBucketVersioning'],
    request: {
      bucketName: 'orders-data',
      Host: 'x',
      versioning: '',
      VersioningConfiguration: { xmlns: 'x', Status: 'Enabled' },
    },
  },
  {
    name: 'one of four blocks off',
    type: 'aws_s3_bucket_public_access_block',
    values: ofBucket,
    change: ['block_public_acls', true, false],
    call: ['s3', 'PutBucketPublicAccessBlock'],
    request: {
      bucketName: 'orders-data',
      publicAccessBlock: '',
      PublicAccessBlockConfiguration: {
        xmlns: 'x',
        BlockPublicAcls: false,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    },
  },
  {
    name: 'all blocks deleted',
    type: 'aws_s3_bucket_public_access_block',
    values: ofBucket,
    change: 'missing',
    call: ['s3', 'DeleteBucketPublicAccessBlock'],
    request: { bucketName: 'orders-data', publicAccessBlock: '' },
    vague: true,
  },
  {
    name: 'encryption by another key',
    type: 'aws_s3_bucket_server_side_encryption_configuration',
    values: ofBucket,
    change: [
      'rule',
      {
        bucket_key_enabled: true,
        apply_server_side_encryption_by_default: [{ kms_master_key_id: arn('kms', 'key/1'), sse_algorithm: 'aws:kms' }],
      },
      {
        bucket_key_enabled: true,
        apply_server_side_encryption_by_default: [{ kms_master_key_id: '', sse_algorithm: 'AES256' }],
      },
    ],
    call: ['s3', 'PutBucketEncryption'],
    request: {
      bucketName: 'orders-data',
      encryption: '',
      ServerSideEncryptionConfiguration: {
        xmlns: 'x',
        Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: true },
      },
    },
  },
  {
    name: 'encryption, body not logged',
    type: 'aws_s3_bucket_server_side_encryption_configuration',
    values: ofBucket,
    change: ['rule', { bucket_key_enabled: true }, { bucket_key_enabled: false }],
    call: ['s3', 'PutBucketEncryption'],
    request: { bucketName: 'orders-data', host: 'x', encryption: '' },
    verdict: 'likely',
    vague: true,
  },
  {
    name: 'a policy put on a bucket',
    type: 'aws_s3_bucket',
    values: bucket,
    change: ['policy', '', everything],
    call: ['s3', 'PutBucketPolicy'],
    request: { bucketName: 'orders-data', policy: '', bucketPolicy: JSON.parse(everything) as JsonMap },
  },
  {
    name: 'a policy taken off a bucket',
    type: 'aws_s3_bucket_policy',
    values: ofBucket,
    change: 'missing',
    call: ['s3', 'DeleteBucketPolicy'],
    request: { bucketName: 'orders-data', policy: '' },
  },
  {
    name: 'logging of a bucket off',
    type: 'aws_s3_bucket',
    values: bucket,
    change: ['logging', { target_bucket: 'orders-logs', target_prefix: 'data/' }, null],
    call: ['s3', 'PutBucketLogging'],
    request: { bucketName: 'orders-data', logging: '', BucketLoggingStatus: { xmlns: 'x' } },
    verdict: 'likely',
  },
  {
    name: 'a rule of the life cycle off',
    type: 'aws_s3_bucket_lifecycle_configuration',
    values: ofBucket,
    change: ['rule[0].status', 'Enabled', 'Disabled'],
    call: ['s3', 'PutBucketLifecycle'],
    request: {
      bucketName: 'orders-data',
      lifecycle: '',
      LifecycleConfiguration: { xmlns: 'x', Rule: { ID: 'expire', Status: 'Disabled', Expiration: { Days: 30 } } },
    },
  },
  {
    name: 'protection of a table off',
    type: 'aws_dynamodb_table',
    values: table,
    change: ['deletion_protection_enabled', true, false],
    call: ['dynamodb', 'UpdateTable'],
    request: { tableName: 'orders-table', deletionProtectionEnabled: false },
  },
  {
    name: 'recovery of a table off',
    type: 'aws_dynamodb_table',
    values: table,
    change: ['point_in_time_recovery[0].enabled', true, false],
    call: ['dynamodb', 'UpdateContinuousBackups'],
    request: { tableName: 'orders-table', pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false } },
  },
  {
    name: 'expiry of items on',
    type: 'aws_dynamodb_table',
    values: table,
    change: ['ttl[0].attribute_name', '', 'expires_at_time'],
    call: ['dynamodb', 'UpdateTimeToLive'],
    request: {
      tableName: 'orders-table',
      timeToLiveSpecification: { enabled: true, attributeName: 'expires_at_time' },
    },
  },
  {
    name: 'a function runs longer',
    type: 'aws_lambda_function',
    values: fn,
    change: ['timeout', 5, 900],
    call: ['lambda', 'UpdateFunctionConfiguration20150331v2'],
    request: { functionName: 'orders-checkout', timeout: 900, environment: {} },
  },
  {
    name: 'a function handled otherwise',
    type: 'aws_lambda_function',
    values: fn,
    change: ['handler', 'index.handler', 'other.handler'],
    call: ['lambda', 'UpdateFunctionConfiguration20150331v2'],
    request: { functionName: 'orders-checkout', handler: 'other.handler' },
  },
  {
    name: 'a variable of a function',
    type: 'aws_lambda_function',
    values: fn,
    change: ['environment[0].variables.DEBUG', null, '1'],
    call: ['lambda', 'UpdateFunctionConfiguration20150331v2'],
    request: { functionName: 'orders-checkout', environment: {} },
    verdict: 'likely',
  },
  {
    name: 'reserved concurrency',
    type: 'aws_lambda_function',
    values: fn,
    change: ['reserved_concurrent_executions', -1, 0],
    call: ['lambda', 'PutFunctionConcurrency20171031'],
    request: { functionName: 'orders-checkout', reservedConcurrentExecutions: 0 },
  },
  {
    name: 'a permission removed',
    type: 'aws_lambda_permission',
    values: { id: 'AllowEvents', statement_id: 'AllowEvents', function_name: 'orders-checkout' },
    change: 'missing',
    call: ['lambda', 'RemovePermission20150331v2'],
    request: { functionName: 'orders-checkout', statementId: 'AllowEvents' },
  },
  {
    name: 'messages hidden for longer',
    type: 'aws_sqs_queue',
    values: queue,
    change: ['visibility_timeout_seconds', 45, 900],
    call: ['sqs', 'SetQueueAttributes'],
    request: { queueUrl, attributes: { VisibilityTimeout: '900' } },
  },
  {
    name: 'encryption of a queue off',
    type: 'aws_sqs_queue',
    values: queue,
    change: ['sqs_managed_sse_enabled', true, false],
    call: ['sqs', 'SetQueueAttributes'],
    request: { queueUrl, attributes: { SqsManagedSseEnabled: 'false' } },
  },
  {
    name: 'anybody may send',
    type: 'aws_sqs_queue_policy',
    values: { id: queueUrl, queue_url: queueUrl },
    change: ['policy', nothing, everything],
    call: ['sqs', 'SetQueueAttributes'],
    request: { queueUrl, attributes: { Policy: everything } },
  },
  {
    name: 'a topic named otherwise',
    type: 'aws_sns_topic',
    values: topic,
    change: ['display_name', 'Alerts', 'Spam'],
    call: ['sns', 'SetTopicAttributes'],
    request: { topicArn: arn('sns', 'orders-alerts'), attributeName: 'DisplayName', attributeValue: 'Spam' },
  },
  {
    name: 'a topic without a name',
    type: 'aws_sns_topic',
    values: topic,
    change: ['display_name', 'Alerts', ''],
    call: ['sns', 'SetTopicAttributes'],
    request: { topicArn: arn('sns', 'orders-alerts'), attributeName: 'DisplayName', attributeValue: '' },
  },
  {
    name: 'anybody may publish',
    type: 'aws_sns_topic_policy',
    values: { id: arn('sns', 'orders-alerts'), arn: arn('sns', 'orders-alerts') },
    change: ['policy', nothing, everything],
    call: ['sns', 'SetTopicAttributes'],
    request: { topicArn: arn('sns', 'orders-alerts'), attributeName: 'Policy', attributeValue: everything },
  },
  {
    name: 'a subscription removed',
    type: 'aws_sns_topic_subscription',
    values: { id: arn('sns', 'orders-alerts:5d0d1a5e-4c2f'), arn: arn('sns', 'orders-alerts:5d0d1a5e-4c2f') },
    change: 'missing',
    call: ['sns', 'Unsubscribe'],
    request: { subscriptionArn: arn('sns', 'orders-alerts:5d0d1a5e-4c2f') },
  },
  {
    name: 'a topic deleted',
    type: 'aws_sns_topic',
    values: topic,
    change: 'missing',
    call: ['sns', 'DeleteTopic'],
    request: { topicArn: arn('sns', 'orders-alerts') },
  },
  {
    name: 'a schedule disabled',
    type: 'aws_cloudwatch_event_rule',
    values: eventRule,
    change: ['state', 'ENABLED', 'DISABLED'],
    call: ['events', 'DisableRule'],
    request: { name: 'orders-nightly' },
  },
  {
    name: 'another schedule',
    type: 'aws_cloudwatch_event_rule',
    values: eventRule,
    change: ['schedule_expression', 'rate(1 day)', 'rate(1 minute)'],
    call: ['events', 'PutRule'],
    request: { name: 'orders-nightly', scheduleExpression: 'rate(1 minute)', state: 'ENABLED' },
  },
  {
    name: 'a target removed',
    type: 'aws_cloudwatch_event_target',
    values: { id: 'orders-nightly-checkout', rule: 'orders-nightly', target_id: 'checkout' },
    change: 'missing',
    call: ['events', 'RemoveTargets'],
    request: { rule: 'orders-nightly', ids: ['checkout'] },
    response: { failedEntryCount: 0, failedEntries: [] },
  },
  {
    name: 'records kept for less time',
    type: 'aws_kinesis_stream',
    values: {
      id: arn('kinesis', 'stream/orders-clicks'),
      arn: arn('kinesis', 'stream/orders-clicks'),
      name: 'orders-clicks',
    },
    change: ['retention_period', 48, 24],
    call: ['kinesis', 'DecreaseStreamRetentionPeriod'],
    request: { streamName: 'orders-clicks', retentionPeriodHours: 24 },
  },
  {
    name: 'a threshold out of reach',
    type: 'aws_cloudwatch_metric_alarm',
    values: alarm,
    change: ['threshold', 100, 1_000_000],
    call: ['monitoring', 'PutMetricAlarm'],
    request: {
      alarmName: 'orders-queue-depth',
      threshold: 1_000_000,
      period: 300,
      evaluationPeriods: 2,
      actionsEnabled: true,
      dimensions: [{ name: 'QueueName', value: 'orders-invoices' }],
    },
  },
  {
    name: 'an alarm without its dimension',
    type: 'aws_cloudwatch_metric_alarm',
    values: alarm,
    change: ['dimensions.QueueName', 'orders-invoices', null],
    call: ['monitoring', 'PutMetricAlarm'],
    request: {
      alarmName: 'orders-queue-depth',
      threshold: 100,
      period: 300,
      evaluationPeriods: 2,
      actionsEnabled: true,
    },
    verdict: 'likely',
  },
  {
    name: 'actions of an alarm off',
    type: 'aws_cloudwatch_metric_alarm',
    values: alarm,
    change: ['actions_enabled', true, false],
    call: ['monitoring', 'DisableAlarmActions'],
    request: { alarmNames: ['orders-queue-depth'] },
  },
  {
    name: 'logs kept for a day',
    type: 'aws_cloudwatch_log_group',
    values: logs,
    change: ['retention_in_days', 30, 1],
    call: ['logs', 'PutRetentionPolicy'],
    request: { logGroupName: '/orders/api', retentionInDays: 1 },
  },
  {
    name: 'logs kept for ever',
    type: 'aws_cloudwatch_log_group',
    values: logs,
    change: ['retention_in_days', 30, 0],
    call: ['logs', 'DeleteRetentionPolicy'],
    request: { logGroupName: '/orders/api' },
  },
  {
    name: 'a log group deleted',
    type: 'aws_cloudwatch_log_group',
    values: logs,
    change: 'missing',
    call: ['logs', 'DeleteLogGroup'],
    request: { logGroupName: '/orders/api' },
  },
  {
    name: 'protection of a balancer off',
    type: 'aws_lb',
    values: balancer,
    change: ['enable_deletion_protection', true, false],
    call: ['elasticloadbalancing', 'ModifyLoadBalancerAttributes'],
    request: {
      loadBalancerArn: balancer.arn as string,
      attributes: [{ key: 'deletion_protection.enabled', value: 'false' }],
    },
  },
  {
    name: 'a balancer waits longer',
    type: 'aws_lb',
    values: balancer,
    change: ['idle_timeout', 60, 400],
    call: ['elasticloadbalancing', 'ModifyLoadBalancerAttributes'],
    request: {
      loadBalancerArn: balancer.arn as string,
      attributes: [{ key: 'idle_timeout.timeout_seconds', value: '400' }],
    },
  },
  {
    name: 'groups of a balancer',
    type: 'aws_lb',
    values: balancer,
    change: ['security_groups', null, 'sg-0e0e0e0e0e0e0e0e0'],
    call: ['elasticloadbalancing', 'SetSecurityGroups'],
    request: {
      loadBalancerArn: balancer.arn as string,
      securityGroups: ['sg-0a1b2c3d4e5f60718', 'sg-0e0e0e0e0e0e0e0e0'],
    },
  },
  {
    name: 'another health check',
    type: 'aws_lb_target_group',
    values: {
      id: arn('elasticloadbalancing', 'targetgroup/front/73e2d6bc24d8a067'),
      arn: arn('elasticloadbalancing', 'targetgroup/front/73e2d6bc24d8a067'),
      name: 'front-targets',
    },
    change: ['health_check[0].path', '/health', '/'],
    call: ['elasticloadbalancing', 'ModifyTargetGroup'],
    request: {
      targetGroupArn: arn('elasticloadbalancing', 'targetgroup/front/73e2d6bc24d8a067'),
      healthCheckPath: '/',
    },
  },
  {
    name: 'a size of a database',
    type: 'aws_db_instance',
    values: database,
    change: ['instance_class', 'db.t3.small', 'db.r6g.large'],
    call: ['rds', 'ModifyDBInstance'],
    request: { dBInstanceIdentifier: 'orders-db', dBInstanceClass: 'db.r6g.large', applyImmediately: true },
  },
  {
    name: 'a database open to the world',
    type: 'aws_db_instance',
    values: database,
    change: ['publicly_accessible', false, true],
    call: ['rds', 'ModifyDBInstance'],
    request: {
      dBInstanceIdentifier: 'orders-db',
      publiclyAccessible: true,
      applyImmediately: true,
      deletionProtection: true,
    },
  },
  {
    name: 'backups of a database',
    type: 'aws_db_instance',
    values: database,
    change: ['backup_retention_period', 7, 0],
    call: ['rds', 'ModifyDBInstance'],
    request: { dBInstanceIdentifier: 'orders-db', backupRetentionPeriod: 0, applyImmediately: true },
  },
  {
    name: 'a tag of a database',
    type: 'aws_db_instance',
    values: database,
    change: ['tags.Team', 'payments', 'growth'],
    call: ['rds', 'AddTagsToResource'],
    request: { resourceName: arn('rds', 'db:orders-db'), tags: [{ key: 'Team', value: 'growth' }] },
  },
  {
    name: 'more machines wanted',
    type: 'aws_autoscaling_group',
    values: asg,
    change: ['desired_capacity', 2, 20],
    call: ['autoscaling', 'SetDesiredCapacity'],
    request: { autoScalingGroupName: 'orders-workers', desiredCapacity: 20, honorCooldown: false },
  },
  {
    name: 'more machines allowed',
    type: 'aws_autoscaling_group',
    values: asg,
    change: ['max_size', 4, 50],
    call: ['autoscaling', 'UpdateAutoScalingGroup'],
    request: { autoScalingGroupName: 'orders-workers', maxSize: 50, minSize: 1 },
  },
  {
    name: 'tags of images may move',
    type: 'aws_ecr_repository',
    values: repository,
    change: ['image_tag_mutability', 'IMMUTABLE', 'MUTABLE'],
    call: ['ecr', 'PutImageTagMutability'],
    request: { repositoryName: 'orders/app', imageTagMutability: 'MUTABLE' },
  },
  {
    name: 'images not scanned',
    type: 'aws_ecr_repository',
    values: repository,
    change: ['image_scanning_configuration[0].scan_on_push', true, false],
    call: ['ecr', 'PutImageScanningConfiguration'],
    request: { repositoryName: 'orders/app', imageScanningConfiguration: { scanOnPush: false } },
  },
  {
    name: 'a service with more tasks',
    type: 'aws_ecs_service',
    values: ecs,
    change: ['desired_count', 2, 9],
    call: ['ecs', 'UpdateService'],
    request: { cluster: 'orders', service: 'checkout-api', desiredCount: 9 },
  },
  {
    name: 'a cluster open to the world',
    type: 'aws_eks_cluster',
    values: eks,
    change: ['vpc_config[0].endpoint_public_access', false, true],
    call: ['eks', 'UpdateClusterConfig'],
    request: { name: 'orders-eks', resourcesVpcConfig: { endpointPublicAccess: true, endpointPrivateAccess: true } },
  },
  {
    name: 'a distribution switched off',
    type: 'aws_cloudfront_distribution',
    values: distribution,
    change: ['enabled', true, false],
    call: ['cloudfront', 'UpdateDistribution'],
    request: {
      id: 'E53370FUHBNLK',
      ifMatch: 'E3',
      distributionConfig: {
        enabled: false,
        comment: 'front',
        origins: { quantity: 1, items: [{ id: 'o', domainName: 'x.example.com', originShield: { enabled: true } }] },
        logging: { enabled: true, bucket: 'b' },
      },
    },
  },
  {
    name: 'a DNS record elsewhere',
    type: 'aws_route53_record',
    values: {
      id: 'Z0123456789ABCDEFGHIJ_api.orders.example.com_A',
      zone_id: 'Z0123456789ABCDEFGHIJ',
      name: 'api.orders.example.com',
      type: 'A',
    },
    change: ['records', null, '203.0.113.66'],
    call: ['route53', 'ChangeResourceRecordSets'],
    request: {
      hostedZoneId: 'Z0123456789ABCDEFGHIJ',
      changeBatch: {
        changes: [
          {
            action: 'UPSERT',
            resourceRecordSet: {
              name: 'api.orders.example.com',
              type: 'A',
              tTL: 300,
              resourceRecords: [{ value: '203.0.113.66' }],
            },
          },
        ],
      },
    },
  },
  {
    name: 'a DNS record deleted',
    type: 'aws_route53_record',
    values: {
      id: 'Z0123456789ABCDEFGHIJ_old.orders.example.com_A',
      zone_id: 'Z0123456789ABCDEFGHIJ',
      name: 'old.orders.example.com',
      type: 'A',
    },
    change: 'missing',
    call: ['route53', 'ChangeResourceRecordSets'],
    request: {
      hostedZoneId: 'Z0123456789ABCDEFGHIJ',
      changeBatch: {
        changes: [
          {
            action: 'DELETE',
            resourceRecordSet: {
              name: 'old.orders.example.com.',
              type: 'A',
              tTL: 300,
              resourceRecords: [{ value: '203.0.113.9' }],
            },
          },
        ],
      },
    },
  },
  {
    name: 'an activity tagged',
    type: 'aws_sfn_activity',
    values: { id: arn('states', 'activity:orders-settle'), name: 'orders-settle' },
    change: ['tags.Step', 'settle', 'refund'],
    call: ['states', 'TagResource'],
    request: { resourceArn: arn('states', 'activity:orders-settle'), tags: [{ key: 'Step', value: 'refund' }] },
  },
  {
    name: 'a secret described otherwise',
    type: 'aws_secretsmanager_secret',
    values: {
      id: arn('secretsmanager', 'secret:orders-database-AbCdEf'),
      arn: arn('secretsmanager', 'secret:orders-database-AbCdEf'),
      name: 'orders-database',
    },
    change: ['description', 'main', 'old'],
    call: ['secretsmanager', 'UpdateSecret'],
    request: { secretId: 'orders-database', description: 'old', clientRequestToken: 'x' },
  },
  {
    name: 'a parameter deleted',
    type: 'aws_ssm_parameter',
    values: { id: '/orders/mode', name: '/orders/mode', arn: arn('ssm', 'parameter/orders/mode') },
    change: 'missing',
    call: ['ssm', 'DeleteParameter'],
    request: { name: '/orders/mode' },
  },
];

/** The change of a case as a scan tells it. */
export function changesOf({ change }: WireCase): readonly Change[] {
  if (change === 'missing') return [];
  const [path, before, after] = change;
  const isNone = (value: Value): boolean => value === null || value === '';
  const op = isNone(before) ? 'add' : isNone(after) ? 'remove' : 'replace';
  return [{ path, op, before, after, sensitive: false, cause: 'out-of-band', class: 'declared' }];
}
