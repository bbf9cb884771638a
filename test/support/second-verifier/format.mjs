// The bytes: canonical JSON, notes, bundles, leaves, envelopes. From docs/ledger-format.md alone; no line of driftbom.
import { createHash, createPublicKey, verify } from 'node:crypto';

export const hash = (...parts) => parts.reduce((h, part) => h.update(part), createHash('sha256')).digest();
export const hex = (...parts) => hash(...parts).toString('hex');
export const utf8 = (bytes) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

/** A fault that has a code of the page. */
export class Bad extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export function must(condition, code, message) {
  if (!condition) throw new Bad(code, message);
}

/** Gives whatever goes wrong inside one code, unless it has one already. */
export function as(code, work) {
  try {
    return work();
  } catch (thrown) {
    throw thrown instanceof Bad && thrown.code !== 'format' ? thrown : new Bad(code, thrown.message);
  }
}

function base64(text) {
  const bytes = Buffer.from(text, 'base64');
  must(bytes.toString('base64') === text, 'format', 'base64 in another spelling');
  return bytes;
}

export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

/** What is signed is canonical, and a canonical text cannot name a key twice. */
function canonicalJson(text) {
  const value = JSON.parse(text);
  must(canonical(value) === text, 'format', 'not canonical JSON, or a key stands twice');
  return value;
}

export function keyIdOf(pem) {
  return hex(createPublicKey(pem).export({ format: 'der', type: 'spki' }));
}

export function parseVkey(line) {
  const [name, id, ...rest] = line.trimEnd().split('+');
  const key = base64(rest.join('+'));
  must(line.endsWith('\n') && key.length === 33 && key[0] === 1, 'format', 'no Ed25519 verifier key');
  must(hex(`${name}\n`, key).slice(0, 8) === id, 'format', 'the key id is another');
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.subarray(1)]);
  return { name, id, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

/** A checkpoint that the log's key signed. */
export function openCheckpoint(bytes, logKey) {
  const note = utf8(bytes);
  const end = note.indexOf('\n\n') + 1;
  must(end > 0 && note.endsWith('\n'), 'format', 'no signed note');
  const text = note.slice(0, end);
  const signatures = note
    .slice(end + 1, -1)
    .split('\n')
    .map(parseSignature);
  const own = signatures.filter(({ name, id }) => name === logKey.name && id === logKey.id);
  must(own.length > 0, 'format', 'the log did not sign it');
  must(
    own.every(({ signature }) => verify(null, Buffer.from(text), logKey.key, signature)),
    'format',
    'does not hold',
  );
  const [origin, size, root, ...rest] = text.split('\n');
  must(origin === logKey.name && /^(0|[1-9]\d*)$/.test(size) && canonical(rest) === '[""]', 'format', 'no checkpoint');
  return { origin, size: Number(size), root: base64(root) };
}

function parseSignature(line) {
  const [, name, text] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
  must(name !== undefined, 'format', 'no signature line');
  const raw = base64(text);
  return { name, id: raw.subarray(0, 4).toString('hex'), signature: raw.subarray(4) };
}

function number(n) {
  const digits = String(n);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g);
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

export const tilePath = (level, n, width) => `tile/${level}/${number(n)}${width < 256 ? `.p/${width}` : ''}`;
export const linesPath = (n) => `dsse/${number(n)}.intoto.jsonl`;

export function parseBundle(bytes, width) {
  const leaves = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 2 + (at + 2 <= bytes.length ? bytes.readUInt16BE(at) : 0);
    must(end <= bytes.length, 'bundle-wrong', 'cut off');
    leaves.push(bytes.subarray(at + 2, end));
    at = end;
  }
  must(leaves.length === width, 'bundle-wrong', `${leaves.length} leaves where ${width} are in the log`);
  return leaves;
}

function parseLeaf(bytes) {
  const { data, signature } = canonicalJson(utf8(bytes)).spec.hashedRekordV002;
  const { rawBytes } = signature.verifier.publicKey;
  const { content } = signature;
  const spki = base64(rawBytes);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const keyDetails = key.asymmetricKeyType === 'ed25519' ? 'PKIX_ED25519' : 'PKIX_ECDSA_P256_SHA_256';
  const record = {
    data: { algorithm: 'SHA2_256', digest: data.digest },
    signature: { content, verifier: { keyDetails, publicKey: { rawBytes } } },
  };
  const whole = { apiVersion: '0.0.2', kind: 'hashedrekord', spec: { hashedRekordV002: record } };
  must(canonical(whole) === utf8(bytes), 'format', 'no hashedrekord of ours');
  return { digest: base64(data.digest), signature: base64(content), keyId: `sha256:${hex(spki)}`, key };
}

const TYPE = 'application/vnd.in-toto+json';
const PREDICATE = /^https:\/\/driftbom\.dev\/attestation\/(config-change|scan|annotation)\/v0\.1$/;

/** The entry of a line: bound by its leaf, signed by a trusted key, a statement of this log. */
export function openEntry(line, leafBytes, index, trusted, origin) {
  const leaf = as('leaf-malformed', () => parseLeaf(leafBytes));
  const object = as('payload-malformed', () => canonicalJson(line));
  if (object.tombstone === 1) {
    must(object.logIndex === index, 'payload-malformed', 'a tombstone of another index');
    must(object.paeSha256 === leaf.digest.toString('hex'), 'payload-wrong', 'a tombstone of another payload');
    must(trusted.includes(leaf.keyId), 'key-not-allowed', leaf.keyId);
    return { erased: true, index, digest: object.payloadSha256, authority: object.authorisedBy };
  }
  const { payload, sig, keyid } = as('payload-malformed', () => parseEnvelope(object, line));
  const pae = Buffer.concat([Buffer.from(`DSSEv1 ${TYPE.length} ${TYPE} ${payload.length} `), payload]);
  must(hash(pae).equals(leaf.digest), 'payload-wrong', 'not the payload in the log');
  must(trusted.includes(leaf.keyId), 'key-not-allowed', leaf.keyId);
  must(keyid === leaf.keyId, 'key-id-wrong', keyid);
  const algorithm = leaf.key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  must(sig.equals(leaf.signature) && verify(algorithm, pae, leaf.key, sig), 'signature-wrong', 'does not hold');
  const statement = as('statement-malformed', () => canonicalJson(utf8(payload)));
  const [, kind] = PREDICATE.exec(statement.predicateType) ?? [];
  const known = statement._type === 'https://in-toto.io/Statement/v1' && kind !== undefined;
  must(known, 'statement-malformed', 'another predicate');
  must(statement.predicate.ledger.origin === origin, 'origin-wrong', statement.predicate.ledger.origin);
  return { index, digest: hex(payload), kind, subject: statement.subject, ...statement.predicate };
}

function parseEnvelope({ payload, signatures }, line) {
  const [{ keyid, sig }] = signatures;
  must(
    canonical({ payload, payloadType: TYPE, signatures: [{ keyid, sig }] }) === line,
    'format',
    'no envelope of ours',
  );
  return { payload: base64(payload), sig: base64(sig), keyid };
}
