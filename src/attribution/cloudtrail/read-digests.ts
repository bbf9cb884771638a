import { messageOf } from '../../model/error.ts';
import type { CoverageGap } from '../port.ts';
import { unpacked } from './byte-stream.ts';
import { DigestBook } from './digest-book.ts';
import { type DigestFile, parseDigest } from './digest-file.ts';
import type { DigestKeys } from './digest-keys.ts';
import { inParallel } from './in-parallel.ts';
import type { LogObject } from './read-object.ts';

/** A digest file lists some hundred files; this is a thousand times what that needs. */
const LONGEST_DIGEST = 64 << 20;

/** A digest file, with the signature that its object's metadata holds, known once it was opened. */
export interface DigestObject extends LogObject {
  signature?(): string | undefined;
}

/** Reads digest files. Undefined where there are none. What cannot be read is a gap. */
export async function readDigests(
  objects: readonly DigestObject[],
  keys: DigestKeys | undefined,
  width: number,
): Promise<{ readonly book: DigestBook | undefined; readonly gaps: readonly CoverageGap[] }> {
  if (objects.length === 0) return { book: undefined, gaps: [] };
  const digests: DigestFile[] = [];
  const gaps: CoverageGap[] = [];
  await inParallel(objects, width, async (object) => {
    try {
      const digest = parseDigest(object.name, await contentOf(object), object.signature?.());
      if (digest === undefined) gaps.push({ what: object.name, message: 'is no digest file that can be read' });
      else digests.push(digest);
    } catch (thrown) {
      gaps.push({ what: object.name, message: `the digest file could not be read: ${messageOf(thrown)}` });
    }
  });
  const book = new DigestBook(digests, keys);
  return { book, gaps: [...gaps, ...book.gaps] };
}

/** The regions that objects with CloudTrail's names belong to. */
export function regionsOf(objects: readonly LogObject[]): ReadonlySet<string> {
  return new Set(objects.flatMap(({ key }) => key?.region ?? []));
}

async function contentOf(object: LogObject): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of unpacked(object.open())) {
    length += part.length;
    if (length > LONGEST_DIGEST) throw new Error('it is longer than 64 MB');
    parts.push(part);
  }
  return Buffer.concat(parts);
}
