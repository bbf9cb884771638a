import { ec2Parameters, formTree, queryParameters } from './form.ts';
import { type Json, lowered } from './shape.ts';
import { parseXml } from './xml.ts';

/** One call, as its log record tells of it. */
export interface Operation {
  readonly eventName: string;
  readonly parameters: { readonly [key: string]: Json } | null;
}

export interface SeenRequest {
  readonly service: string;
  readonly method: string;
  readonly url: string;
  readonly target: string | undefined;
  readonly body: Buffer;
}

/** Reads the operation out of a request; undefined where the protocol's route is not known here. */
export function operationOf(request: SeenRequest): Operation | undefined {
  const { service, target } = request;
  if (target !== undefined) return jsonOperation(target, request.body);
  if (service === 's3') return s3Operation(request);
  if (service === 'lambda') return lambdaOperation(request);
  if (service === 'route53') return routeOperation(request);
  const { action, tree } = formTree(request.body.toString('utf8'));
  if (action === '') return undefined;
  const parameters = service === 'ec2' ? ec2Parameters(tree) : queryParameters(tree);
  return { eventName: action, parameters: parameters as { [key: string]: Json } };
}

/** Values that AWS never writes into the log. */
const HIDDEN: { readonly [operation: string]: readonly string[] } = {
  PutParameter: ['value'],
  CreateSecret: ['secretString', 'secretBinary'],
  PutSecretValue: ['secretString', 'secretBinary'],
  UpdateSecret: ['secretString', 'secretBinary'],
};

function jsonOperation(target: string, body: Buffer): Operation {
  const eventName = target.slice(target.lastIndexOf('.') + 1);
  const parameters = lowered(parsed(body)) as { [key: string]: Json };
  for (const name of HIDDEN[eventName] ?? []) {
    if (name in parameters) parameters[name] = 'HIDDEN_DUE_TO_SECURITY_REASONS';
  }
  return { eventName, parameters };
}

/** Routes of Lambda: event names carry the API's date. Source: AWS Lambda developer guide, "Logging with CloudTrail". */
const LAMBDA: readonly (readonly [method: string, path: RegExp, eventName: string])[] = [
  ['PUT', /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, 'UpdateFunctionConfiguration20150331v2'],
  ['PUT', /^\/2015-03-31\/functions\/([^/]+)\/code$/, 'UpdateFunctionCode20150331v2'],
  ['POST', /^\/2015-03-31\/functions$/, 'CreateFunction20150331'],
  ['DELETE', /^\/2015-03-31\/functions\/([^/]+)$/, 'DeleteFunction20150331'],
  ['POST', /^\/2017-03-31\/tags\/(.+)$/, 'TagResource20170331v2'],
  ['DELETE', /^\/2017-03-31\/tags\/(.+)$/, 'UntagResource20170331v2'],
  ['PUT', /^\/2017-10-31\/functions\/([^/]+)\/concurrency$/, 'PutFunctionConcurrency20171031'],
  ['POST', /^\/2015-03-31\/functions\/([^/]+)\/policy$/, 'AddPermission20150331v2'],
  ['DELETE', /^\/2015-03-31\/functions\/([^/]+)\/policy\/[^/]+$/, 'RemovePermission20150331v2'],
];

function lambdaOperation({ method, url, body }: SeenRequest): Operation | undefined {
  const { pathname, searchParams } = new URL(url, 'http://lambda');
  const path = pathname.replace(/\/$/, '');
  for (const [wanted, pattern, eventName] of LAMBDA) {
    const [whole, name] = pattern.exec(path) ?? [];
    if (wanted !== method || whole === undefined) continue;
    const sent = lowered(parsed(body)) as { [key: string]: Json };
    // The log shows that there are variables, and never one of them; code is left out.
    const { zipFile: _zip, code: _code, ...shown } = sent;
    if ('environment' in shown) shown.environment = {};
    const keys = searchParams.getAll('tagKeys');
    const place = eventName.includes('Resource2') ? { resource: name ?? '' } : { functionName: name ?? '' };
    return {
      eventName,
      parameters: { ...(name === undefined ? {} : place), ...shown, ...(keys.length === 0 ? {} : { tagKeys: keys }) },
    };
  }
  return undefined;
}

/** Sub-resources of a bucket: query marker, event name by method. Source: Amazon S3 user guide, "CloudTrail events". */
const S3: { readonly [marker: string]: { readonly [method: string]: string } } = {
  versioning: { PUT: 'PutBucketVersioning' },
  encryption: { PUT: 'PutBucketEncryption', DELETE: 'DeleteBucketEncryption' },
  policy: { PUT: 'PutBucketPolicy', DELETE: 'DeleteBucketPolicy' },
  tagging: { PUT: 'PutBucketTagging', DELETE: 'DeleteBucketTagging' },
  publicAccessBlock: { PUT: 'PutBucketPublicAccessBlock', DELETE: 'DeleteBucketPublicAccessBlock' },
  lifecycle: { PUT: 'PutBucketLifecycle', DELETE: 'DeleteBucketLifecycle' },
  logging: { PUT: 'PutBucketLogging' },
  acl: { PUT: 'PutBucketAcl' },
  ownershipControls: { PUT: 'PutBucketOwnershipControls', DELETE: 'DeleteBucketOwnershipControls' },
  cors: { PUT: 'PutBucketCors', DELETE: 'DeleteBucketCors' },
};

function s3Operation({ method, url, body }: SeenRequest): Operation | undefined {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [bucketName = '', ...key] = decodeURIComponent(pathname.slice(1)).split('/');
  const common = { bucketName, Host: `${bucketName}.s3.amazonaws.com` };
  if (bucketName === '' || key.join('') !== '') return undefined;
  for (const [marker, names] of Object.entries(S3)) {
    if (!searchParams.has(marker) || names[method] === undefined) continue;
    const text = body.toString('utf8');
    const document = marker === 'policy' ? policyOf(text) : parseXml(text);
    return { eventName: names[method], parameters: { ...common, [marker]: '', ...document } };
  }
  const plain = { PUT: 'CreateBucket', DELETE: 'DeleteBucket' }[method];
  return plain === undefined || [...searchParams.keys()].some((name) => name in S3)
    ? undefined
    : { eventName: plain, parameters: { ...common } };
}

function policyOf(text: string): { [key: string]: Json } {
  return text === '' ? {} : { bucketPolicy: JSON.parse(text) as Json };
}

function routeOperation({ method, url, body }: SeenRequest): Operation | undefined {
  const [, zone, rest] = /^\/2013-04-01\/hostedzone\/([^/?]+)(\/rrset)?\/?(?:\?|$)/.exec(url) ?? [];
  if (method !== 'POST' || zone === undefined || rest === undefined) return undefined;
  const sent = parseXml(body.toString('utf8')) as {
    ChangeResourceRecordSetsRequest?: { ChangeBatch?: { Comment?: Json; Changes?: { Change?: Json } } };
  };
  const batch = sent.ChangeResourceRecordSetsRequest?.ChangeBatch;
  const changes = asList(batch?.Changes?.Change).map((change) => {
    const one = change as { ResourceRecordSet: { ResourceRecords?: { ResourceRecord?: Json } } };
    const records = asList(one.ResourceRecordSet.ResourceRecords?.ResourceRecord);
    const set = numbered({ ...one.ResourceRecordSet, ResourceRecords: records }, 'TTL');
    return lowered({ ...(change as { [key: string]: Json }), ResourceRecordSet: set });
  });
  const comment = batch?.Comment === undefined ? {} : { comment: batch.Comment };
  return {
    eventName: 'ChangeResourceRecordSets',
    parameters: { hostedZoneId: zone, changeBatch: { ...comment, changes } },
  };
}

function numbered(map: { [key: string]: Json }, name: string): { [key: string]: Json } {
  return name in map ? { ...map, [name]: Number(map[name]) } : map;
}

function asList(value: Json | undefined): Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function parsed(body: Buffer): Json {
  return body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Json);
}

/** Calls that change nothing. */
export function isRead(eventName: string): boolean {
  return /^(?:Get|List|Describe|Head|BatchGet|Lookup|Simulate|Check|Estimate)/.test(eventName);
}
