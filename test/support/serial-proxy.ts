import { type Answer, type Forwarder, startForwarder } from './forwarder.ts';

/**
 * A proxy that hands on one request at a time. moto heeds If-Match and If-None-Match, but looks and writes in two steps of
 * threads that run side by side: without this, two writers may both win a swap that S3 gives to one.
 */
export async function startSerialProxy(target: { readonly port: number }): Promise<Forwarder> {
  let queue: Promise<unknown> = Promise.resolve();
  return startForwarder(target, ({ handOn }) => {
    const answered: Promise<Answer> = queue.then(handOn);
    queue = answered;
    return answered;
  });
}
