/**
 * What a call did to one attribute. live: brought it to the value that is live now. other: to another one. hidden: set it,
 * and the log does not show to what. possible: it acted on the resource, and nothing shows this attribute.
 */
export interface Effect {
  readonly kind: 'live' | 'other' | 'hidden' | 'possible';
  /** Whether a member of that name held the value; false: the value alone, or the name alone. */
  readonly named: boolean;
  /** Places of the record that say so. */
  readonly at: readonly string[];
  /** What is missing for certainty, or why the call is no candidate. */
  readonly note: string | undefined;
}

export const POSSIBLE: Effect = { kind: 'possible', named: false, at: [], note: 'sets another attribute' };
