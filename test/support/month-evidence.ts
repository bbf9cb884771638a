import type { ScanManifest } from '../../src/model/scan.ts';

/** Where a resource lives; from the third night on, scans tell. */
export const PLACED_FROM = 3;
export function placeIn(workspace: string, address: string): { account: string | null; region: string | null } {
  const region = /^aws_iam_/.test(address) ? null : /quiet\[\d*[05]\]$/.test(address) ? 'us-east-1' : 'eu-central-1';
  if (address.startsWith('aws_s3_')) return { account: null, region };
  return { account: workspace === 'prod' ? '111122223333' : '444455556666', region };
}

/** What scanned on a night: nothing is told on the first two; one night it ran from source. */
export const MANIFEST_FROM = 2;
export const FROM_SOURCE = 22;
const BUILDS = ['1a'.repeat(32), '2b'.repeat(32)] as const;
const POLICIES = ['3c'.repeat(32), '4d'.repeat(32)] as const;
export function manifestOn(night: number): ScanManifest | undefined {
  if (night < MANIFEST_FROM) return undefined;
  const build =
    night === FROM_SOURCE
      ? { sha256: null, reason: 'run from source' }
      : { sha256: BUILDS[night < 15 ? 0 : 1], reason: null };
  return { build, policy: POLICIES[night < 19 ? 0 : 1] };
}

/** Who was told of which drift, so many minutes after it was seen; by hand: a note whose text says so. */
export const RECEIPTS = [
  { name: 'a08', night: 3, minutes: 10, byHand: false },
  { name: 'a09', night: 4, minutes: 59, byHand: false },
  { name: 'a10', night: 4, minutes: 61, byHand: false },
  { name: 'a11', night: 5, minutes: 9, byHand: true },
  { name: 'a12', night: 5, minutes: -30, byHand: false },
  { name: 'a13', night: 6, minutes: 90, byHand: false },
  { name: 'a13', night: 6, minutes: 20, byHand: false },
  { name: 'a30', night: 14, minutes: 60, byHand: true },
  { name: 'a31', night: 15, minutes: 12, byHand: false },
  { name: 'a08', night: 18, minutes: 8, byHand: false },
  { name: 'a37', night: 21, minutes: 180, byHand: false },
  { name: 'a06', night: 3, minutes: 5, byHand: false },
] as const;
