/** Topic of a note that tells that somebody was told of drifts. */
export const RECEIPT_TOPIC = 'alert.receipt';

/** What such a note says, in its facts. */
export interface Receipt {
  /** Channel: `slack`, `sns`, `pagerduty`, `email`. */
  readonly via: string;
  /** What the channel answered with: a message id. */
  readonly receipt: string;
  /** Whom it went to, as the channel names it; null: not said. */
  readonly to: string | null;
}
