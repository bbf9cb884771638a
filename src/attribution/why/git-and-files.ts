import { readFile } from 'node:fs/promises';
import { isAbsolute, join, posix } from 'node:path';
import { DriftbomError, fileFault } from '../../model/error.ts';
import { decodeText } from '../../terraform/text.ts';
import { parseChangeRecords } from './change-record-file.ts';
import { parseForgeExport, withPullRequests } from './forge-export.ts';
import { type RunGit, readGitLog } from './git-log.ts';
import type { ChangeRecord, Commit, RecordedChange, WhySources } from './sources.ts';
import { TICKET_PATTERN } from './tickets.ts';

/** Where the user keeps reasons (driftbom.yaml, `attribution`). Paths are relative to `cwd`. */
export interface WhyPlaces {
  readonly ticketPattern?: string | undefined;
  readonly changeRecords?: readonly string[] | undefined;
  readonly gitRepositories?:
    | readonly { readonly path: string; readonly pullRequests?: string | undefined }[]
    | undefined;
}

export interface WhyReading {
  readonly cwd: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly run: RunGit;
  /** When the changes happened that are to be explained; null: at any time. RFC 3339. */
  readonly since: string | null;
  readonly until: string;
  /** Recorded changes of the ledger; undefined where there is none. */
  readonly recorded: readonly RecordedChange[] | undefined;
}

const DAY_MS = 86_400_000;
/** Commits come before what they explain. */
const LEAD_MS = 7 * DAY_MS;

/**
 * Reads everything outside of the audit log that may hold a reason. A repository that cannot be read is said so in the
 * answers; a file that was named must be there and without fault. Errors: E_REASONS.
 */
export async function readWhySources(places: WhyPlaces, reading: WhyReading): Promise<WhySources> {
  const ticketPattern = places.ticketPattern === undefined ? TICKET_PATTERN : new RegExp(places.ticketPattern);
  const unread = new Map<string, string>();
  let changeRecords: ChangeRecord[] | undefined;
  for (const path of places.changeRecords ?? []) {
    changeRecords = [...(changeRecords ?? []), ...parseChangeRecords(await textOf(path, reading.cwd), path)];
  }
  let commits: Commit[] | undefined;
  for (const repository of places.gitRepositories ?? []) {
    const log = await readGitLog({
      ...reading,
      directory: placeOf(repository.path, reading.cwd),
      files: [],
      since: reading.since === null ? null : new Date(Date.parse(reading.since) - LEAD_MS).toISOString(),
      ticketPattern,
      prefix: prefixOf(repository.path),
    });
    const requests =
      repository.pullRequests === undefined
        ? []
        : parseForgeExport(await textOf(repository.pullRequests, reading.cwd), repository.pullRequests);
    commits = [...(commits ?? []), ...withPullRequests(log.commits, requests)];
    if (log.unread !== null) unread.set('git history', `${repository.path}: ${log.unread}`);
  }
  return { ticketPattern, recorded: reading.recorded, changeRecords, commits, unread };
}

/**
 * The file of a resource's declaration, named as commits name theirs: `folder` is the workspace's, relative to where
 * driftbom runs; `location` is `main.tf:12`. None where the location is no line of a file (a construct path).
 */
export function declaringFile(folder: string, location: string | undefined): string[] {
  const file = /^(.+):\d+$/.exec(location ?? '')?.[1];
  return file === undefined ? [] : [posix.normalize(`${folder}/${file}`)];
}

function prefixOf(path: string): string {
  const normal = posix.normalize(path).replace(/\/$/, '');
  return normal === '.' ? '' : `${normal}/`;
}

function placeOf(path: string, cwd: string): string {
  return isAbsolute(path) ? path : join(cwd, path);
}

async function textOf(path: string, cwd: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(placeOf(path, cwd));
  } catch (cause) {
    const message = `cannot read ${path}: ${fileFault(cause)}`;
    throw new DriftbomError(
      'E_REASONS',
      message,
      'Correct its path in driftbom.yaml (attribution: changeRecords, or pullRequests of a gitRepositories item).',
      { cause },
    );
  }
  return decodeText(bytes, path, 'E_REASONS');
}
