import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyProof } from '../../../src/ledger/export/verify-proof.ts';
import { initLedger, type Ledger, openLedger } from '../../../src/ledger/ledger.ts';
import { ownTrust } from '../../../src/ledger/own-trust.ts';
import { recordScan } from '../../../src/ledger/record.ts';
import { rotateKey } from '../../../src/ledger/rotate.ts';
import { memoryStore } from '../../../src/ledger/stores/memory.ts';
import type { Trust } from '../../../src/ledger/trust.ts';
import { verifyLedger } from '../../../src/ledger/verify.ts';
import { exported } from '../../support/export-world.ts';
import { counter, scanOf, ticking, timeoutDrift } from '../../support/ledger-world.ts';

const home = mkdtempSync(join(tmpdir(), 'export-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const store = memoryStore();
const at = { store, keysDirectory: join(home, 'keys'), random: counter() };
let ledger: Ledger;
let trust: Trust;

/** 0 drift, 1 scan; 2 and 3 a new entry key; 4 and 5 a new checkpoint key, under a head with both signatures. */
beforeAll(async () => {
  const clock = ticking();
  await initLedger({ ...at, origin: 'ledger.example/rotated' });
  await recordScan(await openLedger(at), scanOf(['a'], [timeoutDrift('a')]), clock);
  for (const use of ['entry', 'checkpoint'] as const) {
    await rotateKey(at, { use, reason: 'yearly', by: 'alice', version: '0' }, clock);
  }
  ledger = await openLedger(at);
  trust = await ownTrust(store, at.keysDirectory);
});

function bundlesOf(files: ReadonlyMap<string, Uint8Array>): Uint8Array[] {
  return [...files].filter(([name]) => name.endsWith('.sigstore.json')).map(([, bytes]) => bytes);
}

describe('an export from a ledger whose keys were rotated', () => {
  it('names both checkpoint keys and every entry key, and each bundle is accepted by either client', async () => {
    const { files, text } = await exported({ ...ledger, trust }, 'sigstore');
    const root = TrustedRoot.fromJSON(JSON.parse(text('trusted_root.json')));
    expect(root.tlogs).toHaveLength(2);
    expect([...files.keys()].filter((name) => name.endsWith('.pem'))).toHaveLength(2);
    const keys = Object.fromEntries(
      trust.entryKeys.map(({ keyId, publicKey }) => [
        keyId,
        { rawBytes: Buffer.from(publicKey), keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256 },
      ]),
    );
    const options = { tlogThreshold: 1, ctlogThreshold: 0, timestampThreshold: 0 };
    const verifier = new Verifier(toTrustMaterial(root, keys), options);
    expect(bundlesOf(files)).toHaveLength(6);
    for (const bytes of bundlesOf(files)) {
      verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(Buffer.from(bytes).toString()))));
      expect(verifyProof(bytes, trust).failures).toEqual([]);
    }
  });

  it('may change unnoticed in nothing but a signature line of a key that the verifier then no longer knows', async () => {
    const key = 'checkpoint';
    const bytes = store.objects.get(key) as Uint8Array;
    const text = Buffer.from(bytes).toString();
    const lines = text.slice(text.indexOf('\n\n') + 2);
    const signatures = bytes.byteLength - Buffer.byteLength(lines);
    for (let byte = 0; byte < bytes.byteLength; byte++) {
      const altered = Uint8Array.from(bytes);
      altered[byte] = (altered[byte] as number) ^ (1 << (byte % 8));
      const { ok } = await verifyLedger(memoryStore(new Map(store.objects).set(key, altered)), trust);
      if (ok) expect(byte).toBeGreaterThanOrEqual(signatures);
    }
  });
});
