/**
 * What a provider's schema cannot tell of a resource type, as data. Places are named by attribute names joined with
 * dots, without indexes: `root_block_device.volume_id`.
 */
export interface ResourceFacts {
  /** Tell the provider how to apply or destroy; they exist in the state only and say nothing about the live object. */
  readonly knobs?: readonly string[];
  /** Readable by nobody: the provider echoes what the state holds, so equality means "not observed". */
  readonly neverRead?: readonly string[];
  /** Move by themselves (a status, a time, a version that the service raises): bookkeeping, no drift. */
  readonly volatile?: readonly string[];
  /** Set by the provider alone, and yet somebody's doing: the digest of a function's code. */
  readonly significant?: readonly string[];
  /**
   * Protections: an ignore rule must name them with `guarded: true`. The value says what an unset attribute means: `on`
   * makes null against false (or 0) a protection switched off; `off` makes them the same.
   */
  readonly guards?: { readonly [place: string]: 'on' | 'off' };
  /** Lists in the schema whose order the service does not keep. */
  readonly unordered?: readonly string[];
  /** IP protocols, which come back by name or by number. */
  readonly protocols?: readonly string[];
  /** What the provider keeps in another form than it is written (a digest, a canonical id): no evidence of `unapplied`. */
  readonly rewritten?: readonly string[];
  /** The same fact under two names: a change of the copy is told only where the original did not change. */
  readonly copies?: { readonly [copy: string]: string };
  readonly bands?: readonly Band[];
  readonly aggregates?: readonly Aggregate[];
  /** Hold secrets though no schema or name says so. */
  readonly secrets?: readonly string[];
  /** If all of these are off, an absent object is the same as the declared one. */
  readonly nothingWhenOff?: readonly string[];
}

/** A number that an autoscaler moves between two bounds: inside them it is no drift, outside it is. */
export type Band =
  | { readonly place: string; readonly min: string; readonly max: string }
  | {
      readonly place: string;
      /** The autoscaling target that sets the bounds, found by its resource id. */
      readonly target: {
        readonly type: string;
        readonly where: { readonly [attribute: string]: string };
        readonly attribute: string;
        /** Parts of the id joined by `/`; `$name` stands for the last segment of that attribute of the scaled resource. */
        readonly id: readonly string[];
        readonly min: string;
        readonly max: string;
      };
    };

/** An attribute that shows objects which can also be declared as resources of their own. */
export interface Aggregate {
  readonly place: string;
  /** Further attributes that go with it. */
  readonly with?: readonly string[];
  /**
   * How members are told apart. `whole`: the attribute has one owner. `value`: by the member itself. `key`: maps, by key.
   * A list of names: by these attributes. `split`: rules that bundle several sources, taken apart first.
   */
  readonly members: 'whole' | 'value' | 'key' | readonly string[] | Split;
  readonly owners: readonly Owner[];
  /** Whether a member that nobody declares and the state already holds is worth a gap. */
  readonly strict?: boolean;
}

export interface Split {
  readonly fields: readonly string[];
  /** Attributes that hold lists of sources: each source is a rule of its own. */
  readonly sources: readonly string[];
  /** Boolean attribute that names the parent itself as source, and the list that could name it by id. */
  readonly self: { readonly flag: string; readonly sameAs: string };
}

/** A resource type that declares members of an aggregate. */
export interface Owner {
  readonly type: string;
  /** Its attribute that names the parent; a list names several. */
  readonly parent: string;
  /** Attributes of the parent that this name may be. */
  readonly names: readonly string[];
  /** `account`: such names repeat in other accounts, so both must be known to live in the same one. Default: unique. */
  readonly within?: 'account';
  /** Only those with these values. */
  readonly where?: { readonly [attribute: string]: string | boolean };
  /** Its attributes that answer the aggregate's member key (`value`, `key`: one; a list: one for each name). */
  readonly member?: readonly string[];
  /** For `split`: its attribute for each source list, and for the flag. */
  readonly sources?: { readonly [source: string]: string };
}

/** Facts of every type, and of each. */
export interface FactsTable {
  readonly every: ResourceFacts;
  readonly types: { readonly [type: string]: ResourceFacts };
}
