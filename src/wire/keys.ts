import { resolve } from 'node:path';
import { loadConfig } from '../config.ts';
import { currentKey, type KeyRecord, type SignerPlace } from '../ledger/key-record.ts';
import { loadKeyRecord, missingKeys } from '../ledger/keys.ts';
import { type SigningKeys, readSigningKeys } from '../ledger/signing-keys.ts';
import { formatPolicy } from '../ledger/policy.ts';
import type { EntryAlgorithm } from '../ledger/port.ts';
import { type Rotated, rotateKey } from '../ledger/rotate.ts';
import { parseVkey } from '../ledger/note.ts';
import { ed25519Spki } from '../ledger/spki.ts';
import { entryKeyId } from '../ledger/trust.ts';
import type { KeyRow, KeysReport } from '../report/keys.ts';
import { type LedgerFolders, ledgerFolders, openStore, placeOf, requireLedger } from './ledger.ts';
import type { WireIo } from './io.ts';

export interface KeysRequest {
  readonly ledger?: string;
  readonly config?: string;
}

/** `driftbom keys`. Errors: E_LEDGER_MISSING, E_LEDGER_CORRUPT, E_KEY, E_CONFIG. */
export async function wireKeys(request: KeysRequest, io: WireIo): Promise<KeysReport> {
  const folders = await foldersOf(request, io);
  const history = await readSigningKeys(openStore(folders, io));
  const own = (await missingKeys(folders.keysDirectory)).length === 0;
  const ours = own ? oursIn(await loadKeyRecord(folders.keysDirectory)) : new Map<string, Ours>();
  return { place: folders.shown, origin: history.origin, size: history.size, keys: rowsOf(history, ours) };
}

/** `driftbom keys policy`: the text of a policy. Errors as wireKeys. */
export async function wirePolicy(request: KeysRequest, io: WireIo): Promise<string> {
  return formatPolicy(await readSigningKeys(openStore(await foldersOf(request, io), io)));
}

export interface RotateRequest extends KeysRequest {
  readonly use: 'entry' | 'checkpoint';
  readonly algorithm?: EntryAlgorithm;
  readonly kms?: string;
  readonly passphrase?: boolean;
  readonly reason?: string;
  readonly by: string;
}

/** `driftbom keys rotate`. Errors as wireKeys, and E_USAGE, E_SIGNER, E_LEDGER_LOCKED. */
export async function wireRotate(request: RotateRequest, io: WireIo): Promise<Rotated> {
  const { use, algorithm, kms, passphrase, reason, by } = request;
  const place = placeOf(await foldersOf(request, io), io);
  const wishes = { use, algorithm, kms, lock: passphrase === true, reason: reason ?? null, by, version: io.version };
  return rotateKey(place, wishes, io.clock);
}

async function foldersOf(request: KeysRequest, io: WireIo): Promise<LedgerFolders> {
  const config = await loadConfig(request.config && resolve(io.cwd, request.config), [io.cwd]);
  const folders = ledgerFolders(request.ledger, config, io);
  await requireLedger(folders);
  return folders;
}

interface Ours {
  readonly place: SignerPlace;
  readonly signs: boolean;
}

/** Our own keys by the id of their public half. */
function oursIn(record: KeyRecord): Map<string, Ours> {
  const uses = ['entry', 'checkpoint'] as const;
  const found = uses.flatMap((use) =>
    record[use].map((key) => {
      const ours = { place: key.signer, signs: key === currentKey(record, use) };
      return [entryKeyId(key.publicKey), ours] as const;
    }),
  );
  return new Map(found);
}

function rowsOf({ entryKeys, checkpointKeys }: SigningKeys, ours: ReadonlyMap<string, Ours>): KeyRow[] {
  const standing = (
    { added, retired }: SigningKeys['entryKeys'][number] | SigningKeys['checkpointKeys'][number],
    own: Ours | undefined,
  ): Pick<KeyRow, 'standing' | 'signer' | 'since' | 'until'> => ({
    standing: retired !== null ? 'retired' : own?.signs === true ? 'in use' : 'current',
    signer: own === undefined ? null : 'kms' in own.place ? own.place.kms : 'local',
    since: added?.index ?? null,
    until: retired?.index ?? null,
  });
  return [
    ...entryKeys.map((key): KeyRow => {
      const { keyId: id, algorithm, signed, kinds } = key;
      return { id, use: 'entry', algorithm, ...standing(key, ours.get(id)), signed, kinds };
    }),
    ...checkpointKeys.map((key): KeyRow => {
      const { vkey: id, signed } = key;
      const own = ours.get(entryKeyId(ed25519Spki(parseVkey(id).publicKey)));
      return { id, use: 'checkpoint', algorithm: 'ed25519', ...standing(key, own), signed, kinds: ['checkpoint'] };
    }),
  ];
}
