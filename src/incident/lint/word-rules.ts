import type { Severity } from '../../model/incident-record.ts';
import type { LintRule } from './remark.ts';

/** Words that a rule finds, and why it minds them. */
export interface WordRule {
  readonly rule: LintRule;
  readonly pattern: RegExp;
  /** What looks the same and is not meant; held against the words with what stands around them. */
  readonly unless?: RegExp;
  readonly why: string;
  readonly instead: string;
}

/** Somebody who acts, as people write it. */
const PERSON =
  "(?:we|they|he|she|i|you|nobody|no one|someone|somebody|people|humans?|staff|everyone|(?:the |an? |our |their |on-?call |junior |senior |new )*(?:engineers?|developers?|devs?|operators?|admin(?:istrator)?s?|sysadmins?|dbas?|sres?|teams?|responders?|on-?call|employees?|contractors?|interns?|persons?|users?|authors?|reviewers?|managers?|vendors?|colleagues?))(?:'s)?";
const BAD =
  '(?:wrong|bad|incorrect|broken|faulty|invalid|bogus|misconfigured|erroneous|mistaken|untested|unreviewed|buggy)';
const DID =
  '(?:deployed|pushed|applied|changed|set|ran|deleted|dropped|removed|merged|typed|entered|shipped|released|wrote|made|used|chose|picked|configured|committed|rolled out|executed|lowered|raised|reduced|edited|put)';

const WORD_RULES: readonly WordRule[] = [
  {
    rule: 'human-error',
    pattern:
      /\b(?:human|operator|pilot|engineer|manual|fat[- ]finger(?:ed)?) (?:error|mistake|failure)s?\b|\bfat[- ]finger(?:ed|ing)?\b/i,
    why: 'it ends the search where it should begin: people err every day, and mostly nothing comes of it',
    instead: 'say what made the step easy to get wrong, and what let it through',
  },
  {
    rule: 'blame',
    pattern: new RegExp(
      [
        '\\b(?:careless(?:ly|ness)?|negligen(?:t|tly|ce)|reckless(?:ly|ness)?|sloppy|sloppiness|stupid(?:ly|ity)?|incompeten(?:t|ce)|lazy|laziness|idiot(?:ic)?|foolish(?:ly)?|inexcusable|irresponsible|unprofessional|ignoran(?:t|ce))\\b',
        "\\b(?:to blame|blamed (?:on|for)|is to be blamed|at fault|(?:his|her|their|my|your|[A-Z][a-z]+'s) (?:own )?fault|fault of the|guilty|culpable)\\b",
        '\\bmistakenly\\b|\\bby mistake\\b|\\bmade (?:a|the|this|that) (?:\\w+ )?(?:mistake|error)\\b|\\bscrewed up\\b|\\bmessed up\\b|\\bdropped the ball\\b',
        `\\b${PERSON} (?:\\w+ )?(?:forgot|neglected|ignored|overlooked|didn['’]t bother|did not bother|couldn['’]t be bothered)\\b`,
        `\\b(?:forgotten|overlooked|ignored) by ${PERSON}\\b`,
      ].join('|'),
      'i',
    ),
    unless: /\bnobody (?:is|was) (?:to blame|at fault)|\bno(?:t| one) (?:is |was )?(?:to blame|at fault)/i,
    why: 'it judges a person; what the person saw and knew at that time is what can be learned from',
    instead: 'say what was done, what was visible then, and why it made sense',
  },
  {
    rule: 'counterfactual',
    pattern: new RegExp(
      [
        "\\b(?:should(?:n['’]t)?(?: not| never| really| simply| just| at least| probably)? have|shouldn['’]t['’]ve|should['’]ve|ought(?: not)? to have|ought to['’]ve)\\b",
        "\\b(?:could(?:n['’]t)?(?: easily| simply| just| well| also)? have (?:been )?(?:prevented|avoided|caught|seen|noticed|checked|known|tested|stopped|detected|reviewed|asked|spotted|averted|found|used|done|rolled)|could['’]ve)\\b",
        "\\bwould(?: not|n['’]t)? have (?:happened|been (?:prevented|avoided|caught|seen|noticed))\\b|\\bif only (?:we|they|he|she|somebody|someone|the)\\b|\\bhad (?:he|she|they|we|somebody|someone|anyone) (?:only )?(?:checked|tested|asked|looked|known|read|followed|noticed|reviewed)\\b",
        `\\b${PERSON} (?:\\w+ )?failed to\\b|\\bfailure (?:of|by) ${PERSON} to\\b|\\bfailed to (?:notice|follow|check|realise|realize|communicate|escalate|review|consider|anticipate|foresee|recogni[sz]e|read|test|verify that)\\b`,
      ].join('|'),
      'i',
    ),
    unless: /\b(?:could have been (?:much )?worse)\b|\bshould have (?:arrived|reached you)\b/i,
    why: 'it tells of what did not happen, with what is known only now',
    instead: 'say what did happen, and what made that the likely thing to do; what is to be different is an action',
  },
  {
    rule: 'stop-at-person',
    pattern: new RegExp(
      [
        `\\b${PERSON} (?:(?:had|has|have|accidentally|inadvertently|unintentionally|manually|wrongly|simply|just) )*${DID} (?:(?:\\w|-)+ ){0,4}?${BAD}\\b`,
        `\\b${BAD} (?:(?:\\w|-)+ ){1,3}?(?:was|were|been|got) (?:\\w+ )?${DID} by ${PERSON}`,
        `\\b${PERSON} (?:had |has |have )?(?:accidentally|inadvertently|unintentionally|wrongly|incorrectly) ${DID}`,
        `\\b${PERSON} (?:had |has |have )?(?:misconfigured|misread|mistyped|mishandled|botched)\\b`,
        `\\b(?:misconfigured|misread|mistyped|mishandled|botched) by ${PERSON}`,
      ].join('|'),
      'i',
    ),
    why: 'it stops at what a person did: the next "why" is how that was possible, and why nothing stood in its way',
    instead: 'go on: which path allowed it, which check was not there, what did the value look like to who set it',
  },
  {
    rule: 'single-cause',
    pattern:
      /\b(?:(?:the|a|our|its|one|only|single|sole|true|real|actual|underlying) )+(?:root[- ])cause\b(?! analys[ie]s)|\broot[- ]cause(?: was\b| is\b|:)|\b(?:the|one) (?:only|single|sole) (?:cause|reason|factor)\b|\bsolely (?:caused|due|because)\b|\bcaused solely\b/i,
    unless:
      /\b(?:no|not (?:a|one)|never (?:\w+ )?(?:a|one)|without a|more than one|neither a) (?:\w+ )?(?:single |sole |one )?(?:root[- ])?cause\b/i,
    why: 'incidents come of several things at once; one cause hides the others',
    instead: 'name the trigger, and each contributing factor with its evidence (--kind trigger, --kind factor)',
  },
  {
    rule: 'careful',
    pattern:
      /\b(?:be|being|been) (?:\w+ )?(?:careful|cautious|vigilant|diligent|mindful|attentive)\b|\bpay(?:ing)? (?:\w+ )?attention\b|\btake(?:n)? (?:more |greater |better )?care\b|\btry harder\b|\bremember to\b|\bmore (?:care|caution|vigilance|discipline)\b/i,
    why: 'nobody can check whether it was done, and it will not hold at 3 a.m.',
    instead: 'say what will be different in the system: a check, a limit, a default, an alarm',
  },
];

const OUTAGE: WordRule = {
  rule: 'outage',
  pattern: /\boutages?\b/i,
  unless: /\b(?:no|not an?|without an?|power|grid|network provider'?s|planned) outages?\b/i,
  why: 'an outage is a service that is gone (sev0, sev1); the severity of this incident says otherwise, or is not set',
  instead: 'say what users saw, and how many of them: slow, errors on 4 % of logins',
};

/** The rules on words for an incident of that severity. */
export function wordRulesFor(severity: Severity | null): readonly WordRule[] {
  return severity === 'sev0' || severity === 'sev1' ? WORD_RULES : [...WORD_RULES, OUTAGE];
}
