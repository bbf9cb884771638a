import { bundleFromJSON } from '@sigstore/bundle';
import { PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { recordScan } from '../../../src/ledger/record.ts';
import { memoryStore } from '../../../src/ledger/stores/memory.ts';
import { verifyProof } from '../../../src/ledger/export/verify-proof.ts';
import { exported, type Files } from '../../support/export-world.ts';
import { freshLedger, scanOf, ticking, timeoutDrift } from '../../support/ledger-world.ts';

const ENTRIES = 1000;

let ledger: Ledger;
let out: Files;
let verifier: Verifier;

/** 997 drifts, the scan that found them and two more: 1,000 leaves in four tiles. */
beforeAll(async () => {
  ledger = await freshLedger(memoryStore());
  const clock = ticking();
  const addresses = Array.from({ length: ENTRIES - 3 }, (_, at) => `aws_lambda_function.f${at}`);
  const drifts = addresses.map((address) => timeoutDrift(address));
  for (let scan = 0; scan < 3; scan++) await recordScan(ledger, scanOf(addresses, drifts), clock);
  out = await exported(ledger, 'sigstore');
  verifier = clientFor(out);
}, 60_000);

/** An unmodified Sigstore client that trusts what the export says to trust, and the entry keys from elsewhere. */
function clientFor(files: Files): Verifier {
  const root = TrustedRoot.fromJSON(JSON.parse(files.text('trusted_root.json')));
  const keys = Object.fromEntries(
    ledger.trust.entryKeys.map(({ keyId, publicKey }) => [
      keyId,
      { rawBytes: Buffer.from(publicKey), keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256 },
    ]),
  );
  return new Verifier(toTrustMaterial(root, keys), { tlogThreshold: 1, ctlogThreshold: 0, timestampThreshold: 0 });
}

function nameOf(index: number): string {
  return `entry-${String(index).padStart(6, '0')}.sigstore.json`;
}

interface BundleJson {
  verificationMaterial: {
    publicKey: { hint: string };
    tlogEntries: {
      logIndex: string;
      logId: { keyId: string };
      inclusionProof: { logIndex: string; hashes: string[]; treeSize: string; rootHash: string };
      canonicalizedBody: string;
    }[];
  };
  dsseEnvelope: { payload: string; signatures: { sig: string }[] };
}

function bundleOf(index: number): BundleJson {
  return JSON.parse(out.text(nameOf(index))) as BundleJson;
}

type LogEntryJson = BundleJson['verificationMaterial']['tlogEntries'][number];

function logEntry(bundle: BundleJson): LogEntryJson {
  return bundle.verificationMaterial.tlogEntries[0] as LogEntryJson;
}

function accept(bundle: unknown): void {
  verifier.verify(toSignedEntity(bundleFromJSON(bundle)));
}

/** Our own verdict on a bundle that was altered as JSON and written in the export's own spelling. */
function ours(bundle: BundleJson): { codes: string[]; index: number | undefined } {
  const text = `${JSON.stringify(bundle)}\n`;
  const { failures } = verifyProof(Buffer.from(text), ledger.trust);
  return { codes: failures.map(({ code }) => code), index: failures[0]?.index };
}

describe('a ledger of 1,000 entries, exported as Sigstore bundles', () => {
  it('is accepted leaf by leaf by an unmodified @sigstore/verify', () => {
    const refused: string[] = [];
    for (let index = 0; index < ENTRIES; index++) {
      try {
        accept(bundleOf(index));
      } catch (thrown) {
        refused.push(`${index}: ${String(thrown)}`);
      }
    }
    expect(refused).toEqual([]);
    expect(out.summary).toMatchObject({ selected: ENTRIES, exported: ENTRIES, leftOut: [], range: [0, ENTRIES] });
  });

  it('is accepted bundle by bundle by our own verifier, which says what was signed', () => {
    for (let index = 0; index < ENTRIES; index += 37) {
      expect(verifyProof(out.files.get(nameOf(index)) as Uint8Array, ledger.trust)).toMatchObject({
        ok: true,
        index,
        size: ENTRIES,
        origin: ledger.origin,
        kind: index < ENTRIES - 3 ? 'drift' : 'scan',
      });
    }
  });
});

describe('an altered bundle', () => {
  const at = 300;

  it('with another payload is refused by both', () => {
    const bundle = bundleOf(at);
    const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString().replace('900', '901');
    bundle.dsseEnvelope.payload = Buffer.from(payload).toString('base64');
    expect(() => accept(bundle)).toThrow();
    expect(ours(bundle)).toEqual({ codes: ['payload-wrong'], index: at });
  });

  it('with another signature is refused by both', () => {
    const bundle = bundleOf(at);
    const [signature] = bundle.dsseEnvelope.signatures;
    if (signature === undefined) throw new Error('no signature');
    signature.sig = bundleOf(at + 1).dsseEnvelope.signatures[0]?.sig as string;
    expect(() => accept(bundle)).toThrow();
    expect(ours(bundle)).toEqual({ codes: ['signature-wrong'], index: at });
  });

  it('with another index in its proof is refused by both', () => {
    const bundle = bundleOf(at);
    logEntry(bundle).inclusionProof.logIndex = String(at + 1);
    logEntry(bundle).logIndex = String(at + 1);
    expect(() => accept(bundle)).toThrow();
    expect(ours(bundle)).toEqual({ codes: ['inclusion-wrong'], index: at + 1 });
  });

  it('with another index beside its proof is refused by ours, which clients let pass', () => {
    const bundle = bundleOf(at);
    logEntry(bundle).logIndex = String(at + 1);
    expect(() => accept(bundle)).not.toThrow();
    expect(ours(bundle)).toEqual({ codes: ['index-wrong'], index: at });
  });

  it('with the log entry of another one (a replayed bundle) is refused by both', () => {
    const bundle = { ...bundleOf(at), dsseEnvelope: bundleOf(at + 1).dsseEnvelope };
    expect(() => accept(bundle)).toThrow();
    expect(ours(bundle)).toEqual({ codes: ['payload-wrong'], index: at });
  });

  it('with a foreign body is refused by both', () => {
    const bundle = bundleOf(at);
    logEntry(bundle).canonicalizedBody = logEntry(bundleOf(at + 1)).canonicalizedBody;
    expect(() => accept(bundle)).toThrow();
    expect(ours(bundle).codes).toEqual(['inclusion-wrong', 'payload-wrong']);
  });

  it('with a hash less, or another size or root beside the proof, is refused by ours', () => {
    const shorter = bundleOf(at);
    logEntry(shorter).inclusionProof.hashes.pop();
    expect(() => accept(shorter)).toThrow();
    expect(ours(shorter).codes).toEqual(['inclusion-wrong']);
    const larger = bundleOf(at);
    logEntry(larger).inclusionProof.treeSize = '1001';
    expect(ours(larger).codes).toEqual(['inclusion-wrong']);
    const rootless = bundleOf(at);
    logEntry(rootless).inclusionProof.rootHash = Buffer.alloc(32).toString('base64');
    expect(ours(rootless).codes).toEqual(['inclusion-wrong']);
  });

  it('of another log, or whose key hint or log id is another, is refused by ours', () => {
    const hinted = bundleOf(at);
    hinted.verificationMaterial.publicKey.hint = `sha256:${'ab'.repeat(32)}`;
    expect(ours(hinted).codes).toEqual(['key-id-wrong']);
    const strange = bundleOf(at);
    logEntry(strange).logId.keyId = Buffer.alloc(32).toString('base64');
    expect(() => accept(strange)).toThrow();
    expect(ours(strange).codes).toEqual(['log-wrong']);
    const { failures } = verifyProof(out.files.get(nameOf(at)) as Uint8Array, { ...ledger.trust, checkpointKeys: [] });
    expect(failures.map(({ code }) => code)).toEqual(['log-wrong', 'head-wrong']);
  });

  it('signed by a key that is not trusted is refused by ours', () => {
    const { failures } = verifyProof(out.files.get(nameOf(at)) as Uint8Array, { ...ledger.trust, entryKeys: [] });
    expect(failures.map(({ code, index }) => [code, index])).toEqual([['key-not-allowed', at]]);
  });

  it('that names a key twice, has another spelling or is garbage is refused by ours', () => {
    const text = out.text(nameOf(at));
    const twice = text.replace('"logIndex"', '"logIndex":"300","logIndex"');
    for (const wrong of [
      twice,
      text.replace(',', ', '),
      text.slice(0, -1),
      '',
      '{}',
      'null',
      '[]',
      '{"dsseEnvelope":1}',
    ]) {
      const { ok, failures } = verifyProof(Buffer.from(wrong), ledger.trust);
      expect([ok, failures[0]?.code]).toEqual([false, 'proof-malformed']);
    }
    expect(verifyProof(Buffer.of(0xff, 0xfe), ledger.trust).failures[0]?.code).toBe('proof-malformed');
  });

  it('has no byte that may change unnoticed', () => {
    const bytes = out.files.get(nameOf(at)) as Uint8Array;
    const unnoticed: number[] = [];
    for (let byte = 0; byte < bytes.byteLength; byte++) {
      const altered = Uint8Array.from(bytes);
      altered[byte] = (altered[byte] as number) ^ (1 << (byte % 8));
      if (verifyProof(altered, ledger.trust).ok) unnoticed.push(byte);
    }
    expect(unnoticed).toEqual([]);
  });
});
