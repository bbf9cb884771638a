import type { AwsChange, World } from './aws-change.ts';

type FunctionSettings = Omit<Parameters<World['aws']['lambda']['updateFunctionConfiguration']>[0], 'FunctionName'>;

function settings(
  name: 'checkout' | 'refund',
  change: (world: World) => FunctionSettings,
): (world: World) => Promise<unknown> {
  return (world) => world.aws.lambda.updateFunctionConfiguration({ FunctionName: `orders-${name}`, ...change(world) });
}

function environment(change: (declared: Record<string, string>) => Record<string, string>) {
  return settings('checkout', (world) => {
    const blocks = JSON.parse(world.of('aws_lambda_function.order["checkout"]', 'environment')) as readonly {
      readonly variables: Record<string, string>;
    }[];
    return { Environment: { Variables: change(blocks[0]?.variables ?? {}) } };
  });
}

function alarm(threshold: number, dimensions = true): (world: World) => Promise<unknown> {
  return (world) =>
    world.aws.alarms.putMetricAlarm({
      AlarmName: 'orders-queue-depth',
      AlarmDescription: 'Invoices pile up',
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: threshold,
      Period: 300,
      EvaluationPeriods: 2,
      TreatMissingData: 'missing',
      ActionsEnabled: true,
      AlarmActions: [world.of('aws_sns_topic.alerts', 'arn')],
      ...(dimensions ? { Dimensions: [{ Name: 'QueueName', Value: 'orders-invoices' }] } : {}),
    });
}

export const computeChanges: readonly AwsChange[] = [
  {
    name: 'a function of a for_each runs longer',
    address: 'aws_lambda_function.order["checkout"]',
    expected: ['timeout'],
    apply: settings('checkout', () => ({ Timeout: 900 })),
    undo: settings('checkout', () => ({ Timeout: 5 })),
  },
  {
    name: 'two settings of a function at once',
    address: 'aws_lambda_function.order["refund"]',
    expected: ['handler', 'memory_size'],
    apply: settings('refund', () => ({ MemorySize: 3008, Handler: 'other.handler' })),
    undo: settings('refund', () => ({ MemorySize: 128, Handler: 'index.handler' })),
  },
  {
    name: 'an environment variable added',
    address: 'aws_lambda_function.order["checkout"]',
    expected: ['environment[0].variables.DEBUG'],
    apply: environment((declared) => ({ ...declared, DEBUG: '1' })),
    undo: environment((declared) => declared),
  },
  {
    name: 'a secret environment variable changed',
    address: 'aws_lambda_function.order["checkout"]',
    expected: ['environment[0].variables.DB_PASSWORD'],
    apply: environment((declared) => ({ ...declared, DB_PASSWORD: 'MARK-changed-password' })),
    undo: environment((declared) => declared),
  },
  {
    name: 'the threshold of an alarm out of reach',
    address: 'aws_cloudwatch_metric_alarm.depth',
    expected: ['threshold'],
    apply: alarm(1_000_000),
    undo: alarm(100),
  },
  {
    name: 'an alarm watches every queue',
    address: 'aws_cloudwatch_metric_alarm.depth',
    expected: ['dimensions.QueueName'],
    apply: alarm(100, false),
    undo: alarm(100),
  },
  {
    name: 'logs kept for a day',
    address: 'aws_cloudwatch_log_group.app["api"]',
    expected: ['retention_in_days'],
    apply: (w) => w.aws.logs.putRetentionPolicy({ logGroupName: '/orders/api', retentionInDays: 1 }),
    undo: (w) => w.aws.logs.putRetentionPolicy({ logGroupName: '/orders/api', retentionInDays: 30 }),
  },
  {
    name: 'an activity tagged otherwise',
    address: 'aws_sfn_activity.settle',
    expected: ['tags.Step'],
    apply: (w) =>
      w.aws.activities.tagResource({
        resourceArn: w.of('aws_sfn_activity.settle', 'id'),
        tags: [{ key: 'Step', value: 'refund' }],
      }),
    undo: (w) =>
      w.aws.activities.tagResource({
        resourceArn: w.of('aws_sfn_activity.settle', 'id'),
        tags: [{ key: 'Step', value: 'settle' }],
      }),
  },
  {
    name: 'a log group deleted',
    address: 'aws_cloudwatch_log_group.app["worker"]',
    expected: 'missing',
    apply: (w) => w.aws.logs.deleteLogGroup({ logGroupName: '/orders/worker' }),
  },
];
