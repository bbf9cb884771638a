import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../../src/live/provider-faults.ts';
import { ExchangeLog } from '../../../src/terraform/plugin/exchange-log.ts';

const line = (message: string, call = '1', more: object = {}): string =>
  `${JSON.stringify({ '@message': message, tf_rpc: 'ReadResource', tf_req_id: call, tf_resource_type: 'a', ...more })}\n`;
const served = line('Served request');
const sent = (method: string) => line('HTTP Request Sent', '1', { 'http.method': method });
const received = (status: number) => line('HTTP Response Received', '1', { 'http.status_code': status });

describe('the log of a provider', () => {
  it('tells how the last exchange of a read ended, whatever pieces it comes in', async () => {
    const log = new ExchangeLog();
    log.feed(served);
    const watch = log.watch('a', 0);
    const text = `${sent('POST')}noise\n${received(503)}${sent('HEAD')}{broken\n${received(404)}${served}`;
    for (const piece of text) log.feed(piece);
    expect(await watch.ended(60_000)).toEqual({ method: 'HEAD', status: 404 });
  });

  it('tells a request that stayed without a response, also where the end of the call is never logged', async () => {
    const log = new ExchangeLog();
    const watch = log.watch('a', 0);
    log.feed(sent('GET'));
    expect(await watch.ended(1)).toEqual({ method: 'GET', status: undefined });
  });

  it('leaves the question open where a call that must be logged is not', async () => {
    const log = new ExchangeLog();
    log.feed(served);
    expect(await log.watch('a', 0).ended(1)).toEqual({ method: '', status: undefined });
  });

  it('waits for a log that lags behind the answer', async () => {
    const log = new ExchangeLog();
    const ended = log.watch('a', 0).ended(60_000);
    setTimeout(() => log.feed(`${sent('GET')}${received(403)}${served}`), 20);
    expect(await ended).toEqual({ method: 'GET', status: 403 });
  });

  it('takes the late end of an earlier read for what it is', async () => {
    const log = new ExchangeLog();
    const watch = log.watch('a', Date.parse('2026-01-01T00:00:10Z'));
    log.feed(line('Served request', '1', { '@timestamp': '2026-01-01T00:00:09.999999+00:00' }));
    log.feed(line('HTTP Request Sent', '2', { '@timestamp': '2026-01-01T01:00:10.5+01:00', 'http.method': 'HEAD' }));
    log.feed(line('HTTP Response Received', '2', { '@timestamp': '2026-01-01T00:00:10.6Z', 'http.status_code': 403 }));
    log.feed(line('Served request', '2', { '@timestamp': '2026-01-01T00:00:10.7Z' }));
    expect(await watch.ended(60_000)).toEqual({ method: 'HEAD', status: 403 });
  });

  it('does not mix up types, calls and other kinds of call', async () => {
    const log = new ExchangeLog();
    log.feed(served);
    const watch = log.watch('a', 0);
    log.feed(line('HTTP Response Received', '9', { 'http.status_code': 403 }));
    log.feed(line('HTTP Response Received', '1', { 'http.status_code': 403, tf_resource_type: 'b' }));
    log.feed(line('HTTP Response Received', '1', { 'http.status_code': 403, tf_rpc: 'ReadDataSource' }));
    log.feed(line('Received HTTP Response', '1', { tf_http_res_status_code: 410 }));
    log.feed(served);
    expect(await watch.ended(60_000)).toMatchObject({ status: 410 });
  });

  it('knows nothing of a provider that does not log', async () => {
    const log = new ExchangeLog();
    expect(await log.watch('a', 0).ended(1)).toBeUndefined();
    // Having waited in vain once, it waits no more.
    expect(await log.watch('a', 0).ended(60_000)).toBeUndefined();
  });

  it('leads to a gap only where the status cannot mean that the object is gone', () => {
    const gap = (status: number | undefined, method = 'POST') => refusalOf({ method, status });
    expect([200, 301, 400, 404, 409, 410].map((status) => gap(status))).toEqual(Array(6).fill(undefined));
    expect([gap(400, 'HEAD'), gap(401), gap(403), gap(429), gap(502), gap(503), gap(undefined)]).toEqual([
      'access-denied',
      'access-denied',
      'access-denied',
      'throttled',
      'provider-error',
      'throttled',
      'provider-error',
    ]);
    expect(refusalOf(undefined)).toBeUndefined();
  });
});
