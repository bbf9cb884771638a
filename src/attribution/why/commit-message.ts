/** What a commit message says beside its text. */
export interface CommitMessage {
  /** The subject, or of a merge the title of what was merged. */
  readonly title: string;
  readonly pullRequest: string | null;
  readonly approvers: readonly string[];
}

const APPROVALS = new Set(['reviewed-by', 'approved-by']);

/** Subjects that forges write for merges; the first group is the number. */
const MERGES: readonly (readonly [RegExp, prefix: string])[] = [
  [/^Merge pull request #(\d+)\b/, '#'],
  [/^Merged? in .*\(pull request #(\d+)\)/, '#'],
  [/^Merged PR (\d+):/, '#'],
];

/** Reads a commit's message and its trailers, given as `Key: value` lines (git-interpret-trailers). */
export function readMessage(message: string, trailers: string): CommitMessage {
  const [subject = '', ...rest] = message.split('\n').map((line) => line.trim());
  const body = rest.filter((line) => line !== '');
  const merged = /^Merge(?:d\b| pull request | branch | remote-tracking branch )/.test(subject);
  return {
    title: merged && body[0] !== undefined ? body[0] : subject,
    pullRequest: pullRequestOf(subject, body),
    approvers: approversOf(trailers),
  };
}

function pullRequestOf(subject: string, body: readonly string[]): string | null {
  for (const [form, prefix] of MERGES) {
    const number = form.exec(subject)?.[1];
    if (number !== undefined) return `${prefix}${number}`;
  }
  // A squash merge ends its subject so: GitHub with (#12), GitLab with (!12).
  const squashed = /\(([#!]\d+)\)$/.exec(subject)?.[1];
  if (squashed !== undefined) return squashed;
  const gitlab = body.map((line) => /^See merge request \S*(!\d+)$/.exec(line)?.[1]).find((one) => one !== undefined);
  return gitlab ?? null;
}

function approversOf(trailers: string): string[] {
  const names = trailers.split('\n').flatMap((line) => {
    const match = /^([A-Za-z-]+):\s*(.+)$/.exec(line.trim());
    return match !== null && APPROVALS.has((match[1] as string).toLowerCase()) ? [(match[2] as string).trim()] : [];
  });
  return [...new Set(names)];
}
