/**
 * The sources under which calls on a type are logged, by the beginning of the type's name after `aws_`; the longest one
 * that fits counts. What is not here is logged under its own first word (`iam`, `lambda`, `sqs`).
 */
const SOURCES: { readonly [prefix: string]: string } = {
  alb: 'elasticloadbalancing',
  ami: 'ec2',
  api_gateway: 'apigateway',
  apigatewayv2: 'apigateway',
  appautoscaling: 'autoscaling',
  cloudwatch: 'monitoring',
  cloudwatch_event: 'events',
  cloudwatch_log: 'logs',
  cloudwatch_query: 'logs',
  cognito_identity: 'cognito-identity',
  cognito_user: 'cognito-idp',
  customer_gateway: 'ec2',
  db: 'rds',
  default: 'ec2',
  docdb: 'rds',
  ebs: 'ec2',
  ec2: 'ec2',
  efs: 'elasticfilesystem',
  egress_only: 'ec2',
  eip: 'ec2',
  elasticsearch: 'es',
  elastic_beanstalk: 'elasticbeanstalk',
  elb: 'elasticloadbalancing',
  emr: 'elasticmapreduce',
  flow_log: 'ec2',
  instance: 'ec2',
  internet_gateway: 'ec2',
  key_pair: 'ec2',
  kinesis_firehose: 'firehose',
  launch_configuration: 'autoscaling',
  launch_template: 'ec2',
  lb: 'elasticloadbalancing',
  main_route: 'ec2',
  msk: 'kafka',
  mq: 'amazonmq',
  nat_gateway: 'ec2',
  neptune: 'rds',
  network: 'ec2',
  opensearch: 'es',
  placement_group: 'ec2',
  route: 'ec2',
  route53_resolver: 'route53resolver',
  security_group: 'ec2',
  serverlessapplicationrepository: 'serverlessrepo',
  sfn: 'states',
  snapshot: 'ec2',
  spot: 'ec2',
  subnet: 'ec2',
  volume: 'ec2',
  vpc: 'ec2',
  vpn: 'ec2',
  wafregional: 'waf-regional',
};

/** Services by which an ARN speaks, and the source under which their calls are logged, where the two differ. */
const ARN_SOURCES: { readonly [service: string]: string } = { cloudwatch: 'monitoring', 'execute-api': 'apigateway' };

/** Sources that act on resources of any service. */
export const GENERAL_SOURCES: ReadonlySet<string> = new Set(['tagging', 'cloudcontrolapi', 'cloudformation']);

/** Services without a region: their calls are logged in one region of the partition, whatever region the caller chose. */
const GLOBAL_SOURCES: ReadonlySet<string> = new Set([
  'iam',
  'cloudfront',
  'route53',
  'route53domains',
  'organizations',
  'sts',
  'waf',
  'shield',
  'account',
  'budgets',
  'globalaccelerator',
  'networkmanager',
]);

/** Whether calls of that source are logged without regard to the region in which a resource lives. */
export function isGlobalSource(source: string): boolean {
  return GLOBAL_SOURCES.has(source);
}

/** The source of calls on a type, and what the resource's own ARN says of it. */
export function sourcesOf(type: string, arns: readonly string[]): ReadonlySet<string> {
  const sources = new Set<string>();
  for (const arn of arns) {
    const service = /^arn:[^:]*:([^:]+):/.exec(arn)?.[1];
    if (service !== undefined)
      sources.add(Object.hasOwn(ARN_SOURCES, service) ? (ARN_SOURCES[service] as string) : service);
  }
  const name = type.replace(/^aws_/, '');
  if (name === type) return sources;
  const words = name.split('_');
  for (let n = words.length; n > 0; n--) {
    const prefix = words.slice(0, n).join('_');
    if (Object.hasOwn(SOURCES, prefix)) return sources.add(SOURCES[prefix] as string);
  }
  return sources.add(words[0] as string);
}
