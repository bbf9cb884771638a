import { createHash, type Hash } from 'node:crypto';
import { messageOf } from '../../model/error.ts';
import type { Json } from '../port.ts';
import { asUtf8, byteStrings, unpacked } from './byte-stream.ts';
import { Cutter } from './cutter.ts';
import type { Held } from './findings.ts';
import type { TrailKey } from './layout.ts';
import { Sieve, type SieveQuestion } from './sieve.ts';
import { type Unit, UnitScanner } from './unit-scanner.ts';
import { unwrap } from './unwrap.ts';

/** A file or object of the log. */
export interface LogObject {
  /** As the user would name it. */
  readonly name: string;
  /** What its name tells, where CloudTrail gave it. */
  readonly key: TrailKey | undefined;
  /** Where it lies on this machine; undefined: elsewhere. */
  readonly path?: string;
  /** Its bytes as they are stored; may be asked for more than once. */
  open(): AsyncIterable<Uint8Array>;
}

export interface ObjectFindings {
  readonly held: Held;
  /** Hex, over what was unpacked, as digest files have it; undefined where it was not asked for or not all was read. */
  readonly sha256: string | undefined;
}

/**
 * Reads one object of the log. Never throws for what it holds: what cannot be used is a gap in the findings.
 * `hashed`: whether the digest of its content is wanted.
 */
export async function readObject(object: LogObject, question: SieveQuestion, hashed: boolean): Promise<ObjectFindings> {
  // Most objects are CloudTrail's own and are cut; all others, and those that turn out odd or damaged, are read exactly.
  const quick = await readQuickly(object, question, hashed).catch(() => undefined);
  return quick ?? (await readExactly(object, question, hashed));
}

async function readQuickly(object: LogObject, question: SieveQuestion, hashed: boolean): Promise<ObjectFindings> {
  const sieve = new Sieve(object.name, object.key?.account, question);
  const cutter = new Cutter(sieve);
  const hash = hashed ? createHash('sha256') : undefined;
  for await (const part of unpacked(object.open())) {
    hash?.update(part);
    cutter.push(part);
  }
  cutter.end();
  return { held: sieve.findings.held(), sha256: hash?.digest('hex') };
}

async function readExactly(object: LogObject, question: SieveQuestion, hashed: boolean): Promise<ObjectFindings> {
  const sieve = new Sieve(object.name, object.key?.account, question);
  const { findings } = sieve;
  const scanner = new UnitScanner((unit) => take(unit, sieve, object.name));
  const hash = hashed ? createHash('sha256') : undefined;
  const fault = await feed(object, scanner, hash);
  for (const message of scanner.end(fault !== undefined)) findings.gaps.push({ what: object.name, message });
  if (fault !== undefined) findings.gaps.push({ what: object.name, message: `could not be read to its end: ${fault}` });
  return { held: findings.held(), sha256: fault === undefined ? hash?.digest('hex') : undefined };
}

/** Gives what made the reading end too early, undefined where nothing did. */
async function feed(object: LogObject, scanner: UnitScanner, hash: Hash | undefined): Promise<string | undefined> {
  try {
    const parts = hash === undefined ? unpacked(object.open()) : hashing(unpacked(object.open()), hash);
    for await (const part of asUtf8(parts)) for (const text of byteStrings(part)) scanner.push(text);
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

async function* hashing(source: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer, void, undefined> {
  for await (const part of source) {
    hash.update(part);
    yield part;
  }
}

function take({ index, text, fault }: Unit, sieve: Sieve, name: string): void {
  if (text === undefined) {
    sieve.findings.fault(name, index, fault ?? 'could not be read');
    return;
  }
  const bytes = Buffer.from(text, 'latin1');
  try {
    const record = unwrap(JSON.parse(bytes.toString('utf8')) as Json, bytes);
    sieve.take(record.json, record.bytes, index);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    sieve.findings.fault(name, index, 'is no JSON');
  }
}
