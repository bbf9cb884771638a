import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { ignorePathFault } from '../compare/ignore.ts';
import { type Config, loadConfig } from '../config.ts';
import { readLock } from '../declared/directory.ts';
import { type Discovered, discover, parseForced } from '../declared/discover.ts';
import type { LiveReader } from '../live/port.ts';
import { type ProviderReader, providerReader } from '../live/provider.ts';
import { snapshotReader } from '../live/snapshot.ts';
import { startRecording } from '../live/snapshot-record.ts';
import { DriftbomError, fileFault } from '../model/error.ts';
import type { Scan, ScanInput } from '../model/scan.ts';
import type { ScanReport } from '../report/scan/scan-report.ts';
import { type Scanned, type ScanPair, scan } from '../scan/scan.ts';
import { providerSource, TERRAFORM_HOST } from '../terraform/provider-address.ts';
import { scanRecorder } from './ledger.ts';
import { type OwnLive, sourceFactories } from './declared.ts';
import type { AttributedScan } from '../scan/attribution.ts';
import { type AuditRequest, attributed, auditLog } from './audit.ts';
import { expectedBlocks } from './early.ts';
import { knownRules } from './scan-rules.ts';
import { cacheDir } from './cache.ts';
import type { WireIo } from './io.ts';
import { manifestOf } from './manifest.ts';

/** What the command line asks of a scan. Paths as the user wrote them. */
export interface ScanRequest extends AuditRequest {
  readonly targets: readonly string[];
  /** `kind:path` each. */
  readonly declared: readonly string[];
  /** provider, plan or snapshot:FILE. */
  readonly live: string;
  readonly synth: boolean;
  readonly varFile: readonly string[];
  readonly state?: string;
  readonly config?: string;
  readonly parallelism?: number;
  readonly timeout?: number;
  readonly providerPath: readonly (readonly [source: string, file: string])[];
  readonly ledger?: string;
  /** Whether the ledger may be touched. */
  readonly record: boolean;
  /** Whether rules are asked; left out: yes. */
  readonly rules?: boolean;
  /** Whether, and where to, the live side is recorded. */
  readonly recordLive?: string;
}

/** A scan, and the audit events that were considered for each of its drifts, where a log was read. */
export type WiredScanned = Scanned & { readonly considered: AttributedScan['considered'] | undefined };

/** A scan, ready to run. */
export interface WiredScan {
  scan(options: { onProgress?: (done: number, total: number) => void; explain?: string }): Promise<WiredScanned>;
  /** Writes a scan into the ledger, which is made on first use. */
  record(scan: Scan): Promise<ScanReport>;
  /** The live side that was read, as a snapshot file; only where the request asked for one. */
  snapshot(): Uint8Array | undefined;
  /** `scan.strict` of driftbom.yaml. */
  readonly strict: boolean;
  pathOf(path: string | undefined): string | undefined;
  /** Ends provider processes. May be called at any time, more than once. */
  close(): Promise<void>;
}

/** Chooses the adapters of a scan. Errors: E_CONFIG, E_USAGE, E_NOTHING_DECLARED, E_SNAPSHOT and those of synthesis. */
export async function wireScan(request: ScanRequest, io: WireIo): Promise<WiredScan> {
  const startedAt = io.clock();
  const pathOf = (path: string): string => resolve(io.cwd, path);
  const config = await loadConfig(request.config === undefined ? undefined : pathOf(request.config), [
    io.cwd,
    ...request.targets.map(pathOf),
  ]);
  checkIgnoreRules(config);
  const live = await liveReader(request, config, io);
  const declared = await discover(request.targets, request.declared.map(parseForced), {
    cwd: io.cwd,
    factories: sourceFactories(request, config, io),
  });
  if (live.warm !== undefined) await warmFirst(declared, live.warm);
  const recording = request.recordLive === undefined ? undefined : startRecording({ clock: io.clock });
  const readers = new Map<LiveReader, LiveReader>();
  const listened = (reader: LiveReader): LiveReader => {
    const known = readers.get(reader) ?? recording?.tee(reader) ?? reader;
    readers.set(reader, known);
    return known;
  };
  const pairs: ScanPair[] = declared.flatMap(({ target, sources }) =>
    sources.map((source) => ({ source, live: listened(readerFor(source, target.shown, request, live.reader)) })),
  );
  const recorder = await scanRecorder(request, config, io);
  const log = await auditLog(request, io);
  return {
    scan: async (options) => {
      const recalled = await recorder.recall();
      const scanned = await scan({
        ...options,
        open: recalled.open,
        waivers: await recorder.waivers(),
        rules: knownRules(await recorder.rules(), config, request),
        pairs,
        startedAt,
        inputs: live.inputs,
        ignore: config.ignore ?? [],
        redact: recorder.redact,
        clock: io.clock,
        scanId: recorder.newId(),
        version: io.version,
        defaultRegion: io.env.AWS_REGION ?? io.env.AWS_DEFAULT_REGION,
      });
      if (log === undefined) return { ...scanned, considered: undefined };
      const { redact } = recorder;
      const { scan: told, considered } = await attributed({ log, scanned, recalled, config, redact }, io);
      return { ...scanned, scan: told, considered };
    },
    record: async (scan) => recorder.record({ ...scan, manifest: await manifestOf(config, io) }),
    snapshot: () => recording?.bytes(),
    strict: config.scan?.strict ?? false,
    pathOf: (path) => (path === undefined ? undefined : pathOf(path)),
    close: async () => {
      await Promise.allSettled([live.reader, ...readers.keys()].map((reader) => reader?.close()));
    },
  };
}

/** Starts the providers of the first Terraform folder while its configuration is still to be parsed. */
async function warmFirst(declared: readonly Discovered[], warm: ProviderReader['warm']): Promise<void> {
  const directory = declared.find(({ target }) => target.kind === 'directory')?.target.path;
  if (directory === undefined) return;
  // A broken lock file is for the source to report.
  const lock = await readLock(directory).catch(() => undefined);
  for (const [source, { version, hashes }] of lock?.file ?? []) {
    const copies = expectedBlocks(directory, basename(source));
    warm({ key: source, source, alias: undefined, values: {}, lockedVersion: version, hashes, directory }, copies);
  }
}

/** A rule that can never match is said at once, not when the first resource meets it. */
function checkIgnoreRules({ ignore = [] }: Config): void {
  const faults = ignore.flatMap(({ path }, i) => {
    const fault = path === undefined ? undefined : ignorePathFault(path);
    return fault === undefined ? [] : [`ignore.${i}.path: ${fault}`];
  });
  if (faults.length === 0) return;
  throw new DriftbomError(
    'E_CONFIG',
    `driftbom.yaml: ${faults.join('; ')}`,
    'Write paths like tags.Owner or rule[*].priority.',
  );
}

/** A plan brings its own live side, unless the user asks for another. */
function readerFor(
  source: ScanPair['source'] & OwnLive,
  shown: string,
  { live }: ScanRequest,
  reader: LiveReader | undefined,
): LiveReader {
  if (live === 'plan' || live === 'provider') {
    if (source.ownLive !== undefined) return source.ownLive;
    if (live === 'plan') {
      throw new DriftbomError('E_USAGE', `${shown} is no plan and has no live side`, 'Leave out --live plan.');
    }
  }
  return reader as LiveReader;
}

/** The live side that the user chose, and the file that it comes from. A plan needs none: it brings its own. */
interface ChosenLive {
  readonly reader: LiveReader | undefined;
  readonly inputs: readonly ScanInput[];
  readonly warm?: ProviderReader['warm'];
}

async function liveReader(request: ScanRequest, config: Config, io: WireIo): Promise<ChosenLive> {
  const { live } = request;
  if (live === 'plan') return { reader: undefined, inputs: [] };
  if (live === 'provider') {
    const reader = providers(request, config, io);
    return { reader, inputs: [], warm: reader.warm };
  }
  if (!live.startsWith('snapshot:')) {
    throw new DriftbomError('E_USAGE', `--live ${live} is no reader`, 'Write provider, plan or snapshot:FILE.');
  }
  const name = live.slice('snapshot:'.length);
  const bytes = await readFile(resolve(io.cwd, name)).catch((cause: unknown) => {
    const message = `cannot read the snapshot ${name}: ${fileFault(cause)}`;
    throw new DriftbomError('E_SNAPSHOT', message, 'Record one with --record-live FILE.', { cause });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    reader: snapshotReader({ bytes, name }),
    inputs: [{ kind: 'snapshot', name: basename(name), sha256, workspace: '' }],
  };
}

function providers(request: ScanRequest, config: Config, io: WireIo): ProviderReader {
  const timeout = request.timeout ?? config.scan?.timeout;
  const parallelism = request.parallelism ?? config.scan?.parallelism;
  return providerReader({
    env: io.env,
    homeDir: io.homeDir,
    cacheDir: cacheDir(io),
    providerPaths: providerPaths(request, io),
    ...(parallelism === undefined ? {} : { parallelism }),
    ...(timeout === undefined ? {} : { deadlineMs: timeout * 1000 }),
  });
}

function providerPaths({ providerPath }: ScanRequest, io: WireIo): Record<string, string> {
  return Object.fromEntries(
    providerPath.map(([written, file]) => {
      const source = providerSource(written, TERRAFORM_HOST);
      if (source !== undefined) return [source, resolve(io.cwd, file)];
      throw new DriftbomError('E_USAGE', `${written} is no provider source`, 'Write it like hashicorp/aws.');
    }),
  );
}
