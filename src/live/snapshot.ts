import type { DeclaredResource, LiveAnswer } from '../model/resource.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { DriftbomError } from '../model/error.ts';
import { coerce } from '../terraform/coerce.ts';
import type { SchemaLookup } from '../terraform/plan-sides.ts';
import type { LiveReader } from './port.ts';
import { parseSnapshot } from './snapshot-file.ts';
import type { Snapshot, SnapshotObject, SnapshotWorkspace } from './snapshot-file.ts';
import { restoreSecrets } from './snapshot-secrets.ts';

export interface SnapshotOptions {
  readonly bytes: Uint8Array;
  /** The file as the user named it, for errors. */
  readonly name: string;
  /** Schemas from elsewhere, for what the snapshot brings none of (a plain state brings none at all). */
  readonly schemaOf?: SchemaLookup;
}

/**
 * Answers from a snapshot instead of the cloud: replay of a recorded scan, demonstration, forensics. A resource is looked
 * up by workspace and address, and must be the same object (id). One workspace meets one workspace whatever their names,
 * for a state may lie elsewhere now. What the snapshot does not hold is unread, never absent.
 * Errors: E_SNAPSHOT, at once for a broken file; when reading, for a plain state against several workspaces, which it
 * cannot tell apart.
 */
export function snapshotReader(options: SnapshotOptions): LiveReader {
  const snapshot = parseSnapshot(options.bytes, options.name);
  const schemaOf: SchemaLookup = (provider, type) =>
    snapshot.schemaOf(provider, type) ?? options.schemaOf?.(provider, type);
  return {
    name: 'snapshot',
    versions: () => snapshot.providers,
    close: async () => {},
    async *read(wanted): AsyncIterable<LiveAnswer> {
      const names = new Set(wanted.map((one) => one.ref.workspace));
      if (snapshot.plain && names.size > 1) {
        const cure = 'Scan one workspace with it, or use a snapshot that --record-live wrote.';
        const message = `${options.name} is a plain state: it cannot serve ${names.size} workspaces at once.`;
        throw new DriftbomError('E_SNAPSHOT', message, cure);
      }
      for (const resource of wanted) {
        const workspace = workspaceFor(snapshot, resource.ref.workspace, names.size);
        yield workspace === undefined
          ? unread(resource, `the snapshot holds ${listed(snapshot)}, not ${resource.ref.workspace}`)
          : answer(resource, workspace, schemaOf);
      }
    },
  };
}

function workspaceFor(snapshot: Snapshot, name: string, wanted: number): SnapshotWorkspace | undefined {
  const named = snapshot.workspaces.get(name);
  if (named !== undefined || wanted > 1 || snapshot.workspaces.size !== 1) return named;
  return [...snapshot.workspaces.values()][0];
}

function listed(snapshot: Snapshot): string {
  const names = [...snapshot.workspaces.keys()];
  return names.length === 0 ? 'no workspace' : `the workspace${names.length > 1 ? 's' : ''} ${names.join(', ')}`;
}

function answer(resource: DeclaredResource, workspace: SnapshotWorkspace, schemaOf: SchemaLookup): LiveAnswer {
  const { ref, state } = resource;
  const unreadThen = workspace.unread.get(ref.address);
  if (unreadThen !== undefined) return { kind: 'unread', resource, ...unreadThen };
  if (state === undefined) {
    return { kind: 'unread', resource, reason: 'not-in-state', message: 'declared, but no state holds it' };
  }
  if (workspace.absent.has(ref.address)) {
    const id = workspace.absent.get(ref.address);
    const schema = schemaOf(ref.provider, ref.type);
    return otherObject(id, ref.id) ? anotherObject(resource) : { kind: 'absent', resource, schema };
  }
  const object = workspace.found.get(ref.address);
  if (object === undefined) return unread(resource, 'the snapshot does not hold this resource');
  if (otherObject(object.declaredId ?? object.attributes.id, ref.id)) return anotherObject(resource);
  return found(resource, state.attributes, state.schemaVersion, object, schemaOf);
}

function found(
  resource: DeclaredResource,
  attributes: ValueMap,
  stateVersion: number,
  object: SnapshotObject,
  schemaOf: SchemaLookup,
): LiveAnswer {
  if (stateVersion !== object.schemaVersion && stateVersion !== object.stateVersion) {
    const message = `the state has it in schema version ${stateVersion}, the snapshot in ${object.schemaVersion}; only a provider can upgrade it`;
    return { kind: 'unread', resource, reason: 'state-upgrade-failed', message };
  }
  const schema = schemaOf(resource.ref.provider, resource.ref.type);
  const typed = (value: Value): Value => (schema === undefined ? value : coerce(value, schema.block));
  const prior = typed({ ...(typed(attributes) as ValueMap), ...object.upgraded });
  const live = typed(restoreSecrets(object.attributes, prior, object.omitted));
  return { kind: 'found', resource: withMarks(resource, object), prior, live, schema };
}

/** A secret that differs must show as one, though its own look may have been all that told that it is one. */
function withMarks(resource: DeclaredResource, object: SnapshotObject): DeclaredResource {
  const marks = object.omitted.filter((one) => one.prior === null).map((one) => one.path);
  const { state } = resource;
  if (marks.length === 0 || state === undefined) return resource;
  return { ...resource, state: { ...state, sensitive: [...state.sensitive, ...marks] } };
}

function otherObject(inSnapshot: Value | undefined, declared: string | undefined): boolean {
  return typeof inSnapshot === 'string' && declared !== undefined && inSnapshot !== declared;
}

function anotherObject(resource: DeclaredResource): LiveAnswer {
  return unread(resource, 'the snapshot holds another object at this address: it was replaced before or since');
}

function unread(resource: DeclaredResource, message: string): LiveAnswer {
  return { kind: 'unread', resource, reason: 'not-in-snapshot', message };
}
