import type { AwsChange, World } from './aws-change.ts';

const web = ({ of }: World): string => of('aws_security_group.web', 'id');
const app = ({ of }: World): string => of('aws_security_group.app', 'id');
const vpc = ({ of }: World): string => of('aws_vpc.main', 'id');
const subnet = ({ of }: World): string => of('aws_subnet.private[1]', 'id');
const gateway = ({ of }: World): string => of('aws_internet_gateway.main', 'id');
const routes = ({ of }: World): string => of('aws_route_table.public', 'id');
const balancer = ({ of }: World): string => of('aws_lb.front', 'arn');
const targets = ({ of }: World): string => of('aws_lb_target_group.front', 'arn');

const ssh = {
  IpProtocol: 'tcp',
  FromPort: 22,
  ToPort: 22,
  IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'debugging' }],
};
const health = {
  IpProtocol: 'tcp',
  FromPort: 8080,
  ToPort: 8080,
  IpRanges: [{ CidrIp: '10.20.0.0/16', Description: 'Health check' }],
};
const foreign = { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, IpRanges: [{ CidrIp: '198.51.100.0/24' }] };

function record(world: World, value: string): Promise<unknown> {
  return world.aws.route53.changeResourceRecordSets({
    HostedZoneId: world.of('aws_route53_zone.main', 'zone_id'),
    ChangeBatch: {
      Changes: [
        {
          Action: 'UPSERT',
          ResourceRecordSet: {
            Name: 'api.orders.example.com',
            Type: 'A',
            TTL: 300,
            ResourceRecords: [{ Value: value }],
          },
        },
      ],
    },
  });
}

function attribute(key: string, value: string): (world: World) => Promise<unknown> {
  return (world) =>
    world.aws.elb.modifyLoadBalancerAttributes({
      LoadBalancerArn: balancer(world),
      Attributes: [{ Key: key, Value: value }],
    });
}

export const networkChanges: readonly AwsChange[] = [
  {
    name: 'SSH from anywhere added to a group with inline rules',
    address: 'aws_security_group.web',
    expected: ['ingress'],
    apply: (w) => w.aws.ec2.authorizeSecurityGroupIngress({ GroupId: web(w), IpPermissions: [ssh] }),
    undo: (w) => w.aws.ec2.revokeSecurityGroupIngress({ GroupId: web(w), IpPermissions: [ssh] }),
  },
  {
    name: 'an inline rule removed',
    address: 'aws_security_group.web',
    expected: ['ingress'],
    apply: (w) => w.aws.ec2.revokeSecurityGroupIngress({ GroupId: web(w), IpPermissions: [health] }),
    undo: (w) => w.aws.ec2.authorizeSecurityGroupIngress({ GroupId: web(w), IpPermissions: [health] }),
  },
  {
    name: 'a foreign rule beside separately managed ones',
    address: 'aws_security_group.app',
    expected: ['ingress'],
    apply: (w) => w.aws.ec2.authorizeSecurityGroupIngress({ GroupId: app(w), IpPermissions: [foreign] }),
    undo: (w) => w.aws.ec2.revokeSecurityGroupIngress({ GroupId: app(w), IpPermissions: [foreign] }),
  },
  {
    name: 'a tag added to the network',
    address: 'aws_vpc.main',
    expected: ['tags.Owner'],
    apply: (w) => w.aws.ec2.createTags({ Resources: [vpc(w)], Tags: [{ Key: 'Owner', Value: 'somebody' }] }),
    undo: (w) => w.aws.ec2.deleteTags({ Resources: [vpc(w)], Tags: [{ Key: 'Owner' }] }),
  },
  {
    name: 'a tag of the network changed',
    address: 'aws_vpc.main',
    expected: ['tags.Team'],
    apply: (w) => w.aws.ec2.createTags({ Resources: [vpc(w)], Tags: [{ Key: 'Team', Value: 'growth' }] }),
    undo: (w) => w.aws.ec2.createTags({ Resources: [vpc(w)], Tags: [{ Key: 'Team', Value: 'payments' }] }),
  },
  {
    name: 'a default tag of the provider removed',
    address: 'aws_internet_gateway.main',
    expected: ['tags.ManagedBy'],
    apply: (w) => w.aws.ec2.deleteTags({ Resources: [gateway(w)], Tags: [{ Key: 'ManagedBy' }] }),
    undo: (w) => w.aws.ec2.createTags({ Resources: [gateway(w)], Tags: [{ Key: 'ManagedBy', Value: 'terraform' }] }),
  },
  {
    name: 'a subnet of a count hands out public addresses',
    address: 'aws_subnet.private[1]',
    expected: ['map_public_ip_on_launch'],
    apply: (w) => w.aws.ec2.modifySubnetAttribute({ SubnetId: subnet(w), MapPublicIpOnLaunch: { Value: true } }),
    undo: (w) => w.aws.ec2.modifySubnetAttribute({ SubnetId: subnet(w), MapPublicIpOnLaunch: { Value: false } }),
  },
  {
    name: 'a foreign route beside a separately managed one',
    address: 'aws_route_table.public',
    expected: ['route'],
    apply: (w) =>
      w.aws.ec2.createRoute({
        RouteTableId: routes(w),
        DestinationCidrBlock: '203.0.113.0/24',
        GatewayId: gateway(w),
      }),
    undo: (w) => w.aws.ec2.deleteRoute({ RouteTableId: routes(w), DestinationCidrBlock: '203.0.113.0/24' }),
  },
  {
    name: 'a rule number added to an inline network ACL',
    address: 'aws_network_acl.inline',
    expected: ['ingress'],
    apply: (w) =>
      w.aws.ec2.createNetworkAclEntry({
        NetworkAclId: w.of('aws_network_acl.inline', 'id'),
        RuleNumber: 90,
        Egress: false,
        Protocol: '-1',
        RuleAction: 'allow',
        CidrBlock: '0.0.0.0/0',
      }),
    undo: (w) =>
      w.aws.ec2.deleteNetworkAclEntry({
        NetworkAclId: w.of('aws_network_acl.inline', 'id'),
        RuleNumber: 90,
        Egress: false,
      }),
  },
  {
    name: 'deletion protection of the load balancer off',
    address: 'aws_lb.front',
    expected: ['enable_deletion_protection'],
    apply: attribute('deletion_protection.enabled', 'false'),
    undo: attribute('deletion_protection.enabled', 'true'),
  },
  {
    name: 'the load balancer waits longer',
    address: 'aws_lb.front',
    expected: ['idle_timeout'],
    apply: attribute('idle_timeout.timeout_seconds', '400'),
    undo: attribute('idle_timeout.timeout_seconds', '60'),
  },
  {
    name: 'another health check path',
    address: 'aws_lb_target_group.front',
    expected: ['health_check[0].path'],
    apply: (w) => w.aws.elb.modifyTargetGroup({ TargetGroupArn: targets(w), HealthCheckPath: '/' }),
    undo: (w) => w.aws.elb.modifyTargetGroup({ TargetGroupArn: targets(w), HealthCheckPath: '/health' }),
  },
  {
    name: 'a DNS record of a for_each points elsewhere',
    address: 'aws_route53_record.host["api"]',
    expected: ['records'],
    apply: (w) => record(w, '203.0.113.66'),
    undo: (w) => record(w, '10.20.0.10'),
  },
  {
    name: 'a separately managed rule revoked',
    address: 'aws_security_group_rule.batch_ssh',
    expected: 'missing',
    apply: (w) =>
      w.aws.ec2.revokeSecurityGroupIngress({
        GroupId: w.of('aws_security_group.batch', 'id'),
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.20.1.0/24' }] }],
      }),
  },
  {
    name: 'the route to the internet deleted',
    address: 'aws_route.internet',
    expected: 'missing',
    apply: (w) => w.aws.ec2.deleteRoute({ RouteTableId: routes(w), DestinationCidrBlock: '0.0.0.0/0' }),
  },
];
