import { z } from 'zod';
import {
  ANNOTATION_KINDS,
  ANNOTATION_PREDICATE,
  type AnnotationPredicate,
  CHANGE_KINDS,
  CHANGE_PREDICATE,
  RESOLUTIONS,
  SCAN_PREDICATE,
  STATEMENT_TYPE,
  type Statement,
} from '../model/entry.ts';
import { VERDICTS } from '../model/attribution.ts';
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
      scope: z.looseObject({
        workspaces: z.array(z.string()),
        live: z.string(),
        compared: list,
        places: list.optional(),
      }),
      summary: z.record(z.string(), z.number()),
      inputs: list,
      gaps: list,
      ignored: list,
      open: list,
      resolved: list,
      waivers: z
        .looseObject({
          size: z.number().int().nonnegative(),
          standing: z.array(z.looseObject({ index: z.number().int().nonnegative(), entry: sha256 })),
        })
        .optional(),
      rules: z
        .looseObject({
          size: z.number().int().nonnegative(),
          standing: z.array(z.looseObject({ index: z.number().int().nonnegative(), entry: sha256 })),
          judged: list,
          unreadable: z.array(z.looseObject({ index: z.number().int().nonnegative(), why: z.string() })),
        })
        .optional(),
      manifest: z
        .looseObject({
          build: z.looseObject({ sha256: sha256.nullable(), reason: z.string().nullable() }),
          policy: sha256,
        })
        .optional(),
    }),
  }),
});

const changeShape = z.looseObject({
  ...statement,
  predicateType: z.literal(CHANGE_PREDICATE),
  predicate: z.looseObject({
    ...common,
    change: z.looseObject({
      kind: z.enum(CHANGE_KINDS),
      driftKind: z.enum(['changed', 'missing', 'unmanaged']),
      driftKey: sha256,
      fingerprint: sha256,
      resource: z.looseObject({
        address: z.string(),
        type: z.string(),
        id: z.string().nullable(),
        workspace: z.string(),
        workspaceKey: z.string(),
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
    who: z.looseObject({
      verdict: z.enum(VERDICTS),
      actors: z.array(z.looseObject({ name: z.string(), id: z.string(), via: z.string() })),
      missing: z.array(z.string()),
    }),
    why: z.looseObject({ status: z.enum(['stated', 'linked', 'none']), lookedIn: z.array(z.string()) }),
    evidence: z.array(descriptor),
    when: z.looseObject({
      occurredAt: z.string().nullable(),
      occurredAtSource: z.string().nullable(),
      notBefore: z.string().nullable(),
      notAfter: z.string(),
      observedAt: z.string(),
      recordedAt: z.string(),
    }),
    scan: z.looseObject({ id: z.string() }).nullable(),
    supersedes: sha256.nullable(),
  }),
});

const annotationShape = z.looseObject({
  ...statement,
  predicateType: z.literal(ANNOTATION_PREDICATE),
  predicate: z.looseObject({
    ...common,
    annotation: z.looseObject({
      kind: z.enum(ANNOTATION_KINDS),
      about: z.array(sha256),
      text: z.string().nullable(),
      by: z.string().min(1),
      waiver: z
        .looseObject({
          workspace: z.string().nullable(),
          address: z.string(),
          path: z.string().nullable(),
          from: z.string(),
          until: z.string(),
          requestedBy: z.string(),
          approvedBy: z.string(),
        })
        .optional(),
      erasure: z
        .looseObject({
          indexes: z.array(z.number().int().nonnegative()),
          requestedBy: z.string(),
          approvedBy: z.string(),
        })
        .optional(),
      key: z
        .looseObject({
          change: z.enum(['added', 'retired']),
          keyId: z.string(),
          publicKey: z.string().nullable(),
          use: z.enum(['entry', 'checkpoint']),
        })
        .optional(),
    }),
    when: z.looseObject({ statedAt: z.string(), recordedAt: z.string() }),
    evidence: z.array(descriptor),
    supersedes: sha256.nullable(),
  }),
});

const SHAPES = {
  [SCAN_PREDICATE]: ['scan', scanShape],
  [CHANGE_PREDICATE]: ['change', changeShape],
  [ANNOTATION_PREDICATE]: ['annotation', annotationShape],
} as const;

/** A statement as it is signed, told apart by its predicate. */
export type SignedStatement =
  | { readonly kind: 'scan'; readonly statement: Statement<SignedScanPredicate> }
  | { readonly kind: 'change'; readonly statement: Statement<SignedChangePredicate> }
  | { readonly kind: 'annotation'; readonly statement: Statement<AnnotationPredicate> };

/** Parses payload bytes strictly: UTF-8, no key twice, one of our predicates, every field that readers rely on. Throws FormatError. */
export function parseStatement(payload: Uint8Array): SignedStatement {
  const json = parseStrictJson(decodeUtf8(payload));
  const type = (json as { predicateType?: unknown } | null)?.predicateType;
  const known =
    typeof type === 'string' && Object.hasOwn(SHAPES, type) ? SHAPES[type as keyof typeof SHAPES] : undefined;
  if (known === undefined) throw new FormatError('the payload is no statement of a predicate that driftbom knows');
  const [kind, shape] = known;
  const parsed = shape.safeParse(json);
  if (!parsed.success) {
    const fault = parsed.error.issues[0];
    throw new FormatError(`the statement is malformed at ${fault?.path.join('.')}: ${fault?.message}`);
  }
  return { kind, statement: json } as SignedStatement;
}
