import type { ActionItem } from '../../model/incident-record.ts';
import type { Remark } from './remark.ts';

/** Verbs that say what will be done: whether it was done can be seen. */
const VERBS = new Set(
  `add adjust alert allow apply archive assign audit automate back backfill block build bump cap change check clean close
  collect communicate compare configure confirm convert correct create cut decommission declare decouple default define
  delete deny deploy deprecate describe design disable document drain drop dry-run emit enable encrypt enforce escalate
  establish evaluate expand expire export expose extend extract fail fix forbid gate generate grant harden hide hold
  implement import increase index inject install instrument integrate introduce inventory isolate label learn limit link
  list load-test lock log lower make map measure merge migrate mirror monitor move name notify onboard open order page
  paginate pin plan port practise practice prevent print prioritise prioritize promote protect provide prune publish pull
  purge push put raise rate-limit rebuild record recover reduce refuse regenerate register rehearse reject release remove
  rename render repair replace replicate report request require reserve reset resize restore restrict retire retry return
  reuse revert review revoke rewrite roll rotate route run sample scale scan schedule scope send separate serve set set-up
  shard share shorten show sign silence simplify simulate size snapshot split stage standardise standardize start state
  stop store strip subscribe surface switch sync tag teach terminate test throttle tighten time trace track train trim
  tune turn unify update upgrade use validate vendor verify version wait walk warn watch widen wire withdraw wrap write`
    .split(/\s+/)
    .filter((word) => word !== ''),
);
/** Words that may stand before the verb. */
const LEAD =
  /^(?:please|also|then|and|to|we|will|shall|must|should|let's|let us|automatically|immediately|temporarily)\s+/i;

/** Whether an action item begins with what will be done. */
function beginsWithVerb(text: string): boolean {
  let rest = text.trim().replace(/^[^\p{L}]+/u, '');
  for (let i = 0; i < 4 && LEAD.test(rest); i++) rest = rest.replace(LEAD, '');
  const word = /^[\p{L}-]+/u.exec(rest)?.[0].toLowerCase() ?? '';
  return VERBS.has(word) || VERBS.has(word.split('-')[0] ?? '') || VERBS.has(word.replace(/^(?:re|pre|un)-?/, ''));
}

/** Remarks on one action item. What is done or dropped needs no owner and no date any more. */
export function lintAction({ id, text, owner, due, doneWhen, rule, state, said }: ActionItem): Remark[] {
  if (state !== 'open') return [];
  const at = { words: text, entry: said.index, where: `action ${id}` };
  const remarks: Remark[] = [];
  if (!beginsWithVerb(text))
    remarks.push({
      ...at,
      rule: 'action-verb',
      why: 'it names a subject and not what will be done',
      instead: 'begin with the verb: Add, Remove, Alert on, Limit, Test',
    });
  if (owner === null)
    remarks.push({
      ...at,
      rule: 'action-owner',
      why: 'what belongs to everybody is done by nobody',
      instead: `driftbom incident action INC ${id} --owner WHO`,
    });
  if (due === null)
    remarks.push({
      ...at,
      rule: 'action-due',
      why: 'without a day it is never late',
      instead: `driftbom incident action INC ${id} --due YYYY-MM-DD`,
    });
  if (doneWhen === null && rule === null)
    remarks.push({
      ...at,
      rule: 'action-done-when',
      why: 'nobody can say when it is done',
      instead: `driftbom incident action INC ${id} --done-when TEXT, or --rule ID`,
    });
  return remarks;
}
