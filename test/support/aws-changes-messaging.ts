import type { AwsChange, World } from './aws-change.ts';

const QUEUE = 'module.queue["invoices"].aws_sqs_queue.main';
const QUEUE_POLICY = 'module.queue["invoices"].aws_sqs_queue_policy.main';

type QueueAttributes = Parameters<World['aws']['sqs']['setQueueAttributes']>[0]['Attributes'];

/** The emulator forgets a queue's policy when other attributes are set without it: both go together. */
function queue(change: (declaredPolicy: string) => QueueAttributes): (world: World) => Promise<unknown> {
  return (world) => {
    const declared = world.of(QUEUE_POLICY, 'policy');
    return world.aws.sqs.setQueueAttributes({
      QueueUrl: world.of(QUEUE, 'url'),
      Attributes: { Policy: declared, ...change(declared) },
    });
  };
}

function topic(region: 'aws' | 'recovery', address: string, name: string, value: (world: World) => string) {
  return (world: World): Promise<unknown> =>
    world[region].sns.setTopicAttributes({
      TopicArn: world.of(address, 'arn'),
      AttributeName: name,
      AttributeValue: value(world),
    });
}

function widened(policy: string, principal: unknown): string {
  const document = JSON.parse(policy) as { readonly Statement: readonly object[] };
  return JSON.stringify({ ...document, Statement: [{ ...document.Statement[0], Principal: principal }] });
}

export const messagingChanges: readonly AwsChange[] = [
  {
    name: 'messages of a queue in a module hidden for longer',
    address: QUEUE,
    expected: ['visibility_timeout_seconds'],
    apply: queue(() => ({ VisibilityTimeout: '900' })),
    undo: queue(() => ({ VisibilityTimeout: '45' })),
  },
  {
    name: 'encryption of a queue off',
    address: QUEUE,
    expected: ['sqs_managed_sse_enabled'],
    apply: queue(() => ({ SqsManagedSseEnabled: 'false' })),
    undo: queue(() => ({ SqsManagedSseEnabled: 'true' })),
  },
  {
    name: 'anybody may send to a queue',
    address: QUEUE_POLICY,
    expected: ['policy'],
    apply: queue((declared) => ({ Policy: widened(declared, '*') })),
    undo: queue(() => ({})),
  },
  {
    name: 'a topic named otherwise',
    address: 'aws_sns_topic.alerts',
    expected: ['display_name'],
    apply: topic('aws', 'aws_sns_topic.alerts', 'DisplayName', () => 'Spam'),
    undo: topic('aws', 'aws_sns_topic.alerts', 'DisplayName', () => 'Order alerts'),
  },
  {
    name: 'anybody may publish to a topic',
    address: 'aws_sns_topic_policy.alerts',
    expected: ['policy'],
    apply: topic('aws', 'aws_sns_topic.alerts', 'Policy', (w) =>
      widened(w.of('aws_sns_topic_policy.alerts', 'policy'), { AWS: '*' }),
    ),
    undo: topic('aws', 'aws_sns_topic.alerts', 'Policy', (w) => w.of('aws_sns_topic_policy.alerts', 'policy')),
  },
  {
    name: 'a topic of another region and provider alias',
    address: 'aws_sns_topic.recovery',
    expected: ['display_name'],
    apply: topic('recovery', 'aws_sns_topic.recovery', 'DisplayName', () => 'Spam'),
    undo: topic('recovery', 'aws_sns_topic.recovery', 'DisplayName', () => ''),
  },
  {
    name: 'a schedule disabled',
    address: 'aws_cloudwatch_event_rule.nightly',
    expected: ['state'],
    apply: (w) => w.aws.events.disableRule({ Name: 'orders-nightly' }),
    undo: (w) => w.aws.events.enableRule({ Name: 'orders-nightly' }),
  },
  {
    name: 'a stream keeps its records for a shorter time',
    address: 'aws_kinesis_stream.clicks',
    expected: ['retention_period'],
    apply: (w) =>
      w.aws.kinesis.decreaseStreamRetentionPeriod({ StreamName: 'orders-clicks', RetentionPeriodHours: 24 }),
    undo: (w) => w.aws.kinesis.increaseStreamRetentionPeriod({ StreamName: 'orders-clicks', RetentionPeriodHours: 48 }),
  },
  {
    name: 'a target of a schedule removed',
    address: 'aws_cloudwatch_event_target.nightly',
    expected: 'missing',
    apply: (w) => w.aws.events.removeTargets({ Rule: 'orders-nightly', Ids: ['checkout'] }),
  },
  {
    name: 'a subscription removed',
    address: 'aws_sns_topic_subscription.alerts',
    expected: 'missing',
    apply: (w) => w.aws.sns.unsubscribe({ SubscriptionArn: w.of('aws_sns_topic_subscription.alerts', 'arn') }),
  },
  {
    name: 'a topic of another region deleted',
    address: 'aws_sns_topic.recovery',
    expected: 'missing',
    apply: (w) => w.recovery.sns.deleteTopic({ TopicArn: w.of('aws_sns_topic.recovery', 'arn') }),
  },
];
