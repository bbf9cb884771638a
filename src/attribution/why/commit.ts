import type { Reason } from '../../model/attribution.ts';
import type { Value } from '../../model/value.ts';
import { parsePath } from '../../model/path.ts';
import { quoted } from '../who/quoted-text.ts';
import type { Clue, WhyQuestion } from './clue.ts';
import type { Commit } from './sources.ts';

/** Applies follow merges; one that comes later than this is another's. */
const APPLY_MS = 3 * 24 * 3_600_000;
const SKEW_MS = 120_000;

/**
 * What git tells of a change. For the pipeline's own: the commit that the session's tags name, or the last one to the
 * declaring files before the apply. For anybody else's git explains nothing, as nobody edits a cloud by committing: a
 * later commit that writes the same value is where the change was adopted, and is said to be no more.
 */
export function fromCommits(question: WhyQuestion, commits: readonly Commit[], named: readonly string[]): Clue[] {
  const meant = commits.find((commit) => named.some((id) => commit.id.startsWith(id)));
  if (meant !== undefined) return [clueOf(meant, `commit ${short(meant)} (named by the session tags)`, 'high', 8)];
  const { declaredIn } = question;
  const touching = commits.filter(
    (one) => declaredIn.length === 0 || one.files.some((file) => declaredIn.includes(file)),
  );
  const at = Date.parse(question.occurredAt ?? question.notAfter);
  if (question.byPipeline) {
    const before = touching.filter((one) => isWithin(Date.parse(one.committedAt), at - APPLY_MS, at + SKEW_MS));
    const last = latest(before);
    if (last === undefined) return [];
    return declaredIn.length === 0
      ? [clueOf(last, `commit ${short(last)} (the last one to the repository before the apply)`, 'low', 3)]
      : [clueOf(last, `commit ${short(last)} (the last one to its files before the apply)`, 'medium', 4)];
  }
  const since = Date.parse(question.occurredAt ?? question.notBefore ?? question.notAfter);
  const adopted = touching
    .filter((one) => Date.parse(one.committedAt) >= since && writes(one, question))
    .sort((a, b) => Date.parse(a.committedAt) - Date.parse(b.committedAt))[0];
  return adopted === undefined ? [] : [clueOf(adopted, `adopted by commit ${short(adopted)}`, 'low', 2)];
}

function clueOf(commit: Commit, source: string, trust: Reason['trust'], closeness: number): Clue {
  const references = [
    `commit ${commit.id}`,
    ...(commit.pullRequest === null ? [] : [`pull request ${commit.pullRequest}`]),
    ...commit.tickets,
    ...(commit.author === null ? [] : [`author ${commit.author}`]),
    ...(commit.mergedBy === null ? [] : [`merged by ${commit.mergedBy}`]),
    ...commit.approvals.map(({ by }) => `approved by ${by}`),
  ];
  const authorisation = {
    ...{ source, trust },
    authors: commit.author === null ? [] : [quoted(commit.author)],
    approvals: commit.approvals.map((one) => ({ ...one, by: quoted(one.by) })),
  };
  return {
    reason: { text: quoted(commit.title), source, trust, references: references.map(quoted), authorisation },
    closeness,
  };
}

function short({ id }: Commit): string {
  return id.slice(0, 7);
}

function isWithin(time: number, from: number, to: number): boolean {
  return time >= from && time <= to;
}

function latest(commits: readonly Commit[]): Commit | undefined {
  return [...commits].sort((a, b) => Date.parse(b.committedAt) - Date.parse(a.committedAt))[0];
}

/** Whether it adds a line that gives each plain new value to the attribute of that name: `timeout = 60`, `timeout: 60`. */
function writes(commit: Commit, { changes }: WhyQuestion): boolean {
  const wanted = changes.flatMap((change) => {
    const name = parsePath(change.path)?.findLast((step) => typeof step === 'string');
    const value = textOf(change.after);
    return change.sensitive || name === undefined || value === undefined
      ? []
      : [{ name: letters(String(name)), value }];
  });
  if (wanted.length === 0) return false;
  return wanted.every(({ name, value }) => commit.added.some((line) => assigns(line, name, value)));
}

function assigns(line: string, name: string, value: string): boolean {
  const match = /^\s*["']?([\w.-]+)["']?\s*[:=]\s*(.*?)[,;]?\s*$/.exec(line);
  if (match === null || letters(match[1] as string) !== name) return false;
  const written = (match[2] as string).replace(/\s*(?:#|\/\/).*$/, '');
  return written === value || written.replace(/^["'`](.*)["'`]$/, '$1') === value;
}

/** snake_case in HCL and camelCase in CDKTF are one name. */
function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
