/**
 * A Terraform type constraint as providers write it in JSON: "string", ["list","string"], ["set",["object",{...}]].
 * Source: go-cty's JSON type serialisation, used by the plugin protocol (hashicorp/terraform, docs/plugin-protocol).
 */
export type TypeSpec =
  | 'string'
  | 'number'
  | 'bool'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', TypeSpec]
  | readonly ['tuple', readonly TypeSpec[]]
  | readonly ['object', { readonly [name: string]: TypeSpec }, (readonly string[])?];

export interface AttributeSchema {
  /** Absent where `nested` stands in its place (protocol 6 nested attributes). */
  readonly type?: TypeSpec;
  readonly nested?: NestedObject;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly writeOnly?: boolean;
}

export type Nesting = 'single' | 'list' | 'set' | 'map' | 'group';

/** Protocol 6: an attribute whose type is an object with attribute flags of its own. */
export interface NestedObject {
  readonly nesting: Nesting;
  readonly attributes: { readonly [name: string]: AttributeSchema };
}

export interface BlockSchema {
  readonly attributes: { readonly [name: string]: AttributeSchema };
  readonly blocks: { readonly [name: string]: NestedBlock };
}

export interface NestedBlock {
  readonly nesting: Nesting;
  readonly block: BlockSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** What a provider says of one resource type (or of its own configuration). Plain JSON: it is cached and recorded. */
export interface ResourceSchema {
  readonly version: number;
  readonly block: BlockSchema;
}
