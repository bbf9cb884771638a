import type { DriftQuestion } from '../src/attribution/question.ts';
import { identifiersOf, WINDOW } from './bench-audit-data.ts';

/** A drift of one of the bench's resources: a rule came to stand in a security group that nobody declared. */
export function driftOf(resource: number): DriftQuestion {
  const [id = '', arn = '', name = ''] = identifiersOf(resource);
  const port = 1024 + (resource % 60_000);
  return {
    resource: {
      address: `aws_security_group.g${resource}`,
      type: 'aws_security_group',
      id,
      workspace: 'bench',
      provider: 'hashicorp/aws',
    },
    identifiers: [
      { text: id, kind: 'unique', from: 'id' },
      { text: arn, kind: 'unique', from: 'arn' },
      { text: name, kind: 'name', from: 'name' },
    ],
    account: '111122223333',
    region: 'eu-west-1',
    kind: 'changed',
    changes: [
      {
        path: 'ingress',
        op: 'add',
        before: null,
        after: { protocol: 'tcp', from_port: port, to_port: port, cidr_blocks: ['10.7.0.0/16'] },
        sensitive: false,
        cause: 'out-of-band',
        class: 'declared',
      },
    ],
    notBefore: WINDOW.from,
    notAfter: WINDOW.to,
  };
}
