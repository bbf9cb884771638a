import { type Json, lowerFirst } from './shape.ts';

type Tree = { [key: string]: Tree | string };

/** The members of a form body of the query protocols: `A.member.1.B=x` and `A.1.B=x` become lists. */
export function formTree(body: string): { readonly action: string; readonly tree: Tree } {
  const tree: Tree = {};
  let action = '';
  for (const [name, value] of new URLSearchParams(body)) {
    if (name === 'Action') action = value;
    else if (name !== 'Version') place(tree, name.split('.'), value);
  }
  return { action, tree };
}

function place(tree: Tree, [name = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) tree[name] = value;
  else {
    const below = tree[name];
    const next: Tree = typeof below === 'object' ? below : {};
    tree[name] = next;
    place(next, rest, value);
  }
}

/** What the query protocol of IAM, SNS, ELB and CloudWatch looks like in the log. */
export function queryParameters(tree: Tree | string, name = ''): Json {
  if (typeof tree === 'string') return scalar(tree);
  const list = listOf(tree.member ?? tree.entry ?? tree);
  if (list !== undefined) {
    const pairs = list.map((item) => (typeof item === 'string' ? undefined : pairOf(item)));
    if (name === 'Attributes' && tree.entry !== undefined && pairs.every((pair) => pair !== undefined)) {
      return Object.fromEntries(pairs as [string, string][]);
    }
    return list.map((item) => queryParameters(item));
  }
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [lowerFirst(key), queryParameters(item, key)]));
}

function pairOf({ key, value }: Tree): [string, string] | undefined {
  return typeof key === 'string' && typeof value === 'string' ? [key, value] : undefined;
}

/** Lists that EC2 logs under another name than the request's. Source: EC2 API, response element names. */
const EC2_SETS: { readonly [member: string]: readonly [name: string, member: string | undefined] } = {
  ResourceId: ['resourcesSet', 'resourceId'],
  Tag: ['tagSet', undefined],
  InstanceId: ['instancesSet', 'instanceId'],
  SecurityGroupRuleId: ['securityGroupRuleIds', 'securityGroupRuleId'],
};

/** What the EC2 protocol looks like in the log: lists are {items: [...]}, attributes {value: x}. */
export function ec2Parameters(tree: Tree | string): Json {
  if (typeof tree === 'string') return scalar(tree);
  const list = listOf(tree);
  if (list !== undefined) return { items: list.map((item) => ec2Parameters(item)) };
  return Object.fromEntries(
    Object.entries(tree).map(([key, item]) => {
      const [name, member] = EC2_SETS[key] ?? [lowerFirst(key), undefined];
      const members = typeof item === 'string' ? undefined : listOf(item);
      if (member === undefined || members === undefined) return [name, ec2Parameters(item)];
      return [name, { items: members.map((one) => ({ [member]: ec2Parameters(one) })) }];
    }),
  );
}

function listOf(tree: Tree | string): (Tree | string)[] | undefined {
  if (typeof tree === 'string') return undefined;
  const keys = Object.keys(tree);
  if (keys.length === 0 || !keys.every((key) => /^\d+$/.test(key))) return undefined;
  return keys.sort((a, b) => Number(a) - Number(b)).map((key) => tree[key] as Tree | string);
}

function scalar(text: string): Json {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d{1,9}$/.test(text) ? Number(text) : text;
}
