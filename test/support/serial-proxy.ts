import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface SerialProxy {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * A proxy that hands on one request at a time. moto heeds If-Match and If-None-Match, but looks and writes in two steps of
 * threads that run side by side: without this, two writers may both win a swap that S3 gives to one.
 */
export async function startSerialProxy(target: { readonly port: number }): Promise<SerialProxy> {
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Socket>();
  let queue: Promise<unknown> = Promise.resolve();

  const server = createServer((incoming, outgoing) => {
    queue = queue.then(() => handOn(incoming, outgoing)).catch(() => outgoing.destroy());
  });

  async function handOn(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method, url: path, headers } = incoming;
    const answer = await new Promise<IncomingMessage>((done, fail) => {
      const onward = httpRequest({ agent, host: '127.0.0.1', port: target.port, method, path, headers }, done);
      onward.on('error', fail);
      onward.end(Buffer.concat(chunks));
    });
    const body: Buffer[] = [];
    for await (const chunk of answer) body.push(chunk as Buffer);
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    outgoing.end(Buffer.concat(body));
  }

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
