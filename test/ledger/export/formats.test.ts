import { createPublicKey, verify } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex, toHex } from '../../../src/ledger/bytes.ts';
import { pae } from '../../../src/ledger/dsse.ts';
import { CSV_COLUMNS } from '../../../src/ledger/export/csv.ts';
import { verifyProof } from '../../../src/ledger/export/verify-proof.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { leafHash, verifyInclusion } from '../../../src/ledger/merkle.ts';
import { documentKey } from '../../../src/ledger/paths.ts';
import { entrySigner, newEntryKey } from '../../../src/ledger/signers/local.ts';
import { entryKeyId } from '../../../src/ledger/trust.ts';
import { appendAnnotation, digestAt, exported, storyLedger } from '../../support/export-world.ts';
import { freshLedger } from '../../support/ledger-world.ts';

let whole: Ledger;
let erased: Ledger;

beforeAll(async () => {
  whole = await storyLedger();
  erased = await storyLedger({ erased: true });
});

function objectsOf(ledger: Ledger): Map<string, Uint8Array> {
  return (ledger.store as Ledger['store'] & { objects: Map<string, Uint8Array> }).objects;
}

describe('a tlog-proof', () => {
  it('is what C2SP tlog-proof says: header, extra, index, hashes, checkpoint', async () => {
    const { text } = await exported(whole, 'tlog-proof');
    const [top, ...rest] = text('entry-000003.tlog-proof').split('\n\n');
    const [header, extra, index, ...hashes] = (top as string).split('\n');
    expect([header, index, hashes.length]).toEqual(['c2sp.org/tlog-proof@v1', 'index 3', 3]);
    expect(extra).toMatch(/^extra [A-Za-z0-9+/]+=*$/);
    expect(rest.join('\n\n')).toBe(Buffer.from(objectsOf(whole).get('checkpoint') as Uint8Array).toString());
  });

  it('leads from the leaf beside it to the root by RFC 6962 alone', async () => {
    const { text, files } = await exported(whole, 'tlog-proof');
    const proof = text('entry-000005.tlog-proof');
    const hashes = (proof.split('\n\n')[0] as string).split('\n').slice(3);
    const [, size, root] = (proof.split('\n\n')[1] as string).split('\n');
    const leaf = files.get('entry-000005.leaf.json') as Uint8Array;
    const path = hashes.map((hash) => Buffer.from(hash, 'base64'));
    expect(verifyInclusion(leafHash(leaf), 5, Number(size), path, Buffer.from(root as string, 'base64'))).toBe(true);
  });

  it('is accepted by our verifier, and no byte of it may change unnoticed', async () => {
    const { files } = await exported(whole, 'tlog-proof', { selection: { names: ['7'] } });
    const bytes = files.get('entry-000007.tlog-proof') as Uint8Array;
    expect(verifyProof(bytes, whole.trust)).toMatchObject({ ok: true, form: 'tlog-proof', index: 7, kind: 'approval' });
    const unnoticed: number[] = [];
    for (let at = 0; at < bytes.byteLength; at++) {
      const altered = Uint8Array.from(bytes);
      altered[at] = (altered[at] as number) ^ (1 << (at % 8));
      if (verifyProof(altered, whole.trust).ok) unnoticed.push(at);
    }
    expect(unnoticed).toEqual([]);
  });

  it('of an erased entry shows that it was logged, and says what it cannot show', async () => {
    const { files, summary } = await exported(erased, 'tlog-proof');
    const answer = verifyProof(files.get('entry-000001.tlog-proof') as Uint8Array, erased.trust);
    expect(answer).toMatchObject({ ok: true, index: 1, kind: undefined });
    expect(answer.notChecked.join()).toMatch(/erased/);
    expect(summary).toMatchObject({ selected: 8, exported: 8, leftOut: [] });
  });

  it('is held against a checkpoint that was kept elsewhere', async () => {
    const { files } = await exported(whole, 'tlog-proof');
    const bytes = files.get('entry-000000.tlog-proof') as Uint8Array;
    const other = objectsOf(erased).get('checkpoint') as Uint8Array;
    const codes = (kept: Uint8Array[]): string[] =>
      verifyProof(bytes, { ...whole.trust, kept }).failures.map(({ code }) => code);
    expect(codes([objectsOf(whole).get('checkpoint') as Uint8Array])).toEqual([]);
    expect(codes([other])).toEqual(['forked']);
    expect(codes([Buffer.from('x')])).toEqual(['checkpoint-wrong']);
  });
});

describe('Sigstore bundles', () => {
  it('leave out an erased entry and say so', async () => {
    const { files, summary } = await exported(erased, 'sigstore');
    expect([...files.keys()].filter((name) => name.endsWith('.sigstore.json'))).toHaveLength(7);
    expect(summary).toMatchObject({ selected: 8, exported: 7, leftOut: [{ what: 'erased', count: 1 }] });
  });
});

describe('JSON Lines', () => {
  it('carry every entry with its statement, envelope, digest and proof, erased ones without payload', async () => {
    const { text } = await exported(erased, 'jsonl');
    const lines = text('out')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(lines.map(({ kind }) => kind)).toEqual([
      'drift',
      'erased',
      'scan',
      'drift',
      'scan',
      'resolved',
      'scan',
      'approval',
    ]);
    for (const [at, { index, digest, envelope, statement, leaf, inclusion }] of lines.entries()) {
      const path = inclusion.hashes.map((hash: string) => Buffer.from(hash, 'base64'));
      const hash = leafHash(Buffer.from(leaf, 'base64'));
      expect(verifyInclusion(hash, index, inclusion.treeSize, path, Buffer.from(inclusion.root, 'base64'))).toBe(true);
      expect(digest).toBe(digestAt(objectsOf(erased), at));
      if (envelope === undefined) continue;
      const payload = Buffer.from(envelope.payload, 'base64');
      expect(sha256Hex(payload)).toBe(digest);
      expect(JSON.parse(payload.toString())).toEqual(statement);
    }
  });
});

/** RFC 4180, without our writer. */
function parseCsv(text: string): string[][] {
  return text
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map((cell) => (cell[1] as string).replaceAll('""', '"')),
    );
}

describe('CSV', () => {
  it('has one row an entry, under columns that never change', async () => {
    const { text, summary } = await exported(erased, 'csv');
    const [head, ...rows] = parseCsv(text('out'));
    expect(head?.join()).toBe(
      'index,statement_sha256,kind,recorded_at,occurred_at,not_before,not_after,workspace,address,resource_type,' +
        'resource_id,action,paths,verdict,actors,call,why_status,why,why_source,resolution,supersedes,about,by,text,' +
        'requested_by,approved_by,until,evidence,scan_id,signing_key,origin,topic,facts',
    );
    expect(rows).toHaveLength(8);
    for (const row of rows) expect(row).toHaveLength(CSV_COLUMNS.length);
    expect(rows[0]?.slice(2, 3)).toEqual(['drift']);
    expect(rows[5]?.[CSV_COLUMNS.indexOf('resolution')]).toBe('reverted');
    expect(rows[3]?.[CSV_COLUMNS.indexOf('address')]).toBe('aws_lambda_function.web');
    expect(summary.range).toEqual([0, 8]);
  });

  it('lets no cell be taken for a formula', async () => {
    const ledger = await freshLedger();
    for (const text of ['=1+1', '+1', '-1', '@x', '\t=1', ' =1', '\r=1', '|calc', 'a "quoted", text']) {
      await appendAnnotation(ledger, { kind: 'note', about: [], text, by: '=cmd' });
    }
    const rows = parseCsv((await exported(ledger, 'csv')).text('out')).slice(1);
    const texts = rows.map((row) => row[CSV_COLUMNS.indexOf('text')]);
    expect(texts).toEqual(["'=1+1", "'+1", "'-1", "'@x", "'\t=1", "' =1", "'\r=1", "'|calc", 'a "quoted", text']);
    expect(rows.every((row) => row.every((cell) => !/^\s*[=+\-@|]/.test(cell)))).toBe(true);
  });
});

/** The rules of makoto-project/makoto dbom_schema.json. */
const MAKOTO_V01 = {
  type: 'object',
  required: ['schema_version', 'id', 'created_at', 'source', 'signature', 'lineage'],
  properties: {
    schema_version: { const: '0.1' },
    id: { type: 'string', pattern: '^dbom-' },
    created_at: { type: 'string', pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$` },
    source: {
      type: 'object',
      required: ['uri', 'hash', 'format'],
      properties: {
        uri: { type: 'string', minLength: 1 },
        format: { type: 'string' },
        hash: {
          type: 'object',
          required: ['algorithm', 'value'],
          properties: { algorithm: { const: 'sha256' }, value: { type: 'string', pattern: '^[a-f0-9]{64}$' } },
        },
      },
    },
    signature: {
      type: 'object',
      required: ['algorithm', 'value', 'signer'],
      properties: {
        algorithm: { const: 'sha256' },
        value: { type: 'string', pattern: '^[a-f0-9]{64}$' },
        signer: { type: 'string' },
      },
    },
    lineage: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['step', 'description', 'tool', 'input_hash', 'output_hash'],
        properties: {
          step: { type: 'integer', minimum: 1 },
          description: { type: 'string' },
          tool: { type: 'string' },
          input_hash: { type: 'string' },
          output_hash: { type: 'string' },
        },
      },
    },
  },
};

describe('Makoto v0.1', () => {
  it('is valid by that schema for every entry about a resource, and says what it loses', async () => {
    const { files, text, summary } = await exported(erased, 'makoto-v0.1');
    const validate = new Ajv2020().compile(MAKOTO_V01);
    expect([...files.keys()]).toEqual(['entry-000000.dbom.json', 'entry-000003.dbom.json', 'entry-000005.dbom.json']);
    for (const name of files.keys()) {
      expect(validate(JSON.parse(text(name))) || validate.errors).toBe(true);
    }
    expect(summary.leftOut.map(({ what, count }) => [what, count])).toEqual([
      ['erased', 1],
      ['scan', 3],
      ['approval', 1],
    ]);
    expect(summary.exported + summary.leftOut.reduce((sum, { count }) => sum + count, 0)).toBe(summary.selected);
    expect(summary.lost.join()).toMatch(/signature/);
  });

  it('carries both states by digest, and the statement digest where a signature should stand', async () => {
    const { text } = await exported(whole, 'makoto-v0.1');
    const document = JSON.parse(text('entry-000000.dbom.json'));
    expect(document.signature.value).toBe(digestAt(objectsOf(whole), 0));
    expect(objectsOf(whole).has(documentKey(document.source.hash.value))).toBe(true);
    expect(objectsOf(whole).has(documentKey(document.lineage[0].output_hash))).toBe(true);
    expect(document.lineage[1].input_hash).toBe(document.lineage[0].output_hash);
  });
});

interface MakotoStatement {
  subject: { name: string; digest: { sha256: string } }[];
  predicateType: string;
  predicate: {
    event: { id: string; occurredAt: string };
    inputs?: {
      name: string;
      digest: { sha256: string };
      provenance: { statementDigest: { sha256: string }; subjectName: string };
    }[];
    extensions: { [uri: string]: unknown };
  };
}

describe('Makoto v0.2', () => {
  const pem = newEntryKey('ed25519');
  const signer = entrySigner(pem);

  async function bundle(ledger: Ledger) {
    const out = await exported(ledger, 'makoto-v0.2', { signer });
    const read = (name: string, type: string): { digest: string; json: unknown } => {
      const envelope = JSON.parse(out.text(name));
      const payload = Buffer.from(envelope.payload, 'base64');
      const key = createPublicKey({ key: Buffer.from(signer.publicKey), format: 'der', type: 'spki' });
      expect(envelope.payloadType).toBe(type);
      expect(envelope.signatures).toHaveLength(1);
      expect(envelope.signatures[0].keyid).toBe(entryKeyId(signer.publicKey));
      expect(verify(null, pae(type, payload), key, Buffer.from(envelope.signatures[0].sig, 'base64'))).toBe(true);
      return { digest: sha256Hex(payload), json: JSON.parse(payload.toString()) };
    };
    const index = JSON.parse(out.text('bundle.json'));
    const statements = new Map<string, MakotoStatement>();
    for (const { statementDigest, path } of index.attestations) {
      const { digest, json } = read(path, 'application/vnd.in-toto+json');
      expect(digest).toBe(statementDigest.sha256);
      statements.set(digest, json as MakotoStatement);
    }
    const manifest = read('manifest.dsse.json', 'application/vnd.makoto.handoff.v0.2+json').json as {
      roots: { sha256: string }[];
      heads: { sha256: string }[];
      statements: { sha256: string }[];
      artifacts: { name: string; digest: { sha256: string }; head: { sha256: string } }[];
    };
    return { out, index, statements, manifest };
  }

  it('is a graph whose every edge meets the state that its predecessor attests', async () => {
    const { statements, manifest } = await bundle(whole);
    const consumed = new Set<string>();
    const roots: string[] = [];
    for (const [digest, { predicateType, predicate }] of statements) {
      if (predicateType.endsWith('/origin')) roots.push(digest);
      expect(predicate.inputs === undefined).toBe(predicateType.endsWith('/origin'));
      for (const { digest: input, provenance } of predicate.inputs ?? []) {
        const before = statements.get(provenance.statementDigest.sha256);
        expect(before?.subject).toEqual([{ name: provenance.subjectName, digest: input }]);
        consumed.add(provenance.statementDigest.sha256);
      }
    }
    const sorted = (all: Iterable<string>): { sha256: string }[] => [...all].sort().map((sha256) => ({ sha256 }));
    expect(manifest.roots).toEqual(sorted(roots));
    expect(manifest.statements).toEqual(sorted(statements.keys()));
    expect(manifest.heads).toEqual(sorted([...statements.keys()].filter((digest) => !consumed.has(digest))));
    const ids = [...statements.values()].map(({ predicate }) => predicate.event.id);
    expect(new Set(ids).size).toBe(ids.length);
    // Two origins; web drifted, moved on and was reverted; db drifted.
    expect([statements.size, roots.length, manifest.heads.length]).toEqual([6, 2, 2]);
  });

  it('holds the exact bytes of the states at its ends', async () => {
    const { out, index, manifest } = await bundle(whole);
    expect(index.artifacts).toHaveLength(manifest.artifacts.length);
    for (const { digest, path, statementDigest } of index.artifacts) {
      expect(sha256Hex(out.files.get(path) as Uint8Array)).toBe(digest.sha256);
      expect(manifest.artifacts.map(({ head }) => head)).toContainEqual(statementDigest);
    }
  });

  it('carries who, why, when, the place in the log, and approvals in extensions', async () => {
    const { statements } = await bundle(whole);
    const place = 'https://driftbom.dev/makoto/entry';
    const first = [...statements.values()].find((one) => {
      return (one.predicate.extensions[place] as { index?: number } | undefined)?.index === 0;
    });
    expect(first?.predicate.extensions[place]).toMatchObject({
      statementDigest: { sha256: digestAt(objectsOf(whole), 0) },
    });
    expect(first?.predicate.extensions['https://driftbom.dev/makoto/annotations']).toMatchObject([
      { index: 7, annotation: { kind: 'approval', by: 'bob@example.com' } },
    ]);
    for (const word of ['who', 'why', 'when', 'change']) {
      expect(first?.predicate.extensions).toHaveProperty([`https://driftbom.dev/makoto/${word}`]);
    }
  });

  it('of entries without any about a resource is refused: there would be no graph', async () => {
    const ledger = await freshLedger();
    await appendAnnotation(ledger, { kind: 'note', about: [], text: 'x', by: 'me' });
    await expect(exported(ledger, 'makoto-v0.2')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });

  it('counts what it leaves out, and names the key that signed anew', async () => {
    const { out } = await bundle(erased);
    expect(out.summary.leftOut.map(({ what, count }) => [what, count])).toEqual([
      ['erased', 1],
      ['scan', 3],
      ['approval', 1],
    ]);
    expect(out.summary.exportKey).toBe(signer.keyId);
  });
});

describe('choosing entries', () => {
  const names = async (words: string[]) => (await exported(whole, 'csv', { selection: { names: words } })).summary;

  it('takes an index, the beginning of a digest and an id, each once, in log order', async () => {
    const digest = digestAt(objectsOf(whole), 3);
    const { text, summary } = await exported(whole, 'csv', {
      selection: { names: ['5', digest.slice(0, 12), '#5', digest] },
    });
    expect(
      parseCsv(text('out'))
        .slice(1)
        .map((row) => row[0]),
    ).toEqual(['3', '5']);
    expect(summary.range).toBeNull();
  });

  it('refuses what names none, or nothing that can be a name', async () => {
    await expect(names(['8'])).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await expect(names(['00000000000000'])).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await expect(names(['aws_lambda_function.web'])).rejects.toMatchObject({ code: 'E_USAGE' });
  });

  it('takes the range of the log that was recorded in a period, without a gap, erased entries included', async () => {
    // Scans are recorded at 03:01, 03:02 and 03:03, the approval at 09:00.
    const selection = { names: [], from: '2026-11-02T03:02:00.000Z', to: '2026-11-02T09:00:00.000Z' };
    expect((await exported(erased, 'csv', { selection })).summary).toMatchObject({ range: [3, 7], selected: 4 });
    const early = { names: [], to: '2026-11-02T03:02:00.000Z' };
    expect((await exported(erased, 'csv', { selection: early })).summary).toMatchObject({ range: [0, 3], selected: 3 });
    const never = { names: [], from: '2027-01-01T00:00:00.000Z' };
    expect((await exported(erased, 'csv', { selection: never })).summary).toMatchObject({ range: [0, 0], selected: 0 });
  });

  it('names the root and size that every proof leads to', async () => {
    const { summary } = await exported(whole, 'csv');
    const root = Buffer.from(objectsOf(whole).get('checkpoint') as Uint8Array)
      .toString()
      .split('\n')[2] as string;
    expect(summary.ledger).toEqual({ origin: whole.origin, size: 8, root: toHex(Buffer.from(root, 'base64')) });
  });
});
