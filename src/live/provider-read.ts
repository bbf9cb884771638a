import { setTimeout } from 'node:timers/promises';
import type { DeclaredResource, GapReason, LiveAnswer, StateInstance } from '../model/resource.ts';
import type { ResourceSchema, TypeSpec } from '../model/schema.ts';
import type { Value } from '../model/value.ts';
import { typeOfBlock } from '../terraform/block-type.ts';
import { decodeValue, ValueFault } from '../terraform/msgpack.ts';
import type { StateAnswer } from '../terraform/plugin/call-messages.ts';
import { CallFault } from '../terraform/plugin/channel.ts';
import { errorText } from '../terraform/plugin/diagnostic-message.ts';
import { stateJson } from '../terraform/plugin/state-json.ts';
import { classOf, GAP_OF_CLASS, hasErrors, refusalOf } from './provider-faults.ts';
import type { ProviderSession } from './provider-session.ts';

/** The process went away under the call: who waits for what is for the caller to say. */
export const CRASHED: unique symbol = Symbol('crashed');
/** The provider says that the object is gone; see confirmAbsence. */
export const GONE: unique symbol = Symbol('gone');

export interface ReadOptions {
  /** Limit for the whole of one resource, retries included, in milliseconds. */
  readonly deadlineMs: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** A number from 0 up to 1, for the jitter between tries. */
  readonly chance: () => number;
}

/** How long the log of a read may lag behind its answer, in milliseconds. */
const LOG_MS = 2000;
/** Between two looks at one object, in milliseconds: more than clocks and their rounding are off. */
const APART_MS = 10;
const TRIES = 4;
/** Wait before the second try, in milliseconds; doubled before each further one. */
const FIRST_WAIT = 500;

type Stateful = DeclaredResource & { readonly state: StateInstance };

/**
 * Reads one resource: its state brought to the present schema, then the provider's own read of the live object.
 * Throttling and a lost connection are tried again, at most four times in all. Never throws: what went wrong is the
 * answer.
 */
export function readResource(
  session: ProviderSession,
  resource: Stateful,
  options: ReadOptions,
): Promise<LiveAnswer | typeof CRASHED | typeof GONE> {
  return answerOf(session, resource, options, async (reading) => (await reading.run()) ?? GONE);
}

/**
 * Looks a second time for an object that a provider called gone, and believes it only where the cloud did not refuse
 * to tell: some providers take every failed look for an absence (aws provider 5.98 and later with a denied or failed
 * HeadBucket). Have no other read of the type under way, or the log cannot be told apart.
 */
export function confirmAbsence(
  session: ProviderSession,
  resource: Stateful,
  options: ReadOptions,
): Promise<LiveAnswer | typeof CRASHED> {
  return answerOf(session, resource, options, async (reading) => {
    // The log of the first look may still be on its way: a pause sets the two apart by their dates.
    await setTimeout(APART_MS);
    const watch = session.client.watch(resource.ref.type, Date.now() - APART_MS / 2);
    const found = await reading.run();
    const last = await watch.ended(LOG_MS);
    if (found !== undefined) return found;
    const refusal = refusalOf(last);
    const schema = session.schemaOf(resource.ref.type);
    if (last === undefined || refusal === undefined) return { kind: 'absent', resource, schema };
    const answer =
      last.status === undefined ? 'did not answer its question' : `answered its question with ${last.status}`;
    return {
      kind: 'unread',
      resource,
      reason: refusal,
      message: `the provider calls it gone, but the cloud ${answer}`,
      schema,
    };
  });
}

async function answerOf<T>(
  session: ProviderSession,
  resource: Stateful,
  options: ReadOptions,
  read: (reading: Reading) => Promise<T>,
): Promise<T | LiveAnswer | typeof CRASHED> {
  const { type } = resource.ref;
  const { state } = resource;
  const schema = session.schemaOf(type);
  const unread = (reason: GapReason, message: string): LiveAnswer => ({
    kind: 'unread',
    resource,
    reason,
    message: session.scrub(message),
    schema,
  });
  if (schema === undefined) return unread('unknown-type', `the provider has no resource type ${type}`);
  if (state.schemaVersion > schema.version) {
    const versions = `version ${state.schemaVersion}, the provider knows ${schema.version}`;
    return unread('newer-state', `the state was written by a newer provider (${type} schema ${versions})`);
  }
  const deadline = Date.now() + options.deadlineMs;
  try {
    return await read(new Reading(session, resource, schema, deadline, options));
  } catch (cause) {
    if (cause === CRASHED) return CRASHED;
    if (cause instanceof Unread) return unread(cause.reason, cause.message);
    if (cause instanceof ValueFault) {
      return unread('undecodable', `the provider's answer does not fit its schema: ${cause.message}`);
    }
    if (cause instanceof CallFault && cause.kind === 'deadline') {
      return unread('timeout', `no answer within ${options.deadlineMs / 1000} s`);
    }
    return unread('provider-error', cause instanceof Error ? cause.message : String(cause));
  }
}

class Unread extends Error {
  readonly reason: GapReason;

  constructor(reason: GapReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The calls of one resource, under one deadline and one count of tries. */
class Reading {
  readonly #session: ProviderSession;
  readonly #resource: Stateful;
  readonly #schema: ResourceSchema;
  readonly #type: TypeSpec;
  readonly #deadline: number;
  readonly #options: ReadOptions;
  #tries = 1;

  constructor(
    session: ProviderSession,
    resource: Stateful,
    schema: ResourceSchema,
    deadline: number,
    options: ReadOptions,
  ) {
    this.#session = session;
    this.#resource = resource;
    this.#schema = schema;
    this.#type = typeOfBlock(schema.block);
    this.#deadline = deadline;
    this.#options = options;
  }

  /** Undefined where the provider says that the object is gone. */
  async run(): Promise<LiveAnswer | undefined> {
    const current = await this.#upgrade();
    const live = this.#value(await this.#read(current));
    if (live === null) return undefined;
    const prior = decodeValue(current, this.#type);
    return { kind: 'found', resource: this.#resource, prior, live, schema: this.#schema };
  }

  async #upgrade(): Promise<Uint8Array> {
    const { ref, state } = this.#resource;
    // The types of the present schema say nothing about a state of an older one.
    const type = state.schemaVersion === this.#schema.version ? this.#type : undefined;
    const request = { type: ref.type, version: state.schemaVersion, json: stateJson(state.attributes, type) };
    const answer = await this.#patiently(
      () => this.#session.client.upgrade(request, this.#deadline),
      () => 'state-upgrade-failed',
    );
    if (answer.state === undefined || this.#value(answer) === null) {
      throw new Unread('state-upgrade-failed', 'the provider made nothing of the resource’s state');
    }
    return answer.state;
  }

  async #read(current: Uint8Array): Promise<StateAnswer> {
    const { ref, state } = this.#resource;
    const opaque = state.private === undefined ? undefined : Buffer.from(state.private, 'base64');
    return this.#patiently(
      () => this.#session.client.read({ type: ref.type, state: current, private: opaque }, this.#deadline),
      (answer) => GAP_OF_CLASS[classOf(answer.diagnostics)],
    );
  }

  /** Calls until there is an answer without errors, or until waiting longer makes no sense. */
  async #patiently(
    call: () => Promise<StateAnswer>,
    reasonOf: (answer: StateAnswer) => GapReason,
  ): Promise<StateAnswer> {
    while (true) {
      const answer = await this.#lasting(call);
      if (answer === undefined) continue;
      if (!hasErrors(answer.diagnostics)) return answer;
      const throttled = classOf(answer.diagnostics) === 'throttled';
      if (!throttled || !(await this.#again())) {
        throw new Unread(throttled ? 'throttled' : reasonOf(answer), errorText(answer.diagnostics));
      }
    }
  }

  /** One call. Undefined where the connection broke, the process lives on and another try is due. */
  async #lasting(call: () => Promise<StateAnswer>): Promise<StateAnswer | undefined> {
    try {
      return await call();
    } catch (cause) {
      if (cause instanceof CallFault && cause.kind === 'lost') {
        if (await this.#session.client.crashed()) throw CRASHED;
        if (await this.#again()) return undefined;
      }
      throw cause;
    }
  }

  /** Waits before the next try: exponential, with full jitter on the upper half. False where there is none. */
  async #again(): Promise<boolean> {
    if (this.#tries >= TRIES) return false;
    const wait = FIRST_WAIT * 2 ** (this.#tries - 1) * (0.5 + this.#options.chance() / 2);
    if (Date.now() + wait >= this.#deadline) return false;
    this.#tries++;
    await this.#options.sleep(wait);
    return true;
  }

  #value(answer: StateAnswer): Value {
    return answer.state === undefined ? null : decodeValue(answer.state, this.#type);
  }
}
