import type { Change } from '../model/drift.ts';
import type { DriftKind } from '../model/drift.ts';
import type { Entry } from '../model/entry.ts';
import type { ResourceRef } from '../model/resource.ts';
import { isMap, type Value } from '../model/value.ts';
import { documentSource } from './attach.ts';
import { parsing } from './faults.ts';
import { openHead } from './head.ts';
import type { Ledger } from './ledger.ts';
import { provenReader } from './read.ts';
import type { OpenAnswer } from './recall-answers.ts';

/** An open drift as its entry tells it, with the masked values of both sides. */
export interface RecordedDriftFacts {
  readonly recorded: OpenAnswer;
  readonly resource: ResourceRef;
  readonly kind: DriftKind;
  readonly changes: readonly Change[];
  readonly declared: Value;
  readonly live: Value;
}

/** Reads the entries of open drifts and their state documents. Throws E_LEDGER_CORRUPT. */
export async function openDriftFacts(
  ledger: Ledger,
  open: readonly OpenAnswer[],
): Promise<readonly RecordedDriftFacts[]> {
  const { checkpoint } = await openHead(ledger.store, ledger.trust.checkpointKeys);
  const read = provenReader(ledger.store, checkpoint);
  const document = documentSource(ledger.store);
  const facts: RecordedDriftFacts[] = [];
  for (const recorded of open) {
    const entry = await read(recorded.drift.index);
    if (entry?.kind !== 'drift') continue;
    const attributes = async (sha256: string | undefined): Promise<Value> =>
      sha256 === undefined ? null : parsing(`entry ${entry.index}`, async () => attributesIn(await document(sha256)));
    const { change } = entry.statement.predicate;
    const { id, ...rest } = change.resource;
    facts.push({
      recorded,
      resource: { ...rest, id: id ?? undefined },
      kind: change.driftKind,
      changes: change.paths.map((path) => ({ ...path, class: 'declared' })),
      declared: await attributes(change.before.digest.sha256),
      live: await attributes(stateOf(entry)),
    });
  }
  return facts;
}

function stateOf({ statement }: Entry): string | undefined {
  return statement.subject[0]?.digest.sha256;
}

function attributesIn(document: unknown): Value {
  const json = document as Value;
  return isMap(json) ? (json.attributes ?? null) : null;
}
