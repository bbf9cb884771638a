import { errnoOf } from '../../model/error.ts';
import { TICKET_PATTERN, ticketsIn } from './tickets.ts';
import type { Commit } from './sources.ts';
import { readMessage } from './commit-message.ts';
import { readPatch } from './patch.ts';

/** Runs a program without a shell; rejects only where it cannot be started. */
export type RunGit = (
  program: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: { readonly [name: string]: string | undefined };
    readonly timeoutMs: number;
  },
) => Promise<{
  readonly code: number | undefined;
  readonly timedOut: boolean;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}>;

export interface GitLogOptions {
  /** A folder inside the work tree. */
  readonly directory: string;
  /** Files and folders to look at, relative to `directory`; empty: all below it. */
  readonly files: readonly string[];
  /** RFC 3339 bounds of the commit dates. */
  readonly since: string | null;
  readonly until: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly run: RunGit;
  readonly ticketPattern?: RegExp;
  /** Stands before the names of files, so that those of several repositories differ: `network/`. */
  readonly prefix?: string;
}

/** The commits, newest first, and what could not be looked at (null: nothing). */
export interface GitLog {
  readonly commits: readonly Commit[];
  readonly unread: string | null;
}

const TIMEOUT_MS = 30_000;
const MOST_COMMITS = 1_000;
const FIELDS = 7;
/** A message cannot hold NUL, so no commit can pass for two. */
const FORMAT = '%x00%H%x00%P%x00%an <%ae>%x00%cI%x00%B%x00%(trailers:only,unfold)%x00';

/**
 * Reads the history of a work tree's main line: merges as what they brought in, since that is what was reviewed and
 * applied. Asks the local repository only: no hook, pager, filter, signature check or network. Never throws: a history
 * that cannot be read is said so.
 */
export async function readGitLog(options: GitLogOptions): Promise<GitLog> {
  const shallow = await git(options, ['rev-parse', '--is-shallow-repository']);
  if (typeof shallow === 'string') return { commits: [], unread: shallow };
  const bounds = options.since === null ? [] : [`--since=${options.since}`];
  const log = await git(options, [
    ...['log', '--first-parent', '--diff-merges=first-parent', `--max-count=${MOST_COMMITS}`, `--format=${FORMAT}`],
    ...['--patch', '--unified=0', '--no-color', '--no-ext-diff', '--no-textconv', '--no-show-signature', '--relative'],
    ...[...bounds, `--until=${options.until}`, '--', ...(options.files.length === 0 ? ['.'] : options.files)],
  ]);
  if (typeof log === 'string') return { commits: [], unread: log };
  const commits = commitsIn(log.text, options);
  return { commits, unread: boundOf(shallow.text.trim() === 'true', commits.length) };
}

function boundOf(shallow: boolean, count: number): string | null {
  if (shallow) return 'the clone is shallow: older commits are not here';
  return count >= MOST_COMMITS ? `only the latest ${MOST_COMMITS} commits` : null;
}

async function git(options: GitLogOptions, args: readonly string[]): Promise<{ readonly text: string } | string> {
  const env = {
    ...withoutPlace(options.env),
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    LC_ALL: 'C',
  };
  const safe = ['--no-pager', '--literal-pathspecs', '-c', 'core.quotePath=false', '-c', 'core.fsmonitor=false'];
  try {
    const ran = await options.run('git', [...safe, ...args], { cwd: options.directory, env, timeoutMs: TIMEOUT_MS });
    if (ran.timedOut) return `git gave no answer within ${TIMEOUT_MS / 1000} s`;
    if (ran.code !== 0) return `git: ${firstLine(ran.stderr)}`;
    return { text: new TextDecoder().decode(ran.stdout) };
  } catch (thrown) {
    return errnoOf(thrown) === 'ENOENT' ? 'git is not installed' : `git could not be started: ${errnoOf(thrown)}`;
  }
}

/** A hook that runs us points these at its own repository. */
function withoutPlace(env: GitLogOptions['env']): GitLogOptions['env'] {
  const place = new Set(['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_COMMON_DIR', 'GIT_NAMESPACE']);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !place.has(name)));
}

function firstLine(stderr: string): string {
  const line = stderr.split('\n').find((one) => one.trim() !== '') ?? 'it gave no reason';
  // The line may name a folder of this machine.
  return line.replace(/^fatal: /, '').replace(/'?(?:[A-Za-z]:)?[\\/][^\s']*'?/g, '(folder)');
}

function commitsIn(text: string, { ticketPattern, prefix = '' }: GitLogOptions): Commit[] {
  const [, ...parts] = text.split('\0');
  const commits: Commit[] = [];
  for (let i = 0; i + FIELDS <= parts.length; i += FIELDS) {
    const [id = '', parents = '', author = '', date = '', message = '', trailers = '', patch = ''] = parts.slice(
      i,
      i + FIELDS,
    );
    const at = Date.parse(date);
    if (Number.isNaN(at)) continue;
    const isMerge = parents.includes(' ');
    const { files, added } = readPatch(patch);
    const committedAt = `${new Date(at).toISOString().slice(0, 19)}Z`;
    const { title, pullRequest, approvers } = readMessage(message, trailers);
    commits.push({
      id,
      author: isMerge ? null : author,
      mergedBy: isMerge ? author : null,
      committedAt,
      tickets: ticketsIn(message, ticketPattern ?? TICKET_PATTERN),
      ...{ title, pullRequest },
      approvals: approvers.map((by) => ({ by, at: committedAt, basis: 'trailer' })),
      files: files.map((file) => prefix + file),
      added,
    });
  }
  return commits;
}
