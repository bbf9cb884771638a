import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

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
export interface MotoProxy {
  readonly endpoint: string;
  /** Requests seen so far. */
  readonly count: () => number;
  setDelay(milliseconds: number): void;
  setFaults(faults: readonly Fault[]): void;
  /** How often each fault was given, in the order of setFaults. */
  readonly given: () => readonly number[];
  /** Called with each request's service and operation text before it goes on. */
  onRequest(listener: ((service: string, text: string) => void) | undefined): void;
  stop(): Promise<void>;
}

/** Starts a proxy on a free port of 127.0.0.1. */
export async function startProxy(target: { readonly port: number }): Promise<MotoProxy> {
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Socket>();
  let delay = 0;
  let seen = 0;
  let faults: readonly Fault[] = [];
  let given: number[] = [];
  let listener: ((service: string, text: string) => void) | undefined;

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
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
    if (fault === undefined) return forward(incoming, body, outgoing);
    given[at] = (given[at] ?? 0) + 1;
    refuse(fault, service, incoming, outgoing);
  }

  function forward(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): void {
    const onward = httpRequest(
      {
        agent,
        host: '127.0.0.1',
        port: target.port,
        method: incoming.method,
        path: incoming.url,
        // Its own host, so that URLs which the emulator makes (queues) stay the same through the proxy.
        headers: { ...incoming.headers, host: `127.0.0.1:${target.port}`, 'content-length': body.length },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => {
      outgoing.statusCode = 502;
      outgoing.end();
    });
    onward.end(body);
  }

  const server = createServer((incoming, outgoing) => void handle(incoming, outgoing));
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
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
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Source: Signature Version 4, credential scope `<key>/<date>/<region>/<service>/aws4_request`. */
function serviceOf(incoming: IncomingMessage): string {
  const scope = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(incoming.headers.authorization ?? '');
  return scope?.[1] ?? 'unsigned';
}

/** Answers as the service itself would, in the protocol that it speaks. */
function refuse(fault: Fault, service: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const denied = fault.kind === 'access-denied';
  const message = denied ? 'User is not authorized to perform this operation' : 'Rate exceeded';
  const type = incoming.headers['content-type'] ?? '';
  if (type.startsWith('application/x-amz-json') || service === 'lambda') {
    const code = denied
      ? 'AccessDeniedException'
      : service === 'lambda'
        ? 'TooManyRequestsException'
        : 'ThrottlingException';
    const status = denied ? (service === 'lambda' ? 403 : 400) : service === 'lambda' ? 429 : 400;
    outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code });
    outgoing.end(JSON.stringify({ __type: code, message, Message: message }));
    return;
  }
  outgoing.writeHead(denied ? 403 : service === 's3' ? 503 : 400, { 'content-type': 'text/xml' });
  if (service === 's3') {
    outgoing.end(`<Error><Code>${denied ? 'AccessDenied' : 'SlowDown'}</Code><Message>${message}</Message></Error>`);
  } else if (service === 'ec2') {
    const code = denied ? 'UnauthorizedOperation' : 'RequestLimitExceeded';
    outgoing.end(
      `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors></Response>`,
    );
  } else {
    const code = denied ? 'AccessDenied' : 'Throttling';
    outgoing.end(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    );
  }
}
