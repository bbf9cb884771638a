import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planSource } from '../../src/declared/plan.ts';
import { planReader } from '../../src/live/plan.ts';
import { collect, liveReaderContract } from '../contract/live-reader.ts';

const open = (name: string, workspace = 'prod') =>
  planSource({
    bytes: readFileSync(new URL(`../../fixtures/plans/${name}.json`, import.meta.url)),
    name: `${name}.json`,
    workspace,
  });

liveReaderContract('a plan', async () => {
  const source = open('terraform-1.11-normal');
  const { resources } = await source.read();
  return {
    reader: planReader([source.sides]),
    wanted: resources,
    providers: [],
    expected: {
      'aws_iam_role.app': 'found',
      'aws_iam_role_policy.app': 'found',
      'aws_security_group.web': 'found',
      'aws_sns_topic.alerts': 'found',
      'aws_sns_topic.fresh': 'unread',
      'aws_ssm_parameter.fee': 'found',
      'module.q["in"].aws_sqs_queue.this[0]': 'found',
      'module.q["out"].aws_sqs_queue.this[0]': 'absent',
    },
  };
});

describe('several plans', () => {
  it('share a reader, equal addresses told apart by their workspace', async () => {
    const east = open('drift-only-while-all-no-op', 'east');
    const west = open('deleted-outside', 'west');
    const wanted = [...(await west.read()).resources, ...(await east.read()).resources];
    const answers = await collect(planReader([east.sides, west.sides]), wanted, []);
    expect(answers.map((one) => [one.resource.ref.workspace, one.kind])).toEqual([
      ['west', 'absent'],
      ['east', 'found'],
    ]);
  });

  it('say nothing of a resource that none of them holds', async () => {
    const { resources } = await open('moved', 'elsewhere').read();
    const answers = await collect(planReader([open('moved').sides]), resources, []);
    expect(answers).toMatchObject([{ kind: 'unread', reason: 'not-in-snapshot' }]);
  });
});
