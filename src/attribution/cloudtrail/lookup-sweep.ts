import type { LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail';
import { type AwsEnv, type AwsSender, connectCloudTrail, faultOf } from './aws-clients.ts';

/** One page of LookupEvents: the records as texts. */
export interface LookupPage {
  readonly events: readonly string[];
  readonly next: string | undefined;
}

export interface LookupQuestion {
  readonly attribute: { readonly key: 'ReadOnly' | 'EventName'; readonly value: string };
  readonly from: Date;
  readonly to: Date;
  readonly token?: string;
}

/** LookupEvents of one region. Throws whatever its client throws. */
export interface Lookup {
  page(question: LookupQuestion): Promise<LookupPage>;
}

/** LookupEvents of CloudTrail itself. */
export async function lookupOf(region: string, env: AwsEnv): Promise<Lookup> {
  const { sdk, client } = await connectCloudTrail(env, region);
  return { page: (question) => pageOf(sdk, client, question) };
}

async function pageOf(
  sdk: typeof import('@aws-sdk/client-cloudtrail'),
  client: AwsSender,
  { attribute, from, to, token }: LookupQuestion,
): Promise<LookupPage> {
  const page = (await client.send(
    new sdk.LookupEventsCommand({
      LookupAttributes: [{ AttributeKey: attribute.key, AttributeValue: attribute.value }],
      StartTime: from,
      EndTime: to,
      MaxResults: 50,
      ...(token === undefined ? {} : { NextToken: token }),
    }),
  )) as LookupEventsCommandOutput;
  return { events: (page.Events ?? []).flatMap((event) => event.CloudTrailEvent ?? []), next: page.NextToken };
}

/** Waits; tests give one that does not. */
export type Wait = (milliseconds: number) => Promise<void>;

/** AWS allows two calls a second for each account and region. Source: CloudTrail API, LookupEvents. */
const PACE_MS = 500;
/** A throttled call is made again after twice the time, up to this many times. */
const TRIES = 6;

/**
 * All pages of one question, with the pace that AWS allows. Ends with why not all of them were read, where that is so:
 * a token that came before, a call that was refused.
 */
export async function* sweep(
  lookup: Lookup,
  question: LookupQuestion,
  wait: Wait,
): AsyncGenerator<readonly string[], string | undefined, undefined> {
  const seen = new Set<string>();
  let token: string | undefined;
  while (true) {
    let page: LookupPage;
    try {
      page = await patiently(() => lookup.page({ ...question, ...(token === undefined ? {} : { token }) }), wait);
    } catch (thrown) {
      return `LookupEvents failed on page ${seen.size + 1}: ${faultOf(thrown).name}`;
    }
    yield page.events;
    if (page.next === undefined) return undefined;
    if (seen.has(page.next)) return `LookupEvents gave the same page twice, after ${seen.size} pages`;
    seen.add(page.next);
    token = page.next;
    await wait(PACE_MS);
  }
}

async function patiently<T>(call: () => Promise<T>, wait: Wait): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (thrown) {
      const { name, status } = faultOf(thrown);
      const passing = /Throttl|TooManyRequests|RequestLimit|Timeout|ECONNRESET/i.test(name) || (status ?? 0) >= 500;
      if (!passing || tries >= TRIES) throw thrown;
      await wait(PACE_MS * 2 ** tries);
    }
  }
}
