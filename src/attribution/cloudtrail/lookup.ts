import { setTimeout as sleep } from 'node:timers/promises';
import { DriftbomError } from '../../model/error.ts';
import type { AuditAnswer, AuditQuestion, CoverageGap, Json } from '../port.ts';
import { answerOf, type Collected, type TrailLog } from './answer.ts';
import { type AwsEnv, regionOf } from './aws-clients.ts';
import { ISSUING_CALLS, SIGN_IN } from './calls.ts';
import { Collection } from './collection.ts';
import { inParallel } from './in-parallel.ts';
import { type Lookup, lookupOf, type LookupQuestion, sweep, type Wait } from './lookup-sweep.ts';
import { Sieve, type SieveQuestion, sieveQuestion } from './sieve.ts';
import { DAY, GLOBAL_REGION, HOUR, type Scope, scopeOf, timeText } from './window.ts';

export interface AuditLookupOptions {
  readonly env: AwsEnv;
  /** Milliseconds. */
  readonly now: () => number;
  /** Makes the client of a region; tests give their own. */
  readonly connect?: ((region: string, env: AwsEnv) => Promise<Lookup>) | undefined;
  readonly wait?: Wait | undefined;
}

/** How far back LookupEvents looks. Source: CloudTrail API, LookupEvents. */
const REACH = 90 * DAY;
/** Regions asked at a time: the rate is limited for each of them alone. */
const WIDTH = 8;
/** A role's session ends after at most 12 hours, these after 36 (STS API reference). */
const LONG_SESSIONS: ReadonlySet<string> = new Set(['GetFederationToken', 'GetSessionToken']);

/**
 * The audit log of one account as CloudTrail's LookupEvents shows it: management events of the last 90 days. Asks for
 * all writes of each region at once, and for the calls that issued credentials; what matters is sorted out here, since
 * a question for each resource would take hours at two calls a second.
 */
export class AuditLookup implements TrailLog {
  readonly name = 'lookup';
  readonly #options: AuditLookupOptions;

  constructor(options: AuditLookupOptions) {
    this.#options = options;
  }

  async ask(question: AuditQuestion): Promise<AuditAnswer> {
    return answerOf(await this.collect(question));
  }

  async collect(question: AuditQuestion): Promise<Collected> {
    const { env } = this.#options;
    const scope = scopeOf(question);
    const asked = sieveQuestion(question, scope, this.#options.now());
    const regions = [...new Set([...(question.regions ?? [regionOf(env)]), GLOBAL_REGION])].sort();
    const oldest = this.#options.now() - REACH;
    const limits = beyond(question, scope, oldest);
    const gaps = unasked(question, regions);
    const collection = new Collection();
    const failures: CoverageGap[] = [];
    await inParallel([...regions.keys()], WIDTH, async (at) => {
      const region = regions[at] as string;
      const faults = await this.#region(region, asked, oldest, collection, at);
      failures.push(...faults.map((message) => ({ what: `region ${region}`, message })));
    });
    if (collection.records === 0 && failures.length > 0) {
      throw new DriftbomError(
        'E_AUDIT_LOG',
        `cannot look up events: ${failures[0]?.message}`,
        'Log in to AWS as somebody who is allowed cloudtrail:LookupEvents, or give the files of a trail.',
      );
    }
    return {
      source: this.name,
      question,
      scope,
      collection,
      reaches: [
        {
          places: collection.places,
          // The service keeps 90 days of events of every account, also where nothing happened.
          earliest: new Map([...collection.places.values()].map(({ account }) => [account, oldest])),
          latest: failures.length === 0 ? this.#options.now() : undefined,
        },
      ],
      quiet: new Set(regions.filter((region) => !failures.some(({ what }) => what === `region ${region}`))),
      gaps: [...gaps, ...failures],
      limits,
      reread: async () => [],
    };
  }

  /** Asks one region. Gives what could not be read of it. */
  async #region(
    region: string,
    asked: SieveQuestion,
    oldest: number,
    collection: Collection,
    at: number,
  ): Promise<readonly string[]> {
    const { env, connect = lookupOf, wait = (ms) => sleep(ms) } = this.#options;
    const sieve = new Sieve(`lookup:${region}`, undefined, { ...asked, shelf: asked.shelf });
    const lookup = await connect(region, env);
    const faults: string[] = [];
    let index = 0;
    for (const question of questions(asked.scope, oldest)) {
      const pages = sweep(lookup, question, wait);
      let page = await pages.next();
      for (; page.done !== true; page = await pages.next()) for (const text of page.value) take(text, index++, sieve);
      if (page.value !== undefined) faults.push(page.value);
      // Two questions after each other are two calls, too.
      await wait(500);
    }
    const held = sieve.findings.held();
    const account = held.places[0]?.account ?? '';
    collection.add(held, `lookup:${account}:${region}`, at, 'lookup-only');
    return [...new Set(faults)];
  }
}

function take(text: string, index: number, sieve: Sieve): void {
  const bytes = Buffer.from(text);
  try {
    sieve.take(JSON.parse(text) as Json, bytes, index);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    sieve.findings.fault('lookup', index, 'is no JSON');
  }
}

/** Attributes are matched exactly, and a question has one of them. */
function questions(scope: Scope, oldest: number): readonly LookupQuestion[] {
  const to = new Date(scope.to);
  const from = (before: number): Date => new Date(Math.max(scope.from - before, oldest));
  return [
    { attribute: { key: 'ReadOnly', value: 'false' }, from: from(0), to },
    ...[...ISSUING_CALLS, SIGN_IN].map((value): LookupQuestion => {
      const before = LONG_SESSIONS.has(value) ? 36 * HOUR : 12 * HOUR;
      return { attribute: { key: 'EventName', value }, from: from(before), to };
    }),
  ];
}

/** What a question asks for that LookupEvents never shows. */
function beyond({ window }: AuditQuestion, scope: Scope, oldest: number): readonly CoverageGap[] {
  if (window.from === null || scope.from >= oldest) return [];
  return [{ what: 'lookup', message: `LookupEvents shows 90 days: nothing before ${timeText(oldest)}` }];
}

function unasked({ regions: asked }: AuditQuestion, regions: readonly string[]): readonly CoverageGap[] {
  if (asked !== undefined) return [];
  return [{ what: 'lookup', message: `only these regions were asked: ${regions.join(', ')}` }];
}
