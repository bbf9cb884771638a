import type { AnnotationPredicate, Statement } from '../../model/entry.ts';
import { isNobody, samePerson } from '../../model/person.ts';
import type { SignedStatement } from '../statement-shape.ts';
import { entryKeyId, type Trust } from '../trust.ts';
import type { CheckedEntry } from './entry.ts';
import type { Failures } from './diagnostics.ts';

/**
 * The rules for entries that speak of others: what they speak of stands earlier in the log; whoever asks for a waiver or
 * an erasure does not grant it; an erased payload was erased by an entry that says so.
 */
export class AnnotationChecker {
  readonly #failures: Failures;
  readonly #approvers: NonNullable<Trust['policy']>['approvers'];
  /** Statement digest of every entry so far. */
  readonly #digests = new Set<string>();
  /** Who may not approve an entry: those who did, asked for or stated what it tells. */
  readonly #parties = new Map<string, readonly string[]>();
  readonly #erased: { readonly index: number; readonly payload: string; readonly authority: string }[] = [];
  /** By statement digest of the erasure. */
  readonly #erasures = new Map<
    string,
    { readonly indexes: ReadonlySet<number>; readonly about: ReadonlySet<string> }
  >();

  constructor(trust: Trust, failures: Failures) {
    this.#failures = failures;
    this.#approvers = trust.policy?.approvers;
  }

  check(entry: CheckedEntry): void {
    const { index } = entry;
    if (entry.kind === 'erased') {
      const { payloadSha256, authorisedBy } = entry.tombstone;
      this.#digests.add(payloadSha256);
      this.#erased.push({ index, payload: payloadSha256, authority: authorisedBy });
      return;
    }
    const { digest, signed } = entry;
    if (signed.kind === 'annotation') this.#annotation(index, digest, signed.statement, entry.publicKey);
    this.#digests.add(digest);
    const parties = partiesOf(signed);
    if (parties.length > 0) this.#parties.set(digest, parties);
  }

  /** Erasures come after what they erase, so tombstones are judged at the end. */
  finish(): void {
    for (const { index, payload, authority } of this.#erased) {
      const erasure = this.#erasures.get(authority);
      if (erasure?.indexes.has(index) && erasure.about.has(payload)) continue;
      const message = `entry ${index}: its payload is gone, and no entry of this log says that it was to be erased`;
      this.#failures.add('erasure-unauthorised', index, message);
    }
  }

  #annotation(
    index: number,
    digest: string,
    { predicate }: Statement<AnnotationPredicate>,
    publicKey: Uint8Array,
  ): void {
    const { annotation, supersedes } = predicate;
    const { kind, about, by, waiver, erasure } = annotation;
    for (const named of [...about, ...(supersedes === null ? [] : [supersedes])]) {
      if (this.#digests.has(named)) continue;
      this.#failures.add(
        'annotation-dangling',
        index,
        `entry ${index}: ${named}, of which it speaks, is not before it`,
      );
    }
    for (const terms of [waiver, erasure]) {
      if (terms === undefined) continue;
      if (samePerson(terms.requestedBy, terms.approvedBy) || isNobody(terms.approvedBy)) {
        const message = `entry ${index}: ${kind} approved by ${terms.approvedBy || 'nobody'}, who asked for it`;
        this.#failures.add('self-approved', index, message);
      }
      this.#checkApprover(index, kind, terms.approvedBy, undefined);
    }
    if (kind === 'approval') {
      const own = about.flatMap((one) => this.#parties.get(one) ?? []).find((party) => samePerson(party, by));
      if (own !== undefined) {
        this.#failures.add('self-approved', index, `entry ${index}: approval by ${by}, whose own doing it approves`);
      }
      this.#checkApprover(index, kind, by, publicKey);
    }
    if (kind === 'erasure' && erasure !== undefined) {
      this.#erasures.set(digest, { indexes: new Set(erasure.indexes), about: new Set(about) });
    }
  }

  #checkApprover(index: number, kind: string, name: string, publicKey: Uint8Array | undefined): void {
    const { names, keys } = this.#approvers ?? {};
    const keyId = publicKey === undefined ? undefined : entryKeyId(publicKey);
    const named = names === undefined || names.some((one) => samePerson(one, name));
    const keyed = keys === undefined || keyId === undefined || keys.includes(keyId);
    if (named && keyed) return;
    const who = named ? `with ${keyId}` : `by ${name}`;
    this.#failures.add(
      'approver-not-allowed',
      index,
      `entry ${index}: ${kind} approved ${who}, no approver of the policy`,
    );
  }
}

function partiesOf(signed: SignedStatement): string[] {
  if (signed.kind === 'change') return signed.statement.predicate.who.actors.flatMap(({ name, id }) => [name, id]);
  if (signed.kind !== 'annotation') return [];
  const { waiver, erasure } = signed.statement.predicate.annotation;
  return [waiver, erasure].flatMap((terms) => (terms === undefined ? [] : [terms.requestedBy]));
}
