import type { Actor } from '../../src/model/attribution.ts';
import {
  ANNOTATION_PREDICATE,
  type AnnotationPredicate,
  CHANGE_PREDICATE,
  type ChangePredicate,
  type OpenDrift,
  SCAN_PREDICATE,
  type ScanPredicate,
  STATE_MEDIA_TYPE,
  STATEMENT_TYPE,
  type Statement,
} from '../../src/model/entry.ts';
import { encodeUtf8, sha256Hex } from '../../src/ledger/bytes.ts';
import { formatCheckpoint } from '../../src/ledger/checkpoint.ts';
import { detachScan } from '../../src/ledger/detach.ts';
import { type LedgerDocument, storedDocuments } from '../../src/ledger/documents.ts';
import { formatEnvelope, pae, PAYLOAD_TYPE } from '../../src/ledger/dsse.ts';
import { type Edge, edgeRoot, growEdge } from '../../src/ledger/edge.ts';
import { formatLeaf, leafOf } from '../../src/ledger/leaf.ts';
import { leafHash } from '../../src/ledger/merkle.ts';
import { parseVkey, signNote } from '../../src/ledger/note.ts';
import { bundleKey, checkpointKey, HEAD_KEY, payloadKey, TILE_WIDTH } from '../../src/ledger/paths.ts';
import type { NoteSigner, Signer, StoredObject } from '../../src/ledger/port.ts';
import { payloadOf } from '../../src/ledger/seal.ts';
import { checkpointSigner, entrySigner, newCheckpointKey, newEntryKey } from '../../src/ledger/signers/local.ts';
import { formatBundle } from '../../src/ledger/tiles.ts';
import { checkpointKeyPath, entryKeyPath, formatEntryKey } from '../../src/ledger/trust.ts';

export interface BigLedger {
  readonly entries: number;
  /** Resources that drift by turns; a module holds 50 of them. */
  readonly resources: number;
  /** Whether entries are signed. Unsigned ones are as large, and all but their signatures holds. */
  readonly sign?: boolean;
  /** RFC 3339 of the newest entry; each is 20 seconds after the one before. */
  readonly until?: string;
  /** Takes the objects of at most 256 entries after the other; the checkpoint comes last. */
  readonly put: (objects: readonly StoredObject[]) => Promise<void>;
  /** Sizes, ascending, at which the log has a head for a while. */
  readonly heads?: readonly number[];
  readonly onHead?: (size: number) => Promise<void>;
}

const ORIGIN = 'ledger.example/big';
const STEP = 20_000;
const DETECTOR = { id: 'https://driftbom.dev/detector', version: '0.1.0' } as const;
/** Drifts that are open at once. */
const OPEN = 60;

/**
 * Writes a large ledger straight into payload files, bundles and tiles: drifts that open and end by turns (some move on),
 * a scan after every 200 entries, corrections and notes now and then. The same arguments give the same entries.
 */
export async function writeBigLedger(wanted: BigLedger): Promise<{ readonly root: Uint8Array }> {
  const signer = entrySigner(newEntryKey());
  const notary = checkpointSigner(newCheckpointKey(), ORIGIN);
  const story = new Story(wanted);
  let edge: Edge = { size: 0, levels: [] };
  let file: Sealed[] = [];
  const heads = [...(wanted.heads ?? []), wanted.entries];
  while (edge.size < wanted.entries) {
    const head = heads.find((size) => size > edge.size) as number;
    const documents: LedgerDocument[] = [];
    const added: Sealed[] = [];
    for (let index = edge.size; index < Math.min(head, edge.size + TILE_WIDTH - file.length); index++) {
      const payload = payloadOf(story.next(index, documents));
      story.wrote(sha256Hex(payload));
      added.push(await sealedEntry(payload, signer, wanted.sign === true));
    }
    const grown = growEdge(
      edge,
      added.map(({ leaf }) => leafHash(leaf)),
    );
    const number = Math.floor(edge.size / TILE_WIDTH);
    edge = grown.edge;
    file.push(...added);
    await wanted.put([...storedDocuments(documents), ...fileObjects(number, file), ...grown.tiles]);
    if (file.length === TILE_WIDTH) file = [];
    if (edge.size !== head) continue;
    await wanted.put(await headObjects(edge, signer, notary));
    await wanted.onHead?.(edge.size);
  }
  return { root: edgeRoot(edge) };
}

function fileObjects(number: number, file: readonly Sealed[]): StoredObject[] {
  return [
    { key: payloadKey(number), bytes: encodeUtf8(file.map(({ line }) => `${line}\n`).join('')) },
    { key: bundleKey(number, file.length), bytes: formatBundle(file.map(({ leaf }) => leaf)) },
  ];
}

async function headObjects(edge: Edge, signer: Signer, notary: NoteSigner): Promise<StoredObject[]> {
  const note = await signNote(formatCheckpoint({ origin: ORIGIN, size: edge.size, root: edgeRoot(edge) }), notary);
  return [
    { key: entryKeyPath(signer.keyId), bytes: encodeUtf8(formatEntryKey(signer.publicKey)) },
    { key: checkpointKeyPath(parseVkey(notary.vkey)), bytes: encodeUtf8(`${notary.vkey}\n`) },
    { key: checkpointKey(edge.size), bytes: note },
    { key: HEAD_KEY, bytes: note },
  ];
}

interface Sealed {
  readonly line: string;
  readonly leaf: Uint8Array;
}

const NO_SIGNATURE = new Uint8Array(71).fill(1);

async function sealedEntry(payload: Uint8Array, signer: Signer, sign: boolean): Promise<Sealed> {
  const message = pae(PAYLOAD_TYPE, payload);
  const signature = sign ? await signer.sign(message) : NO_SIGNATURE;
  return {
    line: formatEnvelope({ payloadType: PAYLOAD_TYPE, payload, keyId: signer.keyId, signature }),
    leaf: formatLeaf(leafOf(message, signature, signer.publicKey)),
  };
}

interface Drifting {
  readonly resource: number;
  readonly open: OpenDrift;
  readonly path: string;
  readonly value: number;
}

/** What happens, entry by entry. */
class Story {
  readonly #resources: number;
  readonly #entries: number;
  readonly #until: number;
  #open: Drifting[] = [];
  #ended: string[] = [];
  #pending: ((digest: string) => void) | undefined;
  #index = 0;

  constructor({ resources, entries, until = '2026-11-02T03:00:00.000Z' }: BigLedger) {
    this.#resources = resources;
    this.#entries = entries;
    this.#until = Date.parse(until);
  }

  next(index: number, documents: LedgerDocument[]): Statement<unknown> {
    this.#index = index;
    const oldest = this.#open[0];
    if (index % 200 === 199) return detachScan(this.#scan(), documents);
    if (index % 40 === 7 && oldest !== undefined) return this.#correction(oldest.open.entry);
    if (index % 160 === 23 && oldest !== undefined) return this.#note(oldest.open.entry);
    if (oldest !== undefined && this.#open.length >= OPEN) return this.#goOn(oldest);
    return this.#drift(undefined);
  }

  /** Told the digest of what `next` gave. */
  wrote(digest: string): void {
    this.#pending?.(digest);
    this.#pending = undefined;
  }

  #time(back = 0): string {
    return new Date(this.#until - (this.#entries - 1 - this.#index) * STEP - back).toISOString();
  }

  #goOn(oldest: Drifting): Statement<ChangePredicate> {
    this.#open.shift();
    if (this.#index % 5 === 0) return this.#drift(oldest);
    this.#ended.push(oldest.open.entry);
    return changeStatement(this.#index, this.#time.bind(this), {
      kind: 'resolved',
      resource: oldest.resource,
      path: oldest.path,
      before: oldest.value,
      after: 5,
      supersedes: oldest.open.entry,
    });
  }

  #drift(earlier: Drifting | undefined): Statement<ChangePredicate> {
    // A step that shares no factor with the count visits every resource by turns.
    const resource = earlier?.resource ?? (this.#index * 7919) % this.#resources;
    const path = earlier?.path ?? (PATHS[this.#index % PATHS.length] as string);
    const value = 100 + (this.#index % 900);
    const statement = changeStatement(this.#index, this.#time.bind(this), {
      kind: 'drift',
      resource,
      path,
      before: 5,
      after: value,
      supersedes: earlier?.open.entry ?? null,
    });
    const index = this.#index;
    this.#pending = (entry) => this.#open.push({ resource, path, value, open: openDrift(statement, entry, index) });
    return statement;
  }

  #correction(about: string): Statement<AnnotationPredicate> {
    return annotationStatement(this.#index, this.#time(), about, {
      kind: 'correction',
      by: 'driftbom attribute',
      correction: {
        who: {
          verdict: 'confirmed',
          actors: [actorOf(this.#index)],
          call: 'lambda:UpdateFunctionConfiguration',
          missing: [],
          searched: null,
        },
        occurredAt: this.#time(3 * STEP),
        occurredAtSource: 'cloudtrail.eventTime',
      },
    });
  }

  #note(about: string): Statement<AnnotationPredicate> {
    return annotationStatement(this.#index, this.#time(), about, {
      kind: 'note',
      by: 'local:ops',
      text: 'seen, on it',
    });
  }

  #scan(): Statement<ScanPredicate> {
    const resolved = this.#ended;
    this.#ended = [];
    return {
      _type: STATEMENT_TYPE,
      subject: [{ name: 'compared', digest: { sha256: sha256Hex(encodeUtf8('compared')) } }],
      predicateType: SCAN_PREDICATE,
      predicate: {
        entryId: entryId(this.#index),
        ledger: { origin: ORIGIN },
        scan: {
          id: entryId(this.#index).slice('urn:uuid:'.length),
          startedAt: this.#time(2_000),
          finishedAt: this.#time(),
          scope: {
            workspaces: ['prod'],
            declared: ['terraform state'],
            live: 'provider',
            providers: [],
            compared: [],
            skippedDataSources: 0,
          },
          inputs: [],
          summary: { resources: 0, inSync: 0, changed: 0, missing: 0, unread: 0, unmanaged: 0, gaps: 0, ignored: 0 },
          gaps: [],
          ignored: [],
          open: this.#open.map(({ open }) => open),
          resolved,
        },
        recordedAt: this.#time(),
        detector: DETECTOR,
      },
    };
  }
}

const PATHS = [
  'timeout',
  'memory_size',
  'tags.Owner',
  'environment[0].variables.MODE',
  'reserved_concurrent_executions',
];

/** The address of the n-th resource. */
export function bigAddress(resource: number): string {
  return `module.area${Math.floor(resource / 50)}.aws_lambda_function.worker${resource % 50}`;
}

function entryId(index: number): string {
  return `urn:uuid:01920000-0000-7000-8000-${String(index).padStart(12, '0')}`;
}

function actorOf(index: number): Actor {
  const name = `person${index % 90}@example.com`;
  return {
    name,
    kind: 'person',
    id: `arn:aws:sts::111122223333:assumed-role/Ops/${name}`,
    type: 'AssumedRole',
    role: 'arn:aws:iam::111122223333:role/Ops',
    sourceIdentity: null,
    mfa: null,
    via: 'console',
    sourceAddress: null,
    userAgent: null,
    lineage: [],
  };
}

interface Told {
  readonly kind: 'drift' | 'resolved';
  readonly resource: number;
  readonly path: string;
  readonly before: number;
  readonly after: number;
  readonly supersedes: string | null;
}

function changeStatement(index: number, time: (back?: number) => string, told: Told): Statement<ChangePredicate> {
  const address = bigAddress(told.resource);
  const resource = {
    address,
    type: 'aws_lambda_function',
    id: `worker-${told.resource}`,
    workspace: 'prod',
    workspaceKey: 'name:prod',
    provider: 'registry.terraform.io/hashicorp/aws',
  };
  const known = index % 3 === 0;
  const state = (name: string) => ({
    name: address,
    digest: { sha256: digestText(`${name} ${index}`) },
    mediaType: STATE_MEDIA_TYPE,
  });
  return {
    _type: STATEMENT_TYPE,
    subject: [state('after')],
    predicateType: CHANGE_PREDICATE,
    predicate: {
      entryId: entryId(index),
      ledger: { origin: ORIGIN },
      change: {
        kind: told.kind,
        driftKind: 'changed',
        action: 'update',
        driftKey: digestText(address),
        fingerprint: digestText(`${address} ${told.path} ${told.after}`),
        resource,
        cause: 'out-of-band',
        before: state('before'),
        paths: [
          {
            path: told.path,
            op: 'replace',
            before: told.before,
            after: told.after,
            sensitive: false,
            cause: 'out-of-band',
          },
        ],
        ...(told.kind === 'resolved' ? { resolution: 'reverted' as const } : {}),
      },
      who: {
        verdict: known ? 'likely' : 'not-attempted',
        actors: known ? [actorOf(index)] : [],
        call: null,
        missing: [],
        searched: null,
      },
      when: {
        occurredAt: known ? time(60_000) : null,
        occurredAtSource: known ? 'cloudtrail.eventTime' : null,
        notBefore: time(3_600_000),
        notAfter: time(),
        observedAt: time(),
        recordedAt: time(),
      },
      why: { status: 'none', reason: null, lookedIn: [] },
      evidence: [],
      scan: { id: '01920000-0000-7000-8000-000000000000' },
      detector: DETECTOR,
      supersedes: told.supersedes,
    },
  };
}

function annotationStatement(
  index: number,
  at: string,
  about: string,
  says: Pick<AnnotationPredicate['annotation'], 'kind' | 'by'> & Partial<AnnotationPredicate['annotation']>,
): Statement<AnnotationPredicate> {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: 'entry', digest: { sha256: about } }],
    predicateType: ANNOTATION_PREDICATE,
    predicate: {
      entryId: entryId(index),
      ledger: { origin: ORIGIN },
      annotation: { text: null, ...says, about: [about] },
      when: { statedAt: at, recordedAt: at },
      evidence: [],
      detector: DETECTOR,
      supersedes: null,
    },
  };
}

function openDrift(
  { predicate: { change, when } }: Statement<ChangePredicate>,
  entry: string,
  index: number,
): OpenDrift {
  const { address, workspace, workspaceKey } = change.resource;
  const { driftKey, fingerprint } = change;
  return {
    driftKey,
    fingerprint,
    address,
    workspace,
    workspaceKey,
    entry,
    index,
    firstSeen: when.recordedAt,
    seen: true,
  };
}

function digestText(text: string): string {
  return sha256Hex(encodeUtf8(text));
}
