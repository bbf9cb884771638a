import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { RECEIVE_LIMIT } from './protocol.ts';

/** A call that brought no answer at all: the transport's fault, not the provider's word. */
export class CallFault extends Error {
  override readonly name = 'CallFault';
  /** deadline: no answer in time. lost: the connection broke. refused: everything else. */
  readonly kind: 'deadline' | 'lost' | 'refused';

  constructor(kind: CallFault['kind'], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

/** A gRPC connection that carries ready-made bytes. */
export interface Channel {
  /** One unary call. `deadline` is a time in milliseconds since the epoch. Throws CallFault. */
  call(path: string, request: Uint8Array, deadline: number): Promise<Uint8Array>;
  close(): void;
}

/** Connects to a provider: plain text, since the socket lies in a folder that only this user may enter. */
export function openChannel(target: string): Channel {
  const client = new Client(target, credentials.createInsecure(), {
    'grpc.max_receive_message_length': RECEIVE_LIMIT,
    'grpc.max_send_message_length': RECEIVE_LIMIT,
    // A proxy of the environment is meant for the network, never for a socket of this machine.
    'grpc.enable_http_proxy': 0,
    'grpc.enable_retries': 0,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.service_config_disable_resolution': 1,
    // The schema comes as one message of many megabytes: fewer window updates on the way.
    'grpc-node.flow_control_window': 4 * 1024 * 1024,
  });
  return {
    call: (path, request, deadline) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          path,
          (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
          (bytes: Buffer) => bytes,
          request,
          new Metadata(),
          { deadline },
          (error, answer) => {
            if (error === null && answer !== undefined) resolve(answer);
            else reject(faultOf(error?.code, error?.details ?? 'no answer', error));
          },
        );
      }),
    close: () => client.close(),
  };
}

function faultOf(code: number | undefined, details: string, cause: unknown): CallFault {
  if (code === status.DEADLINE_EXCEEDED) return new CallFault('deadline', 'no answer in time', { cause });
  if (code === status.UNAVAILABLE || code === status.CANCELLED) return new CallFault('lost', details, { cause });
  return new CallFault('refused', `${code === undefined ? 'error' : status[code]}: ${details}`, { cause });
}
