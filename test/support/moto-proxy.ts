import type { IncomingMessage } from 'node:http';
import { type Answer, type Forwarder, startForwarder } from './forwarder.ts';

/** What the proxy answers instead of the emulator, to requests that match, so many times. */
export interface Fault {
  readonly kind: 'access-denied' | 'throttling';
  /** SigV4 service name: s3, lambda, sqs... */
  readonly service: string;
  /** Text that the operation, path or body must hold, so that one resource alone is hit. */
  readonly contains?: string;
  /** Infinity for always. */
  readonly times: number;
}

/** A proxy in front of the emulator that can be slow and can refuse. */
export interface MotoProxy extends Forwarder {
  /** Requests seen so far. */
  readonly count: () => number;
  setDelay(milliseconds: number): void;
  setFaults(faults: readonly Fault[]): void;
  /** How often each fault was given, in the order of setFaults. */
  readonly given: () => readonly number[];
  /** Called with each request's service and operation text before it goes on. */
  onRequest(listener: ((service: string, text: string) => void) | undefined): void;
}

/** Starts a proxy on a free port of 127.0.0.1. */
export async function startProxy(target: { readonly port: number }): Promise<MotoProxy> {
  let delay = 0;
  let seen = 0;
  let faults: readonly Fault[] = [];
  let given: number[] = [];
  let listener: ((service: string, text: string) => void) | undefined;

  const forwarder = await startForwarder(target, async ({ incoming, body, handOn }) => {
    seen += 1;
    const service = serviceOf(incoming);
    const text = `${incoming.headers['x-amz-target'] ?? ''} ${incoming.method} ${incoming.url} ${body.toString('utf8')}`;
    listener?.(service, text);
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    const at = faults.findIndex((fault, i) => {
      const matches = fault.service === service && (fault.contains === undefined || text.includes(fault.contains));
      return matches && (given[i] ?? 0) < fault.times;
    });
    const fault = faults[at];
    if (fault === undefined) return handOn();
    given[at] = (given[at] ?? 0) + 1;
    return refusalOf(fault, service, incoming);
  });

  return {
    ...forwarder,
    count: () => seen,
    given: () => given,
    setDelay: (milliseconds) => {
      delay = milliseconds;
    },
    setFaults: (next) => {
      faults = next;
      given = next.map(() => 0);
    },
    onRequest: (next) => {
      listener = next;
    },
  };
}

/** Source: Signature Version 4, credential scope `<key>/<date>/<region>/<service>/aws4_request`. */
function serviceOf(incoming: IncomingMessage): string {
  const scope = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(incoming.headers.authorization ?? '');
  return scope?.[1] ?? 'unsigned';
}

interface Refusal {
  readonly status: number;
  readonly code: string;
}

/** What each protocol says: [access denied, throttled]. Source: the AWS API references, "Common Errors". */
const REFUSALS: { readonly [protocol in Protocol]: readonly [Refusal, Refusal] } = {
  json: [
    { status: 400, code: 'AccessDeniedException' },
    { status: 400, code: 'ThrottlingException' },
  ],
  restJson: [
    { status: 403, code: 'AccessDeniedException' },
    { status: 429, code: 'TooManyRequestsException' },
  ],
  s3: [
    { status: 403, code: 'AccessDenied' },
    { status: 503, code: 'SlowDown' },
  ],
  ec2: [
    { status: 403, code: 'UnauthorizedOperation' },
    { status: 503, code: 'RequestLimitExceeded' },
  ],
  query: [
    { status: 403, code: 'AccessDenied' },
    { status: 400, code: 'Throttling' },
  ],
};

type Protocol = 'json' | 'restJson' | 's3' | 'ec2' | 'query';

function protocolOf(service: string, incoming: IncomingMessage): Protocol {
  if (service === 'lambda') return 'restJson';
  if (service === 's3' || service === 'ec2') return service;
  return incoming.headers['content-type']?.startsWith('application/x-amz-json') === true ? 'json' : 'query';
}

/** Answers as the service itself would, in the protocol that it speaks. */
function refusalOf(fault: Fault, service: string, incoming: IncomingMessage): Answer {
  const protocol = protocolOf(service, incoming);
  const { status, code } = REFUSALS[protocol][fault.kind === 'access-denied' ? 0 : 1];
  const message = fault.kind === 'access-denied' ? 'User is not authorized to perform this operation' : 'Rate exceeded';
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  const body = {
    json: JSON.stringify({ __type: code, message }),
    restJson: JSON.stringify({ Message: message }),
    s3: error,
    ec2: `<Response><Errors>${error}</Errors></Response>`,
    query: `<ErrorResponse>${error}</ErrorResponse>`,
  }[protocol];
  const type = protocol === 'json' || protocol === 'restJson' ? 'application/x-amz-json-1.1' : 'text/xml';
  // The answer to HEAD has no body: there the status alone speaks.
  const text = Buffer.from(incoming.method === 'HEAD' ? '' : body);
  return { status, headers: { 'content-type': type, 'x-amzn-errortype': code }, body: text };
}
