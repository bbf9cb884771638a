import { changeOriginOf } from '../../model/history.ts';
import { STATE_MEDIA_TYPE, STATEMENT_TYPE, type Descriptor, type Statement } from '../../model/entry.ts';
import { DriftbomError } from '../../model/error.ts';
import { sha256Hex, toHex } from '../bytes.ts';
import type { SignedChangePredicate } from '../detach.ts';
import { formatEnvelope, pae, PAYLOAD_TYPE } from '../dsse.ts';
import { corrupt } from '../faults.ts';
import { canonicalBytes, canonicalJson } from '../jcs.ts';
import { documentKey } from '../paths.ts';
import type { Signer } from '../port.ts';
import { formatEntryKey } from '../trust.ts';
import type { AnnotationsAbout } from './annotations.ts';
import { type ExportedLog, kindOf, type LoggedEntry } from './logged.ts';
import type { ExportPiece, Tally } from './tally.ts';

/** What the projection loses; stands in the export's sidecar. */
export const MAKOTO_V02_LOSSES = [
  'the signatures of the entries: each statement is signed anew, with Ed25519, by the key of this export',
  'the place in the log: index, statement digest and root stand in extensions, without proof',
  'scans, and with them what was looked at and found in order',
];

const NO_ANNOTATIONS =
  'the format has no predicate for them; they stand in the extensions of the entries that they speak of, where those are exported';

const ORIGIN = 'https://usemakoto.dev/predicate/v0.2/origin';
const TRANSFORM = 'https://usemakoto.dev/predicate/v0.2/transform';
const HANDOFF_TYPE = 'application/vnd.makoto.handoff.v0.2+json';
/** Names of our own in a vocabulary that asks for absolute URIs; nothing is served there. */
const OURS = 'https://driftbom.dev/makoto';

export interface MakotoTerms {
  /** Ed25519: the only algorithm that the format knows. */
  readonly signer: Signer;
  /** `urn:uuid:` of the bundle. */
  readonly bundleId: string;
  /** RFC 3339, UTC. */
  readonly issuedAt: string;
  readonly annotations: AnnotationsAbout;
}

/** One state that a statement of the graph attests. */
interface Attested {
  readonly statement: string;
  readonly subject: Descriptor;
  /** Bytes that are no document of the ledger's: the payload of an entry that speaks of no state. */
  readonly payload?: Uint8Array;
}

/**
 * A Makoto v0.2 handoff bundle (makoto-project/makoto, spec/v0.2.md sections 10, 11 and 13): the state before a first
 * sighting is an origin, every drift, resolution and change a transformation of it; the manifest names the exact set.
 */
export async function* makotoV02Files(
  log: ExportedLog,
  entries: AsyncIterable<LoggedEntry>,
  terms: MakotoTerms,
  tally: Tally,
): AsyncGenerator<ExportPiece> {
  const graph = new Graph(log, terms);
  for await (const entry of entries) {
    const { line, signed } = entry;
    if (line.kind === 'erased' || signed === undefined) {
      tally.leaveOut('erased', 'the payload is gone');
    } else if (signed.kind === 'annotation') {
      tally.leaveOut(kindOf(signed), NO_ANNOTATIONS);
    } else if (signed.kind === 'scan') {
      tally.leaveOut('scan', 'the format has no predicate for a scan');
    } else {
      for (const { file, content } of await graph.add(
        entry.index,
        signed.statement,
        line.digest,
        line.envelope.payload,
      )) {
        yield { file, content };
      }
      tally.exported++;
    }
  }
  if (graph.statements.size === 0) {
    throw new DriftbomError(
      'E_NOT_FOUND',
      'none of the chosen entries speaks of a resource: Makoto v0.2 has no statement for the others',
      'Choose drift, resolved or change entries, or another format.',
    );
  }
  yield { file: 'export-key.pem', content: formatEntryKey(terms.signer.publicKey) };
  yield* graph.close();
}

class Graph {
  /** Digests of all statements. */
  readonly statements = new Set<string>();
  readonly #roots: string[] = [];
  /** States that nothing has consumed yet, by statement: the ends of the graph. */
  readonly #heads = new Map<string, Attested>();
  /** What each exported entry left behind, by its statement digest in the ledger; and each resource's newest. */
  readonly #left = new Map<string, Attested>();
  readonly #newest = new Map<string, Attested>();
  readonly #origins = new Map<string, Attested>();
  readonly #log: ExportedLog;
  readonly #terms: MakotoTerms;

  constructor(log: ExportedLog, terms: MakotoTerms) {
    this.#log = log;
    this.#terms = terms;
  }

  /** The files of one entry: its transformation, and an origin where its beginning is not in the graph yet. */
  async add(
    index: number,
    { subject, predicate }: Statement<SignedChangePredicate>,
    digest: string,
    payload: Uint8Array,
  ): Promise<ExportPiece[]> {
    const files: ExportPiece[] = [];
    const { change, supersedes, when } = predicate;
    const before = await this.#begin(predicate, files);
    const inputs = [{ name: 'before', from: before }];
    const replaced = supersedes === null ? undefined : this.#left.get(supersedes);
    if (replaced !== undefined && replaced !== before) inputs.push({ name: 'superseded', from: replaced });
    const after = subject[0] as Descriptor;
    const statement = {
      _type: STATEMENT_TYPE,
      subject: [{ name: after.name, digest: after.digest }],
      predicateType: TRANSFORM,
      predicate: {
        schemaVersion: '0.2',
        event: { id: predicate.entryId, occurredAt: utc(when.occurredAt ?? when.observedAt) },
        operation: {
          type: `${OURS}/operation/${change.kind}`,
          name: `${change.kind} (${change.action}) of ${change.paths.length} attributes`,
          tool: { name: 'driftbom', uri: predicate.detector.id, version: predicate.detector.version },
        },
        inputs: inputs.map(({ name, from }) => ({
          name,
          digest: from.subject.digest,
          provenance: { statementDigest: { sha256: from.statement }, subjectName: from.subject.name },
        })),
        extensions: this.#extensions(index, digest, predicate),
      },
    };
    const made = await this.#sign(statement, files);
    for (const { from } of inputs) this.#heads.delete(from.statement);
    const left = { statement: made, subject: after, ...(after.mediaType === STATE_MEDIA_TYPE ? {} : { payload }) };
    this.#heads.set(made, left);
    this.#left.set(digest, left);
    this.#newest.set(change.driftKey, left);
    return files;
  }

  /** The state that an entry begins from: what an exported entry left, or an origin. */
  async #begin({ change, when }: SignedChangePredicate, files: ExportPiece[]): Promise<Attested> {
    const { before } = change;
    const { sha256 } = before.digest;
    const named = before.annotations?.statementDigest;
    const known = typeof named === 'string' ? this.#left.get(named) : this.#newest.get(change.driftKey);
    if (known?.subject.digest.sha256 === sha256) return known;
    const origin = this.#origins.get(sha256);
    if (origin !== undefined) return origin;
    const statement = {
      _type: STATEMENT_TYPE,
      subject: [{ name: before.name, digest: before.digest }],
      predicateType: ORIGIN,
      predicate: {
        schemaVersion: '0.2',
        event: { id: `${OURS}/state/${sha256}`, occurredAt: utc(when.notBefore ?? when.observedAt) },
        source: {
          kind: `${OURS}/source/state-before-first-exported-entry`,
          name: change.resource.address,
          ...(before.mediaType === undefined ? {} : { mediaType: before.mediaType }),
          retrievedAt: utc(when.observedAt),
        },
        extensions: {},
      },
    };
    const made = { statement: await this.#sign(statement, files), subject: before };
    this.#roots.push(made.statement);
    this.#origins.set(sha256, made);
    return made;
  }

  #extensions(index: number, digest: string, { who, why, when, evidence, change }: SignedChangePredicate): object {
    const { origin, size, root } = this.#log.head;
    const knownFrom = changeOriginOf(change);
    const about = this.#terms.annotations.get(digest) ?? [];
    return {
      [`${OURS}/entry`]: { origin, index, statementDigest: { sha256: digest }, treeSize: size, root: toHex(root) },
      [`${OURS}/change`]: {
        driftKind: change.driftKind,
        cause: change.cause,
        paths: change.paths,
        ...(knownFrom === null ? {} : { origin: knownFrom }),
      },
      [`${OURS}/who`]: who,
      [`${OURS}/why`]: why,
      [`${OURS}/when`]: when,
      ...(evidence.length > 0 ? { [`${OURS}/evidence`]: evidence } : {}),
      ...(about.length > 0 ? { [`${OURS}/annotations`]: about } : {}),
    };
  }

  /** Signs a statement, puts its envelope among the files, and gives its digest. */
  async #sign(statement: object, files: ExportPiece[]): Promise<string> {
    const payload = canonicalBytes(statement);
    const digest = sha256Hex(payload);
    this.statements.add(digest);
    files.push({ file: `attestations/${digest}.dsse.json`, content: await this.#envelope(PAYLOAD_TYPE, payload) });
    return digest;
  }

  async #envelope(payloadType: string, payload: Uint8Array): Promise<string> {
    const { signer } = this.#terms;
    const signature = await signer.sign(pae(payloadType, payload));
    return `${formatEnvelope({ payloadType, payload, keyId: signer.keyId, signature })}\n`;
  }

  /** The states at the ends, the signed manifest of the exact set, and the index of the bundle. */
  async *close(): AsyncGenerator<ExportPiece> {
    const heads = [...this.#heads.values()].sort((a, b) => (a.statement < b.statement ? -1 : 1));
    const artifacts: object[] = [];
    for (const head of heads) {
      const { subject, statement } = head;
      const identity = { digest: subject.digest, statementDigest: { sha256: statement }, subjectName: subject.name };
      const path = `artifacts/final/${sha256Hex(canonicalBytes(identity))}.bin`;
      yield { file: path, content: head.payload ?? (await this.#document(subject.digest.sha256)) };
      artifacts.push({ ...identity, path });
    }
    const digests = (all: Iterable<string>): object[] => [...all].sort().map((sha256) => ({ sha256 }));
    const manifest = {
      version: '0.2',
      bundleId: this.#terms.bundleId,
      issuedAt: this.#terms.issuedAt,
      roots: digests(this.#roots),
      heads: digests(heads.map(({ statement }) => statement)),
      statements: digests(this.statements),
      artifacts: heads.map(({ statement, subject }) => ({
        name: subject.name,
        digest: subject.digest,
        head: { sha256: statement },
        ...(subject.mediaType === undefined ? {} : { mediaType: subject.mediaType }),
      })),
      requiredProfiles: [],
    };
    yield { file: 'manifest.dsse.json', content: await this.#envelope(HANDOFF_TYPE, canonicalBytes(manifest)) };
    const attestations = [...this.statements].sort().map((sha256) => ({
      statementDigest: { sha256 },
      path: `attestations/${sha256}.dsse.json`,
    }));
    const index = { version: '0.2', manifest: 'manifest.dsse.json', attestations, artifacts, datasetEntries: [] };
    yield { file: 'bundle.json', content: `${canonicalJson(index)}\n` };
  }

  /** What a resolved entry without a document speaks of is the drift's own payload; every other subject is a document. */
  async #document(sha256: string): Promise<Uint8Array> {
    const bytes = await this.#log.reader.get(documentKey(sha256));
    if (bytes === undefined || sha256Hex(bytes) !== sha256) throw corrupt(`document ${sha256} is missing or altered`);
    return bytes;
  }
}

function utc(time: string): string {
  return new Date(time).toISOString();
}
