import type { ResourceRef } from '../../model/resource.ts';
import { quoted } from '../who/quoted-text.ts';
import type { Clue, WhyQuestion } from './clue.ts';
import type { RecordedChange } from './sources.ts';
import { momentOf, overlaps } from './span.ts';

/** Who records a change does so within an hour of making it, or says when it was. */
const SLACK_MS = 3_600_000;

/** What `driftbom record` writes where nobody named a workspace: an id or a name then still says which resource is meant. */
const NO_WORKSPACE = 'default';

/** Entries that were recorded for this very resource, at about this time. */
export function fromRecorded(question: WhyQuestion, recorded: readonly RecordedChange[]): Clue[] {
  const when = momentOf(question, SLACK_MS);
  return recorded
    .filter((one) => names(one, question.resource, question.identifiers) && overlaps(when, momentOf(one)))
    .map((one) => ({
      reason: {
        text: quoted(one.reason),
        source: `driftbom record (entry ${one.entry})`,
        trust: 'high',
        references: [`entry ${one.entry}`, ...one.references.map(quoted)],
      },
      closeness: 9,
    }));
}

function names(one: RecordedChange, resource: ResourceRef, identifiers: readonly string[]): boolean {
  const named = identifiers.includes(one.address);
  if (one.workspace !== null && one.workspace !== resource.workspace) return named && one.workspace === NO_WORKSPACE;
  return named || one.address === resource.address;
}
