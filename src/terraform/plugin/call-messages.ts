import { type Diagnostic, decodeDiagnostic, decodePath } from './diagnostic-message.ts';
import { CLIENT_VERSION } from './protocol.ts';
import { Message, type Reader, walk } from './wire.ts';

/** Messages of the calls; equal in protocol 5 and 6. Values are msgpack (msgpack.ts), undefined where there is none. */

export interface UpgradeRequest {
  readonly type: string;
  /** Schema version under which the state was written. */
  readonly version: number;
  /** The state's attributes as JSON text. */
  readonly json: string;
}

export interface ReadRequest {
  readonly type: string;
  readonly state: Uint8Array;
  /** The provider's own data from the state, opaque. */
  readonly private: Uint8Array | undefined;
}

export interface PlanRequest {
  readonly type: string;
  readonly prior: Uint8Array;
  readonly proposed: Uint8Array;
  readonly config: Uint8Array;
  readonly private: Uint8Array | undefined;
}

/** A state that a provider gave back; undefined where it sent none, which stands for null. */
export interface StateAnswer {
  readonly state: Uint8Array | undefined;
  readonly private: Uint8Array | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export interface PlanAnswer extends StateAnswer {
  /** Attribute paths that cannot be changed in place. */
  readonly replace: readonly string[];
}

/** Configure.Request: terraform_version = 1, config = 2. */
export function encodeConfigure(config: Uint8Array): Uint8Array {
  return new Message().text(1, CLIENT_VERSION).message(2, dynamicValue(config)).finish();
}

/** Configure.Response: diagnostics = 1. */
export function decodeConfigured(bytes: Uint8Array): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  walk(bytes, { 1: (reader) => void diagnostics.push(decodeDiagnostic(reader.bytes())) });
  return diagnostics;
}

/** UpgradeResourceState.Request: type_name = 1, version = 2, raw_state = 3 (RawState: json = 1). */
export function encodeUpgrade(request: UpgradeRequest): Uint8Array {
  const raw = new Message().bytes(1, new TextEncoder().encode(request.json));
  return new Message().text(1, request.type).int(2, request.version).message(3, raw).finish();
}

/** UpgradeResourceState.Response: upgraded_state = 1, diagnostics = 2. */
export function decodeUpgraded(bytes: Uint8Array): StateAnswer {
  return decodeState(bytes, { state: 1, diagnostics: 2 });
}

/** ReadResource.Request: type_name = 1, current_state = 2, private = 3. */
export function encodeRead(request: ReadRequest): Uint8Array {
  return new Message().text(1, request.type).message(2, dynamicValue(request.state)).bytes(3, request.private).finish();
}

/** ReadResource.Response: new_state = 1, diagnostics = 2, private = 3. */
export function decodeRead(bytes: Uint8Array): StateAnswer {
  return decodeState(bytes, { state: 1, diagnostics: 2, private: 3 });
}

/** PlanResourceChange.Request: type_name = 1, prior_state = 2, proposed_new_state = 3, config = 4, prior_private = 5. */
export function encodePlan(request: PlanRequest): Uint8Array {
  return new Message()
    .text(1, request.type)
    .message(2, dynamicValue(request.prior))
    .message(3, dynamicValue(request.proposed))
    .message(4, dynamicValue(request.config))
    .bytes(5, request.private)
    .finish();
}

/** PlanResourceChange.Response: planned_state = 1, requires_replace = 2, planned_private = 3, diagnostics = 4. */
export function decodePlanned(bytes: Uint8Array): PlanAnswer {
  const replace: string[] = [];
  walk(bytes, {
    2: (reader) => {
      const path = decodePath(reader.bytes());
      if (path !== undefined) replace.push(path);
    },
  });
  return { ...decodeState(bytes, { state: 1, private: 3, diagnostics: 4 }), replace };
}

function decodeState(
  bytes: Uint8Array,
  at: { readonly state: number; readonly diagnostics: number; readonly private?: number },
): StateAnswer {
  let state: Uint8Array | undefined;
  let secret: Uint8Array | undefined;
  const diagnostics: Diagnostic[] = [];
  walk(bytes, {
    [at.state]: (reader: Reader) => {
      state = decodeDynamicValue(reader.bytes());
    },
    [at.diagnostics]: (reader: Reader) => {
      diagnostics.push(decodeDiagnostic(reader.bytes()));
    },
    ...(at.private === undefined
      ? {}
      : {
          [at.private]: (reader: Reader) => {
            secret = reader.bytes();
          },
        }),
  });
  return { state, private: secret, diagnostics };
}

/** DynamicValue: msgpack = 1, json = 2. */
function dynamicValue(msgpack: Uint8Array): Message {
  return new Message().bytes(1, msgpack);
}

/** The protocol asks servers to answer in msgpack always; JSON, which it allows clients to send, is refused. */
function decodeDynamicValue(bytes: Uint8Array): Uint8Array | undefined {
  let msgpack: Uint8Array | undefined;
  let json = false;
  walk(bytes, {
    1: (reader) => {
      msgpack = reader.bytes();
    },
    2: (reader) => {
      json = reader.bytes().length > 0;
    },
  });
  if (msgpack === undefined && json)
    throw new Error('the provider answered in JSON, which the protocol does not allow');
  return msgpack;
}
