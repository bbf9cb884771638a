import { describe, expect, it } from 'vitest';
import { attribute, compare, schemaOf, type Declaration, type Question, told } from '../support/compare.ts';

const document = (action: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
const inline = (name: string, action = 's3:GetObject') => ({ name, policy: document(action) });
const role = (policies: unknown[] | null, arns: string[] = []) =>
  ({
    id: 'app',
    name: 'app',
    arn: 'arn:aws:iam::111122223333:role/app',
    inline_policy: policies,
    managed_policy_arns: arns,
  }) as never;
const rolePolicy = (name: string, more: Partial<Declaration> = {}): Declaration => ({
  type: 'aws_iam_role_policy',
  name,
  prior: { id: `app:${name}`, role: 'app', name, policy: document('s3:GetObject') },
  ...more,
});

function ask(question: Partial<Question>): string[] {
  return told({ type: 'aws_iam_role', prior: role([]), live: role([]), ...question }).map((one) => one.slice(0, 60));
}

describe('a role whose policies are resources of their own', () => {
  const siblings = [rolePolicy('a')];

  it('does not alarm for what they declare', () => {
    expect(ask({ prior: role(null), live: role([inline('a')]), siblings })).toEqual([]);
    expect(ask({ prior: role([inline('a')]), live: role([inline('a')]), siblings })).toEqual([]);
  });

  it('shows a foreign policy beside a declared one', () => {
    const found = ask({ prior: role([]), live: role([inline('a'), inline('backdoor', '*')]), siblings });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^inline_policy add null -> \{"name":"backdoor"/);
  });

  it('shows a foreign policy where nothing is declared', () => {
    expect(ask({ live: role([inline('backdoor')]) })).toHaveLength(1);
  });

  it('leaves other content, and a declared policy that is gone, to its own resource', () => {
    expect(ask({ prior: role([inline('a')]), live: role([inline('a', '*')]), siblings })).toEqual([]);
    expect(ask({ prior: role([inline('a')]), live: role([]), siblings })).toEqual([]);
  });

  it('still shows a policy of the state that nobody declares and that is gone', () => {
    expect(ask({ prior: role([inline('a'), inline('b')]), live: role([inline('a')]), siblings })).toHaveLength(1);
  });

  it('does not take policies of another role for its own', () => {
    const other = rolePolicy('a', { prior: { role: 'other', name: 'a', policy: '' } });
    expect(ask({ live: role([inline('a')]), siblings: [other] })).toHaveLength(1);
  });

  it('does not subtract what is not resolved', () => {
    const unresolved = rolePolicy('a', { prior: { name: 'a', policy: '' } });
    expect(ask({ live: role([inline('a')]), siblings: [unresolved] })).toHaveLength(1);
  });

  it('shows a managed policy that somebody attached', () => {
    const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';
    const attached: Declaration = {
      type: 'aws_iam_role_policy_attachment',
      prior: { role: 'app', policy_arn: 'arn:a' },
    };
    const live = role([], ['arn:a', admin]);
    expect(ask({ prior: role([], ['arn:a']), live, siblings: [attached] })).toEqual([
      `managed_policy_arns add null -> "${admin}"`.slice(0, 60),
    ]);
    const both: Declaration = { type: 'aws_iam_policy_attachment', prior: { roles: ['x', 'app'], policy_arn: admin } };
    expect(ask({ prior: role([], ['arn:a']), live, siblings: [attached, both] })).toEqual([]);
  });
});

describe('the same role name in several states', () => {
  const elsewhere = { workspace: 'other', providerKey: 'other aws' };
  const anchor = (account: string): Declaration => ({
    type: 'aws_sns_topic',
    name: account,
    prior: { arn: `arn:aws:sns:eu-west-1:${account}:t` },
    ...elsewhere,
  });
  const live = role([inline('a')]);

  it('is the same role where both states are known to be in one account', () => {
    expect(ask({ live, siblings: [rolePolicy('a', elsewhere), anchor('111122223333')] })).toEqual([]);
  });

  it('is another role where they are not', () => {
    expect(ask({ live, siblings: [rolePolicy('a', elsewhere), anchor('999900009999')] })).toHaveLength(1);
    expect(ask({ live, siblings: [rolePolicy('a', elsewhere)] })).toHaveLength(1);
  });
});

describe('doubt about ownership', () => {
  const siblings = [rolePolicy('a')];

  it('is a gap where a parent is declared inline and separately', () => {
    const config = { inline_policy: [inline('b')] };
    const comparison = compare({
      type: 'aws_iam_role',
      prior: role([inline('b')]),
      live: role([inline('b'), inline('a')]),
      config,
      siblings,
    });
    expect(comparison.gaps).toMatchObject([{ reason: 'owner-conflict', path: 'inline_policy' }]);
    expect(comparison.drift).toBeUndefined();
  });

  it('is a gap where the state holds a member that nobody declares', () => {
    const config = { name: 'app' };
    const prior = role([inline('a'), inline('slipped')]);
    const comparison = compare({ type: 'aws_iam_role', prior, live: prior, config, siblings });
    expect(comparison.gaps).toMatchObject([{ reason: 'owner-not-loaded', path: 'inline_policy' }]);
    const clean = role([inline('a')]);
    expect(compare({ type: 'aws_iam_role', prior: clean, live: clean, config, siblings }).gaps).toEqual([]);
  });

  it('is only explained where no configuration is known', () => {
    const prior = role([inline('slipped')]);
    const comparison = compare({ type: 'aws_iam_role', prior, live: prior });
    expect(comparison.gaps).toEqual([]);
    expect(comparison.explanations).toContainEqual(
      expect.objectContaining({ path: 'inline_policy', rule: 'ownership' }),
    );
  });
});

const rule = (port: number, cidrs: string[], more: object = {}) => ({
  description: '',
  from_port: port,
  to_port: port,
  protocol: 'tcp',
  cidr_blocks: cidrs,
  ipv6_cidr_blocks: [],
  prefix_list_ids: [],
  security_groups: [],
  self: false,
  ...more,
});
const group = (rules: object[]) => ({ id: 'sg-1', name: 'g', ingress: rules, egress: [] }) as never;
const ruleType = [
  'object',
  {
    description: 'string',
    from_port: 'number',
    to_port: 'number',
    protocol: 'string',
    cidr_blocks: ['list', 'string'],
    ipv6_cidr_blocks: ['list', 'string'],
    prefix_list_ids: ['list', 'string'],
    security_groups: ['set', 'string'],
    self: 'bool',
  },
] as const;
const groupSchema = schemaOf({
  ingress: attribute(['set', ruleType], '?='),
  egress: attribute(['set', ruleType], '?='),
});
const askGroup = (prior: object[], live: object[], siblings: readonly Declaration[] = []) =>
  told({ type: 'aws_security_group', prior: group(prior), live: group(live), schema: groupSchema, siblings });

describe('a security group', () => {
  const separate: Declaration = {
    type: 'aws_vpc_security_group_ingress_rule',
    prior: { security_group_id: 'sg-1', ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ipv4: '10.0.0.0/8' },
  };
  const older: Declaration = {
    type: 'aws_security_group_rule',
    prior: {
      security_group_id: 'sg-1',
      type: 'ingress',
      protocol: '6',
      from_port: 22,
      to_port: 22,
      cidr_blocks: ['10.1.0.0/16', '10.2.0.0/16'],
      self: false,
    },
  };

  it('shows a foreign rule in an empty list', () => {
    expect(askGroup([], [rule(22, ['0.0.0.0/0'])])).toEqual([
      `ingress add null -> ${JSON.stringify(rule(22, ['0.0.0.0/0']))}`,
    ]);
  });

  it('shows a foreign rule in the other direction than the declared one', () => {
    const live = { ...(group([]) as object), egress: [rule(443, ['10.0.0.0/8'])] };
    expect(
      told({ type: 'aws_security_group', prior: group([]), live: live as never, siblings: [separate] }),
    ).toHaveLength(1);
  });

  it('tells exactly the source that was added to a rule', () => {
    expect(askGroup([rule(443, ['10.0.0.0/8'])], [rule(443, ['0.0.0.0/0', '10.0.0.0/8'])])).toEqual([
      `ingress add null -> ${JSON.stringify(rule(443, ['0.0.0.0/0']))}`,
    ]);
  });

  it('does not alarm where rules are bundled in another way', () => {
    const apart = [rule(443, ['10.1.0.0/16']), rule(443, ['10.2.0.0/16'])];
    expect(askGroup(apart, [rule(443, ['10.2.0.0/16', '10.1.0.0/16'])])).toEqual([]);
  });

  it('does not alarm for rules of their own, whichever resource declares them', () => {
    const live = [rule(443, ['10.0.0.0/8']), rule(22, ['10.1.0.0/16', '10.2.0.0/16'])];
    expect(askGroup([], live, [separate, older])).toEqual([]);
    expect(askGroup(live, live, [separate, older])).toEqual([]);
  });

  it('shows a foreign source that the service bundled with a declared rule', () => {
    expect(askGroup([], [rule(443, ['0.0.0.0/0', '10.0.0.0/8'])], [separate])).toEqual([
      `ingress add null -> ${JSON.stringify(rule(443, ['0.0.0.0/0']))}`,
    ]);
  });

  it('leaves a declared rule that is gone to its own resource', () => {
    expect(askGroup([rule(443, ['10.0.0.0/8'])], [], [separate])).toEqual([]);
  });

  it('knows itself by its id and by the self flag', () => {
    const self: Declaration = {
      type: 'aws_vpc_security_group_ingress_rule',
      prior: {
        security_group_id: 'sg-1',
        ip_protocol: '-1',
        from_port: null,
        to_port: null,
        referenced_security_group_id: 'sg-1',
      },
    };
    const live = [rule(0, [], { protocol: '-1', self: true })];
    expect(askGroup([], live, [self])).toEqual([]);
    expect(askGroup([], [rule(0, [], { protocol: '-1', security_groups: ['sg-2'] })], [self])).toHaveLength(1);
  });

  it('tells a rule whose port changed as one change', () => {
    const found = askGroup([rule(22, ['10.0.0.0/8', '10.9.0.0/16'])], [rule(2222, ['10.0.0.0/8', '10.9.0.0/16'])]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^ingress replace/);
  });
});

describe('an attribute that has one owner', () => {
  const bucket = (status: boolean, more: object = {}) =>
    ({ id: 'b', bucket: 'b', versioning: [{ enabled: status, mfa_delete: false }], ...more }) as never;
  const versioning: Declaration = {
    type: 'aws_s3_bucket_versioning',
    prior: { bucket: 'b', versioning_configuration: [{ status: 'Enabled' }] },
  };
  const question = { type: 'aws_s3_bucket', prior: bucket(false), live: bucket(true) };

  it("is its owner's finding where the owner is declared", () => {
    expect(told({ ...question, siblings: [versioning] })).toEqual([]);
  });

  it("is the parent's where nobody else declares it", () => {
    expect(told(question)).toEqual(['versioning[0].enabled replace false -> true']);
  });

  it('does not take other attributes with it', () => {
    const live = bucket(true, { policy: '{"Statement":[]}', cors_rule: [{ allowed_methods: ['GET'] }] });
    expect(
      told({ ...question, live, siblings: [versioning] })
        .map((one) => one.split(' ')[0])
        .sort(),
    ).toEqual(['cors_rule', 'policy']);
  });
});

describe('routes, entries of a network ACL and tags', () => {
  it('are owned one by one', () => {
    const table = (cidrs: string[]) =>
      ({
        id: 'rtb-1',
        route: cidrs.map((cidr) => ({ cidr_block: cidr, ipv6_cidr_block: '', gateway_id: 'igw' })),
      }) as never;
    const route: Declaration = {
      type: 'aws_route',
      prior: { route_table_id: 'rtb-1', destination_cidr_block: '0.0.0.0/0', gateway_id: 'igw' },
    };
    const question = { type: 'aws_route_table', prior: table([]), siblings: [route] };
    expect(told({ ...question, live: table(['0.0.0.0/0']) })).toEqual([]);
    expect(told({ ...question, live: table(['0.0.0.0/0', '10.9.0.0/16']) })).toHaveLength(1);
  });

  it('tell the direction of an entry', () => {
    const acl = (ingress: number[], egress: number[]) =>
      ({
        id: 'acl-1',
        ingress: ingress.map((n) => ({ rule_no: n })),
        egress: egress.map((n) => ({ rule_no: n })),
      }) as never;
    const entry: Declaration = {
      type: 'aws_network_acl_rule',
      prior: { network_acl_id: 'acl-1', rule_number: 100, egress: false },
    };
    const question = { type: 'aws_network_acl', prior: acl([], []), siblings: [entry] };
    expect(told({ ...question, live: acl([100], []) })).toEqual([]);
    expect(told({ ...question, live: acl([100], [100]) })).toEqual(['egress add null -> {"rule_no":100}']);
  });

  it('tell a tag that a resource of its own sets from a foreign one', () => {
    const tag: Declaration = { type: 'aws_ec2_tag', prior: { resource_id: 'vpc-1', key: 'Cluster', value: 'x' } };
    const vpc = (tags: object) => ({ id: 'vpc-1', tags, tags_all: tags }) as never;
    const question = { type: 'aws_vpc', prior: vpc({}), siblings: [tag] };
    expect(told({ ...question, live: vpc({ Cluster: 'x' }) })).toEqual([]);
    expect(told({ ...question, live: vpc({ Cluster: 'x', Owner: 'y' }) })).toEqual(['tags.Owner add null -> "y"']);
  });
});
