import { type Authorisation, type Reason, TRUSTS } from '../../model/attribution.ts';
import { readIdentity } from '../who/identity.ts';
import type { Lineage } from '../who/lineage.ts';
import { fromPayload, fromUserAgent, ticketsNamed } from './call-carriers.ts';
import { fromChangeRecords } from './change-record.ts';
import type { Call, Clue, WhyQuestion } from './clue.ts';
import type { WhySources } from './sources.ts';
import { fromCommits } from './commit.ts';
import { fromRecorded } from './recorded-change.ts';
import {
  commitsNamed,
  fromOidcSubject,
  fromSessionName,
  fromSessionTags,
  fromSourceIdentity,
} from './session-carriers.ts';

/** The best reason that was found, and every carrier that was looked in. */
export interface WhyAnswer {
  readonly reason: Reason | null;
  /** In words, for "not recorded (looked in: ...)"; what could not be looked at says why. */
  readonly lookedIn: readonly string[];
}

type Collect = (call: Call, pattern: RegExp) => Clue[];

/** Carriers in the log itself, in the order in which they are named to people. */
const IN_THE_LOG: readonly (readonly [string, Collect])[] = [
  ['source identity', fromSourceIdentity],
  ['session tags', fromSessionTags],
  ['role session name', fromSessionName],
  ['OIDC subject', fromOidcSubject],
  ['user agent', fromUserAgent],
  ['comments in the call', fromPayload],
];

/**
 * Why a change was made, in words that somebody wrote, with what carried them; never made up. Of several reasons the most
 * trusted is taken, and of equally trusted ones the one that speaks most closely of this change.
 */
export function reasonFor(question: WhyQuestion, lineage: Lineage, sources: WhySources): WhyAnswer {
  const { record } = question;
  const clues: Clue[] = [];
  const lookedIn: string[] = [];
  const call: Call | null =
    record === null ? null : { record, identity: readIdentity(record.json.userIdentity), trace: lineage.of(record) };
  if (call !== null) {
    for (const [carrier, collect] of IN_THE_LOG) {
      lookedIn.push(carrier);
      clues.push(...collect(call, sources.ticketPattern));
    }
  }
  const { recorded, changeRecords, commits } = sources;
  const named = ticketsNamed(clues);
  const outside: readonly (readonly [string, (() => Clue[]) | undefined])[] = [
    ['recorded changes', recorded && (() => fromRecorded(question, recorded))],
    ['change records', changeRecords && (() => fromChangeRecords(question, changeRecords, named))],
    ['git history', commits && (() => fromCommits(question, commits, call === null ? [] : commitsNamed(call)))],
  ];
  for (const [carrier, collect] of outside) {
    const unread = sources.unread.get(carrier);
    if (collect !== undefined) clues.push(...collect());
    if (unread !== undefined) lookedIn.push(`${carrier} (${unread})`);
    else if (collect !== undefined) lookedIn.push(carrier);
  }
  return { reason: best(clues), lookedIn };
}

function best(clues: readonly Clue[]): Reason | null {
  const rank = ({ reason }: Clue): number => TRUSTS.indexOf(reason.trust);
  const sorted = [...clues].sort((a, b) => rank(a) - rank(b) || b.closeness - a.closeness);
  const [first] = sorted;
  if (first === undefined) return null;
  const authorisation = authorisationIn(sorted);
  return authorisation === undefined ? first.reason : { ...first.reason, authorisation };
}

/** The best carrier that tells of an approval; whoever any of them names as author cannot be its approver. */
function authorisationIn(sorted: readonly Clue[]): Authorisation | undefined {
  const told = sorted.flatMap(({ reason }) => reason.authorisation ?? []);
  const chosen = told.find(({ approvals }) => approvals.length > 0) ?? told[0];
  return chosen && { ...chosen, authors: [...new Set(told.flatMap(({ authors }) => authors))] };
}
