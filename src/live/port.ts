import type { DeclaredResource, LiveAnswer, ProviderConfig } from '../model/resource.ts';

/**
 * Reads the live side of declared resources. Gives exactly one answer for each wanted resource, in any order, each as
 * soon as it is known. `absent` only after the live side was really able to look; every failure is `unread` with a
 * reason, and never ends the iteration. Throws a DriftbomError only before the first answer, when nothing can be read.
 * Reading changes nothing. `close` may be called at any time, more than once.
 */
export interface LiveReader {
  read(wanted: readonly DeclaredResource[], providers: readonly ProviderConfig[]): AsyncIterable<LiveAnswer>;
  /** "provider", "snapshot", "plan". */
  readonly name: string;
  /** Provider versions that answered; complete after the iteration ended. */
  readonly versions: () => readonly { readonly source: string; readonly version: string }[];
  close(): Promise<void>;
}
