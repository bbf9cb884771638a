/** What AWS writes in the place of a value that it keeps out of the log (CloudTrail User Guide, record contents). */
const HIDDEN_TEXTS: ReadonlySet<string> = new Set([
  'HIDDEN_DUE_TO_SECURITY_REASONS',
  '<sensitiveDataRemoved>',
  '****',
  '***REDACTED***',
  'Value hidden due to security reasons.',
]);

/** Whether a text of the log stands for a value that AWS keeps out of it. */
export function isHiddenText(text: string): boolean {
  return HIDDEN_TEXTS.has(text) || /^\*{3,}$/.test(text);
}

/** Members that arrive empty although the caller filled them, and calls whose content never reaches the log. */
export const EMPTIED_MEMBERS: readonly { readonly source: string; readonly member: string }[] = [
  { source: 'lambda', member: 'environment' },
];

/** Services that write an empty member as a mark of the sub-resource that was meant (`policy: ""`). */
export const MARKED_SOURCES: ReadonlySet<string> = new Set(['s3']);

/**
 * Digests of what a call carries and the log does not hold: only the answer shows them, and only a call whose name has
 * the word made them.
 */
export const OPAQUE_DIGESTS: { readonly [attribute: string]: string } = {
  code_sha256: 'code',
  source_code_hash: 'code',
  version_id: 'version',
};

/** Verbs that begin the names of calls, by what they do to the members of a set. Any other verb sets. */
const VERBS = {
  read: 'get list describe head lookup search batch_get check test validate preview simulate generate estimate view',
  add: 'add attach authorize create register associate tag import allocate run grant subscribe accept share',
  remove:
    'delete remove detach revoke deregister disassociate untag terminate release unsubscribe cancel unassign deprovision',
  on: 'enable start resume',
  off: 'disable stop suspend pause',
} as const;

export type CallVerb = 'read' | 'add' | 'remove' | 'on' | 'off' | 'set';

const VERB_OF: ReadonlyMap<string, CallVerb> = new Map(
  Object.entries(VERBS).flatMap(([kind, words]) => words.split(' ').map((word) => [word, kind as CallVerb] as const)),
);

/** What the first word of a call's name says that it does. */
export function verbOf(word: string): CallVerb {
  return VERB_OF.get(word) ?? 'set';
}

/** Verbs that make a new object, rather than a member of an old one. */
export const CREATING: ReadonlySet<string> = new Set([
  'create',
  'run',
  'allocate',
  'register',
  'import',
  'launch',
  'copy',
]);

/** Verbs that write a document whole: what the call leaves out is gone. */
export const REPLACING: ReadonlySet<string> = new Set(['put', 'replace', 'set']);

/** Words for the noun that a verb takes apart or puts together: `DetachRolePolicy` ends an attachment, `UntagRole` no role. */
export const VERB_NOUNS: { readonly [verb: string]: string } = {
  attach: 'attachment',
  detach: 'attachment',
  associate: 'association',
  disassociate: 'association',
  subscribe: 'subscription',
  unsubscribe: 'subscription',
  authorize: 'rule',
  revoke: 'rule',
  tag: 'tag',
  untag: 'tag',
};

/** One word for words that AWS and its provider use for the same. Both sides are brought to the right-hand one. */
export const SAME_WORDS: { readonly [word: string]: string } = {
  enabled: 'enable',
  disabled: 'disable',
  no: 'number',
  num: 'number',
  config: 'configuration',
  params: 'parameter',
  param: 'parameter',
  tagging: 'tag',
  cidrip: 'cidr',
  cidripv4: 'cidr',
  cidripv6: 'cidr',
  loadbalancer: 'balancer',
  lb: 'balancer',
  alb: 'balancer',
  elb: 'balancer',
  eip: 'address',
  ami: 'image',
  targetgroup: 'group',
  nodegroup: 'group',
  msgs: 'message',
  desc: 'description',
  env: 'environment',
  repo: 'repository',
  cloudtrail: 'trail',
};

/** Words that say nothing of which attribute is meant: units, wrappers, small words. */
export const FILLER_WORDS: ReadonlySet<string> = new Set(
  (
    'second minute hour day byte mb gb mib gib in of for on per the a is to by with and or ' +
    'specification configuration setting settings option input request parameter member item set list property ' +
    'detail update new value values document data attribute content unit change batch'
  ).split(' '),
);

/** Words that the provider puts into attribute names, and the API does not: `insecure_value`, `password_wo`. */
export const PROVIDER_WORDS: ReadonlySet<string> = new Set(['insecure', 'wo']);

/** Words that name nothing by themselves: the word before them says what is meant. */
export const BARE_WORDS: ReadonlySet<string> = new Set(
  'value status state enable name id arn content type key number mode member item'.split(' '),
);

/** Words by which a switch is named; one stands for the other. */
export const STATE_WORDS: ReadonlySet<string> = new Set(['status', 'state', 'enable']);

/** What the settings of a switch say. */
export const SWITCH_TEXTS: { readonly [text: string]: boolean } = {
  true: true,
  enabled: true,
  enable: true,
  on: true,
  active: true,
  disabled: false,
  disable: false,
  false: false,
  off: false,
  suspended: false,
  inactive: false,
};

/** Two directions that one set of rules can have: a call on one says nothing of the other. */
export const DIRECTIONS: { readonly [word: string]: { readonly opposite: string; readonly egress: boolean } } = {
  ingress: { opposite: 'egress', egress: false },
  egress: { opposite: 'ingress', egress: true },
};

/** Members that name what a call acts on, whatever it is. */
export const TARGET_WORDS: ReadonlySet<string> = new Set(['resource', 'target', 'object']);

/** Lists in which an answer names what it could not do. */
export const FAILURE_LISTS: readonly string[] = [
  'unsuccessful',
  'failedEntries',
  'failures',
  'unprocessedItems',
  'failedResourcesMap',
  'errors',
];
