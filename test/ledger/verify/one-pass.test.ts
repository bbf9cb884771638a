import { beforeAll, describe, expect, it } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { parseLeaf, formatLeaf } from '../../../src/ledger/leaf.ts';
import type { LedgerReader } from '../../../src/ledger/port.ts';
import { readEntries } from '../../../src/ledger/read.ts';
import { recordScan } from '../../../src/ledger/record.ts';
import { memoryStore } from '../../../src/ledger/stores/memory.ts';
import { formatBundle, parseBundle } from '../../../src/ledger/tiles.ts';
import { verifyLedger } from '../../../src/ledger/verify.ts';
import type { Entry } from '../../../src/model/entry.ts';
import { change, freshLedger, gathered, scanOf, ticking, timeoutDrift } from '../../support/ledger-world.ts';

const ADDRESSES = Array.from({ length: 1100 }, (_, i) => `aws_lambda_function.worker${i}`);

let ledger: Ledger;
let objects: ReadonlyMap<string, Uint8Array>;

/** 2,202 entries: so many that their signatures are checked by another thread. One value and all lists stand in documents. */
beforeAll(async () => {
  const store = memoryStore();
  ledger = await freshLedger(store);
  const [first = '', ...rest] = ADDRESSES;
  const long = { address: first, changes: [change('policy', 'long '.repeat(300), 'x')], live: { policy: 'x' } };
  const clock = ticking();
  await recordScan(ledger, scanOf(ADDRESSES, [long, ...rest.map((address) => timeoutDrift(address, 900))]), clock);
  await recordScan(ledger, scanOf(ADDRESSES), clock);
  objects = store.objects;
});

/** The objects of the ledger, with what stood in the place of some. */
function altered(changes: ReadonlyMap<string, Uint8Array> = new Map()): LedgerReader {
  return memoryStore(new Map([...objects, ...changes]));
}

async function verified(reader: LedgerReader, documents: 'all' | 'attached' = 'all') {
  const entries: Entry[] = [];
  const verification = await verifyLedger(reader, ledger.trust, {
    documents,
    onEntry: (entry) => void entries.push(entry),
  });
  return { verification, entries };
}

describe('verifying and reading in one pass', () => {
  it('gives every entry as reading gives it, lists and values in their places', async () => {
    const { verification, entries } = await verified(altered());
    expect(verification).toMatchObject({ ok: true, size: 2202, checked: { entries: 2202, signatures: 2202 } });
    expect(entries).toEqual(await gathered(readEntries(altered())));
  });

  it('finds the one signature of many that does not hold, and gives no entry from there on', async () => {
    const key = 'tile/entries/002';
    const leaves = parseBundle(objects.get(key) as Uint8Array, 256);
    const other = parseLeaf(leaves[7] as Uint8Array).signature;
    const leaf = formatLeaf({ ...parseLeaf(leaves[8] as Uint8Array), signature: other });
    const bundle = formatBundle(leaves.with(8, leaf));
    const payloads = 'dsse/002.intoto.jsonl';
    const lines = Buffer.from(objects.get(payloads) as Uint8Array)
      .toString('utf8')
      .split('\n');
    const line = JSON.parse(lines[8] as string);
    line.signatures[0].sig = Buffer.from(other).toString('base64');
    lines[8] = JSON.stringify(line);
    const changes = new Map([
      [key, bundle],
      [payloads, Buffer.from(lines.join('\n'))],
    ]);
    const { verification, entries } = await verified(altered(changes));
    expect(verification.ok).toBe(false);
    expect(verification.failures).toContainEqual({
      code: 'signature-wrong',
      index: 520,
      message: 'entry 520: the signature does not hold',
    });
    expect(verification.checked).toMatchObject({ entries: 2201, signatures: 2201 });
    expect(entries.map(({ index }) => index)).toEqual(Array.from({ length: 520 }, (_, i) => i));
  });

  it('reads no document that no entry is made whole with, where that is asked for, and says so', async () => {
    const states = [...objects.keys()].filter((name) => name.startsWith('state/'));
    const without = memoryStore(new Map([...objects].filter(([name]) => !states.includes(name))));
    expect((await verified(without)).verification.ok).toBe(false);
    const asked: string[] = [];
    const reader: LedgerReader = {
      list: (prefix) => altered().list(prefix),
      get: (name) => {
        asked.push(name);
        return altered().get(name);
      },
    };
    const { verification, entries } = await verified(reader, 'attached');
    expect(verification).toMatchObject({ ok: true, checked: { documents: 0 } });
    expect(verification.skipped).toEqual(['documents of states and evidence, on which nothing that was read rests']);
    expect(entries).toEqual(await gathered(readEntries(altered())));
    expect(asked.filter((name) => states.includes(name)).length).toBeLessThan(10);
  });
});
