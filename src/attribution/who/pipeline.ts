import type { CallTool } from '../../model/attribution.ts';
import { glob } from '../../model/path-pattern.ts';
import type { Identity } from './identity.ts';
import type { Trace } from './lineage.ts';

/** How the user's own pipeline shows in the log (driftbom.yaml, `attribution.pipeline`). `*` and `?` are wildcards. */
export interface PipelineIdentities {
  /** Role ARNs, or names of roles. */
  readonly roles: readonly string[];
  /** Subjects of web identity tokens: `repo:acme/infra:*`. */
  readonly subjects: readonly string[];
  /** Names of IAM users. */
  readonly users: readonly string[];
  /** Parts of user agents; without any, a Terraform agent is what is expected. */
  readonly userAgents: readonly string[];
}

/** What of a call agrees with the known pipeline. */
export interface PipelineMatch {
  /** The token, or the role or user: `token` can be had by nobody else, the others could be used by hand. */
  readonly by: 'token' | 'role' | 'user' | null;
  /** Whether the user agent is one of the pipeline's. Anybody may forge it: it only ever speaks against. */
  readonly agent: boolean;
}

/** Holds a call against the pipeline's identities. The chain of credentials counts as the caller does. */
export function pipelineMatch(
  caller: {
    readonly identity: Identity;
    readonly trace: Trace;
    readonly tool: CallTool;
    readonly agent: string | null;
  },
  pipeline: PipelineIdentities,
): PipelineMatch {
  const { identity, trace, tool } = caller;
  const chain = [identity, ...trace.issuances.map((one) => one.identity)];
  const named = (patterns: readonly string[], text: string | null): boolean =>
    text !== null && patterns.some((pattern) => glob(pattern)(text));
  const agent =
    pipeline.userAgents.length === 0
      ? tool === 'terraform'
      : pipeline.userAgents.some((part) => glob(`*${part}*`)(caller.agent ?? ''));
  if (named(pipeline.subjects, trace.token?.subject ?? null)) return { by: 'token', agent };
  if (chain.some((one) => isRoleOf(one, pipeline.roles))) return { by: 'role', agent };
  if (chain.some((one) => one.type === 'IAMUser' && named(pipeline.users, one.userName))) return { by: 'user', agent };
  return { by: null, agent };
}

function isRoleOf({ role, roleName }: Identity, patterns: readonly string[]): boolean {
  if (role === null || roleName === null) return false;
  const arn = role.replace(/^(arn:[^:]+):sts::(\d*):assumed-role\//, '$1:iam::$2:role/');
  return patterns.some((pattern) => glob(pattern)(pattern.startsWith('arn:') ? arn : roleName));
}
