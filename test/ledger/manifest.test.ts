import { describe, expect, it } from 'vitest';
import { readEntries } from '../../src/ledger/read.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { formatEntryKey } from '../../src/ledger/trust.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import type { ScanPredicate } from '../../src/model/entry.ts';
import type { Scan, ScanManifest, ScanPlace } from '../../src/model/scan.ts';
import { freshLedger, gathered, scanOf, ticking } from '../support/ledger-world.ts';
import { verifyLedger as secondVerifier } from '../support/second-verifier.mjs';

const ADDRESSES = Array.from({ length: 200 }, (_, i) => `aws_sqs_queue.q[${i}]`);
const PLACE: ScanPlace = {
  ...{ workspace: 'prod', provider: 'registry.terraform.io/hashicorp/aws', account: '111122223333' },
  ...{ region: 'eu-central-1', addresses: ADDRESSES },
};
const MANIFEST: ScanManifest = { build: { sha256: 'ab'.repeat(32), reason: null }, policy: 'cd'.repeat(32) };

function placed(more: Partial<Scan> = {}): Scan {
  const scan = scanOf(ADDRESSES, []);
  return { ...scan, scope: { ...scan.scope, places: [PLACE] }, manifest: MANIFEST, ...more };
}

/** A ledger of these scans, and every object that it holds. */
async function recorded(...scans: readonly Scan[]) {
  const store = memoryStore();
  const ledger = await freshLedger(store);
  const clock = ticking();
  for (const scan of scans) await recordScan(ledger, scan, clock);
  const objects = new Map<string, Buffer>();
  for (const key of await store.list('')) objects.set(key, Buffer.from((await store.get(key)) ?? []));
  const entries = await gathered(readEntries(store));
  return { ledger, store, objects, scans: entries.map((one) => (one.statement.predicate as ScanPredicate).scan) };
}

describe('a scan entry', () => {
  it('holds what judged and where each resource lives, as the scan told it', async () => {
    const { scans, ledger } = await recorded(placed());
    expect(scans[0]?.manifest).toEqual(MANIFEST);
    expect(scans[0]?.scope.places).toEqual([PLACE]);
    expect((await verifyLedger(ledger.store, ledger.trust)).failures).toEqual([]);
  });

  it('says neither where the scan did not, as in ledgers of older versions', async () => {
    const { scans, ledger } = await recorded(scanOf(ADDRESSES, []));
    expect(Object.keys(scans[0] ?? {})).not.toContain('manifest');
    expect(Object.keys(scans[0]?.scope ?? {})).not.toContain('places');
    expect((await verifyLedger(ledger.store, ledger.trust)).failures).toEqual([]);
  });

  it('keeps places in a document that equal scans share, and both verifiers miss it where it is gone', async () => {
    const one = await recorded(placed());
    const two = await recorded(placed(), placed({ id: '01920000-0000-7000-8000-000000000009' }));
    const documents = (objects: ReadonlyMap<string, Uint8Array>): string[] =>
      [...objects.keys()].filter((key) => key.startsWith('state/'));
    expect(documents(two.objects)).toHaveLength(documents(one.objects).length);
    const key = documents(one.objects).find((name) =>
      Buffer.from(one.objects.get(name) ?? []).includes('eu-central-1'),
    );
    const { ledger, objects } = one;
    const [entryKey] = ledger.trust.entryKeys;
    const keys = [formatEntryKey(entryKey?.publicKey as Uint8Array), `${ledger.notary.vkey}\n`] as const;
    expect(secondVerifier(objects, ...keys, [])).toEqual([]);
    objects.delete(key ?? '');
    expect(secondVerifier(objects, ...keys, []).map(({ code }) => code)).toEqual(['document-missing']);
    const wounded = memoryStore();
    await wounded.put(
      [...objects].filter(([name]) => name !== 'checkpoint').map(([name, bytes]) => ({ key: name, bytes })),
    );
    await wounded.swapHead(undefined, objects.get('checkpoint') as Uint8Array);
    const { failures } = await verifyLedger(wounded, ledger.trust);
    expect(failures.map(({ code }) => code)).toContain('document-missing');
  });
});
