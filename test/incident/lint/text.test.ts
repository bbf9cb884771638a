import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LintRule } from '../../../src/incident/lint/remark.ts';
import { lintText } from '../../../src/incident/lint/text.ts';

/** What people write after an incident, and the rule that has to find it. */
const FOUND: readonly (readonly [LintRule, string])[] = [
  ['human-error', 'The incident was caused by human error.'],
  ['human-error', 'Operator error during the failover.'],
  ['human-error', 'Root of it all: a manual mistake in the console'],
  ['human-error', 'Someone fat-fingered the CIDR'],
  ['human-error', 'An engineer error, nothing more'],
  ['blame', 'The on-call was careless when reading the graph'],
  ['blame', 'This was a negligent change'],
  ['blame', 'It was their fault that the alarm stayed silent'],
  ['blame', 'The database team is at fault'],
  ['blame', 'The vendor is to blame for the delay'],
  ['blame', 'The flag was mistakenly switched on'],
  ['blame', 'The old key was deleted by mistake'],
  ['blame', 'We made a stupid mistake in the runbook'],
  ['blame', 'He forgot the second region'],
  ['blame', 'The engineer simply ignored the warning'],
  ['blame', 'The alarm was overlooked by the team'],
  ['blame', 'Dana’s change was sloppy'],
  ['blame', "They didn't bother with a review"],
  ['counterfactual', 'The engineer should have checked the plan'],
  ['counterfactual', 'We should not have deployed on a Friday'],
  ['counterfactual', "They shouldn't have touched production"],
  ['counterfactual', 'It could have been prevented by a review'],
  ['counterfactual', 'A test could have caught this'],
  ['counterfactual', 'The team ought to have known'],
  ['counterfactual', 'The team failed to notice the drop'],
  ['counterfactual', 'The on-call engineer failed to escalate'],
  ['counterfactual', 'Nobody failed to see it more than we did, if only we had looked'],
  ['counterfactual', 'Had they read the runbook, traffic was safe'],
  ['counterfactual', 'With a canary this would not have happened'],
  ['counterfactual', 'failure of the operator to follow the checklist'],
  ['counterfactual', 'We could easily have avoided it'],
  ['stop-at-person', 'An engineer deployed wrong config'],
  ['stop-at-person', 'Engineer deployed a wrong configuration to production'],
  ['stop-at-person', 'The DBA set an incorrect value for max_connections'],
  ['stop-at-person', 'A developer merged a broken template'],
  ['stop-at-person', 'The wrong parameter was applied by an operator'],
  ['stop-at-person', 'Somebody accidentally deleted the alarm'],
  ['stop-at-person', 'The on-call engineer misconfigured the listener'],
  ['stop-at-person', 'the alarm was misread by the team'],
  ['stop-at-person', 'We pushed an untested change'],
  ['single-cause', 'The root cause was a lowered parameter'],
  ['single-cause', 'Root cause: the batch size'],
  ['single-cause', 'The only reason was the timeout'],
  ['single-cause', 'It was caused solely by the deploy'],
  ['single-cause', 'the actual root cause lies in the module'],
  ['outage', 'A full outage of the checkout'],
  ['outage', 'Two outages in a week'],
  ['careful', 'Be more careful with parameters'],
  ['careful', 'Engineers need to pay closer attention to the plan'],
  ['careful', 'Remember to check the alarm state'],
  ['careful', 'Take greater care in the console'],
  ['careful', 'More discipline in reviews'],
];

/** What looks like it and is said rightly. */
const PASSED: readonly string[] = [
  'The batch size went from 1000 to 50 at 03:22 UTC, in the console, with the role ops-team.',
  'Error rates rose from 0.1 % to 4 % within two minutes.',
  'The health check failed to start because port 8080 was taken.',
  'Terraform failed to refresh the state for 12 minutes.',
  'Pods failed to schedule on the new nodes.',
  'The failover failed.',
  'User errors (HTTP 4xx) stayed level.',
  'The page fault counter went up.',
  'Fault tolerance of the queue held.',
  'We use a fault domain in each zone.',
  'driftbom blame names the entry that changed it last',
  'git blame shows commit 1a2b3c4',
  'This is a blameless review.',
  'Nobody is to blame: the console offers no confirmation.',
  'No one is at fault here.',
  'The default is 500.',
  'It could have been worse: the queue buffered 40 minutes of orders.',
  'The alarm is supposed to fire after five minutes.',
  'A retry limit of 3 should hold for now.',
  'This should be enough for a week.',
  'We could not see the replica lag on this dashboard.',
  'The engineer on call acknowledged the page after 5 minutes.',
  'The engineer changed the value back to 500.',
  'The on-call engineer rolled back the deploy at 14:15, because it was the newest change.',
  'The team set the batch size back to 1000.',
  'The wrong region was selected by default in the console.',
  'An invalid certificate was served by the load balancer.',
  'A bad row in the cache was written by the job.',
  'The operator (the Kubernetes one) reconciled the bad state.',
  'Contributing factors: no approval for console changes, no rule on the value.',
  'There was no single root cause.',
  'Root causes are listed under factors.',
  'Root cause analysis begins on Monday.',
  'The trigger was a maintenance change.',
  'We never found one root cause.',
  'There was no outage; logins were slow.',
  'The power outage in the office had no part in it.',
  'The chat said "this is human error", and we do not think so.',
  'The commit message reads `should have been 500`.',
  'He wrote “my fault” in the channel.',
  'Careful reading of the log is not needed: the entry says who.',
  'The canary watched 5 % of clients for 18 minutes.',
  'The alarm that watches the canary had its actions disabled at 11:05.',
  'Review happened on Thursday.',
  'Had the value a lower bound? No.',
  'If only 5 % of clients see it, the alarm stays below its threshold.',
  'The job ignored the header.',
  'The parser overlooks trailing commas.',
  'The value was entered in the console.',
  'Mistaken identity tokens are refused by the gateway.',
  'The runbook has no step for this.',
  'What made the lower value look right at that time?',
  'How could a value of 50 reach production?',
  'Attention: the restore takes 90 minutes.',
  'Traffic should recover within ten minutes.',
  'People were told at 08:40.',
  'Everyone on the bridge saw the same graph.',
  'The service was down for 12 minutes.',
];

describe('the wording linter', () => {
  it.each(FOUND)('finds %s in: %s', (rule, text) => {
    expect(lintText(text, 'sev2').map((one) => one.rule)).toContain(rule);
  });

  it.each(PASSED)('has no remark on: %s', (text) => {
    expect(lintText(text, 'sev2').map(({ rule, words }) => `${rule}: ${words}`)).toEqual([]);
  });

  it.each([
    ['sev0', 0],
    ['sev1', 0],
    ['sev2', 1],
    ['sev4', 1],
    [null, 1],
  ] as const)('minds "outage" at severity %s: %d', (severity, n) => {
    expect(lintText('An outage of the checkout', severity)).toHaveLength(n);
  });

  it('says why, and how to say it instead', () => {
    const [remark] = lintText('The engineer should have checked the plan', 'sev2');
    expect(remark).toMatchObject({ words: 'should have', why: expect.stringContaining('known only now') });
    expect(remark?.instead).not.toBe('');
  });

  it('names words that stand in the text, in their order', () => {
    const text = 'It was their fault, and human error; be careful.';
    const words = lintText(text, null).map((one) => one.words);
    expect(words).toEqual(['their fault', 'human error', 'be careful']);
  });

  it('quotes only what is there', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('the ', 'engineer ', 'wrong ', 'was ', 'set ', 'by ', 'a ', 'root ', 'cause ', '"', '`', 'x'),
          {
            maxLength: 300,
          },
        ),
        (words) => {
          const text = words.join('');
          for (const remark of lintText(text, null)) expect(text).toContain(remark.words);
        },
      ),
    );
    const long = 'the engineer the engineer wrong '.repeat(2000);
    for (const remark of lintText(long, null)) expect(long).toContain(remark.words);
  });
});
