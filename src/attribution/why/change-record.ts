import type { CarriedApproval } from '../../model/attribution.ts';
import { glob } from '../../model/path-pattern.ts';
import { quoted } from '../who/quoted-text.ts';
import type { Clue, WhyQuestion } from './clue.ts';
import type { ChangeRecord } from './sources.ts';
import { momentOf, overlaps, spanOf } from './span.ts';

/**
 * Change records whose window holds the change. High where the call or its session names the record's id; medium where
 * the record names the resource; low where only the time agrees. The narrower the window, the closer.
 */
export function fromChangeRecords(
  question: WhyQuestion,
  records: readonly ChangeRecord[],
  named: ReadonlyMap<string, string>,
): Clue[] {
  const when = momentOf(question);
  return records
    .filter((one) => overlaps(when, spanOf(one.from, one.to)))
    .flatMap((one) => {
      const naming = named.get(one.id);
      const isMeant = namesResource(one, question);
      if (one.resources.length > 0 && !isMeant && naming === undefined) return [];
      return [clueOf(one, naming, isMeant)];
    });
}

function clueOf(one: ChangeRecord, naming: string | undefined, isMeant: boolean): Clue {
  const how =
    naming !== undefined
      ? `named by the ${naming}`
      : isMeant
        ? 'its window and its resources agree'
        : 'only its window agrees';
  const hours = (Date.parse(one.to) - Date.parse(one.from)) / 3_600_000;
  const source = quoted(`change record ${one.id} (${how})`);
  const trust = naming !== undefined ? 'high' : isMeant ? 'medium' : 'low';
  return {
    reason: {
      text: quoted(one.reason),
      ...{ source, trust },
      authorisation: { source, trust, authors: [], approvals: approvalOf(one) },
      references: [one.id, one.place, ...(one.approver === null ? [] : [`approved by ${one.approver}`])].map(quoted),
    },
    closeness: (naming !== undefined ? 8 : 5) + 1 / (2 + hours),
  };
}

function approvalOf({ approver, approvedAt: at }: ChangeRecord): CarriedApproval[] {
  return approver === null ? [] : [{ by: quoted(approver), at, basis: at === null ? null : 'change record' }];
}

function namesResource({ resources }: ChangeRecord, { resource, identifiers }: WhyQuestion): boolean {
  const texts = [resource.address, `${resource.workspace}:${resource.address}`, ...identifiers];
  return resources.some((pattern) => texts.some(glob(pattern)));
}
