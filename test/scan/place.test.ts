import { describe, expect, it } from 'vitest';
import type { Declared } from '../../src/declared/port.ts';
import type { DeclaredResource, LiveAnswer } from '../../src/model/resource.ts';
import { misplacedAbsences } from '../../src/scan/place.ts';

const provider = 'registry.terraform.io/hashicorp/aws';

function resource(name: string, arn: string | undefined): DeclaredResource {
  return {
    ref: { address: `aws_sqs_queue.${name}`, type: 'aws_sqs_queue', id: name, workspace: 'w', provider },
    providerKey: 'w:aws',
    config: undefined,
    state: {
      attributes: arn === undefined ? { id: name } : { id: name, arn },
      schemaVersion: 0,
      private: undefined,
      sensitive: [],
      tainted: false,
    },
  };
}

function declared(region: string | undefined): Declared {
  const values = region === undefined ? {} : { region };
  return {
    reader: 'terraform state',
    workspace: 'w',
    resources: [],
    providers: [
      {
        key: 'w:aws',
        source: provider,
        alias: undefined,
        values,
        lockedVersion: undefined,
        hashes: [],
        directory: '.',
      },
    ],
    inputs: [],
    gaps: [],
    skippedDataSources: 0,
  };
}

const absent = (arn?: string): LiveAnswer => ({ kind: 'absent', resource: resource('gone', arn) });
const found = (arn: string): LiveAnswer => ({
  kind: 'found',
  resource: resource('here', arn),
  prior: { arn },
  live: { arn },
  schema: undefined,
});

describe('an absence', () => {
  it('is believed where the provider looked in the region of the ARN', () => {
    const answers = misplacedAbsences(
      [absent('arn:aws:sqs:eu-west-1:111122223333:q')],
      [declared('eu-west-1')],
      undefined,
    );
    expect(answers[0]?.kind).toBe('absent');
  });

  it('is unread where the provider looked in another region', () => {
    const [answer] = misplacedAbsences(
      [absent('arn:aws:sqs:eu-west-1:111122223333:q')],
      [declared('us-east-1')],
      undefined,
    );
    expect(answer).toMatchObject({ kind: 'unread', reason: 'provider-not-configured' });
    expect(answer?.kind === 'unread' && answer.message).toContain('us-east-1');
  });

  it('takes the region of the environment where the configuration names none', () => {
    const answers = misplacedAbsences([absent('arn:aws:sqs:eu-west-1:1:q')], [declared(undefined)], 'us-east-1');
    expect(answers[0]?.kind).toBe('unread');
  });

  it('is unread where everything that was found lies in another account', () => {
    const answers = misplacedAbsences(
      [found('arn:aws:sqs:eu-west-1:999999999999:q'), absent('arn:aws:sqs:eu-west-1:111122223333:q')],
      [declared('eu-west-1')],
      undefined,
    );
    expect(answers[1]).toMatchObject({ kind: 'unread', reason: 'provider-not-configured' });
  });

  it('is believed for global objects and for objects without an ARN', () => {
    const answers = misplacedAbsences(
      [found('arn:aws:iam::111122223333:role/r'), absent('arn:aws:iam::111122223333:role/gone'), absent()],
      [declared('us-east-1')],
      undefined,
    );
    expect(answers.map((answer) => answer.kind)).toEqual(['found', 'absent', 'absent']);
  });
});
