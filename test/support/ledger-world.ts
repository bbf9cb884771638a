import { createHash } from 'node:crypto';
import type { Change } from '../../src/model/drift.ts';
import type { Gap } from '../../src/model/resource.ts';
import type { Scan, ScannedDrift } from '../../src/model/scan.ts';
import type { Value } from '../../src/model/value.ts';
import { redactor, redactionKey } from '../../src/ledger/hmac.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { formatCheckpoint } from '../../src/ledger/checkpoint.ts';
import { encodeUtf8 } from '../../src/ledger/bytes.ts';
import { EMPTY_ROOT } from '../../src/ledger/merkle.ts';
import { parseVkey, signNote } from '../../src/ledger/note.ts';
import type { LedgerStore } from '../../src/ledger/port.ts';
import { checkpointSigner, entrySigner, newCheckpointKey, newEntryKey } from '../../src/ledger/signers/local.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { checkpointKeyPath, entryKeyPath, formatEntryKey } from '../../src/ledger/trust.ts';

const ORIGIN = 'ledger.example/test';

/** Deterministic stand-in for random bytes: no two calls give the same. */
export function counter(): (count: number) => Uint8Array {
  let calls = 0;
  return (count) => createHash('sha512').update(`random ${calls++}`).digest().subarray(0, count);
}

/** A clock that moves on by a minute at each look. */
export function ticking(start = '2026-11-02T03:00:00.000Z'): () => Date {
  let time = Date.parse(start);
  return () => {
    time += 60_000;
    return new Date(time);
  };
}

const keys = { entry: newEntryKey(), checkpoint: newCheckpointKey() };

/** An empty ledger in a store, opened with keys that all tests of one file share. */
export async function freshLedger(store: LedgerStore = memoryStore()): Promise<Ledger> {
  const random = counter();
  const signer = entrySigner(keys.entry);
  const notary = checkpointSigner(keys.checkpoint, ORIGIN);
  const note = await signNote(formatCheckpoint({ origin: ORIGIN, size: 0, root: EMPTY_ROOT }), notary);
  const key = parseVkey(notary.vkey);
  await store.put([
    { key: entryKeyPath(signer.keyId), bytes: encodeUtf8(formatEntryKey(signer.publicKey)) },
    { key: checkpointKeyPath(key), bytes: encodeUtf8(`${notary.vkey}\n`) },
  ]);
  await store.swapHead(undefined, note);
  await store.put([{ key: 'checkpoints/0', bytes: note }]);
  const trust = { checkpointKeys: [key], entryKeys: [{ keyId: signer.keyId, publicKey: signer.publicKey }] };
  return { store, origin: ORIGIN, signer, notary, trust, redact: redactor(redactionKey(random(32))), random };
}

/** The same ledger as seen by another process: shares the store, not the state. */
export function onStore(ledger: Ledger, store: LedgerStore): Ledger {
  return { ...ledger, store };
}

export function change(path: string, before: Value, after: Value, more: Partial<Change> = {}): Change {
  const base = {
    path,
    before,
    after,
    op: 'replace',
    sensitive: false,
    cause: 'out-of-band',
    class: 'declared',
  } as const;
  return { ...base, ...more };
}

export interface Drifting {
  readonly address: string;
  readonly kind?: 'changed' | 'missing' | 'unmanaged';
  readonly workspace?: string;
  readonly changes?: readonly Change[];
  readonly declared?: Value;
  readonly live?: Value;
}

/** A resource of which one attribute drifted: timeout 5 in the declaration, `live` in the cloud. */
export function timeoutDrift(address: string, live = 900): Drifting {
  return {
    address,
    changes: [change('timeout', 5, live)],
    declared: { timeout: 5, name: address },
    live: { timeout: live, name: address },
  };
}

let scans = 0;

/** A scan of the workspace `default` (or others) that compared `addresses` and found `drifts`. */
export function scanOf(
  addresses: readonly string[],
  drifts: readonly Drifting[] = [],
  more: Partial<Scan> & { readonly workspace?: string } = {},
): Scan {
  const { workspace = 'default', ...rest } = more;
  const gaps: readonly Gap[] = more.gaps ?? [];
  const id = `01920000-0000-7000-8000-${String(++scans).padStart(12, '0')}`;
  return {
    id,
    startedAt: '2026-11-02T03:00:00.000Z',
    finishedAt: '2026-11-02T03:00:02.000Z',
    tool: { name: 'driftbom', version: '0.1.0' },
    scope: {
      workspaces: [workspace],
      declared: ['terraform state'],
      live: 'snapshot',
      providers: [{ source: 'registry.terraform.io/hashicorp/aws', version: '5.100.0' }],
      compared: [{ workspace, addresses }],
      skippedDataSources: 0,
    },
    inputs: [{ kind: 'state', name: 'terraform.tfstate', sha256: 'ab'.repeat(32), workspace }],
    summary: {
      resources: addresses.length,
      inSync: addresses.length - drifts.length,
      changed: drifts.length,
      missing: 0,
      unread: gaps.length,
      unmanaged: 0,
      gaps: gaps.length,
      ignored: 0,
    },
    drifts: drifts.map((one) => scannedDrift(one, workspace)),
    gaps,
    ignored: [],
    computed: [],
    ...rest,
  };
}

function scannedDrift(drifting: Drifting, workspace: string): ScannedDrift {
  const resource = {
    address: drifting.address,
    type: 'aws_lambda_function',
    id: `id-of-${drifting.address}`,
    workspace: drifting.workspace ?? workspace,
    provider: 'registry.terraform.io/hashicorp/aws',
  };
  return {
    drift: { kind: drifting.kind ?? 'changed', resource, changes: drifting.changes ?? [] },
    documents: { declared: drifting.declared ?? null, live: drifting.live ?? null },
  };
}

/** Everything that an async iteration gives. */
export async function gathered<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
