/**
 * Large ledgers to measure on, made once. One to verify, recorded scan by scan by the recorder itself, with every
 * signature and document; one to ask, ten times as large and made straight into its files.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { initLedger, type Ledger, openLedger } from '../src/ledger/ledger.ts';
import type { StoredObject } from '../src/ledger/port.ts';
import { recordScan } from '../src/ledger/record.ts';
import { directoryStore } from '../src/ledger/stores/directory.ts';
import { writeBigLedger } from '../test/support/big-ledger.ts';
import { scanOf, ticking, timeoutDrift } from '../test/support/ledger-world.ts';

/** Changes whenever the entries do. */
const VERSION = 3;
/** Resources of the ledger to ask, 50 to a module: each drifts by turns. */
const ASKED_RESOURCES = 20_000;
/** Resources of the ledger to verify, and how many of them each scan finds drifted; the next one finds them as they were. */
const SCANNED_RESOURCES = 2_000;
const DRIFTS = 200;
/** When the first scan of that ledger ran, and how long after it each further one, milliseconds. */
const FIRST_SCAN = Date.parse('2026-01-01T00:00:00.000Z');
const BETWEEN_SCANS = 6 * 3_600_000;

/** When the newest entry of the ledger to ask was recorded; and what is asked of it: the last six hours of a module. */
const NEWEST = '2026-11-02T03:00:00.000Z';
export const SINCE = '2026-11-01T21:00:00.000Z';
export const MODULE = 'module.area7';
/** One resource of that module, whose attributes are asked for their last changes. */
export const ADDRESS = `${MODULE}.aws_lambda_function.worker2`;

/** Entries that are appended under one checkpoint. */
export const ENTRIES_AT_ONCE = 5_000;

/** Where a ledger is kept that is measured on more than once. */
export interface Shelf {
  readonly parent: string;
  readonly say: (line: string) => void;
}

/** A ledger to ask: its entries carry no true signatures, which no question reads. Gives its folder. */
export function ledgerToAsk(entries: number, shelf: Shelf): Promise<string> {
  return kept(`asked-${entries}`, shelf, async (draft) => {
    const made = new Set<string>();
    const put = async (objects: readonly StoredObject[]): Promise<void> => {
      for (const { key, bytes } of objects) {
        const path = join(draft, key);
        if (!made.has(dirname(path))) await mkdir(dirname(path), { recursive: true });
        made.add(dirname(path));
        await writeFile(path, bytes);
      }
    };
    await writeBigLedger({ entries, resources: ASKED_RESOURCES, until: NEWEST, put });
  });
}

/** A ledger to verify, of at least so many entries. Gives its folder. */
export function ledgerToVerify(entries: number, shelf: Shelf): Promise<string> {
  return kept(`verified-${entries}`, shelf, async (draft) => {
    const ledger = await newLedger(draft, 'fast');
    const all = Array.from({ length: SCANNED_RESOURCES }, (_, i) => addressOf(i));
    for (let scan = 0, size = 0; size < entries; scan++) {
      const drifts = Array.from({ length: DRIFTS }, (_, i) =>
        timeoutDrift(addressOf((scan * DRIFTS + i) % SCANNED_RESOURCES), 100 + scan),
      );
      const startedAt = scanTime(scan);
      const finishedAt = new Date(Date.parse(startedAt) + 2000).toISOString();
      size = (await recordScan(ledger, scanOf(all, drifts, { startedAt, finishedAt }), ticking(finishedAt))).checkpoint
        .size;
    }
  });
}

/** When the last scan of a ledger to verify, of so many entries, ran: RFC 3339. */
export function lastScanOf(entries: number): string {
  // The first scan finds drifts; each later one also finds those of the one before gone.
  const later = Math.max(0, Math.ceil((entries - DRIFTS - 1) / (2 * DRIFTS + 1)));
  return scanTime(later);
}

function scanTime(scan: number): string {
  return new Date(FIRST_SCAN + scan * BETWEEN_SCANS).toISOString();
}

function addressOf(resource: number): string {
  return `module.area${Math.floor(resource / 50)}.aws_lambda_function.worker${resource % 50}`;
}

/** An empty ledger of its own keys in a folder. `fast` forgets a crash of the machine: for what is made only to be read. */
export async function newLedger(folder: string, disk: 'durable' | 'fast'): Promise<Ledger> {
  const owner = { pid: process.pid, host: 'bench', isAlive: () => true };
  const options = { owner, clock: () => new Date(), patience: 1000 };
  const store =
    disk === 'durable'
      ? directoryStore(folder, options)
      : directoryStore(folder, options, {
          write: (path, bytes) => writeFile(path, bytes),
          remove: (path) => rm(path, { force: true }),
        });
  const place = { store, keysDirectory: `${folder}.keys`, random: (count: number) => randomBytes(count) };
  await initLedger({ ...place, origin: 'ledger.example/bench' });
  return openLedger(place);
}

/** Makes a folder unless it is there: under another name first, so that what is there is whole. */
async function kept(name: string, { parent, say }: Shelf, make: (draft: string) => Promise<void>): Promise<string> {
  const folder = join(parent, `driftbom-bench-ledger-${VERSION}-${name}`);
  if (existsSync(folder)) return folder;
  say(`making the ledger ${name}`);
  const draft = `${folder}.${process.pid}`;
  try {
    await make(draft);
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(`${draft}.keys`, { recursive: true, force: true });
  }
  return folder;
}
