/** Where the scanner runs; values known to Terraform only at apply time. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}
