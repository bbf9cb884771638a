/**
 * One measurement of the ledger bench, in a process of its own: `MODE FOLDER`, where MODE is append, record, scan, proof or ask.
 * Writes figures and peak memory in MiB as JSON.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { appendStatements } from '../src/ledger/append-statements.ts';
import { statedStatement } from '../src/ledger/change-statement.ts';
import { type LedgerDocument, storedDocuments } from '../src/ledger/documents.ts';
import { leafHash, verifyInclusion } from '../src/ledger/merkle.ts';
import { readCheckpoint, readHeadNote } from '../src/ledger/head.ts';
import { prover } from '../src/ledger/export/prover.ts';
import { blame } from '../src/ledger/query/blame.ts';
import { IndexFolder } from '../src/ledger/query/index-folder.ts';
import { LedgerQuery } from '../src/ledger/query/ledger-query.ts';
import { openCatalogue } from '../src/ledger/query/open.ts';
import { recordChanges } from '../src/ledger/record-change.ts';
import { recordScan } from '../src/ledger/record.ts';
import { directoryStore } from '../src/ledger/stores/directory.ts';
import { readLeaves, tileWidth } from '../src/ledger/tiles.ts';
import { TILE_WIDTH } from '../src/ledger/paths.ts';
import { scanOf, timeoutDrift } from '../test/support/ledger-world.ts';
import { ADDRESS, ENTRIES_AT_ONCE, MODULE, newLedger, SINCE } from './bench-ledger-data.ts';

const MODES = { append, record, scan, proof, ask } as const;
const [mode = '', folder = '.'] = process.argv.slice(2);
const measured = await MODES[mode as keyof typeof MODES](folder);
const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
process.stdout.write(JSON.stringify({ ...measured, peak }));

/** Statements of changes that are there already: what signing and appending them costs, until the disk has them. */
async function append(at: string): Promise<{ readonly milliseconds: number }> {
  const ledger = await newLedger(at, 'durable');
  const recordedAt = new Date().toISOString();
  const entryId = (): string => `urn:uuid:${randomUUID()}`;
  const occasion = { origin: ledger.origin, recordedAt, entryId, head: await readCheckpoint(ledger.store) };
  const documents: LedgerDocument[] = [];
  const statements = changes().map((change) =>
    statedStatement(occasion, { ...change, before: !change.after, evidence: [] }, undefined, documents, '0.0.0'),
  );
  const objects = storedDocuments(documents);
  return {
    milliseconds: await timed(() =>
      appendStatements(
        ledger,
        () => new Date(),
        async () => ({ statements, objects }),
      ),
    ),
  };
}

/** Flags that are switched to and fro: each change is an entry, and few documents serve all. */
async function record(at: string): Promise<{ readonly milliseconds: number }> {
  const ledger = await newLedger(at, 'durable');
  const handedIn = changes().map((change) => ({ ...change, before: undefined }));
  const clock = (): Date => new Date();
  const milliseconds = await timed(() =>
    recordChanges(ledger, handedIn, { clock, version: '0.0.0', force: false, evidence: [] }),
  );
  if ((await readCheckpoint(ledger.store)).size !== ENTRIES_AT_ONCE) throw new Error('not every change was recorded');
  return { milliseconds };
}

function changes() {
  return Array.from({ length: ENTRIES_AT_ONCE }, (_, i) => ({
    key: `checkout/flag_${i % 50}`,
    workspace: 'prod',
    after: Math.floor(i / 50) % 2 === 0,
    at: new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString(),
    by: 'github:ops-team',
    reason: 'measured',
    references: [],
  }));
}

/** As many resources that drift at once: each with its declared and its live state as documents. */
async function scan(at: string): Promise<{ readonly milliseconds: number }> {
  const ledger = await newLedger(at, 'durable');
  const addresses = Array.from({ length: ENTRIES_AT_ONCE }, (_, i) => `aws_lambda_function.worker${i}`);
  const found = scanOf(
    addresses,
    addresses.map((address) => timeoutDrift(address)),
  );
  return { milliseconds: await timed(() => recordScan(ledger, found, () => new Date())) };
}

/** Inclusion proofs, made from the tiles and checked against the head: the first, then others all over the log. */
async function proof(at: string): Promise<{ readonly first: number; readonly times: readonly number[] }> {
  const reader = storeAt(at);
  const head = await readCheckpoint(reader);
  const prove = prover({ reader, head, note: await readHeadNote(reader) });
  const one = async (index: number): Promise<void> => {
    const file = Math.floor(index / TILE_WIDTH);
    const leaves = await readLeaves(reader, file, tileWidth(0, file, head.size));
    const leaf = leafHash(leaves?.[index % TILE_WIDTH] as Uint8Array);
    if (!verifyInclusion(leaf, index, head.size, await prove(index), head.root))
      throw new Error('a proof does not hold');
  };
  const first = await timed(() => one(1));
  const times: number[] = [];
  for (let i = 1; i <= 500; i++) times.push(await timed(() => one((i * 7_919_777) % head.size)));
  return { first, times };
}

/** Both questions again and again in one process that has the index open. */
async function ask(at: string): Promise<{ readonly log: readonly number[]; readonly blame: readonly number[] }> {
  const reader = storeAt(at);
  const head = await readCheckpoint(reader);
  const catalogue = await openCatalogue(reader, head, { folder: new IndexFolder(`${at}.index`) });
  const query = await LedgerQuery.over(reader, head, catalogue);
  const log = async (): Promise<void> => {
    let hits = 0;
    for await (const _hit of query.log({ happened: { from: Date.parse(SINCE) }, address: MODULE })) hits++;
    if (hits === 0) throw new Error('nothing was found');
  };
  const times = { log: [] as number[], blame: [] as number[] };
  for (let i = 0; i < 20; i++) {
    times.log.push(await timed(log));
    times.blame.push(
      await timed(async () => {
        if ((await blame(query, ADDRESS)).length === 0) throw new Error('nobody is blamed');
      }),
    );
  }
  // The first of each opens what the later ones find open.
  return { log: times.log.slice(1), blame: times.blame.slice(1) };
}

function storeAt(at: string): ReturnType<typeof directoryStore> {
  const owner = { pid: process.pid, host: 'bench', isAlive: () => true };
  return directoryStore(at, { owner, clock: () => new Date(), patience: 1000 });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
