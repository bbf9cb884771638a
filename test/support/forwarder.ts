import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A whole answer, of the emulator or in its place. */
export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: Buffer;
}

/** A request as it came in, and how to have it answered by the emulator. */
export interface Passing {
  readonly incoming: IncomingMessage;
  readonly body: Buffer;
  readonly handOn: () => Promise<Answer>;
}

export interface Forwarder {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Stands in front of an emulator on a free port of 127.0.0.1: `answer` says what comes of each request. Where the emulator
 * does not answer, that is a 502.
 */
export async function startForwarder(
  target: { readonly port: number },
  answer: (passing: Passing) => Promise<Answer>,
): Promise<Forwarder> {
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Socket>();
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming);
    const handOn = (): Promise<Answer> => forward(agent, target.port, incoming, body);
    const { status, headers, body: text } = await answer({ incoming, body, handOn });
    outgoing.writeHead(status, headers);
    outgoing.end(text);
  };
  // Who asks may go away at any moment; then there is nobody to answer.
  const server = createServer((incoming, outgoing) => void handle(incoming, outgoing).catch(() => outgoing.destroy()));
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function forward(agent: Agent, port: number, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  const { method, url: path } = incoming;
  // The emulator's own host, so that URLs which it makes (queues) stay the same through us.
  const headers = { ...incoming.headers, host: `127.0.0.1:${port}`, 'content-length': body.length };
  return new Promise((resolve) => {
    const failed = (): void => resolve({ status: 502, headers: {}, body: Buffer.alloc(0) });
    const onward = httpRequest({ agent, host: '127.0.0.1', port, method, path, headers }, (answer) => {
      const { 'transfer-encoding': _chunked, ...kept } = answer.headers;
      bodyOf(answer).then((text) => resolve({ status: answer.statusCode ?? 502, headers: kept, body: text }), failed);
    });
    onward.on('error', failed);
    onward.end(body);
  });
}

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
