/** Who a web identity token speaks of. */
export interface TokenSubject {
  /** What to print: `repo:acme/infra (GitHub Actions)`. */
  readonly name: string;
  /** Whether the subject is one that a CI system gives to its runs; else a workload or somebody we cannot tell. */
  readonly pipeline: boolean;
}

interface Issuer {
  readonly product: string;
  /** Part of the identity provider's ARN or URL. */
  readonly host: RegExp;
  /** Form of the subject; the first group is what identifies the pipeline over all of its runs. */
  readonly subject: RegExp;
}

/**
 * CI systems and the subjects that they put into their tokens. Sources: each product's documentation of OpenID Connect
 * with AWS. GitHub may add numeric ids to owner and repository (`repo:acme@12/infra@34:...`).
 */
const ISSUERS: readonly Issuer[] = [
  {
    product: 'GitHub Actions',
    host: /token\.actions\.githubusercontent\.com/,
    subject: /^(repo:[^/:]+\/[^/:]+)(?::|$)/,
  },
  { product: 'GitLab CI', host: /gitlab/, subject: /^(project_path:[^:]+)(?::|$)/ },
  {
    product: 'HCP Terraform',
    host: /app\.(?:eu\.)?terraform\.io/,
    subject: /^(organization:[^:]+:project:[^:]+:workspace:[^:]+)(?::|$)/,
  },
  { product: 'Buildkite', host: /agent\.buildkite\.com/, subject: /^(organization:[^:]+:pipeline:[^:]+)(?::|$)/ },
  { product: 'CircleCI', host: /oidc\.circleci\.com/, subject: /^(org\/[^/]+\/project\/[^/]+)(?:\/|$)/ },
  { product: 'Azure DevOps', host: /vstoken\.dev\.azure\.com/, subject: /^(sc:\/\/.+)$/ },
  { product: 'Bitbucket Pipelines', host: /api\.bitbucket\.org/, subject: /^(\{[0-9a-f-]+\}):/ },
  { product: 'Spacelift', host: /spacelift\.io/, subject: /^(space:[^:]+:(?:stack|module):[^:]+)(?::|$)/ },
];

/**
 * Reads the subject of a web identity token by the provider that vouches for it. A subject alone proves nothing: any
 * provider may write `repo:...`.
 */
export function tokenSubject(subject: string, provider: string | null): TokenSubject {
  for (const { product, host, subject: form } of ISSUERS) {
    if (provider === null || !host.test(provider)) continue;
    const stable = form.exec(subject)?.[1];
    if (stable !== undefined) return { name: `${withoutIds(stable)} (${product})`, pipeline: true };
  }
  return { name: provider === null ? subject : `${subject} (${shortProvider(provider)})`, pipeline: false };
}

function withoutIds(subject: string): string {
  return subject.replace(/@\d+(?=[/:]|$)/g, '');
}

/** `arn:aws:iam::1:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/X` by what it ends in. */
function shortProvider(provider: string): string {
  return provider.replace(/^arn:[^/]*:oidc-provider\//, '');
}
