import { byCodeUnit } from '../model/order.ts';
import type { Declared, DeclaredSource } from '../declared/port.ts';
import type { LiveReader } from '../live/port.ts';
import type { Drift, Ignored } from '../model/drift.ts';
import type { Gap, LiveAnswer, ProviderConfig } from '../model/resource.ts';
import {
  type Explained,
  type RevisitedResource,
  type Scan,
  type ScanInput,
  type ScannedDrift,
  workspaceKeys,
} from '../model/scan.ts';
import type { Value } from '../model/value.ts';
import type { IgnoreRule } from '../compare/ignore.ts';
import { compareResource, missingResource } from '../compare/compare.ts';
import type { CompareContext, Comparison } from '../compare/context.ts';
import { indexSiblings } from '../compare/siblings.ts';
import { factsTable } from '../resources/index.ts';
import { scrubGaps } from './gaps.ts';
import { misplacedAbsences } from './place.ts';
import { placesOf } from './places.ts';
import { judgeRules, type KnownRules } from './rules.ts';
import { applyWaivers, type KnownWaivers } from './waivers.ts';

/** Declared sources, each with the reader of its live side. Sources that share a reader share its processes. */
export interface ScanPair {
  readonly source: DeclaredSource;
  readonly live: LiveReader;
}

export interface ScanOptions {
  readonly pairs: readonly ScanPair[];
  readonly ignore: readonly IgnoreRule[];
  /** Turns a secret into a keyed digest; nothing else of it leaves the comparison. */
  readonly redact: (secret: Value) => string;
  readonly clock: () => Date;
  /** When the work began: finding and synthesising what is declared is part of a scan. */
  readonly startedAt: Date;
  /** Files of the live side, beside those that the sources name. */
  readonly inputs: readonly ScanInput[];
  readonly scanId: string;
  readonly version: string;
  /** Region that providers use where their configuration names none. */
  readonly defaultRegion: string | undefined;
  readonly onProgress?: (done: number, total: number) => void;
  /** Drifts that the ledger holds open: where one is gone, the documents tell how it went. */
  readonly open?: readonly { readonly workspaceKey: string; readonly address: string }[];
  /** Waivers that the ledger holds; undefined where there is no ledger. */
  readonly waivers?: KnownWaivers | undefined;
  /** Rules of the ledger and of driftbom.yaml; undefined where there are none and no ledger. */
  readonly rules?: KnownRules | undefined;
  /** Keeps the reasoning of one address, for explain. */
  readonly explain?: string;
}

/** A scan and, where asked for, the reasoning behind one address of it. */
export interface Scanned {
  readonly scan: Scan;
  readonly explained: readonly Explained[];
  /** What every resource was answered with, values in clear: for the search in an audit log, and never to be shown. */
  readonly answers: readonly LiveAnswer[];
  readonly providers: readonly ProviderConfig[];
}

/**
 * The whole pipeline: declared is read, live is read, both are compared, and what differs is told. It writes nothing.
 * Errors: whatever the sources and readers throw before anything could be read; after that, failures are gaps.
 */
export async function scan(options: ScanOptions): Promise<Scanned> {
  const { startedAt } = options;
  const declared = await Promise.all(options.pairs.map((pair) => pair.source.read()));
  const resources = declared.flatMap((one) => one.resources);
  const inputs = [...declared.flatMap((one) => one.inputs), ...options.inputs];
  const keyOf = workspaceKeys(inputs);
  const revisit = new Set((options.open ?? []).map((one) => nameOf(one.workspaceKey, one.address)));
  const revisited = (one: Place): boolean => revisit.has(nameOf(keyOf(one.workspace), one.address));
  const context: CompareContext = {
    documentsOf: (ref) => revisited(ref) || ref.address === options.explain,
    facts: factsTable,
    siblings: indexSiblings(resources.map((resource) => ({ resource }))),
    ignore: options.ignore,
    redact: options.redact,
    today: startedAt.toISOString().slice(0, 10),
  };

  const answers = await readLive(options, declared, resources.length);
  const found = new Tally(context, options.explain);
  const believed = misplacedAbsences(answers, declared, options.defaultRegion);
  for (const answer of believed) found.add(answer);

  const readers = new Set(options.pairs.map((pair) => pair.live));
  const gaps = scrubGaps([...declared.flatMap((one) => one.gaps), ...found.gaps], answers);
  const facts: Scan = {
    id: options.scanId,
    startedAt: startedAt.toISOString(),
    finishedAt: options.clock().toISOString(),
    tool: { name: 'driftbom', version: options.version },
    scope: {
      workspaces: declared.map((one) => one.workspace),
      declared: declared.map((one) => one.reader),
      live: [...new Set([...readers].map((reader) => reader.name))].sort().join(', '),
      providers: uniqueProviders([...readers].flatMap((reader) => reader.versions())),
      compared: declared.map((one) => found.comparedIn(one.workspace)),
      skippedDataSources: declared.reduce((sum, one) => sum + one.skippedDataSources, 0),
      places: placesOf(answers, declared, options.defaultRegion),
    },
    inputs,
    summary: {
      resources: resources.length,
      inSync: found.inSync,
      changed: found.count('changed'),
      missing: found.count('missing'),
      unread: found.unread,
      unmanaged: found.count('unmanaged'),
      gaps: gaps.length,
      ignored: found.ignored.length,
    },
    drifts: found.drifts.sort((a, b) => byPlace(a.drift.resource, b.drift.resource)),
    gaps: gaps.sort(byPlace),
    ignored: found.ignored.sort(byPlace),
    computed: found.computed.sort((a, b) => byPlace(a.resource, b.resource)),
    revisited: found.agreeing.filter(revisited),
  };
  return {
    explained: found.explained,
    answers,
    providers: declared.flatMap((one) => one.providers),
    scan: judgeRules(applyWaivers(facts, options.waivers), believed, options.rules, options.redact),
  };
}

/** Asks every reader once, for all the resources of all sources that it serves. */
async function readLive(options: ScanOptions, declared: readonly Declared[], total: number): Promise<LiveAnswer[]> {
  const served = new Map<LiveReader, Declared[]>();
  options.pairs.forEach((pair, i) => {
    const known = served.get(pair.live);
    if (known === undefined) served.set(pair.live, [declared[i] as Declared]);
    else known.push(declared[i] as Declared);
  });
  const answers: LiveAnswer[] = [];
  await Promise.all(
    [...served].map(async ([reader, group]) => {
      const wanted = group.flatMap((one) => one.resources);
      const providers = group.flatMap((one) => one.providers);
      for await (const answer of reader.read(wanted, providers)) {
        answers.push(answer);
        options.onProgress?.(answers.length, total);
      }
    }),
  );
  return answers;
}

/** Sorts answers into what a scan tells. */
class Tally {
  readonly drifts: ScannedDrift[] = [];
  readonly computed: Drift[] = [];
  readonly gaps: Gap[] = [];
  readonly ignored: Ignored[] = [];
  readonly #compared = new Map<string, string[]>();
  readonly explained: Explained[] = [];
  /** In sync, with documents because somebody asked for them. */
  readonly agreeing: RevisitedResource[] = [];
  inSync = 0;
  unread = 0;
  readonly #context: CompareContext;
  readonly #explain: string | undefined;

  constructor(context: CompareContext, explain: string | undefined) {
    this.#context = context;
    this.#explain = explain;
  }

  add(answer: LiveAnswer): void {
    const { address, workspace } = answer.resource.ref;
    const comparison = this.#judge(answer);
    if (this.#explain === address) this.explained.push(explanationOf(answer, comparison));
    if (answer.kind === 'unread') return;
    const compared = this.#compared.get(workspace);
    if (compared === undefined) this.#compared.set(workspace, [address]);
    else compared.push(address);
  }

  comparedIn(workspace: string): { workspace: string; addresses: string[] } {
    return { workspace, addresses: (this.#compared.get(workspace) ?? []).sort(byCodeUnit) };
  }

  count(kind: Drift['kind']): number {
    return this.drifts.filter((one) => one.drift.kind === kind).length;
  }

  #judge(answer: LiveAnswer): Comparison {
    if (answer.kind === 'unread') {
      const { address, workspace } = answer.resource.ref;
      const gap: Gap = { address, workspace, reason: answer.reason, message: answer.message };
      this.unread++;
      this.gaps.push(gap);
      return { ...NOTHING, gaps: [gap] };
    }
    const comparison =
      answer.kind === 'found'
        ? compareResource(answer, this.#context)
        : missingResource(answer.resource, answer.schema, this.#context);
    this.gaps.push(...comparison.gaps);
    this.ignored.push(...comparison.ignored);
    if (comparison.computed !== undefined) this.computed.push(comparison.computed);
    const { documents } = comparison;
    if (comparison.drift === undefined) {
      this.inSync++;
      const { workspace, address } = answer.resource.ref;
      if (documents !== undefined) this.agreeing.push({ workspace, address, documents });
    } else {
      const location = answer.resource.config?.location;
      this.drifts.push({
        drift: comparison.drift,
        documents: comparison.documents ?? { declared: null, live: null },
        ...(location === undefined ? {} : { location }),
      });
    }
    return comparison;
  }
}

const NOTHING: Comparison = {
  drift: undefined,
  computed: undefined,
  gaps: [],
  ignored: [],
  documents: undefined,
  explanations: [],
};

function explanationOf(answer: LiveAnswer, { drift, documents, explanations, gaps }: Comparison): Explained {
  const verdict =
    answer.kind === 'unread' ? 'not read' : drift?.kind === 'missing' ? 'missing' : drift ? 'changed' : 'in sync';
  return { resource: answer.resource, verdict, documents, explanations, gaps };
}

function nameOf(workspaceKey: string, address: string): string {
  return JSON.stringify([workspaceKey, address]);
}

function uniqueProviders(
  versions: readonly { source: string; version: string }[],
): { source: string; version: string }[] {
  const seen = new Map(versions.map((one) => [`${one.source} ${one.version}`, one]));
  return [...seen.values()].sort((a, b) => byCodeUnit(a.source, b.source));
}

/** Where a fact stands: its resource's workspace and address. */
interface Place {
  readonly workspace: string;
  readonly address: string;
}

function byPlace(a: Place, b: Place): number {
  return byCodeUnit(a.workspace, b.workspace) || byCodeUnit(a.address, b.address);
}
