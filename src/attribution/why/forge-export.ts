import type { CarriedApproval } from '../../model/attribution.ts';
import { DriftbomError } from '../../model/error.ts';
import { readTime } from '../../model/moment.ts';
import type { Json } from '../port.ts';
import { isJsonMap, listAt, memberAt, textAt } from '../who/fields.ts';
import type { Commit } from './sources.ts';

/** A pull or merge request, as a forge tells of it. */
export interface PullRequest {
  readonly number: number;
  readonly title: string | null;
  readonly author: string | null;
  readonly approvals: readonly CarriedApproval[];
  readonly mergeCommit: string | null;
}

const CURE =
  'Export them with `gh pr list --state merged --json number,title,author,mergeCommit,reviews`, or see docs/attribution.md.';

/**
 * Reads a forge's export of its pull requests: a JSON list as `gh pr list --json`, GitHub's API, or GitLab's API
 * (merge requests with `approved_by`) write it. Errors: E_REASONS.
 */
export function parseForgeExport(text: string, name: string): PullRequest[] {
  let json: Json;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, '')) as Json;
  } catch {
    throw new DriftbomError('E_REASONS', `${name} is no JSON`, CURE);
  }
  if (!Array.isArray(json)) throw new DriftbomError('E_REASONS', `${name} is no list of pull requests`, CURE);
  return json.map((one: Json, i: number) => {
    const number = memberAt(one, 'number') ?? memberAt(one, 'iid');
    if (typeof number !== 'number') {
      throw new DriftbomError('E_REASONS', `${name}: pull request ${i + 1} of the list has no number`, CURE);
    }
    return {
      number,
      title: textAt(one, 'title'),
      author: loginOf(memberAt(one, 'author') ?? memberAt(one, 'user')),
      approvals: approvalsOf(one),
      mergeCommit: textAt(one, 'mergeCommit', 'oid') ?? textAt(one, 'merge_commit_sha'),
    };
  });
}

/** Adds what the forge knows to commits: found by the merge commit, else by the number in its message. */
export function withPullRequests(commits: readonly Commit[], requests: readonly PullRequest[]): Commit[] {
  const byCommit = new Map(
    requests.flatMap((one) => (one.mergeCommit === null ? [] : [[one.mergeCommit, one] as const])),
  );
  const byNumber = new Map(requests.map((one) => [String(one.number), one] as const));
  return commits.map((commit) => {
    const found = byCommit.get(commit.id) ?? byNumber.get(commit.pullRequest?.slice(1) ?? '');
    if (found === undefined) return commit;
    const sign = commit.pullRequest?.startsWith('!') ? '!' : '#';
    return {
      ...commit,
      title: found.title ?? commit.title,
      author: found.author ?? commit.author,
      pullRequest: `${sign}${found.number}`,
      approvals: joined([...found.approvals, ...commit.approvals]),
    };
  });
}

/** Each approver once; what the forge's review says of the time comes first. */
function joined(approvals: readonly CarriedApproval[]): CarriedApproval[] {
  const byName = new Map<string, CarriedApproval>();
  for (const one of approvals)
    if (byName.get(one.by)?.at === undefined || byName.get(one.by)?.at === null) byName.set(one.by, one);
  return [...byName.values()];
}

/** Whose last word was an approval, and when that was said; nobody approves his own request. */
function approvalsOf(request: Json): CarriedApproval[] {
  const states = new Map<string, { readonly approved: boolean; readonly at: string | null }>();
  for (const review of listAt(request, 'reviews')) {
    const state = textAt(review, 'state')?.toUpperCase();
    const login = loginOf(memberAt(review, 'author') ?? memberAt(review, 'user'));
    if (login === null || state === 'COMMENTED' || state === undefined) continue;
    states.set(login, {
      approved: state === 'APPROVED',
      at: momentOf(textAt(review, 'submittedAt') ?? textAt(review, 'submitted_at')),
    });
  }
  for (const approval of listAt(request, 'approved_by')) {
    const login = loginOf(memberAt(approval, 'user'));
    if (login !== null) states.set(login, { approved: true, at: momentOf(textAt(approval, 'approved_at')) });
  }
  const author = loginOf(memberAt(request, 'author') ?? memberAt(request, 'user'));
  return [...states]
    .filter(([login, { approved }]) => approved && login !== author)
    .map(([by, { at }]) => ({ by, at, basis: at === null ? null : 'review' }));
}

function momentOf(text: string | null): string | null {
  const at = text === null ? undefined : readTime(text);
  return at === undefined ? null : new Date(at).toISOString();
}

function loginOf(json: Json | undefined): string | null {
  if (typeof json === 'string' && json !== '') return json;
  return isJsonMap(json) ? (textAt(json, 'login') ?? textAt(json, 'username')) : null;
}
