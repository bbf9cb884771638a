import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../src/commands/program.ts';
import { initLedger, openLedger } from '../../src/ledger/ledger.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { directoryStore } from '../../src/ledger/stores/directory.ts';
import type { Actor, Attribution, DriftAttribution, Verdict } from '../../src/model/attribution.ts';
import type { Change } from '../../src/model/drift.ts';
import type { ScannedDrift } from '../../src/model/scan.ts';
import type { Value } from '../../src/model/value.ts';
import { scanOf } from './ledger-world.ts';

/** One drift of a story, as `history.json` has it. */
interface Told {
  readonly address: string;
  readonly type: string;
  readonly id: string;
  readonly changes: readonly (readonly [string, Value, Value])[];
  readonly at: string;
  readonly call: string;
  readonly actor: {
    readonly name: string;
    readonly role: string | null;
    readonly kind: Actor['kind'];
    readonly via: Actor['via'];
  };
  readonly verdict?: Verdict;
  readonly reason?: string;
}

interface History {
  readonly workspace: string;
  readonly scans: readonly { readonly at: string; readonly drifts: readonly string[] }[];
  readonly drifts: { readonly [name: string]: Told };
}

export interface StoryWorld {
  /** Runs a command line beside the ledger; files of the story are named by their place in its folder. */
  run(...argv: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** The same for commands that know no ledger. */
  check(...argv: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** What the next commands read from standard input. */
  type(text: string): void;
  readonly ledger: string;
  /** RFC 3339: what commands take for now; the real time until it is set. */
  setClock(at: string): void;
  remove(): void;
}

const FIXTURES = fileURLToPath(new URL('../../fixtures/incidents', import.meta.url));
const PACKAGE_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Writes the history of a story into a real ledger, scan by scan. */
export async function storyWorld(story: string): Promise<StoryWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'driftbom-incident-'));
  const ledger = join(folder, 'ledger');
  const owner = { pid: process.pid, host: 'test', isAlive: () => true };
  const history = JSON.parse(readFileSync(join(FIXTURES, story, 'history.json'), 'utf8')) as History;
  const addresses = [...new Set(Object.values(history.drifts).map(({ address }) => address))];
  const store = directoryStore(ledger, { owner, clock: () => new Date(), patience: 1000 });
  const place = { store, keysDirectory: `${ledger}-keys`, random: (count: number) => randomBytes(count) };
  await initLedger({ ...place, origin: 'ledger.example/incident' });
  const opened = await openLedger(place);
  for (const { at, drifts } of history.scans) {
    const scan = scanOf(addresses, [], { workspace: history.workspace, startedAt: at, finishedAt: at });
    const scanned = drifts.map((name) => scannedDrift(history.drifts[name] as Told, history, at));
    const summary = { ...scan.summary, inSync: addresses.length - drifts.length, changed: drifts.length };
    await recordScan(opened, { ...scan, summary, drifts: scanned }, () => new Date(at));
  }
  let input = '';
  let now: Date | undefined;
  const check: StoryWorld['check'] = async (...argv) => {
    let out = '';
    let err = '';
    const code = await runCli(argv, {
      env: {},
      cwd: join(FIXTURES, story),
      homeDir: folder,
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      stdin: async () => Buffer.from(input),
      clock: () => now ?? new Date(),
      random: randomBytes,
      owner,
      outIsTerminal: false,
      errIsTerminal: false,
      columns: 120,
      packageRoot: PACKAGE_ROOT,
      version: '0.0.0-test',
      build: async () => ({ sha256: null, reason: 'run from source' }),
      onInterrupt: () => () => {},
    });
    return { code, out, err };
  };
  return {
    ledger,
    check,
    type: (text) => {
      input = text;
    },
    run: (...argv) => check(...argv, '--ledger', ledger),
    setClock: (at) => {
      now = new Date(at);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function scannedDrift(told: Told, { workspace }: History, scannedAt: string): ScannedDrift {
  const changes = told.changes.map(
    ([path, before, after]): Change => ({
      path,
      before,
      after,
      op: 'replace',
      sensitive: false,
      cause: 'out-of-band',
      class: 'declared',
    }),
  );
  const { address, type, id } = told;
  const provider = 'registry.terraform.io/hashicorp/aws';
  return {
    drift: { kind: 'changed', resource: { address, type, id, workspace, provider }, changes },
    documents: {
      declared: Object.fromEntries(told.changes.map(([path, before]) => [path, before])),
      live: Object.fromEntries(told.changes.map(([path, , after]) => [path, after])),
    },
    attribution: attributionOf(told, scannedAt),
  };
}

function attributionOf(told: Told, scannedAt: string): DriftAttribution {
  const { actor, at, call } = told;
  const [source = '', name = ''] = call.split(':');
  const person: Actor = {
    name: actor.name,
    kind: actor.kind,
    id: actor.role === null ? actor.name : `arn:aws:sts::111122223333:assumed-role/${actor.role}/${actor.name}`,
    type: 'AssumedRole',
    role: actor.role === null ? null : `arn:aws:iam::111122223333:role/${actor.role}`,
    sourceIdentity: null,
    mfa: null,
    via: actor.via,
    sourceAddress: null,
    userAgent: null,
    lineage: [],
  };
  const answer: Attribution = {
    verdict: told.verdict ?? 'confirmed',
    actors: [person],
    occurredAt: at,
    call,
    events: [
      {
        eventId: `event-${at}`,
        eventName: name,
        eventSource: `${source}.amazonaws.com`,
        eventTime: at,
        region: 'eu-central-1',
        account: '111122223333',
        sha256: 'e'.repeat(64),
        file: 'trail/one.json.gz',
        index: 0,
        digestChain: 'verified',
        matched: [],
      },
    ],
    reason:
      told.reason === undefined
        ? null
        : { text: told.reason, source: 'comment in the call', trust: 'low', references: [] },
    lookedIn: ['comment in the call'],
    missing: [],
    searched: {
      from: null,
      to: scannedAt,
      regions: ['eu-central-1'],
      horizon: new Date(Date.parse(scannedAt) - 300_000).toISOString(),
      gaps: [],
    },
  };
  return { ...answer, paths: told.changes.map(([path]) => ({ ...answer, path })) };
}
