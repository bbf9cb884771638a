import type { AuditRecord } from '../../src/attribution/port.ts';
import type { WhyQuestion } from '../../src/attribution/why/clue.ts';
import type { Commit, WhySources } from '../../src/attribution/why/sources.ts';
import { TICKET_PATTERN } from '../../src/attribution/why/tickets.ts';

/** A question about one changed attribute of one resource, at 02:03:11 on 14 March 2026. */
export function question(record: AuditRecord | null, more: Partial<WhyQuestion> = {}): WhyQuestion {
  return {
    resource: {
      address: 'aws_instance.web',
      type: 'aws_instance',
      id: 'i-0123456789abcdef0',
      workspace: 'prod',
      provider: 'registry.terraform.io/hashicorp/aws',
    },
    identifiers: ['i-0123456789abcdef0'],
    record,
    occurredAt: '2026-03-14T02:03:11Z',
    notBefore: null,
    notAfter: '2026-03-14T06:00:00Z',
    byPipeline: false,
    changes: [],
    declaredIn: ['main.tf'],
    ...more,
  };
}

export const NOWHERE: WhySources = {
  ticketPattern: TICKET_PATTERN,
  recorded: undefined,
  changeRecords: undefined,
  commits: undefined,
  unread: new Map(),
};

export function commit(more: Partial<Commit> = {}): Commit {
  return {
    id: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
    title: 'Allow longer requests',
    author: 'Alice <alice@example.com>',
    mergedBy: null,
    committedAt: '2026-03-13T20:00:00Z',
    pullRequest: '#12',
    approvals: [{ by: 'Bob <bob@example.com>', at: '2026-03-10T09:00:00Z', basis: 'trailer' }],
    tickets: [],
    files: ['main.tf'],
    added: ['  request_timeout = 60'],
    ...more,
  };
}
