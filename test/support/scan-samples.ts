import { createHash } from 'node:crypto';
import type { Change, Drift, Ignored } from '../../src/model/drift.ts';
import type { RecordedDrift } from '../../src/model/entry.ts';
import type { Gap, ResourceRef } from '../../src/model/resource.ts';
import type { RuleJudgement } from '../../src/model/rule.ts';
import type { Scan, ScanAudit, ScanSummary, WaiverNote } from '../../src/model/scan.ts';
import { UNKNOWN } from '../../src/model/value.ts';
import type { ScanReport } from '../../src/report/scan/scan-report.ts';
import { attributionOf } from './attribution-samples.ts';

const AWS = 'registry.terraform.io/hashicorp/aws';

/** A keyed digest as redaction writes it, told apart by one hex digit. */
export function mask(digit: string): string {
  return `hmac-sha256:k1:${digit.repeat(64)}`;
}

/** A digest that is the same on every run. */
export function digestOf(n: number): string {
  return createHash('sha256').update(`sample ${n}`).digest('hex');
}

export function ref(address: string, id?: string, workspace = 'prod'): ResourceRef {
  const type = address.split('.').at(-2) as string;
  return { address, type, id, workspace, provider: AWS };
}

export function change(
  path: string,
  before: Change['before'],
  after: Change['after'],
  more: Partial<Change> = {},
): Change {
  const op = more.op ?? 'replace';
  return { path, op, before, after, sensitive: false, cause: 'out-of-band', class: 'declared', ...more };
}

function changed(resource: ResourceRef, ...changes: readonly Change[]): Drift {
  return { kind: 'changed', resource, changes };
}

const POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Read',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:ListBucket'],
      Resource: ['arn:aws:s3:::orders-exports', 'arn:aws:s3:::orders-exports/*'],
    },
    { Sid: 'Logs', Effect: 'Allow', Action: ['logs:PutLogEvents'], Resource: '*' },
    {
      Sid: 'Keys',
      Effect: 'Allow',
      Action: ['kms:Decrypt'],
      Resource: 'arn:aws:kms:eu-central-1:111122223333:key/7c0f',
    },
  ],
};

const WIDENED = {
  ...POLICY,
  Statement: [{ ...POLICY.Statement[0], Action: ['s3:*'] }, ...POLICY.Statement.slice(1)],
};

/** The six drifts of a bad night, and a change of code that nobody has applied yet. */
export const DRIFTS = {
  lambda: changed(
    ref('module.orders.aws_lambda_function.ingest', 'orders-ingest'),
    change('timeout', 5, 900),
    change('memory_size', 512, 3008),
    change('tags.Owner', 'team-orders', null, { op: 'remove' }),
  ),
  ingress: changed(
    ref('aws_security_group.bastion', 'sg-0d5c8f1e2a9b7c341'),
    change(
      'ingress',
      null,
      {
        cidr_blocks: ['0.0.0.0/0'],
        description: 'tmp debug',
        from_port: 22,
        protocol: 'tcp',
        security_groups: [],
        self: false,
        to_port: 22,
      },
      { op: 'add' },
    ),
  ),
  publicAccess: changed(
    ref('aws_s3_bucket_public_access_block.exports', 'orders-exports'),
    change('block_public_acls', true, false),
    change('block_public_policy', true, false),
    change('ignore_public_acls', true, false),
    change('restrict_public_buckets', true, false),
  ),
  policy: changed(
    ref('aws_iam_role_policy.export', 'orders-export:access'),
    change('policy', JSON.stringify(POLICY), JSON.stringify(WIDENED)),
  ),
  secret: changed(
    ref('aws_db_instance.main', 'db-ORDERS'),
    change('password', mask('3'), mask('b'), { sensitive: true }),
    change('backup_retention_period', 30, 1, { cause: 'both' }),
    change('instance_class', 'db.m6g.large', 'db.m6g.2xlarge', { cause: 'unapplied' }),
  ),
  missing: { kind: 'missing', resource: ref('aws_s3_bucket.reports', 'orders-reports'), changes: [] },
  unapplied: changed(
    ref('aws_sqs_queue.retry["orders"]', 'https://sqs.eu-central-1.amazonaws.com/111122223333/orders-retry', 'staging'),
    change('visibility_timeout_seconds', 120, 30, { cause: 'unapplied' }),
  ),
  unmanaged: {
    kind: 'unmanaged',
    resource: ref('aws_iam_user.backdoor', 'backdoor', 'staging'),
    changes: [],
  },
} satisfies Record<string, Drift>;

export const GAPS: readonly Gap[] = [
  {
    address: 'aws_kms_key.main',
    workspace: 'prod',
    reason: 'access-denied',
    message:
      'AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/scanner is not authorized to perform: kms:DescribeKey',
  },
  {
    address: 'aws_secretsmanager_secret.db',
    workspace: 'prod',
    reason: 'access-denied',
    message: 'AccessDeniedException: not authorized to perform: secretsmanager:DescribeSecret',
  },
  {
    address: 'aws_iam_role.deploy',
    workspace: 'staging',
    reason: 'throttled',
    message: 'Throttling: Rate exceeded, after 5 attempts',
    path: 'inline_policy',
  },
];

export const IGNORED: readonly Ignored[] = [
  {
    address: 'aws_ecs_service.api',
    workspace: 'prod',
    path: 'desired_count',
    rule: 'lifecycle.ignore_changes',
    reason: 'The configuration ignores changes of this attribute',
  },
  {
    address: 'aws_autoscaling_group.workers',
    workspace: 'prod',
    path: 'desired_capacity',
    rule: 'driftbom.yaml ignore[0]',
    reason: 'The autoscaler moves it between 2 and 12',
  },
];

const COMPUTED: readonly Drift[] = [
  changed(
    ref('aws_lambda_function.audit', 'audit'),
    change('last_modified', '2026-03-01', '2026-03-13', { class: 'computed' }),
  ),
];

interface Parts {
  readonly drifts?: readonly Drift[];
  readonly gaps?: readonly Gap[];
  readonly ignored?: readonly Ignored[];
  readonly computed?: readonly Drift[];
  /** Declared resources in all. */
  readonly resources?: number;
}

/** What was compared, a quarter of it in staging; resources in sync have made-up addresses. */
function comparedIn(drifts: readonly Drift[], total: number): Scan['scope']['compared'] {
  const named = drifts.filter((drift) => drift.kind !== 'unmanaged').map((drift) => drift.resource);
  const quiet = Array.from({ length: Math.max(0, total - named.length) }, (_, i) => ({
    workspace: i % 4 === 0 ? 'staging' : 'prod',
    address: `aws_sqs_queue.quiet[${i}]`,
  }));
  return ['prod', 'staging'].map((workspace) => ({
    workspace,
    addresses: [...named, ...quiet].filter((one) => one.workspace === workspace).map((one) => one.address),
  }));
}

/** A scan of two workspaces; its summary is counted from its parts, so that the two cannot disagree. */
export function scanOf({ drifts = [], gaps = [], ignored = [], computed = [], resources = 46 }: Parts): Scan {
  const ofKind = (kind: Drift['kind']) => drifts.filter((drift) => drift.kind === kind).length;
  const unread = gaps.filter((gap) => gap.path === undefined).length;
  const summary: ScanSummary = {
    resources,
    inSync: resources - ofKind('changed') - ofKind('missing') - unread,
    changed: ofKind('changed'),
    missing: ofKind('missing'),
    unread,
    unmanaged: ofKind('unmanaged'),
    gaps: gaps.length,
    ignored: ignored.length,
  };
  return {
    id: '0195923c-8e6b-7d2a-9c41-5b8e2f6a1d07',
    startedAt: '2026-03-14T02:03:11.482Z',
    finishedAt: '2026-03-14T02:03:13.604Z',
    tool: { name: 'driftbom', version: '0.1.0' },
    scope: {
      workspaces: ['prod', 'staging'],
      declared: ['terraform directory', 'terraform state'],
      live: 'provider',
      providers: [{ source: AWS, version: '6.18.0' }],
      compared: comparedIn(drifts, resources - unread),
      skippedDataSources: 7,
    },
    inputs: [
      {
        kind: 'state',
        name: 'infra/prod/terraform.tfstate',
        sha256: digestOf(900),
        lineage: '7c1e6f0a-5f0e-4c58-a6a8-9f4f1f6f8f11',
        serial: 214,
        workspace: 'prod',
      },
      {
        kind: 'state',
        name: 's3://acme-tfstate/staging.tfstate',
        sha256: digestOf(901),
        serial: 88,
        workspace: 'staging',
      },
      { kind: 'lock', name: 'infra/prod/.terraform.lock.hcl', sha256: digestOf(902), workspace: 'prod' },
    ],
    summary,
    drifts: drifts.map((drift) => ({ drift, documents: { declared: null, live: null } })),
    gaps,
    ignored,
    computed,
  };
}

/** Each drift as the ledger would know it; every third one was seen before. */
function recorded(scan: Scan): readonly RecordedDrift[] {
  return scan.drifts.map(({ drift }, i) => ({
    driftKey: digestOf(100 + i),
    address: drift.resource.address,
    workspace: drift.resource.workspace,
    index: i % 3 === 2 ? 4 + i : 41 + i,
    digest: digestOf(i),
    standing: i % 3 === 2 ? 'still-open' : 'new',
    firstSeen: i % 3 === 2 ? '2026-03-11T02:03:09.118Z' : '2026-03-14T02:03:13.604Z',
  }));
}

export function reportOf(scan: Scan, resolved = false): ScanReport {
  return {
    scan,
    recorded: recorded(scan),
    ledger: {
      place: '.driftbom/ledger',
      origin: 'driftbom.local/orders',
      size: 58,
      scanEntry: { index: 57, digest: digestOf(57) },
      resolved: resolved
        ? [
            {
              index: 56,
              digest: digestOf(56),
              address: 'aws_cloudwatch_metric_alarm.errors',
              workspace: 'prod',
              resolution: 'reverted',
            },
          ]
        : [],
    },
  };
}

const HOSTILE = [
  '</td><script>alert(1)</script>',
  '\u001b[2J\u001b[31mowned\u009b31m',
  '{{constructor}} {{{this}}}',
  '| cell | `code` **bold** [link](javascript:alert(1)) @everyone',
  '```\n# heading\n- [ ] task',
  '\u202eevil\u202c \u200bzero',
].join(' ');

/** A look into an audit log, with a write of each kind that makes an entry by itself. */
function auditOf(finishedAt: string, name: string, gaps: readonly string[]): ScanAudit {
  const searched = {
    from: '2026-03-13T02:03:11Z',
    to: finishedAt,
    regions: ['eu-central-1'],
    horizon: '2026-03-14T01:58:40Z',
    gaps,
  };
  const writes = [
    ['transient', 'aws_lambda_function.pay', [change('timeout', UNKNOWN, 99)]],
    ['kept', 'aws_sqs_queue.jobs', [change('tags.Owner', UNKNOWN, 'ops'), change('tags.Team', UNKNOWN, 'x')]],
    ['unseen', 'aws_ssm_parameter.limit', []],
  ] as const;
  return {
    source: 's3://acme-trail/AWSLogs',
    searched,
    population: {
      from: '2026-03-13T02:03:11Z',
      to: finishedAt,
      events: 9,
      entries: 4,
      excluded: { 'in-band': 4, service: 1 },
      difference: 0,
    },
    changes: writes.map(([kind, address, changes]) => ({
      kind,
      resource: ref(address, address.replace(/^.*\./, '')),
      driftKind: 'changed',
      changes,
      attribution: { ...attributionOf('confirmed', [name]), occurredAt: '2026-03-14T01:12:09Z', searched },
    })),
  };
}

function auditedScan(): ScanReport {
  const scan = scanOf({ drifts: [DRIFTS.lambda] });
  const gaps = ['12 files: is no JSON (a.json, b.json, c.json and 9 more)', 'region us-east-1: LookupEvents failed'];
  const attribution = { ...attributionOf('confirmed', ['kim@example.com']), paths: [] };
  return {
    ...reportOf({ ...scan, audit: auditOf(scan.finishedAt, 'kim@example.com', gaps) }),
    improved: [{ address: 'aws_security_group.web', entry: 12, correction: 56, attribution }],
  };
}

/** Text that attacks each format, in every place that others can write to. */
const HOSTILE_FACTS: Scan = scanOf({
  resources: 4,
  drifts: [
    changed(
      ref(`aws_ssm_parameter.p["${HOSTILE}"]`, HOSTILE),
      change(`tags["${HOSTILE}"]`, HOSTILE, `${HOSTILE}!`),
      change('description', 'short', '`|`'),
      change('short', '<b>', '{{x}}'),
      change('value', null, HOSTILE, { op: 'add' }),
    ),
  ],
  gaps: [{ address: `aws_x.y["${HOSTILE}"]`, workspace: HOSTILE, reason: 'provider-error', message: HOSTILE }],
  ignored: [{ address: HOSTILE, workspace: HOSTILE, path: HOSTILE, rule: HOSTILE, reason: HOSTILE }],
});
export const HOSTILE_SCAN: Scan = {
  ...HOSTILE_FACTS,
  audit: auditOf(HOSTILE_FACTS.finishedAt, HOSTILE, [`${HOSTILE}: ${HOSTILE}`]),
};

/** The scans that golden files are rendered from, by story. */
/** One drift that a waiver covers, one that it covers in part, and (`uncovered` of them) one whose waiver has expired. */
function waivedScan(uncovered: number): Scan {
  const note = (index: number, more: Partial<WaiverNote> = {}): WaiverNote => ({
    ...{ index, digest: digestOf(700 + index), path: null, until: '2026-04-01T00:00:00.000Z' },
    ...{ address: 'aws_*', requestedBy: 'kim@example.com', approvedBy: 'lee@example.com', reason: 'load test' },
    ...more,
  });
  const complete = { complete: true, active: [note(31)], expired: [], uncovered: [] };
  const part = {
    complete: false,
    active: [note(32, { path: 'timeout' })],
    expired: [note(12, { until: '2026-03-01T00:00:00.000Z', reason: HOSTILE })],
    uncovered: ['memory_size'],
  };
  const drifts = [DRIFTS.ingress, DRIFTS.lambda, DRIFTS.missing].slice(0, 1 + uncovered);
  const scan = scanOf({ drifts });
  return {
    ...scan,
    drifts: scan.drifts.map((one, i) => ({ ...one, waiver: i === 0 ? complete : part })),
    summary: { ...scan.summary, waived: 1 },
  };
}

/** Rules of both places: violated, green, not assessed, of no account, unreadable; `text` stands wherever others can write. */
function ruledScan(text: string, drifts: readonly Drift[]): ScanReport {
  const scan = scanOf({ drifts });
  const rule = (id: string, more: Partial<RuleJudgement>): RuleJudgement => ({
    ...{ id, title: `${id} ${text}`, kind: 'range', severity: 'high', digest: digestOf(800), checked: 3 },
    ...{ origin: { source: 'ledger', index: 31, entry: digestOf(31) }, violations: [], notAssessed: [], ...more },
  });
  const at = { workspace: 'prod', address: `aws_ssm_parameter.p["${text}"]`, type: 'aws_ssm_parameter' };
  const violation = {
    ...at,
    path: 'value',
    value: text,
    sensitive: false,
    because: `${JSON.stringify(text)} is not 1`,
  };
  const secret = { ...at, path: 'password', value: mask('3'), sensitive: true, because: 'password is set' };
  const judged = [
    rule('R-0001', { violations: [violation, secret] }),
    rule('R-0002', {
      kind: 'tag',
      severity: 'low',
      origin: { source: 'config' },
      violations: [{ ...violation, path: 'tags.Owner', value: null }],
    }),
    rule('R-0003', {
      notAssessed: [
        { reason: 'secret', count: 2, first: at },
        { reason: 'unread', count: 1, first: at },
      ],
    }),
    rule('R-0004', { kind: 'combination' }),
    rule('R-0005', { checked: 0 }),
  ];
  return reportOf({
    ...scan,
    summary: { ...scan.summary, violations: 3, minorViolations: 1, notAssessed: 3 },
    rules: { size: 57, standing: [], judged, unreadable: [{ index: 12, why: `its payload was erased ${text}` }] },
  });
}

export const SCANS = {
  'in-sync': reportOf(scanOf({ ignored: IGNORED })),
  drift: reportOf(scanOf({ drifts: Object.values(DRIFTS), gaps: GAPS, ignored: IGNORED, computed: COMPUTED }), true),
  gaps: reportOf(scanOf({ gaps: GAPS })),
  unread: reportOf(scanOf({ resources: 2, gaps: GAPS.slice(0, 2) })),
  secrets: reportOf(
    scanOf({
      resources: 3,
      drifts: [
        DRIFTS.secret,
        changed(
          ref('aws_lambda_function.pay', 'pay'),
          change(
            'environment[0].variables',
            { DB_TOKEN: mask('1'), MODE: 'live', STRIPE_KEY: mask('2') },
            { DB_TOKEN: mask('1'), MODE: 'live', STRIPE_KEY: mask('f') },
            { sensitive: true },
          ),
        ),
      ],
    }),
  ),
  waived: reportOf(waivedScan(1)),
  audited: auditedScan(),
  'all-waived': reportOf(waivedScan(0)),
  hostile: reportOf(HOSTILE_SCAN),
  ruled: ruledScan('batch size', [DRIFTS.lambda]),
  violated: ruledScan('batch size', []),
  'rules-hostile': ruledScan(HOSTILE, []),
  'not-recorded': { scan: scanOf({ drifts: [DRIFTS.lambda] }), recorded: undefined, ledger: undefined },
} satisfies Record<string, ScanReport>;
