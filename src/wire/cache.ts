import { join } from 'node:path';
import type { WireIo } from './io.ts';

/** What can be made again stands here (schemas, digests of provider programs, indexes of remote ledgers); deleting it costs time only. */
export function cacheDir({ env, homeDir }: Pick<WireIo, 'env' | 'homeDir'>): string {
  return env.DRIFTBOM_CACHE_DIR ?? join(env.XDG_CACHE_HOME ?? join(homeDir, '.cache'), 'driftbom');
}
