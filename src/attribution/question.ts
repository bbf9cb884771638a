import type { Change, Drift, DriftKind } from '../model/drift.ts';
import type { DeclaredResource, ResourceRef } from '../model/resource.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { placeOfArn } from '../resources/arn.ts';
import { type Identifier, identifiersOf } from './identify.ts';

/** One drift, as the audit log is asked about it. */
export interface DriftQuestion {
  readonly resource: ResourceRef;
  readonly identifiers: readonly Identifier[];
  /** Account and region in which the resource lives; undefined where they are not known. */
  readonly account?: string;
  readonly region?: string;
  readonly kind: DriftKind;
  /** Values are masked as in the drift. */
  readonly changes: readonly Change[];
  /** What only the provider sets, and moved with it: a version that is live tells calls with hidden values apart. */
  readonly bookkeeping?: readonly Change[] | undefined;
  /** RFC 3339: when declared and live were last known to agree. null: never looked. */
  readonly notBefore: string | null;
  /** RFC 3339: when the difference was seen. */
  readonly notAfter: string;
}

/** What a question says of a resource beyond its drift. */
export interface Looked {
  readonly notBefore: string | null;
  readonly notAfter: string;
  /** Of the provider configuration, for resources that do not say themselves where they live. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly bookkeeping?: readonly Change[] | undefined;
}

/** The question that a drift of a resource puts to the audit log. */
export function questionOf(
  drift: Drift,
  resource: DeclaredResource,
  live: ValueMap | undefined,
  looked: Looked,
): DriftQuestion {
  const identifiers = identifiersOf(resource, live);
  const place = placeOf(identifiers, { ...live, ...resource.state?.attributes }, looked);
  return {
    resource: resource.ref,
    identifiers,
    ...place,
    kind: drift.kind,
    changes: drift.changes,
    bookkeeping: looked.bookkeeping,
    notBefore: looked.notBefore,
    notAfter: looked.notAfter,
  };
}

/** Where a resource lives: by its ARN, by its own `region` (AWS provider 6), or by its provider configuration. */
export function placeOf(
  identifiers: readonly Identifier[],
  values: ValueMap,
  otherwise: Pick<Looked, 'account' | 'region'>,
): { readonly account?: string; readonly region?: string } {
  const places = [...identifiers.map((one) => one.text), values.arn].flatMap((text) => placeOfArn(text) ?? []);
  const account = said(places.map((place) => place.account)) ?? otherwise.account;
  const region = textOf(values.region) ?? said(places.map((place) => place.region)) ?? otherwise.region;
  return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
}

function said(texts: readonly string[]): string | undefined {
  return texts.find((text) => text !== '' && text !== 'aws');
}

function textOf(value: Value | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
