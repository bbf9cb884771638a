import type { GapReason } from '../model/resource.ts';
import type { Path } from '../model/path.ts';
import type { ResourceSchema } from '../model/schema.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { DriftbomError } from '../model/error.ts';
import { GAP_REASONS } from '../model/resource.ts';
import { isArray, isMap } from '../model/value.ts';
import { parseJson } from '../terraform/json.ts';
import { Shape } from '../terraform/shape.ts';
import { parseState } from '../terraform/state-file.ts';
import { stateResources } from '../terraform/state-resources.ts';
import { isTypeSpec } from '../terraform/type-spec.ts';
import type { Omission } from './snapshot-secrets.ts';

/**
 * A snapshot is a Terraform state (format 4) whose attributes are live values. One that driftbom recorded has the extra
 * key `driftbom` for what a state has no words for: workspaces, what was absent or not read, schemas, secrets left out.
 * docs/snapshot-format.md describes it member by member.
 */
export interface Snapshot {
  /** A state without our key: it names no workspace and tells nothing of what it does not hold. */
  readonly plain: boolean;
  readonly workspaces: ReadonlyMap<string, SnapshotWorkspace>;
  readonly providers: readonly { readonly source: string; readonly version: string }[];
  readonly schemaOf: (provider: string, type: string) => ResourceSchema | undefined;
}

export interface SnapshotWorkspace {
  readonly found: ReadonlyMap<string, SnapshotObject>;
  /** The id that was looked for and not found, by address. */
  readonly absent: ReadonlyMap<string, string | undefined>;
  readonly unread: ReadonlyMap<string, { readonly reason: GapReason; readonly message: string }>;
}

export interface SnapshotObject {
  readonly attributes: ValueMap;
  readonly schemaVersion: number;
  /** The id that the state had, where the provider answered with another one. */
  readonly declaredId: string | undefined;
  readonly omitted: readonly Omission[];
  /** Attributes that the provider's state upgrade changed beyond what the schema's types explain. */
  readonly upgraded: ValueMap;
  /** Schema version that the state had then. */
  readonly stateVersion: number | undefined;
}

export const SNAPSHOT_VERSION = 1;

const AGAIN = 'Record it again with: driftbom scan --record-live FILE';

/** Parses a snapshot. Errors: E_SNAPSHOT for anything that is no state of format 4, or a recording of another version. */
export function parseSnapshot(bytes: Uint8Array | string, name: string): Snapshot {
  const root = parseJson(bytes, name, 'E_SNAPSHOT');
  const objects = objectsOf(bytes, name);
  const recorded = isMap(root) ? root.driftbom : undefined;
  if (recorded === undefined) {
    const found = new Map([...objects].map(([address, object]) => [address, { ...object, ...NOTHING_NOTED }]));
    const only = { found, absent: new Map(), unread: new Map() };
    return { plain: true, workspaces: new Map([['', only]]), providers: [], schemaOf: () => undefined };
  }
  if (!isMap(recorded) || recorded.version !== SNAPSHOT_VERSION) {
    const cure = `This driftbom reads recordings of version ${SNAPSHOT_VERSION}. ${AGAIN}`;
    throw new DriftbomError('E_SNAPSHOT', `${name} is a recording of another version.`, cure);
  }
  const shape = new Shape();
  const snapshot = readRecording(recorded, objects, shape);
  if (shape.faults.length > 0) {
    throw new DriftbomError('E_SNAPSHOT', `${name} is no well-formed recording: ${shape.summary()}.`, AGAIN);
  }
  return snapshot;
}

type StateObject = Pick<SnapshotObject, 'attributes' | 'schemaVersion'>;
const NOTHING_NOTED = { declaredId: undefined, omitted: [], upgraded: {}, stateVersion: undefined };

function objectsOf(bytes: Uint8Array | string, name: string): Map<string, StateObject> {
  try {
    const { resources } = stateResources(parseState(bytes, name), { workspace: '' });
    return new Map(
      resources.flatMap(({ ref, state }) =>
        state === undefined
          ? []
          : [[ref.address, { attributes: state.attributes, schemaVersion: state.schemaVersion }] as const],
      ),
    );
  } catch (thrown) {
    if (!(thrown instanceof DriftbomError)) throw thrown;
    const cure = `A snapshot is a Terraform state of format 4 that holds live values. ${AGAIN}`;
    throw new DriftbomError('E_SNAPSHOT', thrown.message, cure, { cause: thrown });
  }
}

function readRecording(map: ValueMap, objects: ReadonlyMap<string, StateObject>, shape: Shape): Snapshot {
  const workspaces = new Map<string, SnapshotWorkspace>();
  for (const [workspace, where] of shape.maps(map, 'workspaces', 'driftbom')) {
    const prefix = shape.text(workspace, 'module', where);
    workspaces.set(shape.text(workspace, 'name', where) ?? '', readWorkspace(workspace, where, prefix, objects, shape));
  }
  const schemas = shape.map(map, 'schemas', 'driftbom') ?? {};
  return {
    plain: false,
    workspaces,
    providers: shape.maps(map, 'providers', 'driftbom').map(([provider, where]) => ({
      source: shape.required(provider, 'source', where),
      version: shape.text(provider, 'version', where) ?? '',
    })),
    schemaOf: (provider, type) => schemaIn(schemas, provider, type),
  };
}

function readWorkspace(
  map: ValueMap,
  where: string,
  prefix: string | undefined,
  objects: ReadonlyMap<string, StateObject>,
  shape: Shape,
): SnapshotWorkspace {
  const within = prefix === undefined ? '' : `${prefix}.`;
  const notes = new Map(
    shape.maps(map, 'notes', where).map(([note, place]) => [shape.required(note, 'address', place), { note, place }]),
  );
  const found = new Map<string, SnapshotObject>();
  for (const [address, object] of objects) {
    if (!address.startsWith(within)) continue;
    const own = address.slice(within.length);
    const known = notes.get(own);
    found.set(own, { ...object, ...(known === undefined ? NOTHING_NOTED : readNote(known.note, known.place, shape)) });
  }
  return {
    found,
    absent: new Map(
      shape
        .maps(map, 'absent', where)
        .map(([one, place]) => [shape.required(one, 'address', place), shape.text(one, 'id', place)]),
    ),
    unread: new Map(
      shape.maps(map, 'unread', where).map(([one, place]) => {
        const reason = GAP_REASONS.find((known) => known === one.reason) ?? 'not-in-snapshot';
        return [shape.required(one, 'address', place), { reason, message: shape.text(one, 'message', place) ?? '' }];
      }),
    ),
  };
}

function readNote(note: ValueMap, where: string, shape: Shape): Omit<SnapshotObject, keyof StateObject> {
  return {
    declaredId: shape.text(note, 'declaredId', where),
    stateVersion: shape.integer(note, 'stateVersion', where),
    upgraded: shape.map(note, 'upgraded', where) ?? {},
    omitted: shape.maps(note, 'omitted', where).map(([one, place]) => ({
      path: pathOf(one.path, `${place}.path`, shape) ?? [],
      prior: (one.prior ?? null) === null ? null : (pathOf(one.prior, `${place}.prior`, shape) ?? null),
    })),
  };
}

function pathOf(value: Value | undefined, where: string, shape: Shape): Path | undefined {
  if (isArray(value) && value.every((step) => typeof step === 'string' || typeof step === 'number')) return value;
  shape.faults.push(`${where} is not a path`);
  return undefined;
}

/** Schemas are plain JSON that driftbom wrote; what does not look like one is none. */
function schemaIn(schemas: ValueMap, provider: string, type: string): ResourceSchema | undefined {
  const ofProvider = Object.hasOwn(schemas, provider) ? schemas[provider] : undefined;
  const schema = isMap(ofProvider) && Object.hasOwn(ofProvider, type) ? ofProvider[type] : undefined;
  const sound = isMap(schema) && typeof schema.version === 'number' && isBlock(schema.block);
  return sound ? (schema as unknown as ResourceSchema) : undefined;
}

function isBlock(value: Value | undefined): boolean {
  if (!isMap(value) || !areAttributes(value.attributes) || !isMap(value.blocks)) return false;
  return Object.values(value.blocks).every(
    (nested) => isMap(nested) && isNesting(nested.nesting) && isBlock(nested.block),
  );
}

function areAttributes(value: Value | undefined): boolean {
  if (!isMap(value)) return false;
  return Object.values(value).every((attribute) => {
    if (!isMap(attribute)) return false;
    const { type, nested } = attribute;
    if (nested === undefined) return type === undefined || isTypeSpec(type);
    return isMap(nested) && isNesting(nested.nesting) && areAttributes(nested.attributes);
  });
}

function isNesting(value: Value | undefined): boolean {
  return typeof value === 'string' && ['single', 'list', 'set', 'map', 'group'].includes(value);
}
