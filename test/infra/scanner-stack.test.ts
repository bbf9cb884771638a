import { Testing } from 'cdktf';
import { describe, expect, it } from 'vitest';
import { buildspec } from '../../src/infra/buildspec.ts';
import { literal, type Statement } from '../../src/infra/policy.ts';
import { ScannerStack } from '../../src/infra/scanner-stack.ts';
import { readSettings } from '../../src/infra/settings.ts';

type Block = Record<string, unknown>;
interface Synthesised {
  readonly resource: Record<string, Record<string, Block>>;
  readonly data: Record<string, Record<string, Block>>;
  readonly terraform: { readonly backend: Record<string, Block> };
}

function synth(settings: Record<string, unknown> = {}): Synthesised {
  const given = { region: 'eu-central-1', repository: 'https://github.com/acme/infra', ...settings };
  const stack = new ScannerStack(Testing.app(), 'driftbom-scanner', readSettings(given, {}));
  return JSON.parse(Testing.synth(stack, true));
}

const plain = synth();
const all = (from: Synthesised, type: string): Block[] => Object.values(from.resource[type] ?? {});
const one = (from: Synthesised, type: string, name = /./): Block => {
  const found = Object.entries(from.resource[type] ?? {}).filter(([key]) => name.test(key));
  expect(found, type).toHaveLength(1);
  return (found[0] as [string, Block])[1];
};
const statements = (document: unknown): Statement[] => JSON.parse(document as string).Statement;
const identityPolicies = (from: Synthesised): Statement[] =>
  all(from, 'aws_iam_role_policy').flatMap((block) => statements(block.policy));
const narrowed = (from: Synthesised): Statement[] => statements(one(from, 'aws_iam_role_policy', /^reader/).policy);
const denied = (from: Synthesised, action: string): Statement =>
  narrowed(from).find((item) => item.Effect === 'Deny' && item.Action.includes(action)) as Statement;

describe('rights', () => {
  it('are granted on named resources and by named actions only', () => {
    for (const from of [plain, synth({ kmsKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/k' })]) {
      const grants = identityPolicies(from).filter((item) => item.Effect === 'Allow');
      expect(grants.length).toBeGreaterThan(7);
      for (const grant of grants) {
        expect([grant.Resource].flat(), grant.Sid).not.toContain('*');
        expect(grant.NotResource).toBeUndefined();
        expect(grant.Action.filter((action) => action.includes('*'))).toEqual([]);
      }
    }
  });

  it('let nobody delete, and let only the job write', () => {
    const grants = identityPolicies(plain).filter((item) => item.Effect === 'Allow');
    expect(grants.flatMap((item) => item.Action).filter((action) => /delete/i.test(action))).toEqual([]);
    expect(narrowed(plain).filter((item) => item.Effect === 'Allow')).toEqual([]);
  });

  it('of the reader are the managed ReadOnlyAccess alone', () => {
    expect(all(plain, 'aws_iam_role_policy_attachment').map((block) => block.policy_arn)).toEqual([
      `arn:\${data.aws_partition.partition.partition}:iam::aws:policy/ReadOnlyAccess`,
    ]);
  });

  it.each([
    'secretsmanager:GetSecretValue',
    'secretsmanager:BatchGetSecretValue',
    'kms:Decrypt',
    's3:GetObject',
    's3:GetObjectVersion',
    'dynamodb:GetItem',
    'dynamodb:Scan',
    'sqs:ReceiveMessage',
    'logs:GetLogEvents',
    'ec2:GetPasswordData',
  ])('deny the reader %s everywhere', (action) => {
    expect(denied(plain, action)).toMatchObject({ Effect: 'Deny', Resource: '*' });
    expect(denied(plain, action).Condition).toBeUndefined();
  });

  it('open exactly the state objects and their keys to the reader', () => {
    const key = 'arn:aws:kms:eu-central-1:123456789012:key/state';
    const from = synth({ stateObjects: ['acme-state/infra/', 'other-state'], stateKeyArns: [key] });
    expect(denied(from, 's3:GetObject').NotResource?.map((arn) => arn.replace(/^arn:.*:s3/, 's3'))).toEqual([
      's3:::acme-state/infra/*',
      's3:::other-state/*',
    ]);
    expect(denied(from, 's3:GetObject').Resource).toBeUndefined();
    expect(denied(from, 'kms:Decrypt').NotResource).toEqual([key]);
    const grants = narrowed(from).filter((item) => item.Effect === 'Allow');
    expect(grants).toMatchObject([{ Action: ['kms:Decrypt'], Resource: [key] }]);
    expect(denied(from, 'secretsmanager:GetSecretValue').Resource).toBe('*');
  });

  it('let the reader go into other accounts only where told', () => {
    const role = 'arn:aws:iam::210987654321:role/driftbom-target';
    const grants = narrowed(synth({ assumableRoleArns: [role] })).filter((item) => item.Effect === 'Allow');
    expect(grants).toMatchObject([{ Action: ['sts:AssumeRole'], Resource: [role] }]);
  });

  it('of the job end at its own ledger, reports, keys, log, event source, topic and reader', () => {
    const job = statements(one(plain, 'aws_iam_role_policy', /^job/).policy);
    expect(job.map((item) => item.Sid)).toEqual([
      'BecomeTheReader',
      'WriteTheBuildLog',
      'ReadTheSigningKeys',
      'FindTheLedger',
      'KeepTheLedger',
      'StoreReports',
      'Announce',
      'TellOfDrift',
    ]);
    expect(job.find((item) => item.Sid === 'ReadTheSigningKeys')?.Resource).toBe(
      `\${data.aws_secretsmanager_secret.keys.arn}`,
    );
    expect(job.find((item) => item.Sid === 'Announce')?.Condition).toEqual({
      StringEquals: { 'events:source': 'driftbom.scan' },
    });
  });

  it('are lent to services only for our own project and schedule', () => {
    const trusts = all(plain, 'aws_iam_role').flatMap((block) => statements(block.assume_role_policy));
    expect(trusts).toHaveLength(3);
    for (const trust of trusts) {
      const principal = trust.Principal as Record<string, string>;
      if ('Service' in principal) expect(trust.Condition).toHaveProperty(['ArnLike', 'aws:SourceArn']);
      else expect(principal.AWS).toMatch(/^\$\{aws_iam_role\.job_role_\w+\.arn\}$/);
    }
  });
});

describe('buckets', () => {
  const kinds = ['ledger', 'reports'].map((name) => new RegExp(`^${name}_`));

  it.each(kinds)('%s: closed to the public, versioned, encrypted, without ACLs, TLS only, kept', (name) => {
    expect(one(plain, 'aws_s3_bucket_public_access_block', name)).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(one(plain, 'aws_s3_bucket_versioning', name)).toMatchObject({
      versioning_configuration: { status: 'Enabled' },
    });
    expect(JSON.stringify(one(plain, 'aws_s3_bucket_server_side_encryption_configuration', name))).toContain('AES256');
    expect(one(plain, 'aws_s3_bucket_ownership_controls', name)).toMatchObject({
      rule: { object_ownership: 'BucketOwnerEnforced' },
    });
    expect(one(plain, 'aws_s3_bucket', name)).toMatchObject({ lifecycle: { prevent_destroy: true } });
    const [tls] = statements(one(plain, 'aws_s3_bucket_policy', name).policy);
    expect(tls).toMatchObject({
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:*'],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    expect(tls?.Resource).toHaveLength(2);
  });

  it('use the given key instead of S3’s own', () => {
    const kmsKeyArn = 'arn:aws:kms:eu-central-1:123456789012:key/k';
    const from = synth({ kmsKeyArn });
    const rules = all(from, 'aws_s3_bucket_server_side_encryption_configuration').map((block) => block.rule);
    expect(rules).toHaveLength(2);
    for (const rule of rules) {
      expect(rule).toMatchObject([
        { apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: kmsKeyArn } },
      ]);
    }
  });

  it('forbid everybody to delete from the ledger, and expire reports only', () => {
    const [, keep] = statements(one(plain, 'aws_s3_bucket_policy', /^ledger_/).policy);
    expect(keep).toMatchObject({
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
    });
    expect(Object.keys(plain.resource.aws_s3_bucket_lifecycle_configuration ?? {})).toEqual([
      expect.stringMatching(/^reports_/),
    ]);
  });

  it('lock the ledger where asked', () => {
    expect(all(plain, 'aws_s3_bucket_object_lock_configuration')).toEqual([]);
    const from = synth({ objectLock: 'compliance:365' });
    expect(one(from, 'aws_s3_bucket', /^ledger_/).object_lock_enabled).toBe(true);
    expect(one(from, 'aws_s3_bucket', /^reports_/).object_lock_enabled).toBe(false);
    expect(one(from, 'aws_s3_bucket_object_lock_configuration')).toMatchObject({
      rule: { default_retention: { mode: 'COMPLIANCE', days: 365 } },
    });
  });
});

describe('the build', () => {
  it('never runs twice at once, ends in time, and needs no privileges', () => {
    expect(one(plain, 'aws_codebuild_project')).toMatchObject({
      concurrent_build_limit: 1,
      build_timeout: 30,
      environment: { privileged_mode: false },
      artifacts: { type: 'NO_ARTIFACTS' },
    });
  });

  it('carries the build specification through Terraform unchanged', () => {
    expect(one(plain, 'aws_codebuild_project')).toMatchObject({ source: { buildspec: literal(buildspec()) } });
  });

  it('holds no key, only the secret’s ARN', () => {
    const { environment } = one(plain, 'aws_codebuild_project') as {
      environment: { environment_variable: { name: string; value: string; type?: string }[] };
    };
    const variables = Object.fromEntries(environment.environment_variable.map(({ name, value }) => [name, value]));
    expect(variables.DRIFTBOM_KEYS_SECRET).toBe(`\${data.aws_secretsmanager_secret.keys.arn}`);
    expect(environment.environment_variable.filter(({ type }) => type !== undefined)).toEqual([]);
    expect(plain.data.aws_secretsmanager_secret?.keys).toMatchObject({ name: 'driftbom/keys' });
    expect(plain.data.aws_secretsmanager_secret_version).toBeUndefined();
  });

  it('gets a prepare command that Terraform does not take for a template', () => {
    const from = synth({ prepare: `npm ci && echo \${HOME}` });
    expect(JSON.stringify(one(from, 'aws_codebuild_project'))).toContain(`npm ci && echo $\${HOME}`);
  });

  it('lets the scan synthesise unless told otherwise', () => {
    expect(JSON.stringify(plain)).not.toContain('"DRIFTBOM_NO_SYNTH"');
    expect(JSON.stringify(synth({ synth: 'prepare' }))).toContain('"DRIFTBOM_NO_SYNTH"');
  });

  it.each([
    ['https://github.com/acme/infra', 'GITHUB'],
    ['https://gitlab.com/acme/infra.git', 'GITLAB'],
    ['https://bitbucket.org/acme/infra', 'BITBUCKET'],
    ['https://github.acme.example/acme/infra', 'GITHUB_ENTERPRISE'],
    ['https://gitlab.acme.example/acme/infra', 'GITLAB_SELF_MANAGED'],
    ['https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/infra', 'CODECOMMIT'],
  ])('fetches %s as %s', (repository, type) => {
    expect(one(synth({ repository }), 'aws_codebuild_project')).toMatchObject({
      source: { type, location: repository },
    });
  });

  it('refuses a host that CodeBuild cannot fetch from', () => {
    expect(() => synth({ repository: 'https://code.example/infra' })).toThrow(/cannot fetch from code\.example/);
  });

  it('fetches through a connection with the right to that connection only', () => {
    const connectionArn = 'arn:aws:codeconnections:eu-central-1:123456789012:connection/c';
    const from = synth({ connectionArn });
    expect(one(from, 'aws_codebuild_project')).toMatchObject({
      source: { auth: { type: 'CODECONNECTIONS', resource: connectionArn } },
    });
    const grant = identityPolicies(from).find((item) => item.Sid === 'FetchThroughTheConnection');
    expect(grant?.Resource).toBe(connectionArn);
    expect(grant?.Action).toContain('codeconnections:UseConnection');
  });

  it('writes a log that is kept for the set time', () => {
    expect(one(synth({ logDays: 90 }), 'aws_cloudwatch_log_group').retention_in_days).toBe(90);
  });
});

describe('the schedule', () => {
  it('starts the build at the set time in the set zone', () => {
    const from = synth({ schedule: 'cron(30 2 ? * MON-FRI *)', timezone: 'Europe/Berlin' });
    const schedule = one(from, 'aws_scheduler_schedule');
    expect(schedule).toMatchObject({
      schedule_expression: 'cron(30 2 ? * MON-FRI *)',
      schedule_expression_timezone: 'Europe/Berlin',
      flexible_time_window: { mode: 'OFF' },
    });
    const { arn, input } = schedule.target as { arn: string; input: string };
    expect(arn).toMatch(/:scheduler:::aws-sdk:codebuild:startBuild$/);
    expect(JSON.parse(input)).toEqual({
      ProjectName: expect.stringMatching(/^\$\{aws_codebuild_project\..*\.name\}$/),
    });
  });
});

describe('alerts', () => {
  const pattern = (name: RegExp) => JSON.parse(one(plain, 'aws_cloudwatch_event_rule', name).event_pattern as string);

  it('come by a rule for incomplete coverage and a broken ledger, and not for a clean scan', () => {
    expect(pattern(/found/)).toMatchObject({
      source: ['driftbom.scan'],
      detail: { outcome: ['incomplete', 'ledger-broken'], build: [{ prefix: 'driftbom-scan:' }] },
    });
  });

  it('come from the job itself for drift: it may publish to this topic and to no other', () => {
    const topic = expect.stringMatching(/^\$\{aws_sns_topic\.alerts_topic\w*\.arn\}$/);
    const grants = identityPolicies(plain).filter((item) => item.Action.includes('sns:Publish'));
    expect(grants.map(({ Resource }) => Resource)).toEqual([topic]);
    const { environment } = one(plain, 'aws_codebuild_project') as {
      environment: { environment_variable: { name: string; value: string }[] };
    };
    expect(environment.environment_variable).toContainEqual({ name: 'DRIFTBOM_ALERT_TOPIC', value: topic });
  });

  it('come for every build of ours that ends in another way than well', () => {
    expect(pattern(/failed/).detail).toEqual({
      'project-name': ['driftbom-scan'],
      'build-status': [{ 'anything-but': ['IN_PROGRESS', 'SUCCEEDED'] }],
    });
  });

  it('come when no scan has ended well for the set time', () => {
    const from = synth({ silenceHours: 50 });
    expect(one(from, 'aws_cloudwatch_metric_alarm')).toMatchObject({
      metric_name: 'SucceededBuilds',
      dimensions: { ProjectName: 'driftbom-scan' },
      period: 3600,
      evaluation_periods: 50,
      comparison_operator: 'LessThanThreshold',
      threshold: 1,
      treat_missing_data: 'breaching',
    });
  });

  it('use only paths that the message names, each line a JSON string', () => {
    for (const target of all(plain, 'aws_cloudwatch_event_target')) {
      const { input_paths, input_template } = target.input_transformer as {
        input_paths: Record<string, string>;
        input_template: string;
      };
      const lines = input_template.split('\n').map((line) => JSON.parse(line));
      const used = lines.flatMap((line: string) => [...line.matchAll(/<(\w+)>/g)].map((match) => match[1]));
      expect(used.sort()).toEqual(Object.keys(input_paths).sort());
    }
  });

  it('may be published only by our own rules and alarm', () => {
    for (const grant of statements(one(plain, 'aws_sns_topic_policy').policy)) {
      expect(grant.Condition).toHaveProperty(['ArnEquals', 'aws:SourceArn']);
    }
  });

  it('go to every address', () => {
    const from = synth({ alertEmails: ['a@example.com', 'b@example.com'] });
    expect(all(from, 'aws_sns_topic_subscription').map((block) => block.endpoint)).toEqual([
      'a@example.com',
      'b@example.com',
    ]);
  });
});

describe('the scanner’s own state', () => {
  it('goes to the set bucket', () => {
    expect(synth({ backend: 'acme-state/driftbom/scanner.tfstate' }).terraform.backend.s3).toMatchObject({
      bucket: 'acme-state',
      key: 'driftbom/scanner.tfstate',
      encrypt: true,
    });
  });
});
