import { compareResource } from '../../src/compare/compare.ts';
import type { CompareContext, Comparison } from '../../src/compare/context.ts';
import type { IgnoreRule } from '../../src/compare/ignore.ts';
import { indexSiblings } from '../../src/compare/siblings.ts';
import type { Change } from '../../src/model/drift.ts';
import type { Path } from '../../src/model/path.ts';
import type { DeclaredResource } from '../../src/model/resource.ts';
import type { AttributeSchema, NestedBlock, Nesting, ResourceSchema, TypeSpec } from '../../src/model/schema.ts';
import type { Value, ValueMap } from '../../src/model/value.ts';
import type { FactsTable, ResourceFacts } from '../../src/resources/facts.ts';
import { factsTable } from '../../src/resources/index.ts';

/** An attribute in one word: `string`, `string!` required, `string?` optional, `string=` computed, `string?=` both. */
export function attribute(type: TypeSpec, flags = '?'): AttributeSchema {
  return {
    type,
    required: flags.includes('!'),
    optional: flags.includes('?'),
    computed: flags.includes('='),
    sensitive: flags.includes('*'),
    writeOnly: flags.includes('w'),
  };
}

export function block(
  nesting: Nesting,
  attributes: Record<string, AttributeSchema>,
  blocks: Record<string, NestedBlock> = {},
): NestedBlock {
  return { nesting, block: { attributes, blocks } };
}

export function schemaOf(
  attributes: Record<string, AttributeSchema>,
  blocks: Record<string, NestedBlock> = {},
): ResourceSchema {
  return { version: 0, block: { attributes, blocks } };
}

export interface Declaration {
  readonly type?: string;
  readonly name?: string;
  readonly prior?: ValueMap;
  readonly config?: ValueMap | undefined;
  readonly ignoreChanges?: readonly Path[] | 'all';
  readonly sensitive?: readonly Path[];
  readonly workspace?: string;
  readonly providerKey?: string;
}

export function declare(one: Declaration): DeclaredResource {
  const type = one.type ?? 'test_thing';
  const workspace = one.workspace ?? 'default';
  return {
    ref: {
      address: `${type}.${one.name ?? 'main'}`,
      type,
      id: typeof one.prior?.id === 'string' ? one.prior.id : undefined,
      workspace,
      provider: 'registry.example/test/test',
    },
    providerKey: one.providerKey ?? `${workspace} main`,
    state:
      one.prior === undefined
        ? undefined
        : {
            attributes: one.prior,
            schemaVersion: 0,
            private: undefined,
            sensitive: one.sensitive ?? [],
            tainted: false,
          },
    config:
      one.config === undefined && one.ignoreChanges === undefined
        ? undefined
        : { values: one.config ?? {}, ignoreChanges: one.ignoreChanges ?? [], location: undefined },
  };
}

/** A stand-in for the keyed digest: equal secrets give equal masks, and no mask holds its secret. */
export function redact(secret: Value): string {
  let sum = 7;
  for (const character of JSON.stringify(secret)) sum = (sum * 31 + character.charCodeAt(0)) % 999_983;
  return `hmac-sha256:test:${sum.toString(16).padStart(8, '0')}`;
}

export interface Question extends Declaration {
  readonly live: Value;
  readonly schema?: ResourceSchema | undefined;
  readonly facts?: ResourceFacts;
  readonly siblings?: readonly Declaration[];
  readonly ignore?: readonly IgnoreRule[];
  readonly today?: string;
}

export function contextOf(question: Partial<Question>, resources: readonly DeclaredResource[] = []): CompareContext {
  const type = question.type ?? 'test_thing';
  const facts: FactsTable =
    question.facts === undefined ? factsTable : { every: factsTable.every, types: { [type]: question.facts } };
  const siblings = [...resources, ...(question.siblings ?? []).map(declare)];
  return {
    facts,
    siblings: indexSiblings(siblings.map((resource) => ({ resource }))),
    ignore: question.ignore ?? [],
    redact,
    today: question.today ?? '2026-01-01',
  };
}

/** Compares one resource with everything around it made up. */
export function compare(question: Question): Comparison {
  const resource = declare(question);
  return compareResource(
    { kind: 'found', resource, prior: question.prior ?? {}, live: question.live, schema: question.schema },
    contextOf(question, [resource]),
  );
}

export function changesOf(comparison: Comparison): readonly Change[] {
  return comparison.drift?.changes ?? [];
}

/** Changes in short: `path op before -> after (cause)`. */
export function told(question: Question): string[] {
  return changesOf(compare(question)).map((change) => {
    const cause = change.cause === 'out-of-band' ? '' : ` (${change.cause})`;
    return `${change.path} ${change.op} ${JSON.stringify(change.before)} -> ${JSON.stringify(change.after)}${cause}`;
  });
}
