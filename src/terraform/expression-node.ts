import type { Value } from '../model/value.ts';

export type BinaryOperator = '||' | '&&' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '+' | '-' | '*' | '/' | '%';

/** A parsed expression of the Terraform language. */
export type Node =
  | { readonly kind: 'value'; readonly value: Value }
  /** A string with interpolations, or one interpolation with text around it. */
  | { readonly kind: 'template'; readonly parts: readonly Node[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly of: Node; readonly name: string }
  | { readonly kind: 'index'; readonly of: Node; readonly key: Node }
  /** `of[*].each`: `each` is evaluated with ITEM bound to every element. */
  | { readonly kind: 'splat'; readonly of: Node; readonly each: Node }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[]; readonly spread: boolean }
  | { readonly kind: 'unary'; readonly operator: '-' | '!'; readonly of: Node }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Node; readonly right: Node }
  | { readonly kind: 'conditional'; readonly test: Node; readonly yes: Node; readonly no: Node }
  | { readonly kind: 'tuple'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [Node, Node])[] }
  | ForNode;

export interface ForNode {
  readonly kind: 'for';
  /** Names of the key (where two are given) and of the value. */
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly over: Node;
  /** Set for `{for ... : key => value}`. */
  readonly key: Node | undefined;
  readonly value: Node;
  readonly test: Node | undefined;
  /** `value...`: equal keys gather into lists. */
  readonly group: boolean;
}

/** The name that stands for the element inside a splat; no identifier can be spelled so. */
export const ITEM = '*';
