import type { LockOwner } from '../ledger/stores/lock-note.ts';
import type { Build } from '../model/scan.ts';

/** What the composition root needs of the outer world; commands hand on theirs. */
export interface WireIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly homeDir: string;
  readonly stdin: () => Promise<Uint8Array>;
  readonly clock: () => Date;
  readonly random: (count: number) => Uint8Array;
  readonly owner: LockOwner;
  readonly err: (text: string) => void;
  readonly version: string;
  /** The program that runs, by its own bytes; read when a scan is recorded. */
  readonly build: () => Promise<Build>;
}
