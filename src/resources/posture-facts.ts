/**
 * What attributes mean for security, as data: which of them open the network, hold policies, encrypt, log, keep. Places are
 * attribute names joined with dots, without indexes; a place of one name is also found below blocks.
 */
export interface Posture {
  /** Rules that let traffic in. */
  readonly ingress?: Ingress;
  /** JSON policies: of an identity or of a resource. */
  readonly policies?: readonly string[];
  /** Policies that say who may take a role; their principals count like those of resources. */
  readonly encryption?: readonly string[];
  readonly logging?: readonly string[];
  /** Where logs go to: taken away, nothing is logged there any more. */
  readonly loggingTargets?: readonly string[];
  readonly publicAccessBlock?: readonly string[];
  readonly deletionProtection?: readonly string[];
  /** True opens the resource to the internet. */
  readonly publicAccess?: readonly string[];
  readonly retention?: readonly string[];
  readonly backup?: readonly string[];
  /** What is lost where the whole resource is gone. */
  readonly whole?: 'encryption' | 'logging' | 'public-access-block' | 'backup';
  /** An open drift of it puts the records themselves in doubt: trails, recorders, flow logs and where they are kept. */
  readonly auditLog?: boolean;
}

export interface Ingress {
  /** '' where the resource itself is one rule. */
  readonly place: string;
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly cidrs: readonly string[];
  /** Only where the rule says so; a change that does not name it counts. */
  readonly where?: { readonly [attribute: string]: string | boolean };
}
