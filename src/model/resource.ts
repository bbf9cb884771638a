import type { Value, ValueMap } from './value.ts';
import type { Path } from './path.ts';
import type { ResourceSchema } from './schema.ts';

/** Which real thing we speak of. */
export interface ResourceRef {
  /** The full Terraform address, instance key included: module.net["a"].aws_subnet.main[0]. */
  readonly address: string;
  readonly type: string;
  /** The provider's own id of the object, where the state knows one. */
  readonly id: string | undefined;
  /** The workspace (state) it belongs to, as the user named it: tells equal addresses of several states apart. */
  readonly workspace: string;
  /** The provider's source address: registry host/namespace/name. */
  readonly provider: string;
}

/** One configured instance of a provider: what Terraform calls a provider block, aliased or not. */
export interface ProviderConfig {
  /** Key that resources refer to: workspace + configuration address. Equal `values` share one process all the same. */
  readonly key: string;
  /** Source address: registry host/namespace/name. */
  readonly source: string;
  readonly alias: string | undefined;
  /** The block's arguments as far as known, in configuration form (nested blocks as arrays). UNKNOWN where not. */
  readonly values: ValueMap;
  /** Version that the lock file selected, where there is one. */
  readonly lockedVersion: string | undefined;
  /** Lock file hashes (`h1:`, `zh:`). */
  readonly hashes: readonly string[];
  /** The folder whose .terraform and lock file apply; where discovery starts. */
  readonly directory: string;
}

/** What Terraform remembers of a resource: its state instance, not yet decoded by a schema. */
export interface StateInstance {
  /** The JSON attributes exactly as the state holds them (big numbers as decimal strings). */
  readonly attributes: ValueMap;
  readonly schemaVersion: number;
  /** Provider-private data, base64, as the state holds it. Opaque; goes back to the provider only. */
  readonly private: string | undefined;
  /** Paths that the state marks sensitive (`sensitive_attributes`). */
  readonly sensitive: readonly Path[];
  readonly tainted: boolean;
}

/** What the configuration asks for, evaluated as far as possible; what is not known is UNKNOWN. */
export interface ConfigInstance {
  /** Only what is written there: a missing key was not written. Nested blocks as arrays of objects or one object. */
  readonly values: ValueMap;
  /** `lifecycle.ignore_changes`: attribute paths, or 'all'. */
  readonly ignoreChanges: readonly Path[] | 'all';
  /** Where it is written (file, or construct path), for people. */
  readonly location: string | undefined;
}

/** One resource as declared. At least one of `state` and `config` is there. */
export interface DeclaredResource {
  readonly ref: ResourceRef;
  /** Key of its ProviderConfig. */
  readonly providerKey: string;
  readonly state: StateInstance | undefined;
  readonly config: ConfigInstance | undefined;
}

/**
 * What a live reader answers. `absent` is said only by who was able to look; who was not says `unread`.
 * `prior` is the state's value brought to the same schema as `live`, so that both sides compare like with like.
 */
export type LiveAnswer =
  | {
      readonly kind: 'found';
      readonly resource: DeclaredResource;
      readonly prior: Value;
      readonly live: Value;
      /** Undefined where no provider could be asked: then comparison goes by shape alone. */
      readonly schema: ResourceSchema | undefined;
    }
  | {
      readonly kind: 'absent';
      readonly resource: DeclaredResource;
      /** Says what is secret in the state of the object that is gone. */
      readonly schema?: ResourceSchema | undefined;
    }
  | {
      readonly kind: 'unread';
      readonly resource: DeclaredResource;
      readonly reason: GapReason;
      /** May quote what was sent: whoever prints it takes the resource's secrets out first. */
      readonly message: string;
      readonly schema?: ResourceSchema | undefined;
    };

/** Why something was not read or not compared. A closed list; docs/limitations.md explains each. */
export const GAP_REASONS = [
  'access-denied',
  'throttled',
  'timeout',
  'provider-crashed',
  'provider-error',
  'provider-missing',
  'provider-not-configured',
  'unknown-type',
  'newer-state',
  'state-upgrade-failed',
  'deposed',
  'not-in-state',
  'not-in-snapshot',
  'owner-not-loaded',
  'owner-conflict',
  'undecodable',
  'unsupported-declaration',
] as const;
export type GapReason = (typeof GAP_REASONS)[number];

/** A resource or attribute that could not be read or compared. Never drift, never clean. */
export interface Gap {
  readonly address: string;
  readonly workspace: string;
  readonly reason: GapReason;
  readonly message: string;
  /** Set where only one attribute is affected and the rest of the resource was compared. */
  readonly path?: string;
}
