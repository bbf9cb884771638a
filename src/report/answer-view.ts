import type {
  Actor,
  Attribution,
  AuditEvidence,
  CallTool,
  DriftAttribution,
  Searched,
  Verdict,
} from '../model/attribution.ts';
import type { ChangePredicate, Descriptor } from '../model/entry.ts';
import { utc } from './text/time.ts';

/** The answers to who, when, by which call and why, in words. */
export interface AnswerView {
  readonly verdict: Verdict;
  readonly meaning: string;
  /** Who it was, or that nobody was found. */
  readonly who: string;
  readonly when: string | null;
  /** `ec2:AuthorizeSecurityGroupIngress`. */
  readonly call: string | null;
  /** The text and what carried it; or that it is not recorded, and where it was looked for. */
  readonly why: string;
  readonly events: readonly EventView[];
  /** What would make the answer better. */
  readonly missing: readonly string[];
  /** The window, the regions and the newest event; null where nobody looked. */
  readonly searched: string | null;
  /** Only where attributes have different answers. */
  readonly paths: readonly { readonly path: string; readonly who: string; readonly when: string | null }[];
}

export interface EventView {
  readonly id: string;
  readonly name: string;
  readonly time: string;
  readonly region: string;
  /** File and index in it; null where it came from no file. */
  readonly place: string | null;
  readonly sha256: string;
  readonly chain: string;
}

const MEANINGS: Readonly<Record<Verdict, string>> = {
  confirmed: 'this call set this value, and no other call did',
  likely: 'one call fits, with something missing',
  several: 'more than one call fits',
  touched: 'calls on the resource, none of which shows this attribute',
  service: 'a cloud service did it',
  'by-iac': 'the known pipeline applied it: the state or the branch is behind',
  'none-found': 'the log covers the time and shows no such call',
  'cannot-tell': 'the log does not cover the time',
  'not-logged': 'no call would show this in the log',
  stated: 'whoever recorded it said so',
  'not-attempted': 'no audit log was read',
};

/** One clause that says what a verdict means. */
export function verdictMeaning(verdict: Verdict): string {
  return MEANINGS[verdict];
}

const TOOLS: Readonly<Record<CallTool, string>> = {
  console: 'in the console',
  cli: 'by the AWS CLI',
  sdk: 'by an SDK',
  terraform: 'by Terraform',
  cloudformation: 'by CloudFormation',
  service: '',
  unknown: '',
};

/** What of an actor is printed. */
type ShownActor = Pick<Actor, 'name' | 'via' | 'role' | 'kind'>;

/** `alice@example.com in the console (role Ops)`. */
function actorText({ name, via, role, kind }: ShownActor): string {
  const roleName = role === null ? undefined : role.slice(role.lastIndexOf('/') + 1);
  const parenthesis = roleName === undefined || kind === 'role' || name.includes(roleName) ? '' : ` (role ${roleName})`;
  return `${name}${TOOLS[via] === '' ? '' : ` ${TOOLS[via]}`}${parenthesis}`;
}

/** What a scan's attribution says. */
export function answerView(attribution: Attribution | DriftAttribution): AnswerView {
  const { verdict, actors, occurredAt, call, reason, lookedIn, missing, searched, events } = attribution;
  const paths = 'paths' in attribution ? attribution.paths : [];
  const answers = paths.map((one) => ({
    path: one.path,
    who: whoText(one.verdict, one.actors),
    when: at(one.occurredAt),
  }));
  const differ = new Set(answers.map(({ who, when }) => `${who} ${when}`)).size > 1;
  return {
    verdict,
    meaning: verdictMeaning(verdict),
    who: whoText(verdict, actors),
    when: at(occurredAt),
    call,
    why: whyText(reason, lookedIn),
    events: events.map(eventView),
    missing,
    searched: searched === null ? null : searchedText(searched),
    paths: differ ? answers : [],
  };
}

/** What an entry of the ledger says. */
export function entryAnswer(
  predicate: Pick<ChangePredicate, 'who' | 'when' | 'why' | 'evidence' | 'change'>,
): AnswerView {
  const { who, when, why, evidence, change } = predicate;
  const answers = change.paths.flatMap(({ path, who: answer }) =>
    answer === undefined ? [] : [{ path, who: namesText(answer.verdict, answer.actors), when: at(answer.occurredAt) }],
  );
  const differ = new Set(answers.map((one) => `${one.who} ${one.when}`)).size > 1;
  return {
    verdict: who.verdict,
    meaning: verdictMeaning(who.verdict),
    who: whoText(who.verdict, who.actors),
    when: at(when.occurredAt),
    call: who.call,
    why: whyText(why.reason, why.lookedIn),
    events: evidence.flatMap(evidenceView),
    missing: who.missing,
    searched: who.searched === null ? null : searchedText(who.searched),
    paths: differ ? answers : [],
  };
}

/** Who, in a few words, whatever the verdict is. */
export function whoText(verdict: Verdict, actors: readonly ShownActor[]): string {
  return namesText(verdict, actors.map(actorText));
}

function namesText(verdict: Verdict, names: readonly string[]): string {
  if (names.length > 0) return [...new Set(names)].join(verdict === 'several' ? ' or ' : ', ');
  return verdict === 'not-attempted' ? 'not recorded (no audit log was given)' : `nobody named: ${MEANINGS[verdict]}`;
}

function whyText(reason: Attribution['reason'], lookedIn: readonly string[]): string {
  if (reason !== null) return `"${reason.text}" (${reason.source})`;
  return lookedIn.length === 0 ? 'not recorded' : `not recorded (looked in: ${lookedIn.join(', ')})`;
}

function searchedText(searched: Searched): string {
  const { gaps } = searched;
  return `${logSpanText(searched)}${gaps.length === 0 ? '' : `; not covered: ${gaps.join('; ')}`}`;
}

/** The window, the regions and the newest event of a look into the log. */
export function logSpanText({ from, to, regions, horizon }: Searched): string {
  const where = regions.length === 0 ? '' : ` in ${regions.join(', ')}`;
  const newest = horizon === null ? 'no event seen' : `newest event ${utc(horizon)}`;
  const span = from === null ? `up to ${utc(to)}` : `${utc(from)} to ${utc(to)}`;
  return `${span}${where}; ${newest}`;
}

function at(time: string | null): string | null {
  return time === null ? null : utc(time);
}

function eventView(event: AuditEvidence): EventView {
  const { eventId, eventName, eventTime, region, file, index, sha256, digestChain } = event;
  return {
    id: eventId,
    name: eventName,
    time: utc(eventTime),
    region,
    place: file === null ? null : `${file}${index === null ? '' : ` #${index}`}`,
    sha256,
    chain: digestChain,
  };
}

/** Evidence that is an audit event; files that a person added are shown elsewhere. */
function evidenceView({ name, uri = '', digest, annotations = {} }: Descriptor): EventView[] {
  if (name !== 'cloudtrail-event') return [];
  const text = (key: string): string => String(annotations[key] ?? '');
  const file = uri.slice(0, uri.lastIndexOf('#'));
  return [
    {
      id: text('eventId'),
      name: text('eventName'),
      time: utc(text('eventTime')),
      region: text('region'),
      place: file === 'cloudtrail:' ? null : `${file} #${text('index')}`,
      sha256: digest.sha256,
      chain: text('digestChain'),
    },
  ];
}
