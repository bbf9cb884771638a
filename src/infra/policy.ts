/** One statement of an IAM policy document. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | { readonly AWS: string } | { readonly Service: string };
  readonly Action: readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Writes an IAM policy document (policy language version 2012-10-17). */
export function policy(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** Lets one AWS service assume a role, and only on behalf of the resource with this ARN (or ARN pattern). */
export function serviceTrust(service: string, account: string, sourceArn: string): string {
  return policy({
    Sid: 'OnlyForOurResource',
    Effect: 'Allow',
    Principal: { Service: service },
    Action: ['sts:AssumeRole'],
    Condition: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': sourceArn } },
  });
}

/** Refuses every request to a bucket that does not come through TLS. */
export function tlsOnly(bucketArn: string): Statement {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: ['s3:*'],
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/**
 * Marks text as no Terraform template: in Terraform's JSON syntax every string is one, so that a shell's `${NAME}`
 * would be read as a reference (Terraform language, "JSON Configuration Syntax", string literals).
 */
export function literal(text: string): string {
  return text.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}
