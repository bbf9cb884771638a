import { relative, resolve } from 'node:path';
import { type Config, loadConfig } from '../config.ts';
import { redactionKey, redactor } from '../ledger/hmac.ts';
import {
  defaultKeysDirectory,
  type KeyAccess,
  type KeyWishes,
  loadRedaction,
  missingKeys,
  PASSPHRASE_VARIABLE,
} from '../ledger/keys.ts';
import { type Initialised, initLedger, type Ledger, type LedgerPlace, openLedger } from '../ledger/ledger.ts';
import type { EntryAlgorithm, LedgerStore } from '../ledger/port.ts';
import { NOTHING_RECALLED, type Recalled, recall } from '../ledger/recall.ts';
import { driftKey, fingerprint } from '../ledger/fingerprint.ts';
import { type Improved, improveAnswers } from '../ledger/improve.ts';
import type { RecalledAnswers } from '../ledger/recall-answers.ts';
import { recordScan } from '../ledger/record.ts';
import type { ReadRules } from '../ledger/rules.ts';
import { isS3Url, parseS3Url } from '../ledger/stores/s3-place.ts';
import { uuidV7 } from '../ledger/uuid.ts';
import { DriftbomError, messageOf } from '../model/error.ts';
import { type Scan, workspaceKeys } from '../model/scan.ts';
import type { Value } from '../model/value.ts';
import type { ScanReport } from '../report/scan/scan-report.ts';
import type { KnownWaivers } from '../scan/waivers.ts';
import type { WireIo } from './io.ts';
import { isLedgerAt, storeAt, type StorePlace } from './store.ts';

const DEFAULT_LEDGER = '.driftbom/ledger';
/** Where private keys lie for a ledger that is in no folder. */
const DEFAULT_KEYS = '.driftbom/keys';

/** Where a ledger and its private keys lie. */
export interface LedgerFolders {
  readonly place: StorePlace;
  /** Always a folder of this machine. */
  readonly keysDirectory: string;
  /** The ledger as the user would name it. */
  readonly shown: string;
  /** Whether there is a ledger at all. Throws E_LEDGER_ACCESS. */
  readonly isThere: () => Promise<boolean>;
}

/** Option, then driftbom.yaml, then the default. Throws E_USAGE for a malformed address in S3, E_CONFIG. */
export function ledgerFolders(option: string | undefined, config: Config, io: WireIo): LedgerFolders {
  const shown = option ?? config.ledger ?? DEFAULT_LEDGER;
  const place: StorePlace = isS3Url(shown)
    ? { kind: 's3', at: parseS3Url(shown), objectLock: config.objectLock }
    : { kind: 'folder', directory: resolve(io.cwd, shown) };
  if (place.kind === 'folder' && option === undefined && config.objectLock !== undefined) {
    const cure = 'Name a ledger of the form s3://BUCKET/PREFIX, or take objectLock out of driftbom.yaml.';
    throw new DriftbomError('E_CONFIG', `objectLock cannot keep what lies in the folder ${shown}`, cure);
  }
  const keysDirectory = place.kind === 'folder' ? defaultKeysDirectory(place.directory) : resolve(io.cwd, DEFAULT_KEYS);
  return { place, keysDirectory, shown, isThere: () => isLedgerAt(place, io) };
}

export function openStore(folders: LedgerFolders, io: WireIo): LedgerStore {
  return storeAt(folders.place, io);
}

/** Throws E_LEDGER_MISSING before anything is read or written in a place that is no ledger. */
export async function requireLedger({ isThere, shown }: LedgerFolders): Promise<void> {
  if (await isThere()) return;
  const cure = 'Make one with driftbom init or driftbom scan, or name it with --ledger DIR.';
  throw new DriftbomError('E_LEDGER_MISSING', `there is no ledger at ${shown}`, cure);
}

/** What `driftbom init` may choose of the keys; driftbom.yaml's `signer` stands in for what is left out. */
export interface SignerChoice {
  readonly algorithm?: EntryAlgorithm;
  readonly kms?: string;
  readonly passphrase?: boolean;
}

/** `driftbom init`. Says what it made, one line each. */
export async function wireInit(
  options: SignerChoice & { readonly ledger?: string; readonly origin?: string; readonly config?: string },
  io: WireIo,
): Promise<string[]> {
  const config = await loadConfig(options.config && resolve(io.cwd, options.config), [io.cwd]);
  const folders = ledgerFolders(options.ledger, config, io);
  return makeLedger(folders, { ...config, origin: options.origin ?? config.origin }, io, {
    ...options,
    lock: options.passphrase === true,
  });
}

async function makeLedger(
  folders: LedgerFolders,
  config: Pick<Config, 'signer'> & { readonly origin?: string | undefined },
  io: WireIo,
  wishes: Omit<KeyWishes, keyof KeyAccess>,
): Promise<string[]> {
  const { algorithm, kms, lock, redaction } = wishes;
  const made: Initialised = await initLedger({
    ...placeOf(folders, io),
    origin: config.origin,
    algorithm,
    kms: kms ?? (algorithm === undefined ? config.signer?.kms : undefined),
    lock,
    redaction,
  });
  return [
    ...(made.keys.length === 0
      ? []
      : [`driftbom: made signing keys in ${shownPath(folders.keysDirectory, io)}: keep them private, keep a copy`]),
    ...(made.log ? [`driftbom: made the ledger ${made.origin} in ${folders.shown}`] : []),
  ];
}

/** A ledger that is open for appending, and the configuration that named it. */
export interface OpenedLedger {
  readonly ledger: Ledger;
  readonly config: Config;
  readonly folders: LedgerFolders;
  readonly shown: string;
}

/**
 * Opens the ledger of a command. With `make`, one that is missing is made, and said. Errors: E_CONFIG, E_LEDGER_MISSING,
 * and those of opening a ledger.
 */
export async function openForWriting(
  request: { readonly ledger?: string; readonly config?: string },
  make: boolean,
  io: WireIo,
): Promise<OpenedLedger> {
  const config = await loadConfig(request.config && resolve(io.cwd, request.config), [io.cwd]);
  const folders = ledgerFolders(request.ledger, config, io);
  if (make) for (const line of await makeLedger(folders, config, io, {})) io.err(`${line}\n`);
  else await requireLedger(folders);
  return { ledger: await openLedger(placeOf(folders, io)), config, folders, shown: folders.shown };
}

/** What a scan needs of the ledger: masks before, recording after. */
export interface ScanRecorder {
  readonly redact: (secret: Value) => string;
  /** What the ledger knows of the scans before. */
  recall(): Promise<Recalled>;
  /**
   * Waivers of the ledger, also where nothing is to be recorded: then a ledger that cannot be read is said and waives
   * nothing. Undefined where there is no ledger.
   */
  waivers(): Promise<KnownWaivers | undefined>;
  /** Rules of the ledger; as for waivers. */
  rules(): Promise<ReadRules | undefined>;
  /** A new scan id, UUID version 7. */
  newId(): string;
  record(scan: Scan): Promise<ScanReport>;
}

/**
 * Prepares the recording of a scan and writes nothing yet: a scan that fails leaves no trace. Where there is no key yet,
 * the one that masks this scan's secrets is kept when the ledger is made. Errors: E_KEY, E_LEDGER_CORRUPT.
 */
export async function scanRecorder(
  request: { readonly ledger?: string; readonly record: boolean },
  config: Config,
  io: WireIo,
): Promise<ScanRecorder> {
  const folders = ledgerFolders(request.ledger, config, io);
  const exists = (await missingKeys(folders.keysDirectory)).length === 0;
  const redaction = exists ? await loadRedaction(folders.keysDirectory) : redactionKey(io.random(32));
  let recalled: Promise<Recalled> | undefined;
  const known = (): Promise<Recalled> => {
    recalled ??= openLedger(placeOf(folders, io)).then(recall);
    return recalled;
  };
  const isThere = async (): Promise<boolean> => exists && (await folders.isThere());
  const told = async <T>(what: string, ask: (ledger: Recalled) => Promise<T>): Promise<T | undefined> => {
    if (!(await isThere())) return undefined;
    if (request.record) return ask(await known());
    return known()
      .then(ask)
      .catch((thrown: unknown) => {
        io.err(`driftbom: no ${what} applies: ${messageOf(thrown)}\n`);
        return undefined;
      });
  };
  return {
    redact: redactor(redaction),
    recall: async () => {
      if (!(await isThere())) return NOTHING_RECALLED;
      // Where nothing is recorded, a ledger that cannot be read is no reason to stop.
      return request.record ? known() : known().catch(() => NOTHING_RECALLED);
    },
    waivers: () => told('waiver', (ledger) => ledger.waivers(io.clock().toISOString())),
    rules: () => told('rule of the ledger', (ledger) => ledger.rules()),
    newId: () => uuidV7(io.clock(), io.random(10)),
    record: async (scan) => {
      for (const line of await makeLedger(folders, config, io, { redaction })) io.err(`${line}\n`);
      const ledger = await openLedger(placeOf(folders, io));
      const report = await reportOf(scan, ledger, folders, io);
      // Without a look into the audit log nothing is known better, and nothing need be read for it.
      if (scan.audit === undefined || recalled === undefined) return report;
      return { ...report, improved: await improve(scan, ledger, await (await recalled).answers(), io) };
    },
  };
}

async function reportOf(scan: Scan, ledger: Ledger, folders: LedgerFolders, io: WireIo): Promise<ScanReport> {
  const recorded = await recordScan(ledger, scan, io.clock);
  return {
    scan,
    recorded: recorded.drifts,
    ledger: {
      place: folders.shown,
      origin: ledger.origin,
      size: recorded.checkpoint.size,
      scanEntry: recorded.scanEntry,
      resolved: recorded.resolved,
    },
  };
}

/** Drifts that are still open, and of which the audit log tells more than it did. */
async function improve(
  { drifts, inputs }: Scan,
  ledger: Ledger,
  before: RecalledAnswers,
  io: WireIo,
): Promise<readonly Improved[]> {
  const keyOf = workspaceKeys(inputs);
  const later = drifts.flatMap(({ drift, attribution }) => {
    const { workspace, address } = drift.resource;
    const key = driftKey(keyOf(workspace), address);
    const print = fingerprint(drift);
    const recorded = before.open.find((one) => one.drift.driftKey === key && one.drift.fingerprint === print);
    return attribution === undefined || recorded === undefined ? [] : [{ recorded, attribution }];
  });
  return improveAnswers(ledger, later, { clock: io.clock, version: io.version });
}

/** Where the ledger is opened for appending, with what opens its keys. */
export function placeOf(folders: LedgerFolders, io: WireIo): LedgerPlace {
  return {
    store: openStore(folders, io),
    keysDirectory: folders.keysDirectory,
    random: io.random,
    passphrase: io.env[PASSPHRASE_VARIABLE],
  };
}

function shownPath(path: string, io: WireIo): string {
  const shown = relative(io.cwd, path);
  return shown.startsWith('..') ? path : shown;
}
