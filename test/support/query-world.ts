import { appendStatements } from '../../src/ledger/append-statements.ts';
import { annotationStatement, type Saying } from '../../src/ledger/annotation-statement.ts';
import { readCheckpoint } from '../../src/ledger/head.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { LedgerQuery } from '../../src/ledger/query/ledger-query.ts';
import { openCatalogue } from '../../src/ledger/query/open.ts';
import { provenReader } from '../../src/ledger/read.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import type { Entry } from '../../src/model/entry.ts';
import type { Gap } from '../../src/model/resource.ts';
import { change, type Drifting, freshLedger, scanOf } from './ledger-world.ts';
import { GAPS, mask } from './scan-samples.ts';

const WEB = 'module.net.aws_lambda_function.web';
const ROLE = 'aws_iam_role_policy.export';
const QUEUE = 'aws_sqs_queue.jobs["a.b"]';
const ALL = [WEB, ROLE, QUEUE];

const POLICY = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: '*' }] };
const WIDENED = { ...POLICY, Statement: [{ ...POLICY.Statement[0], Action: ['s3:*'] }] };

function drifting(address: string, changes: Drifting['changes'] = []): Drifting {
  return { address, changes, declared: {}, live: {} };
}

/** A ledger in which every kind of answer stands, asked as it is at its end. The same on every run but for its keys. */
export async function queryWorld(): Promise<{ readonly query: LedgerQuery; readonly ledger: Ledger }> {
  const ledger = await freshLedger(memoryStore());
  const scan = (day: string, drifts: readonly Drifting[], gaps: readonly Gap[] = []): Promise<unknown> => {
    const at = `2026-03-${day}T02:03:11.000Z`;
    const id = `0195923c-8e6b-7d2a-9c41-0000000000${day}`;
    return recordScan(ledger, scanOf(ALL, drifts, { id, startedAt: at, finishedAt: at, gaps }), () => new Date(at));
  };
  const timeout = change('timeout', 5, 900);
  const secret = change('environment[0].variables.TOKEN', mask('3'), mask('b'), { sensitive: true });
  const policy = change('policy', JSON.stringify(POLICY), JSON.stringify(WIDENED));
  await scan('09', []);
  await scan('10', [drifting(WEB, [timeout, secret])]);
  await scan('11', [drifting(WEB, [timeout, secret]), drifting(ROLE, [policy])]);
  await scan('12', [drifting(WEB, [change('timeout', 5, 300)]), { address: QUEUE, kind: 'missing' }], GAPS);
  await scan('13', [drifting(WEB, [change('timeout', 5, 300)])], GAPS);
  const entry = async (index: number): Promise<Entry> => {
    const head = await readCheckpoint(ledger.store);
    return (await provenReader(ledger.store, head)(index)) as Entry;
  };
  for (const saying of sayings(await entry(1), await entry(5), await entry(3))) {
    await appendStatements(
      ledger,
      () => new Date('2026-03-13T09:00:00.000Z'),
      async (occasion) => ({
        statements: [annotationStatement(occasion, saying, '0.1.0')],
        objects: [],
      }),
    );
  }
  return { query: await queryOver(ledger), ledger };
}

async function queryOver({ store }: Pick<Ledger, 'store'>): Promise<LedgerQuery> {
  const head = await readCheckpoint(store);
  return LedgerQuery.over(store, head, await openCatalogue(store, head));
}

function sayings(first: Entry, moved: Entry, policy: Entry): Saying[] {
  const bob = {
    name: 'bob@example.com',
    kind: 'person',
    id: 'arn:aws:sts::111122223333:assumed-role/Ops/bob@example.com',
    type: 'AssumedRole',
    role: 'arn:aws:iam::111122223333:role/Ops',
    sourceIdentity: null,
    mfa: true,
    via: 'console',
    sourceAddress: null,
    userAgent: null,
    lineage: [],
  } as const;
  const searched = {
    from: '2026-03-09T02:03:11.000Z',
    to: '2026-03-10T02:03:11.000Z',
    regions: ['eu-central-1'],
    horizon: '2026-03-10T01:58:00Z',
    gaps: [],
  };
  const event = {
    name: 'cloudtrail-event',
    uri: 'trail/2026/03/10/a.json.gz#11111111-2222-3333-4444-555555555555',
    digest: { sha256: 'cd'.repeat(32) },
    annotations: {
      eventId: '11111111-2222-3333-4444-555555555555',
      eventName: 'UpdateFunctionConfiguration20150331v2',
      eventTime: '2026-03-10T01:41:07Z',
      region: 'eu-central-1',
      index: 3,
      digestChain: 'verified',
    },
  };
  const reason = {
    text: 'batch hangs',
    source: 'change record CHG-12',
    trust: 'medium',
    references: ['CHG-12'],
  } as const;
  return [
    {
      annotation: {
        kind: 'correction',
        text: null,
        by: 'driftbom attribute',
        correction: {
          who: {
            verdict: 'confirmed',
            actors: [bob],
            call: 'lambda:UpdateFunctionConfiguration',
            missing: [],
            searched,
          },
          occurredAt: '2026-03-10T01:41:07Z',
          occurredAtSource: 'cloudtrail.eventTime',
          why: { status: 'linked', reason, lookedIn: ['role session name', 'change records'] },
        },
      },
      about: [first],
      evidence: [event],
    },
    { annotation: { kind: 'approval', text: 'fine until Friday', by: 'github:boss' }, about: [moved] },
    // What somebody writes must not reach the terminal as it is.
    { annotation: { kind: 'note', text: 'seen \u001b[31m<b>on</b> it\u202e', by: 'local:ops' }, about: [moved] },
    {
      annotation: {
        kind: 'waiver',
        text: 'supplier needs it',
        by: 'local:ops',
        waiver: {
          workspace: null,
          address: 'module.net.*',
          path: 'timeout',
          from: '2026-03-13T09:00:00.000Z',
          until: '2026-04-01T00:00:00.000Z',
          requestedBy: 'local:ops',
          approvedBy: 'github:boss',
        },
      },
      about: [],
    },
    { annotation: { kind: 'note', text: 'ticket opened', by: 'local:ops', topic: 'incident' }, about: [policy] },
  ];
}
