import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditRecord, JsonMap } from '../../../src/attribution/port.ts';
import { lineageOf } from '../../../src/attribution/who/lineage.ts';
import type { WhyQuestion } from '../../../src/attribution/why/clue.ts';
import { reasonFor } from '../../../src/attribution/why/reason-for.ts';
import type { ChangeRecord, RecordedChange, WhySources } from '../../../src/attribution/why/sources.ts';
import {
  CENTER_ROLE,
  githubToken,
  issuing,
  publicRecords,
  ROLE,
  session,
  user,
  write,
} from '../../support/who-records.ts';
import { commit, NOWHERE, question } from '../../support/why-questions.ts';

const TERRAFORM =
  'APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) terraform-provider-aws/5.67.0 (+https://x.example) aws-sdk-go-v2/1.30.5 ua/2.1 os/linux lang/go#1.22.7 md/GOOS#linux api/ec2#1.177.3 m/E';

function why(
  record: AuditRecord | null,
  sessions: readonly AuditRecord[] = [],
  sources: Partial<WhySources> = {},
  more: Partial<WhyQuestion> = {},
) {
  return reasonFor(question(record, more), lineageOf(sessions), { ...NOWHERE, ...sources });
}

const call = (request: JsonMap, eventSource: string, eventName: string): AuditRecord => ({
  ...write(user('alice'), { requestParameters: request }),
  eventSource,
  eventName,
});

describe('a reason in the log', () => {
  it('is a ticket in the source identity', () => {
    const identity = session(ROLE, 'x');
    const record = write({
      ...identity,
      sessionContext: { ...(identity.sessionContext as JsonMap), sourceIdentity: 'alice.CHG-77' },
    });
    expect(why(record).reason).toEqual({
      text: 'alice.CHG-77',
      source: 'source identity',
      trust: 'high',
      references: ['CHG-77'],
    });
  });

  it('is a ticket in the session name, also of an earlier session', () => {
    const sessions = [issuing('s1', session(ROLE, 'ops-INC-9', 'ASIA0'), 'ASIA1')];
    for (const record of [write(session(ROLE, 'ops-INC-9')), write(session(ROLE, 'x', 'ASIA1'))]) {
      expect(why(record, sessions).reason).toMatchObject({
        text: 'ops-INC-9',
        source: 'role session name',
        trust: 'medium',
        references: ['INC-9'],
      });
    }
  });

  it('is no user name and no identifier that only looks like a ticket', () => {
    for (const record of [
      write(session(CENTER_ROLE, 'AGENT-47')),
      write(session(ROLE, '0A1B2C3D-4E5F-1111-2222-0123456789AB')),
      write(session(ROLE, 'alice@example.com')),
      write(user('alice')),
    ]) {
      expect(why(record).reason).toBeNull();
    }
  });

  it('is a ticket of the form that the user configured', () => {
    expect(why(write(session(ROLE, 'run-4711')), [], { ticketPattern: /\b\d{4}\b/ }).reason?.references).toEqual([
      '4711',
    ]);
  });

  it('is a session tag: words before tickets, tickets before the run', () => {
    const tags = (list: JsonMap[]) =>
      why(write(session(ROLE, 'x', 'ASIA1')), [issuing('s1', user('a'), 'ASIA1', { tags: list })]).reason;
    const run = [
      { key: 'Repository', value: 'acme/infra' },
      { key: 'Commit', value: '1a2b3c4' },
    ];
    expect(tags([...run, { key: 'ticket_no', value: '4711' }, { key: 'Justification', value: 'disk full' }])).toEqual({
      text: 'disk full',
      source: 'session tag Justification',
      trust: 'high',
      references: [],
    });
    expect(tags([...run, { key: 'ticket_no', value: '4711' }])).toMatchObject({ text: '4711', trust: 'high' });
    expect(tags(run)).toEqual({
      text: 'Repository=acme/infra Commit=1a2b3c4',
      source: 'session tags of the run',
      trust: 'high',
      references: ['commit 1a2b3c4'],
    });
    expect(
      tags([
        { key: 'Team', value: 'net' },
        { key: 'Reason', value: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      ]),
    ).toBeNull();
  });

  it('is less trusted where an earlier session had the tag', () => {
    const sessions = [
      issuing('s1', user('a'), 'ASIA1', { tags: [{ key: 'Reason', value: 'disk full' }] }),
      issuing('s2', session(ROLE, 'y', 'ASIA1'), 'ASIA2'),
    ];
    expect(why(write(session(ROLE, 'x', 'ASIA2')), sessions).reason).toMatchObject({
      source: 'session tag Reason of an earlier session',
      trust: 'medium',
    });
  });

  it('is, for want of better, the branch that a pipeline ran for', () => {
    const sessions = [issuing('s1', githubToken('repo:acme/infra:ref:refs/heads/main'), 'ASIA1')];
    expect(why(write(session(ROLE, 'GitHubActions', 'ASIA1')), sessions).reason).toEqual({
      text: 'repo:acme/infra:ref:refs/heads/main',
      source: 'OIDC subject',
      trust: 'medium',
      references: [],
    });
  });

  it.each([
    [`${TERRAFORM} CHG-12 rollback`, 'CHG-12 rollback'],
    [`${TERRAFORM} (release 7)`, '(release 7)'],
    [`${TERRAFORM} cdktf/0.21.0 (+https://github.com/hashicorp/terraform-cdk)`, undefined],
    [
      `${TERRAFORM} 68319f60-9dec-43b2-9702-de3a08c9d8a3 HashiCorp-terraform-exec/0.17.3`,
      '68319f60-9dec-43b2-9702-de3a08c9d8a3',
    ],
    [TERRAFORM, undefined],
    [
      'aws-sdk-go/1.29.7 (go1.13.7; darwin; amd64) APN/1.0 HashiCorp/1.0 Terraform/0.12.24 (+https://www.terraform.io)',
      undefined,
    ],
    ['aws-cli/2.1 CHG-12', undefined],
  ])('is what was appended to the user agent %s', (userAgent, text) => {
    expect(why(write(user('a'), { userAgent })).reason?.text).toBe(text);
  });

  it.each([
    [
      'the comment of a change of records',
      call(
        { hostedZoneId: 'Z1', changeBatch: { comment: 'move to new ALB' } },
        'route53.amazonaws.com',
        'ChangeResourceRecordSets',
      ),
      'move to new ALB',
      'comment in the call (requestParameters.changeBatch.comment)',
    ],
    [
      'the description of a rule',
      call(
        { ipPermissions: { items: [{ ipRanges: { items: [{ cidrIp: '1.2.3.4/32', description: 'SSH for me' }] } }] } },
        'ec2.amazonaws.com',
        'AuthorizeSecurityGroupIngress',
      ),
      'SSH for me',
      'comment in the call (requestParameters.ipPermissions.items.ipRanges.items.description)',
    ],
    [
      'the description of a function’s configuration, whatever the API’s date',
      call({ description: 'more memory' }, 'lambda.amazonaws.com', 'UpdateFunctionConfiguration20150331v2'),
      'more memory',
      'comment in the call (requestParameters.description)',
    ],
    [
      'a ticket tag',
      call({ tagSet: { items: [{ key: 'Ticket', value: 'CHG-5' }] } }, 'ec2.amazonaws.com', 'CreateTags'),
      'CHG-5',
      'tag set by the call (requestParameters.tagSet.items[Ticket])',
    ],
    [
      'a ticket tag in a map',
      call({ resourceArn: 'a', tags: { 'change-id': 'CHG-6', Team: 'x' } }, 'kms.amazonaws.com', 'TagResource'),
      'CHG-6',
      'tag set by the call (requestParameters.tags.change-id)',
    ],
  ])('is %s', (_what, record, text, source) => {
    expect(why(record).reason).toMatchObject({ text, source, trust: 'low' });
  });

  it('is no standing description that is only sent along', () => {
    const standing = { distributionConfig: { comment: 'Our web site' } };
    expect(why(call(standing, 'cloudfront.amazonaws.com', 'UpdateDistribution')).reason).toBeNull();
  });

  it('shows no secret and nothing that AWS hides', () => {
    const told = (description: string) => why(call({ description }, 'ssm.amazonaws.com', 'PutParameter')).reason?.text;
    expect(told('password=hunter2hunter2')).toBe('(hidden: it looks like a secret)');
    expect(told('HIDDEN_DUE_TO_SECURITY_REASONS')).toBeUndefined();
    expect(told('x'.repeat(1000))).toHaveLength(300);
  });
});

const WINDOW: ChangeRecord = {
  id: 'CHG-12',
  from: '2026-03-14T02:00:00Z',
  to: '2026-03-14T03:00:00Z',
  resources: ['aws_instance.*'],
  reason: 'Planned failover',
  approver: 'carol',
  approvedAt: null,
  place: 'changes.csv:2',
};

describe('a reason in a change record', () => {
  const from = (records: readonly ChangeRecord[], record = write(user('a'))) =>
    why(record, [], { changeRecords: records }).reason;

  it('is trusted by how it is tied to the change', () => {
    expect(from([WINDOW])).toEqual({
      text: 'Planned failover',
      source: 'change record CHG-12 (its window and its resources agree)',
      trust: 'medium',
      references: ['CHG-12', 'changes.csv:2', 'approved by carol'],
      authorisation: {
        source: 'change record CHG-12 (its window and its resources agree)',
        trust: 'medium',
        authors: [],
        approvals: [{ by: 'carol', at: null, basis: null }],
      },
    });
    expect(from([{ ...WINDOW, resources: [] }])).toMatchObject({ trust: 'low' });
    expect(from([{ ...WINDOW, resources: ['i-0123456789abcdef0'] }])).toMatchObject({ trust: 'medium' });
    expect(from([{ ...WINDOW, resources: ['prod:aws_instance.web'] }])).toMatchObject({ trust: 'medium' });
    expect(from([WINDOW], write(session(ROLE, 'a.CHG-12')))).toMatchObject({
      text: 'Planned failover',
      source: 'change record CHG-12 (named by the role session name)',
      trust: 'high',
    });
  });

  it('is none where window or resource is another', () => {
    expect(from([{ ...WINDOW, to: '2026-03-14T02:03:10Z' }])).toBeNull();
    expect(from([{ ...WINDOW, resources: ['aws_db_instance.*', 'test:aws_instance.web'] }])).toBeNull();
    expect(from([{ ...WINDOW, to: '2026-03-14T02:03:10Z' }], write(session(ROLE, 'CHG-12')))?.source).toBe(
      'role session name',
    );
  });

  it('is that of the narrowest window, in any order', () => {
    const wide = { ...WINDOW, id: 'WIDE-1', from: '2026-03-01T00:00:00Z', to: '2026-03-31T00:00:00Z' };
    for (const records of [
      [WINDOW, wide],
      [wide, WINDOW],
    ])
      expect(from(records)?.references[0]).toBe('CHG-12');
  });

  it('is found by the bounds where the moment is not known', () => {
    const bounds = { occurredAt: null, notBefore: '2026-03-13T00:00:00Z' };
    expect(why(null, [], { changeRecords: [WINDOW] }, bounds).reason?.text).toBe('Planned failover');
  });
});

describe('a reason that was recorded', () => {
  const entry: RecordedChange = {
    entry: '#12',
    address: 'aws_instance.web',
    workspace: 'prod',
    occurredAt: '2026-03-14T02:00:00Z',
    notBefore: null,
    notAfter: '2026-03-14T02:10:00Z',
    reason: 'out of disk',
    references: ['INC-1'],
  };
  const from = (recorded: RecordedChange) => why(write(user('a')), [], { recorded: [recorded] }).reason;

  it('is taken for its own resource at its own time', () => {
    expect(from(entry)).toEqual({
      text: 'out of disk',
      source: 'driftbom record (entry #12)',
      trust: 'high',
      references: ['entry #12', 'INC-1'],
    });
    expect(from({ ...entry, workspace: null, address: 'i-0123456789abcdef0' })).not.toBeNull();
    expect(from({ ...entry, address: 'aws_instance.db' })).toBeNull();
    expect(from({ ...entry, workspace: 'test' })).toBeNull();
    expect(from({ ...entry, occurredAt: '2026-03-14T00:30:00Z' })).toBeNull();
  });

  it('without a workspace is taken where it names the id, and not where only the address agrees', () => {
    const unsaid = { ...entry, workspace: 'default' };
    expect(from({ ...unsaid, address: 'i-0123456789abcdef0' })).not.toBeNull();
    expect(from(unsaid)).toBeNull();
  });
});

describe('a reason in git', () => {
  const record = write(session(ROLE, 'x', 'ASIA1'));
  const change = {
    path: 'request_timeout',
    op: 'replace',
    before: 30,
    after: 60,
    sensitive: false,
    cause: 'out-of-band',
    class: 'declared',
  } as const;

  it('is the commit that the session names', () => {
    const sessions = [issuing('s1', user('ci'), 'ASIA1', { tags: [{ key: 'GIT_SHA', value: '1A2B3C4D' }] })];
    expect(why(record, sessions, { commits: [commit({ id: 'ff'.repeat(20) }), commit()] }).reason).toEqual({
      text: 'Allow longer requests',
      source: 'commit 1a2b3c4 (named by the session tags)',
      trust: 'high',
      references: [
        `commit ${commit().id}`,
        'pull request #12',
        'author Alice <alice@example.com>',
        'approved by Bob <bob@example.com>',
      ],
      authorisation: {
        source: 'commit 1a2b3c4 (named by the session tags)',
        trust: 'high',
        authors: ['Alice <alice@example.com>'],
        approvals: commit().approvals,
      },
    });
  });

  it('is, for the pipeline, the last commit to the declaring files before the apply', () => {
    const commits = [
      commit({ id: 'a'.repeat(40), committedAt: '2026-03-14T02:30:00Z', title: 'later' }),
      commit({ id: 'b'.repeat(40), files: ['other.tf'], title: 'elsewhere' }),
      commit({ id: 'c'.repeat(40), committedAt: '2026-03-12T20:00:00Z', title: 'earlier' }),
      commit(),
    ];
    expect(why(record, [], { commits }, { byPipeline: true }).reason).toMatchObject({
      text: 'Allow longer requests',
      source: 'commit 1a2b3c4 (the last one to its files before the apply)',
      trust: 'medium',
    });
    expect(why(record, [], { commits: commits.slice(0, 2) }, { byPipeline: true }).reason).toBeNull();
    expect(why(record, [], { commits }, { byPipeline: true, declaredIn: [] }).reason).toMatchObject({ trust: 'low' });
  });

  it('is, for anybody else, only where the change was adopted', () => {
    const later = commit({ committedAt: '2026-03-15T08:00:00Z' });
    const told = (one: typeof later, changes = [change]) => why(record, [], { commits: [one] }, { changes }).reason;
    expect(told(later)).toMatchObject({ source: 'adopted by commit 1a2b3c4', trust: 'low' });
    expect(told({ ...later, added: ['    requestTimeout: 60,'] })?.source).toBe('adopted by commit 1a2b3c4');
    expect(told({ ...later, added: ['  request_timeout = 61', '  other = 60'] })).toBeNull();
    expect(told({ ...later, committedAt: '2026-03-13T08:00:00Z' })).toBeNull();
    expect(told({ ...later, files: ['other.tf'] })).toBeNull();
    expect(told(later, [{ ...change, sensitive: true } as never])).toBeNull();
    expect(told(later, [])).toBeNull();
  });
});

describe('of several reasons', () => {
  it('the most trusted is taken, then the closest', () => {
    const sessions = [
      issuing('s1', githubToken('repo:acme/infra:ref:refs/heads/main'), 'ASIA1', {
        tags: [{ key: 'Reason', value: 'disk full' }],
      }),
    ];
    const record = write(session(ROLE, 'CHG-1', 'ASIA1'), { userAgent: `${TERRAFORM} CHG-2` });
    expect(why(record, sessions, { changeRecords: [WINDOW] }).reason?.text).toBe('disk full');
    const bare = [issuing('s1', githubToken('repo:acme/infra:ref:refs/heads/main'), 'ASIA1')];
    expect(why(record, bare, { changeRecords: [WINDOW] }).reason?.text).toBe('CHG-1');
  });

  it('none is made up, and every place that was looked in is said', () => {
    expect(why(write(user('a')))).toEqual({
      reason: null,
      lookedIn: [
        'source identity',
        'session tags',
        'role session name',
        'OIDC subject',
        'user agent',
        'comments in the call',
      ],
    });
    const sources = { changeRecords: [], commits: [], unread: new Map([['git history', 'the clone is shallow']]) };
    expect(why(null, [], sources).lookedIn).toEqual(['change records', 'git history (the clone is shallow)']);
  });

  it('public records give only what stands in them', () => {
    for (const { record, sessions } of publicRecords()) {
      const { reason } = why(record, sessions);
      if (reason === null) continue;
      const all = JSON.stringify([record.json, sessions.map((one) => one.json)]);
      for (const word of reason.text.split('; ')) expect(all).toContain(JSON.stringify(word).slice(1, -1));
    }
  });

  it('any request at all has an answer', () => {
    const tree = fc.letrec((tie) => ({
      node: fc.oneof({ maxDepth: 4 }, fc.string(), fc.constant(null), fc.array(tie('node')), tie('map')),
      map: fc.dictionary(
        fc.constantFrom('tags', 'key', 'value', 'description', '__proto__', 'Ticket', 'items'),
        tie('node'),
      ),
    }));
    fc.assert(
      fc.property(tree.node, (request) => {
        const record = call(request as JsonMap, 'ssm.amazonaws.com', 'PutParameter');
        const answer = why(record, [issuing('s', user('x'), 'ASIA1', request as JsonMap)]);
        expect(answer.lookedIn).toHaveLength(6);
      }),
    );
  });
});
