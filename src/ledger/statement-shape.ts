import { z } from 'zod';
import {
  CHANGE_PREDICATE,
  ENTRY_KINDS,
  RESOLUTIONS,
  SCAN_PREDICATE,
  STATEMENT_TYPE,
  type Statement,
} from '../model/entry.ts';
import { decodeUtf8 } from './bytes.ts';
import type { SignedChangePredicate, SignedScanPredicate } from './detach.ts';
import { FormatError } from './format-error.ts';
import { parseStrictJson } from './strict-json.ts';

// Unknown fields are let through everywhere: in-toto asks readers to tolerate them, and later versions add some.
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const descriptor = z.looseObject({
  name: z.string(),
  digest: z.looseObject({ sha256 }),
  mediaType: z.string().optional(),
});
const list = z.union([z.array(z.unknown()), descriptor]);
const statement = {
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(descriptor).min(1),
};
const common = {
  entryId: z.string().startsWith('urn:uuid:'),
  ledger: z.looseObject({ origin: z.string() }),
  detector: z.looseObject({ id: z.string(), version: z.string() }),
};

const scanShape = z.looseObject({
  ...statement,
  predicateType: z.literal(SCAN_PREDICATE),
  predicate: z.looseObject({
    ...common,
    recordedAt: z.string(),
    scan: z.looseObject({
      id: z.string(),
      startedAt: z.string(),
      finishedAt: z.string(),
      scope: z.looseObject({ workspaces: z.array(z.string()), live: z.string(), compared: list }),
      summary: z.record(z.string(), z.number()),
      inputs: list,
      gaps: list,
      ignored: list,
      open: list,
      resolved: list,
    }),
  }),
});

const changeShape = z.looseObject({
  ...statement,
  predicateType: z.literal(CHANGE_PREDICATE),
  predicate: z.looseObject({
    ...common,
    change: z.looseObject({
      kind: z.enum(ENTRY_KINDS).exclude(['scan']),
      driftKind: z.enum(['changed', 'missing', 'unmanaged']),
      driftKey: sha256,
      fingerprint: sha256,
      resource: z.looseObject({
        address: z.string(),
        type: z.string(),
        id: z.string().nullable(),
        workspace: z.string(),
        provider: z.string(),
      }),
      before: descriptor,
      paths: z.array(
        z.looseObject({
          path: z.string(),
          op: z.enum(['add', 'remove', 'replace']),
          sensitive: z.boolean(),
          cause: z.string(),
          beforeDocument: descriptor.optional(),
          afterDocument: descriptor.optional(),
        }),
      ),
      resolution: z.enum(RESOLUTIONS).optional(),
    }),
    when: z.looseObject({
      notBefore: z.string().nullable(),
      notAfter: z.string(),
      observedAt: z.string(),
      recordedAt: z.string(),
    }),
    scan: z.looseObject({ id: z.string() }),
    supersedes: sha256.nullable(),
  }),
});

/** A statement as it is signed, told apart by its predicate. */
export type SignedStatement =
  | { readonly kind: 'scan'; readonly statement: Statement<SignedScanPredicate> }
  | { readonly kind: 'change'; readonly statement: Statement<SignedChangePredicate> };

/** Parses payload bytes strictly: UTF-8, no key twice, one of our predicates, every field that readers rely on. Throws FormatError. */
export function parseStatement(payload: Uint8Array): SignedStatement {
  const json = parseStrictJson(decodeUtf8(payload));
  const type = (json as { predicateType?: unknown } | null)?.predicateType;
  const shape = type === SCAN_PREDICATE ? scanShape : type === CHANGE_PREDICATE ? changeShape : undefined;
  if (shape === undefined) throw new FormatError('the payload is no statement of a predicate that driftbom knows');
  const parsed = shape.safeParse(json);
  if (!parsed.success) {
    const fault = parsed.error.issues[0];
    throw new FormatError(`the statement is malformed at ${fault?.path.join('.')}: ${fault?.message}`);
  }
  return type === SCAN_PREDICATE
    ? { kind: 'scan', statement: json as Statement<SignedScanPredicate> }
    : { kind: 'change', statement: json as Statement<SignedChangePredicate> };
}
