import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/ledger/checkpoint.ts';
import { toHex } from '../../src/ledger/bytes.ts';
import {
  consistencyRanges,
  inclusionRanges,
  leafHash,
  type LeafRange,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../../src/ledger/merkle.ts';
import { parseVkey, signNote } from '../../src/ledger/note.ts';
import { checkpointSigner, newCheckpointKey } from '../../src/ledger/signers/local.ts';

// The reference trees of google/certificate-transparency (merkle_tree_test, merkle_verifier_test): eight leaves, and the
// proofs that the log servers of that project gave for them.
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const HASHES = LEAVES.map((hex) => leafHash(Buffer.from(hex, 'hex')));

const N = {
  l0: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  l1: '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  l4: 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  l01: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  l23: '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  l45: '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
  l67: 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
  l03: 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  l47: '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
} as const;

function proofOf(ranges: readonly LeafRange[]): Uint8Array[] {
  return ranges.map(({ start, end }) => rootOf(HASHES.slice(start, end)));
}

describe('the reference proofs of RFC 6962', () => {
  it.each([
    [0, 8, [N.l1, N.l23, N.l47]],
    [5, 8, [N.l4, N.l67, N.l03]],
    [2, 3, [N.l01]],
    [1, 5, [N.l0, N.l23, N.l4]],
    [0, 1, []],
  ] as const)('include leaf %i in the tree of %i', (index, size, expected) => {
    const proof = proofOf(inclusionRanges(index, size));
    expect(proof.map(toHex)).toEqual(expected);
    const root = rootOf(HASHES.slice(0, size));
    expect(verifyInclusion(HASHES[index] as Uint8Array, index, size, proof, root)).toBe(true);
  });

  it.each([
    [1, 1, []],
    [1, 8, [N.l1, N.l23, N.l47]],
    [6, 8, [N.l45, N.l67, N.l03]],
    [2, 5, [N.l23, N.l4]],
  ] as const)('lead from the tree of %i to that of %i', (older, newer, expected) => {
    const proof = older === newer ? [] : proofOf(consistencyRanges(older, newer));
    expect(proof.map(toHex)).toEqual(expected);
    const head = (size: number) => ({ size, root: rootOf(HASHES.slice(0, size)) });
    expect(verifyConsistency(head(older), head(newer), proof)).toBe(true);
    expect(verifyConsistency(head(older), { ...head(newer), root: Buffer.alloc(32, 1) }, proof)).toBe(false);
  });

  // The tree of seven leaves of RFC 6962 section 2.1.3, by the names that it gives the nodes.
  it('are the ones of the example of section 2.1.3', () => {
    const [a, b, c, d, e, f, j] = HASHES.slice(0, 7);
    const node = (...leaves: (Uint8Array | undefined)[]): string => toHex(rootOf(leaves as Uint8Array[]));
    const hex = (hash: Uint8Array | undefined): string => toHex(hash as Uint8Array);
    const [g, h, i] = [node(a, b), node(c, d), node(e, f)];
    const k = node(a, b, c, d);
    const l = node(e, f, j);
    expect(proofOf(inclusionRanges(0, 7)).map(toHex)).toEqual([hex(b), h, l]);
    expect(proofOf(inclusionRanges(3, 7)).map(toHex)).toEqual([hex(c), g, l]);
    expect(proofOf(inclusionRanges(4, 7)).map(toHex)).toEqual([hex(f), hex(j), k]);
    expect(proofOf(inclusionRanges(6, 7)).map(toHex)).toEqual([i, k]);
    expect(proofOf(consistencyRanges(3, 7)).map(toHex)).toEqual([hex(c), hex(d), g, l]);
    expect(proofOf(consistencyRanges(4, 7)).map(toHex)).toEqual([l]);
    expect(proofOf(consistencyRanges(6, 7)).map(toHex)).toEqual([i, hex(j), k]);
  });
});

// The checkpoint of the C2SP tlog-checkpoint page, with a key of ours: its text must pass as it stands there.
describe('the example of C2SP tlog-checkpoint', () => {
  it('is a checkpoint to us, and its extension lines are refused', async () => {
    const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    const signer = checkpointSigner(newCheckpointKey(), 'example.com/behind-the-sofa');
    const keys = [parseVkey(signer.vkey)];
    expect(openCheckpoint(await signNote(text, signer), keys)).toMatchObject({ size: 20_852_163 });
    const extended = await signNote(`${text}an extension line\n`, signer);
    expect(() => openCheckpoint(extended, keys)).toThrow(/three lines/);
  });
});
