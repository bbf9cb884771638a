import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { EC2 } from '@aws-sdk/client-ec2';
import { ECR } from '@aws-sdk/client-ecr';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { IAM } from '@aws-sdk/client-iam';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { KMS } from '@aws-sdk/client-kms';
import { Lambda } from '@aws-sdk/client-lambda';
import { Route53 } from '@aws-sdk/client-route-53';
import { S3 } from '@aws-sdk/client-s3';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SFN } from '@aws-sdk/client-sfn';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { SSM } from '@aws-sdk/client-ssm';

/** Clients of the emulator in one region. */
export function awsClients(endpoint: string, region: string) {
  const options = { endpoint, region, credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } };
  const sqs = new SQS(options);
  return {
    alarms: new CloudWatch(options),
    logs: new CloudWatchLogs(options),
    dynamodb: new DynamoDB(options),
    ec2: new EC2(options),
    ecr: new ECR(options),
    elb: new ElasticLoadBalancingV2(options),
    events: new EventBridge(options),
    iam: new IAM(options),
    // The emulator speaks no HTTP/2, which is this client's default: it borrows another's handler.
    kinesis: new Kinesis({ ...options, requestHandler: sqs.config.requestHandler }),
    kms: new KMS(options),
    lambda: new Lambda(options),
    route53: new Route53(options),
    s3: new S3({ ...options, forcePathStyle: true }),
    secrets: new SecretsManager(options),
    activities: new SFN(options),
    sns: new SNS(options),
    sqs,
    ssm: new SSM(options),
  };
}

export type AwsClients = ReturnType<typeof awsClients>;
