import type { LockOwner } from '../ledger/stores/lock-note.ts';
import type { Build } from '../model/scan.ts';

/** What a command may touch of the outer world. Given by cli.ts, replaced by tests. */
export interface Io {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly homeDir: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** All of standard input, read when asked for. */
  readonly stdin: () => Promise<Uint8Array>;
  readonly clock: () => Date;
  /** Cryptographically random bytes. */
  readonly random: (count: number) => Uint8Array;
  /** Who this process is, for the ledger's lock. */
  readonly owner: LockOwner;
  /** Whether stdout is a terminal: decides colours. */
  readonly outIsTerminal: boolean;
  /** Whether stderr is a terminal: decides progress. */
  readonly errIsTerminal: boolean;
  readonly columns: number;
  /** The package's folder, where templates lie. */
  readonly packageRoot: string;
  readonly version: string;
  /** The program that runs, by its own bytes. */
  readonly build: () => Promise<Build>;
  /** Runs when the command is interrupted; undone by calling what it returns. */
  readonly onInterrupt: (close: () => Promise<void> | void) => () => void;
}

/** Exit codes, as Terraform's -detailed-exitcode has them, and one more; the last three are those of an incident brief. */
export const EXIT = {
  inSync: 0,
  error: 1,
  drift: 2,
  incomplete: 3,
  interrupted: 130,
  noSuspect: 3,
  evidenceGap: 4,
  broken: 5,
} as const;
/** What a command may end with. Interruption is cli.ts's own. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5;

/** The same for people; stands under the help of the program and of scan. */
export const EXIT_HELP = `
Exit codes:
  0    declared and live agree, or active waivers cover all drift; no rule is violated
  1    error, or nothing at all could be read
  2    drift or a violated rule was found (for verify: the ledger does not verify)
  3    with --strict: no drift, but coverage is incomplete
  130  interrupted; the ledger is whole`;

/** Whether to colour stdout: NO_COLOR (no-color.org) wins over FORCE_COLOR, then the terminal decides. */
export function wantsColour(io: Pick<Io, 'env' | 'outIsTerminal'>): boolean {
  if (io.env.NO_COLOR !== undefined && io.env.NO_COLOR !== '') return false;
  if (io.env.FORCE_COLOR !== undefined && io.env.FORCE_COLOR !== '') return io.env.FORCE_COLOR !== '0';
  return io.outIsTerminal && io.env.TERM !== 'dumb';
}
