import type { DeclaredResource, Gap, ProviderConfig } from '../model/resource.ts';
import type { ScanInput } from '../model/scan.ts';

/** Everything that one place declares. */
export interface Declared {
  /** How it was read, in words for people: "terraform state", "cdktf", "plan". */
  readonly reader: string;
  readonly workspace: string;
  readonly resources: readonly DeclaredResource[];
  /** Provider configurations that the resources refer to by key. Empty for plans: nothing is asked of a provider. */
  readonly providers: readonly ProviderConfig[];
  readonly inputs: readonly ScanInput[];
  /** What stands there and could not be taken as declared (deposed objects, undecodable instances). */
  readonly gaps: readonly Gap[];
  readonly skippedDataSources: number;
}

/**
 * Reads what is declared. Either answers with all of it (with gaps for what it could not take) or throws one
 * DriftbomError; it never leaves something out in silence. It changes nothing.
 */
export interface DeclaredSource {
  read(): Promise<Declared>;
}
