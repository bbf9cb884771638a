export interface TermValue {
  /** 0 to 1. */
  readonly value: number;
  readonly evidence: string;
  /** Known to stand apart from what the incident is about. */
  readonly apart?: true;
}
