import type { AuditAnswer, AuditQuestion } from '../port.ts';
import { answerOf, type Collected, type TrailLog } from './answer.ts';
import { askObjects } from './ask-objects.ts';
import type { DigestKeys } from './digest-keys.ts';
import { findFiles, shown } from './find-files.ts';
import { type LogFile, logFile } from './log-file.ts';
import { readDigests, regionsOf } from './read-digests.ts';
import { readerPool, type ReaderPoolOptions } from './reader-pool.ts';
import { mayMatter, scopeOf } from './window.ts';

export interface AuditFilesOptions {
  /** Files, folders and globs, as the user gave them. */
  readonly paths: readonly string[];
  readonly cwd: string;
  /** CloudTrail's public keys, to check digest files with. */
  readonly keys?: DigestKeys | undefined;
  /** Milliseconds since 1970: what is dated later moves no horizon. */
  readonly now?: (() => number) | undefined;
  /** How many files are read at a time. One is unpacked while another is searched: more than two gain nothing. */
  readonly width?: number | undefined;
  readonly readers?: ReaderPoolOptions | undefined;
}

/**
 * An audit log in files: CloudTrail's own (`{"Records":[...]}`), lists, one event a line, EventBridge envelopes,
 * LookupEvents output, CloudWatch Logs exports; gzip or not; told apart by what is in them. Digest files among them are
 * used to check the others.
 */
export class AuditFiles implements TrailLog {
  readonly name: string;
  readonly #options: AuditFilesOptions;

  constructor(options: AuditFilesOptions) {
    this.#options = options;
    this.name = options.paths.map(shown).join(', ');
  }

  async ask(question: AuditQuestion): Promise<AuditAnswer> {
    return answerOf(await this.collect(question));
  }

  async collect(question: AuditQuestion): Promise<Collected> {
    const { paths, cwd, keys, now, width = 2, readers = {} } = this.#options;
    const found = await Promise.all(paths.map((path) => findFiles(path, cwd)));
    const objects = unique(
      found.flatMap(({ files }, at) => {
        const prefix = paths.length > 1 ? `${shown(paths[at] as string).replace(/\/+$/, '')}/` : '';
        return files.map((file) => logFile(file.path, paths.length > 1 ? prefixed(prefix, file.name) : file.name));
      }),
    );
    const scope = scopeOf(question);
    const digests = objects.filter(({ key }) => key?.kind === 'digest' && mayMatter(key, scope));
    const { book, gaps } = await readDigests(digests, keys, width);
    return askObjects(
      {
        source: this.name,
        objects: objects.filter(({ key }) => key?.kind !== 'digest'),
        digests: book,
        quiet: regionsOf(digests),
        gaps: [...found.flatMap((one) => one.gaps), ...gaps],
        now: now?.(),
        width,
        readers: readerPool(readers),
      },
      question,
    );
  }
}

/** A file that was given by itself is named by what was given. */
function prefixed(prefix: string, name: string): string {
  return prefix.endsWith(`${name}/`) ? prefix.slice(0, -1) : `${prefix}${name}`;
}

/** Two of the given paths may hold the same file. */
function unique(files: readonly LogFile[]): readonly LogFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}
