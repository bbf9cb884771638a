import { encodeUtf8, sha256 } from '../bytes.ts';

/** Up to this many signatures are checked without being asked for all. */
const SAMPLE = 1000;
/** The newest are always among them. */
const NEWEST = 256;

/**
 * Which entries' signatures a verification by sample checks: all of a small log; else the newest, and a draw over the
 * rest that the root decides. The same log gives the same sample, and who writes an entry cannot know whether it falls
 * into it, since the root comes after it.
 */
export function signatureSample(size: number, root: Uint8Array): (index: number) => boolean {
  if (size <= SAMPLE) return () => true;
  const older = size - NEWEST;
  const drawn = new Set<number>();
  for (let draw = 0; drawn.size < SAMPLE - NEWEST; draw++) {
    const bytes = Buffer.from(sha256(root, encodeUtf8(`sample ${draw}`)));
    drawn.add(bytes.readUIntBE(0, 6) % older);
  }
  return (index) => index >= older || drawn.has(index);
}
