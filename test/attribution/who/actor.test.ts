import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actorOf, ownPipeline, whoResolver } from '../../../src/attribution/who/actor.ts';
import { lineageOf } from '../../../src/attribution/who/lineage.ts';
import type { PipelineIdentities } from '../../../src/attribution/who/pipeline.ts';
import type { AuditRecord, JsonMap } from '../../../src/attribution/port.ts';
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

const mask = (text: string): string => `masked(${text.length})`;
const who = whoResolver(mask);
const TERRAFORM =
  'APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) terraform-provider-aws/5.67.0 aws-sdk-go-v2/1.30.5';

function actor(identity: JsonMap, sessions: readonly AuditRecord[] = [], more: JsonMap = {}) {
  return actorOf(write(identity, more), lineageOf(sessions), mask);
}

describe('public records', () => {
  const expected: Record<string, readonly [name: string, kind: string, via: string]> = {
    'an Auto Scaling call with the credentials of the root user': ['autoscaling.amazonaws.com', 'service', 'service'],
    'a database made by a stack': ['UserRole/userid', 'role', 'cloudformation'],
    'a console call from inside AWS under a shared role': ['c7nbot/carol', 'role', 'console'],
    'a console call of an IAM user': ['erin', 'person', 'console'],
    'a bucket made by the root user in the S3 console': ['root user of account 619193117841', 'account', 'console'],
    'an old console call by way of signin': ['c7nbot', 'person', 'console'],
    'an IAM user without a user name': ['arn:aws:iam::00000:robot', 'unknown', 'console'],
    'a record without any identity': ['unknown', 'unknown', 'unknown'],
    'a role assumed from another account, as its owner sees it': ['account 774305579662', 'account', 'sdk'],
    'a service event without a type': ['ecr.amazonaws.com', 'service', 'service'],
    'GitHub Actions assumes a role': ['repo:example-org/cloud-snitch (GitHub Actions)', 'pipeline', 'sdk'],
    'a federated user and who issued it': [
      'stratus-red-team-user-federation-user (federated as stratus_red_team)',
      'person',
      'sdk',
    ],
    'an Identity Center session': ['bob@example.com', 'person', 'unknown'],
    'a role assumed by an IAM user': ['alice', 'person', 'unknown'],
    'the role of an EC2 instance': [
      'stratus-red-team-ec2-steal-credentials-role/i-786a3A8B5C0d92eF4',
      'role',
      'unknown',
    ],
    'Terraform under an Identity Center session': ['fake.user', 'person', 'terraform'],
    'Terraform 0.12 under a shared role': ['Operator/ken@example.com', 'role', 'terraform'],
    'a service-linked role': ['autoscaling.amazonaws.com', 'service', 'service'],
    'a service-linked role of Identity Center itself': ['sso.amazonaws.com', 'service', 'service'],
    'the command line in a console shell': ['Nikki', 'person', 'cli'],
    'a federated user whose issuer the record does not name': ['federated user federated-user', 'unknown', 'cli'],
    'the S3 console under a shared role': ['BucketAdministrator/user_name', 'role', 'console'],
    'a script under a shared role': ['CompromisedRole/attacker', 'role', 'unknown'],
    'a session whose record lacks the issuer': ['DBARole/admin', 'role', 'cli'],
    'the command line of an IAM user': ['johndoe', 'person', 'cli'],
  };

  it.each(publicRecords())('tells who made $story', ({ story, record, sessions }) => {
    const { name, kind, via } = who(record, sessions);
    expect([name, kind, via]).toEqual(expected[story]);
  });

  it('are all expected to be something', () => {
    expect(publicRecords().map((one) => one.story)).toEqual(Object.keys(expected));
  });
});

describe('a person behind a role', () => {
  it('is named by the source identity', () => {
    const identity = session(ROLE, 'x');
    const context = identity.sessionContext as JsonMap;
    const told = actor({ ...identity, sessionContext: { ...context, sourceIdentity: 'alice' } });
    expect(told).toMatchObject({ name: 'alice', kind: 'person', sourceIdentity: 'alice', role: ROLE });
  });

  it('is named beside the source identity that he set himself', () => {
    const sessions = [issuing('s1', user('bob'), 'ASIA1', { sourceIdentity: 'alice' })];
    expect(actor(session(ROLE, 'x', 'ASIA1'), sessions)).toMatchObject({
      name: 'alice (source identity of a session of bob)',
      kind: 'person',
    });
  });

  it('is the user of an Identity Center session, also through further roles', () => {
    const sessions = [issuing('s1', session(CENTER_ROLE, 'grace@example.com', 'ASIA0'), 'ASIA1')];
    expect(actor(session(ROLE, 'run', 'ASIA1'), sessions)).toMatchObject({ name: 'grace@example.com', kind: 'person' });
  });

  it('is the SAML subject that was let in', () => {
    const saml = { type: 'SAMLUser', userName: 'frank@example.com', identityProvider: 'idp' };
    const sessions = [issuing('s1', saml, 'ASIA1', {}, 'AssumeRoleWithSAML')];
    expect(actor(session(ROLE, 'anything', 'ASIA1'), sessions)).toMatchObject({
      name: 'frank@example.com',
      kind: 'person',
      lineage: [{ eventId: 's1', eventName: 'AssumeRoleWithSAML', principal: 'frank@example.com' }],
    });
  });

  it('is who assumed the root user of a member account', () => {
    const sessions = [issuing('s1', user('heidi'), 'ASIA1', {}, 'AssumeRoot')];
    expect(actor({ type: 'Root', accountId: '2', accessKeyId: 'ASIA1' }, sessions).name).toBe('heidi');
  });

  it('is printed by id where only Identity Center knows the name', () => {
    const identity = {
      type: 'IdentityCenterUser',
      accountId: '1',
      onBehalfOf: { userId: '9067-44', identityStoreArn: 'a' },
    };
    expect(actor(identity)).toMatchObject({
      name: 'Identity Center user 9067-44 (name not resolved)',
      kind: 'person',
      id: '9067-44',
    });
  });

  it('is not made of a session name, whatever role it is', () => {
    for (const role of [ROLE, 'arn:aws:iam::1:role/AWSReservedSSO_Admin_0123456789abcdef']) {
      expect(actor(session(role, 'alice@example.com'))).toMatchObject({ kind: 'role' });
    }
  });

  it('is not made of a role that looks like a service-linked one', () => {
    expect(actor(session('arn:aws:iam::1:role/AWSServiceRoleForX', 'X'))).toMatchObject({ kind: 'role' });
  });

  it('is still a person where a stack made the call', () => {
    const identity = { ...session(CENTER_ROLE, 'grace'), invokedBy: 'cloudformation.amazonaws.com' };
    expect(actor(identity)).toMatchObject({ name: 'grace', kind: 'person', via: 'cloudformation' });
  });
});

describe('a service', () => {
  it.each([
    ['by its own identity', { type: 'AWSService', invokedBy: 'backup.amazonaws.com' }, 'backup.amazonaws.com'],
    [
      'by a role handed to it',
      { ...session(ROLE, 'b'), invokedBy: 'spotfleet.amazonaws.com' },
      'spotfleet.amazonaws.com',
    ],
    ['by a user who asked it', { ...user('alice'), invokedBy: 'athena.amazonaws.com' }, 'athena.amazonaws.com'],
    [
      'by its linked role, unsaid',
      session('arn:aws:iam::1:role/aws-service-role/ops.amazonaws.com/AWSServiceRoleForOps', 'Ops'),
      'ops.amazonaws.com',
    ],
    ['unnamed', { accountId: '1', invokedBy: 'AWS Internal' }, 'ec2.amazonaws.com'],
  ])('acts %s', (_how, identity, name) => {
    expect(actor(identity)).toMatchObject({ name, kind: 'service', via: 'service' });
  });

  it('keeps its own address, and nobody else does', () => {
    const own = { sourceIPAddress: 'rds.amazonaws.com' };
    expect(actor({ type: 'AWSService', invokedBy: 'rds.amazonaws.com' }, [], own).sourceAddress).toBe(
      'rds.amazonaws.com',
    );
    expect(actor(user('alice')).sourceAddress).toBe('masked(11)');
    expect(actor(user('alice'), [], { sourceIPAddress: 'evil.amazonaws.com.example' }).sourceAddress).toBe(
      'masked(26)',
    );
  });
});

describe('a pipeline', () => {
  const pipeline: PipelineIdentities = {
    roles: ['arn:aws:iam::111122223333:role/dep*'],
    subjects: ['repo:acme/*'],
    users: ['ci'],
    userAgents: [],
  };
  const ours = (identity: JsonMap, sessions: readonly AuditRecord[], userAgent: string) =>
    actorOf(write(identity, { userAgent }), lineageOf(sessions), mask, pipeline);

  it('is told by the token that GitHub gave to its run, through further roles', () => {
    const sessions = [
      issuing('s2', session(CENTER_ROLE, 'x', 'ASIA1'), 'ASIA2'),
      issuing('s1', githubToken('repo:acme@12/infra@34:ref:refs/heads/main'), 'ASIA1', {}, 'AssumeRoleWithWebIdentity'),
    ];
    expect(actor(session(ROLE, 'x', 'ASIA2'), sessions)).toMatchObject({
      name: 'repo:acme/infra (GitHub Actions)',
      kind: 'pipeline',
    });
  });

  it('is not told by a subject that another provider wrote', () => {
    const forged = { ...githubToken('repo:acme/infra:ref:x'), identityProvider: 'accounts.example' };
    expect(actor(session(ROLE, 'x', 'ASIA1'), [issuing('s1', forged, 'ASIA1')])).toMatchObject({ kind: 'role' });
  });

  it('is a workload’s role where a cluster’s service account acts', () => {
    const account = {
      type: 'WebIdentityUser',
      userName: 'system:serviceaccount:ns:app',
      identityProvider: 'arn:aws:iam::1:oidc-provider/oidc.eks.example/id/A',
    };
    expect(actor(session(ROLE, 'x', 'ASIA1'), [issuing('s1', account, 'ASIA1')])).toMatchObject({
      name: 'system:serviceaccount:ns:app (oidc.eks.example/id/A)',
      kind: 'role',
    });
  });

  it('is told by role or user only together with its agent', () => {
    expect(ours(session(ROLE, 'run'), [], TERRAFORM)).toMatchObject({ name: 'deploy/run', kind: 'pipeline' });
    expect(ours(session(ROLE, 'run'), [], 'aws-cli/2.1')).toMatchObject({ kind: 'role' });
    expect(ours(user('ci'), [], TERRAFORM)).toMatchObject({ name: 'ci', kind: 'pipeline' });
    expect(ours(user('ci'), [], 'Mozilla/5.0')).toMatchObject({ name: 'ci', kind: 'person' });
  });

  it('is the known one only by its own identity, and has applied only with its own tool', () => {
    const run = (subject: string) => [issuing('s1', githubToken(subject), 'ASIA1')];
    const told = (identity: JsonMap, sessions: readonly AuditRecord[], userAgent: string) =>
      ownPipeline(write(identity, { userAgent }), lineageOf(sessions), pipeline);
    const assumed = session(ROLE, 'x', 'ASIA1');
    const elsewhere = session('arn:aws:iam::111122223333:role/other', 'x', 'ASIA1');
    expect(told(elsewhere, run('repo:acme/infra:ref:x'), TERRAFORM)).toEqual({ own: true, agent: true });
    expect(told(elsewhere, run('repo:acme/infra:ref:x'), 'aws-cli/2')).toEqual({ own: true, agent: false });
    expect(told(elsewhere, run('repo:mallory/infra:ref:x'), TERRAFORM)).toEqual({ own: false, agent: true });
    expect(told(session(ROLE, 'x'), [], TERRAFORM)).toEqual({ own: true, agent: true });
    expect(told(session(ROLE, 'x'), [], 'Mozilla/5.0').own).toBe(false);
    expect(told(assumed, [issuing('s1', user('mallory'), 'ASIA1')], TERRAFORM).own).toBe(false);
    expect(told({ ...assumed, invokedBy: 'backup.amazonaws.com' }, [], TERRAFORM).own).toBe(false);
  });

  it('is not told by its agent, nor by its role in a person’s hands', () => {
    expect(ours(user('mallory'), [], TERRAFORM)).toMatchObject({ name: 'mallory', kind: 'person', via: 'terraform' });
    const sessions = [issuing('s1', user('mallory'), 'ASIA1')];
    expect(ours(session(ROLE, 'run', 'ASIA1'), sessions, TERRAFORM)).toMatchObject({ name: 'mallory', kind: 'person' });
  });
});

describe('the tool', () => {
  it.each([
    [TERRAFORM, 'terraform'],
    ['APN/1.0 HashiCorp/1.0 OpenTofu/1.8.0 (+https://opentofu.org)', 'terraform'],
    ['aws-cli/2.13.5 Python/3.11.4 md/command#ec2.modify-instance-attribute', 'cli'],
    ['[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11]', 'console'],
    ['[Mozilla/5.0 (Macintosh)]', 'console'],
    ['console.ec2.amazonaws.com', 'console'],
    ['AWS Internal', 'console'],
    ['cloudformation.amazonaws.com', 'cloudformation'],
    ['Boto3/1.26.0 Botocore/1.29', 'sdk'],
    ['aws-sdk-go-v2/1.32.3 os/linux', 'sdk'],
    ['AmazonEventBridgeScheduler', 'service'],
    ['curl/8.1', 'unknown'],
  ])('of %s is %s', (userAgent, via) => {
    expect(actor(user('alice'), [], { userAgent }).via).toBe(via);
  });

  it('is the console where its credentials were used by something unknown', () => {
    for (const mark of ['true', true]) {
      expect(actor(user('a'), [], { userAgent: 'x', sessionCredentialFromConsole: mark }).via).toBe('console');
    }
  });
});

describe('anything at all', () => {
  const names = ['type', 'arn', 'principalId', 'userName', 'accessKeyId', 'invokedBy', 'sessionContext', 'onBehalfOf'];
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('AssumedRole', 'IAMUser'),
  );
  const tree = fc.letrec((tie) => ({
    node: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('node'), { maxLength: 3 }), tie('map')),
    map: fc.dictionary(fc.constantFrom(...names, 'sessionIssuer', 'userId', '__proto__', 'credentials'), tie('node')),
  }));

  it('has an answer, however wrong its types are', () => {
    fc.assert(
      fc.property(tree.node, tree.node, (identity, response) => {
        const record = write({}, { userIdentity: identity as JsonMap, responseElements: response as JsonMap });
        const told = who(record, [record]);
        expect(typeof told.name).toBe('string');
        expect(told.name).not.toBe('');
      }),
    );
  });

  it('never names a person for a plain role without lineage', () => {
    const name = fc.stringMatching(/^[\w+=,.@-]{2,64}$/);
    fc.assert(
      fc.property(name, name, fc.string(), (role, sessionName, agent) => {
        const told = actor(session(`arn:aws:iam::1:role/${role}`, sessionName), [], { userAgent: agent });
        expect(told.kind).not.toBe('person');
      }),
    );
  });

  it('quotes no secret, and nothing at length', () => {
    const told = actor(user('x'.repeat(999)), [], { userAgent: 'curl password=hunter2hunter2' });
    expect(told.name).toHaveLength(300);
    expect(told.userAgent).toBe('(hidden: it looks like a secret)');
  });

  it('says nothing of a second factor that an identity provider may have asked for', () => {
    expect(actor(session(CENTER_ROLE, 'grace')).mfa).toBeNull();
    expect(actor(session(ROLE, 'x')).mfa).toBe(false);
  });
});
