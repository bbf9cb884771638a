/** Traffic that anybody on the internet may send since. Ports that the change does not name count as all of them. */
export interface PublicIngress {
  readonly from: number;
  readonly to: number;
  /** `tcp`, `-1` (all), or `unknown` where the change does not name it. */
  readonly protocol: string;
  readonly cidr: string;
  readonly path: string;
}

export interface NumberMove {
  /** Last name of the path. */
  readonly field: string;
  readonly from: number;
  readonly to: number;
  readonly path: string;
}

/** What a change does to security, seen from declared to live: the only thing that severity rules see of values. */
export interface Facts {
  readonly publicIngressAdded: readonly PublicIngress[];
  readonly iamActionsAdded: readonly string[];
  readonly iamPrincipalsAdded: readonly string[];
  /** Condition operators and keys that no longer restrict a statement: `StringEquals aws:SourceAccount`. */
  readonly iamConditionsRemoved: readonly string[];
  /** Last names of attributes that went from true to false, or from set to unset and are on by default. */
  readonly boolOff: readonly string[];
  readonly boolOn: readonly string[];
  readonly numberDecreased: readonly NumberMove[];
  readonly numberIncreased: readonly NumberMove[];
  readonly encryptionOff: readonly string[];
  readonly loggingOff: readonly string[];
  readonly loggingTargetsRemoved: readonly string[];
  readonly publicAccessBlockOff: readonly string[];
  readonly deletionProtectionOff: readonly string[];
  readonly publicAccessOn: readonly string[];
  readonly retentionShortened: readonly NumberMove[];
  readonly backupShortened: readonly NumberMove[];
  readonly onlyTagsChanged: boolean;
  /** Paths whose values are masked or unknown: nothing can be told of their direction. */
  readonly hidden: readonly string[];
  /** The resource is declared and not there any more. */
  readonly resourceGone: boolean;
  /** The resource is there and nobody declares it. */
  readonly resourceUnmanaged: boolean;
}

/** No fact at all; its names are the closed list that severity rules may speak of. */
export const NO_FACTS: Facts = {
  publicIngressAdded: [],
  iamActionsAdded: [],
  iamPrincipalsAdded: [],
  iamConditionsRemoved: [],
  boolOff: [],
  boolOn: [],
  numberDecreased: [],
  numberIncreased: [],
  encryptionOff: [],
  loggingOff: [],
  loggingTargetsRemoved: [],
  publicAccessBlockOff: [],
  deletionProtectionOff: [],
  publicAccessOn: [],
  retentionShortened: [],
  backupShortened: [],
  onlyTagsChanged: false,
  hidden: [],
  resourceGone: false,
  resourceUnmanaged: false,
};
