import type { IncidentRecord, SaidIn } from '../../model/incident-record.ts';
import { maybeSamePerson } from '../../model/person.ts';

/** The texts that a review judges: whoever wrote one of them cannot approve it. */
const JUDGED = ['summary', 'cause'] as const;

function judgedTexts({ texts }: IncidentRecord): { readonly name: string; readonly said: SaidIn }[] {
  return JUDGED.flatMap((name) => {
    const text = texts[name];
    return text === undefined ? [] : [{ name, said: text.said }];
  });
}

/** Why somebody cannot approve an incident; undefined where he can. */
export function approvalFault(record: IncidentRecord, by: string): string | undefined {
  const own = judgedTexts(record).find(({ said }) => maybeSamePerson(said.by, by));
  return own === undefined ? undefined : `${own.said.by} wrote the ${own.name} (entry #${own.said.index})`;
}

/**
 * Why an incident does not count as reviewed; undefined where it does. Somebody who wrote neither its summary nor its
 * cause has to have approved it after the last of both was written, and nobody's last word may be that changes are needed.
 */
export function reviewFault(record: IncidentRecord): string | undefined {
  const texts = judgedTexts(record);
  const missing = JUDGED.filter((name) => record.texts[name] === undefined);
  if (missing.length > 0) return `its ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not written`;
  const asking = record.reviews.find(({ decision }) => decision === 'changes-requested');
  if (asking !== undefined) return `${asking.said.by} asks for changes (entry #${asking.said.index})`;
  const newest = Math.max(...texts.map(({ said }) => said.index));
  const approvals = record.reviews.filter(({ said }) => approvalFault(record, said.by) === undefined);
  if (approvals.length === 0) return 'nobody has approved it who did not write its summary or cause';
  if (approvals.some(({ said }) => said.index > newest)) return undefined;
  return `what was approved was changed after that (entry #${newest})`;
}
