import type { Config } from '../config.ts';
import { documentOf } from '../ledger/documents.ts';
import type { ScanManifest } from '../model/scan.ts';
import type { WireIo } from './io.ts';

/** Parts of driftbom.yaml by which differences are judged. What only says where things lie is none, nor what may be secret. */
const JUDGING: readonly string[] = ['attribution', 'compliance', 'ignore', 'rules', 'severity', 'waivers'];

/** What judges a scan: this program, under this configuration. */
export async function manifestOf(config: Config, io: Pick<WireIo, 'build'>): Promise<ScanManifest> {
  const policy = Object.fromEntries(Object.entries(config).filter(([part]) => JUDGING.includes(part)));
  return { build: await io.build(), policy: documentOf(policy).sha256 };
}
