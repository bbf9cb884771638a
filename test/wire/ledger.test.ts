import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config.ts';
import { ledgerFolders } from '../../src/wire/ledger.ts';
import type { WireIo } from '../../src/wire/io.ts';

const io: WireIo = {
  env: {},
  cwd: join('/', 'project'),
  homeDir: join('/', 'home'),
  clock: () => new Date(0),
  random: (count) => new Uint8Array(count),
  stdin: async () => new Uint8Array(),
  owner: { pid: 1, host: 'here', isAlive: () => true },
  err: () => undefined,
  version: '0.0.0',
  build: async () => ({ sha256: null, reason: 'run from source' }),
};
const LOCK: Config['objectLock'] = { mode: 'compliance', days: 365 };

describe('where a ledger lies', () => {
  it('is said by the option, then by driftbom.yaml, then a default', () => {
    const config: Config = { version: 1, ledger: 'configured' };
    const place = (option: string | undefined, from: Config) => ledgerFolders(option, from, io).place;
    expect(place('given', config)).toEqual({ kind: 'folder', directory: join(io.cwd, 'given') });
    expect(place(undefined, config)).toEqual({ kind: 'folder', directory: join(io.cwd, 'configured') });
    const byDefault = { kind: 'folder', directory: join(io.cwd, '.driftbom', 'ledger') };
    expect(place(undefined, { version: 1 })).toEqual(byDefault);
  });

  it('may be a bucket; the private keys stay in a folder of this machine', () => {
    const config: Config = { version: 1, ledger: 's3://acme-audit/driftbom/prod', objectLock: LOCK };
    expect(ledgerFolders(undefined, config, io)).toMatchObject({
      place: { kind: 's3', at: { bucket: 'acme-audit', prefix: 'driftbom/prod' }, objectLock: LOCK },
      keysDirectory: join(io.cwd, '.driftbom', 'keys'),
      shown: 's3://acme-audit/driftbom/prod',
    });
  });

  it('is refused where it is no place in S3, or where Object Lock was asked for and cannot be had', () => {
    const refused = (option: string | undefined, config: Config) => () => ledgerFolders(option, config, io);
    expect(refused('s3://acme//x', { version: 1 })).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
    expect(refused(undefined, { version: 1, objectLock: LOCK })).toThrow(expect.objectContaining({ code: 'E_CONFIG' }));
    // Whoever names another ledger by hand has said what he wants.
    expect(refused('elsewhere', { version: 1, ledger: 's3://acme/x', objectLock: LOCK })).not.toThrow();
  });
});
