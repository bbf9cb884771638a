import { verify } from 'node:crypto';
import type { CoverageGap } from '../port.ts';
import { type DigestFile, type ListedFile, signedText } from './digest-file.ts';
import type { DigestKeys } from './digest-keys.ts';
import { baseName, parseTrailKey } from './layout.ts';
import { inPlace, type Scope } from './window.ts';

/** What the digests say of one log file. */
export type Witness =
  | { readonly kind: 'verified' }
  | { readonly kind: 'not-verified'; readonly message: string }
  | { readonly kind: 'altered'; readonly message: string };

interface Listing extends ListedFile {
  /** Why the digest that lists it proves nothing; undefined where its signature was checked and is right. */
  readonly unproven: string | undefined;
}

/** How many absent files are told one by one. */
const MOST_TOLD = 10;

/**
 * Checks log files against CloudTrail's hourly digests: each lists the files of an hour with their SHA-256, is signed,
 * and holds digest and signature of the one before it; so a digest can be proved by its own signature or by its
 * successor's copy of it. Source: CloudTrail User Guide, "Validating CloudTrail log file integrity".
 */
export class DigestBook {
  readonly #listed = new Map<string, Listing>();
  /** What is wrong with the digests themselves. */
  readonly gaps: readonly CoverageGap[];

  constructor(digests: readonly DigestFile[], keys: DigestKeys | undefined) {
    const gaps: CoverageGap[] = [];
    const successors = new Map(digests.flatMap((one) => (one.previous === null ? [] : [[one.previous.object, one]])));
    const present = new Set(digests.map(({ object }) => object));
    const oldest = digests.map(({ start }) => start).sort()[0];
    for (const digest of digests) {
      const after = successors.get(digest.object);
      const unproven = unprovenBecause(digest, after, keys);
      if (unproven !== undefined && keys !== undefined) gaps.push({ what: digest.name, message: unproven });
      if (after?.previous?.sha256 != null && after.previous.sha256.toLowerCase() !== digest.sha256) {
        gaps.push({
          what: digest.name,
          message: 'the digest file is not the one that its successor names: it was altered',
        });
      }
      if (digest.previous !== null && !present.has(digest.previous.object) && digest.start !== oldest) {
        gaps.push({
          what: digest.name,
          message: `the digest file before it is missing: ${baseName(digest.previous.object)}`,
        });
      }
      for (const file of digest.files) this.#list(file, unproven);
    }
    this.gaps = gaps;
  }

  #list(file: ListedFile, unproven: string | undefined): void {
    const name = baseName(file.object);
    const known = this.#listed.get(name);
    if (known === undefined || known.unproven !== undefined) this.#listed.set(name, { ...file, unproven });
  }

  /** Whether any digest lists a file of this name. */
  knows(name: string): boolean {
    return this.#listed.has(name);
  }

  /** `sha256`: hex, of the unpacked content; undefined where it could not be read to its end. */
  judge(name: string, sha256: string | undefined): Witness {
    const listed = this.#listed.get(name);
    if (listed === undefined) return { kind: 'not-verified', message: 'no digest file lists it' };
    if (sha256 === undefined) return { kind: 'not-verified', message: 'it could not be read to its end' };
    if (sha256 !== listed.sha256) {
      return {
        kind: 'altered',
        message: 'the file is not the one that was delivered: its SHA-256 differs from the digest file',
      };
    }
    return listed.unproven === undefined ? { kind: 'verified' } : { kind: 'not-verified', message: listed.unproven };
  }

  /** Files that were delivered, matter to the window, and are not among the given ones. */
  missing(names: Iterable<string>, scope: Scope): readonly CoverageGap[] {
    const present = new Set(names);
    const absent = [...this.#listed].filter(([name, file]) => !present.has(name) && concerns(name, file, scope));
    const told = absent
      .slice(0, MOST_TOLD)
      .map(([what]) => ({ what, message: 'the file was delivered, as a digest file says, and is not here' }));
    if (absent.length <= MOST_TOLD) return told;
    const more = absent.length - MOST_TOLD;
    return [...told, { what: 'digest files', message: `they list ${more} more files that are not here` }];
  }
}

function concerns(name: string, file: ListedFile, scope: Scope): boolean {
  const key = parseTrailKey(name);
  if (key !== undefined && !inPlace(key.account, key.region, scope)) return false;
  const oldest = Date.parse(file.oldest ?? '');
  const newest = Date.parse(file.newest ?? '');
  return !(oldest > scope.to) && !(newest < scope.from);
}

function unprovenBecause(
  digest: DigestFile,
  after: DigestFile | undefined,
  keys: DigestKeys | undefined,
): string | undefined {
  if (keys === undefined) return 'no public keys were given to check the digest files with';
  const signature = digest.signature ?? after?.previous?.signature ?? undefined;
  if (signature === undefined)
    return 'the signature of the digest file is not known: it stands in the object, or in the next digest';
  const key = keys.get(digest.fingerprint);
  if (key === undefined) return `no public key with the fingerprint ${digest.fingerprint} was given`;
  const right = verify('sha256', Buffer.from(signedText(digest)), key, Buffer.from(signature, 'hex'));
  return right ? undefined : 'the signature of the digest file is wrong';
}
