import { describe, expect, it } from 'vitest';
import { readEntries } from '../../src/ledger/read.ts';
import { recall } from '../../src/ledger/recall.ts';
import { recordScan } from '../../src/ledger/record.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import type { Entry } from '../../src/model/entry.ts';
import type { Scan } from '../../src/model/scan.ts';
import { attributionOf, SEARCHED } from '../support/attribution-samples.ts';
import { change, freshLedger, gathered, scanOf, ticking, timeoutDrift } from '../support/ledger-world.ts';

const WEB = 'aws_lambda_function.web';
const JOB = 'aws_lambda_function.job';

async function entriesOf(ledger: Ledger): Promise<Entry[]> {
  return gathered(readEntries(ledger.store));
}

async function expectWhole(ledger: Ledger): Promise<void> {
  const verification = await verifyLedger(ledger.store, ledger.trust);
  expect(verification.failures).toEqual([]);
  expect(verification.skipped).toEqual([]);
  expect(verification.unaccounted).toEqual([]);
  expect(verification.ok).toBe(true);
}

async function record(ledger: Ledger, ...scans: readonly Scan[]) {
  const clock = ticking();
  const recorded = [];
  for (const scan of scans) recorded.push(await recordScan(ledger, scan, clock));
  await expectWhole(ledger);
  return recorded;
}

describe('recording a scan', () => {
  it('writes one scan entry for a clean scan', async () => {
    const ledger = await freshLedger();
    const [recorded] = await record(ledger, scanOf([WEB, JOB]));
    const entries = await entriesOf(ledger);
    expect(entries.map((entry) => entry.kind)).toEqual(['scan']);
    expect(recorded?.scanEntry).toEqual({ index: 0, digest: entries[0]?.digest });
    expect(recorded?.checkpoint.size).toBe(1);
  });

  it('writes one entry a drift, then the scan, under one checkpoint', async () => {
    const ledger = await freshLedger();
    const [recorded] = await record(ledger, scanOf([WEB, JOB], [timeoutDrift(WEB), timeoutDrift(JOB)]));
    const entries = await entriesOf(ledger);
    expect(entries.map((entry) => entry.kind)).toEqual(['drift', 'drift', 'scan']);
    expect(recorded?.drifts.map((one) => [one.address, one.index, one.standing])).toEqual([
      [WEB, 0, 'new'],
      [JOB, 1, 'new'],
    ]);
    expect(await ledger.store.list('checkpoints/')).toEqual(['checkpoints/0', 'checkpoints/3']);
  });

  it('keeps a drift that is seen again open and writes no second entry for it', async () => {
    const ledger = await freshLedger();
    const [first, second] = await record(
      ledger,
      scanOf([WEB], [timeoutDrift(WEB)]),
      scanOf([WEB], [timeoutDrift(WEB)]),
    );
    expect((await entriesOf(ledger)).map((entry) => entry.kind)).toEqual(['drift', 'scan', 'scan']);
    expect(second?.drifts[0]).toEqual({ ...first?.drifts[0], standing: 'still-open' });
    expect(second?.open).toHaveLength(1);
  });

  it('takes the same changes in another order or with another cause for the same drift', async () => {
    const ledger = await freshLedger();
    const changes = [change('timeout', 5, 900), change('memory_size', 128, 256)];
    const later = changes.toReversed().map((one) => ({ ...one, cause: 'unknown' as const }));
    const bookkeeping = change('last_modified', 'a', 'b', { class: 'computed' });
    const [, second] = await record(
      ledger,
      scanOf([WEB], [{ address: WEB, changes }]),
      scanOf([WEB], [{ address: WEB, changes: [...later, bookkeeping] }]),
    );
    expect(second?.drifts[0]?.standing).toBe('still-open');
  });

  it('continues a drift that moved on: a new entry names the one it supersedes', async () => {
    const ledger = await freshLedger();
    const [first, second] = await record(
      ledger,
      scanOf([WEB], [timeoutDrift(WEB, 900)]),
      scanOf([WEB], [timeoutDrift(WEB, 30)]),
    );
    const entry = (await entriesOf(ledger))[2];
    expect(entry?.kind === 'drift' && entry.statement.predicate.supersedes).toBe(first?.drifts[0]?.digest);
    expect(second?.drifts[0]).toMatchObject({ standing: 'new', index: 2 });
    expect(second?.open.map((one) => one.index)).toEqual([2]);
  });

  it('carries an open drift over a gap and over scans of other workspaces', async () => {
    const ledger = await freshLedger();
    const gaps = [{ address: WEB, workspace: 'default', reason: 'access-denied', message: 'no' } as const];
    const [, gap, other, again] = await record(
      ledger,
      scanOf([WEB], [timeoutDrift(WEB)]),
      scanOf([JOB], [], { gaps }),
      scanOf([WEB], [], { workspace: 'staging' }),
      scanOf([WEB], [timeoutDrift(WEB)]),
    );
    expect(gap?.open).toMatchObject([{ address: WEB, seen: false }]);
    expect(other?.open).toMatchObject([{ address: WEB, seen: false }]);
    expect(other?.resolved).toEqual([]);
    expect(again?.drifts[0]).toMatchObject({ standing: 'still-open', index: 0 });
  });

  it('ends an unmanaged drift only by a scan that could have seen the object', async () => {
    const ledger = await freshLedger();
    const stray = { address: 'aws_lambda_function.stray', kind: 'unmanaged' } as const;
    const unread = (address: string) =>
      ({ address, workspace: 'default', reason: 'access-denied', message: 'no' }) as const;
    const recorded = await record(
      ledger,
      scanOf([WEB], [stray]),
      scanOf([], [], { gaps: [unread(WEB)] }),
      scanOf(['aws_sqs_queue.jobs'], [], { gaps: [unread(`module.a.${WEB}`)] }),
      scanOf([WEB], [], { gaps: [unread('aws_sqs_queue.jobs')] }),
    );
    expect(recorded.map(({ resolved }) => resolved.map(({ resolution }) => resolution))).toEqual([
      [],
      [],
      [],
      ['reverted'],
    ]);
    expect(recorded.slice(1).map(({ open }) => open.map(({ seen }) => seen))).toEqual([[false], [false], []]);
  });

  it('tells apart equal addresses of two workspaces', async () => {
    const ledger = await freshLedger();
    const [, second] = await record(
      ledger,
      scanOf([WEB], [timeoutDrift(WEB)], { workspace: 'prod' }),
      scanOf([WEB], [timeoutDrift(WEB)], { workspace: 'staging' }),
    );
    expect(second?.drifts[0]?.standing).toBe('new');
    expect(second?.open.map((one) => one.workspace)).toEqual(['prod', 'staging']);
  });

  it('knows a workspace again by the lineage of its state, wherever it is scanned from', async () => {
    const from = (workspace: string, lineage: string): Scan => {
      const scan = scanOf([WEB], [timeoutDrift(WEB)]);
      const [{ drift, documents }] = scan.drifts as [Scan['drifts'][number]];
      const state = { kind: 'state', name: 'terraform.tfstate', sha256: 'a'.repeat(64), lineage, workspace } as const;
      return {
        ...scan,
        drifts: [{ documents, drift: { ...drift, resource: { ...drift.resource, workspace } } }],
        scope: { ...scan.scope, workspaces: [workspace], compared: [{ workspace, addresses: [WEB] }] },
        inputs: [state],
      };
    };
    const [, moved, other] = await record(
      await freshLedger(),
      from('.', 'one'),
      from('infra/prod', 'one'),
      from('.', 'two'),
    );
    expect(moved?.drifts).toMatchObject([{ standing: 'still-open' }]);
    expect(other?.drifts).toMatchObject([{ standing: 'new' }]);
    expect(other?.open.map((one) => [one.workspace, one.workspaceKey, one.seen])).toEqual([
      ['.', 'lineage:one', false],
      ['.', 'lineage:two', true],
    ]);
  });

  it('bounds when a change was made by the last scan that looked at the resource', async () => {
    const ledger = await freshLedger();
    const looked = (startedAt: string) => ({ startedAt });
    await record(
      ledger,
      scanOf([WEB], [], looked('2026-11-01T00:00:00.000Z')),
      scanOf([JOB], [], looked('2026-11-02T00:00:00.000Z')),
      scanOf([WEB, JOB, 'aws_lambda_function.new'], [timeoutDrift(WEB), timeoutDrift('aws_lambda_function.new')]),
    );
    const drifts = (await entriesOf(ledger)).filter((entry) => entry.kind === 'drift');
    expect(drifts.map((entry) => entry.kind === 'drift' && entry.statement.predicate.when.notBefore)).toEqual([
      '2026-11-01T00:00:00.000Z',
      null,
    ]);
  });

  it('names the state documents of both sides by digest and stores them', async () => {
    const ledger = await freshLedger();
    await record(ledger, scanOf([WEB], [timeoutDrift(WEB)]));
    const [entry] = await entriesOf(ledger);
    const digest = entry?.statement.subject[0]?.digest.sha256 as string;
    const document = await ledger.store.get(`state/${digest}.json`);
    expect(JSON.parse(Buffer.from(document as Uint8Array).toString())).toEqual({
      resource: {
        provider: 'registry.terraform.io/hashicorp/aws',
        type: 'aws_lambda_function',
        id: `id-of-${WEB}`,
        address: WEB,
      },
      attributes: { timeout: 900, name: WEB },
    });
    expect(await ledger.store.list('state/')).toHaveLength(2);
  });

  it('gives large values and lists back whole though the payload names them by digest', async () => {
    const ledger = await freshLedger();
    const before = 'a policy '.repeat(400);
    const addresses = Array.from({ length: 5000 }, (_, at) => `module.part_${at}.aws_sqs_queue.main`);
    const changes = [change('policy', before, 'short'), change('tags', { digest: { sha256: 'x' } }, null)];
    await record(ledger, scanOf([...addresses, WEB], [{ address: WEB, changes }]), scanOf([...addresses, WEB]));
    const [drift, scan] = await entriesOf(ledger);
    expect(drift?.kind === 'drift' && drift.statement.predicate.change.paths.map((one) => one.before)).toEqual([
      before,
      { digest: { sha256: 'x' } },
    ]);
    expect(scan?.kind === 'scan' && scan.statement.predicate.scan.scope.compared[0]?.addresses).toHaveLength(5001);
    const payloads = await ledger.store.get('dsse/000.intoto.jsonl');
    expect(payloads?.byteLength).toBeLessThan(20_000);
  });

  it('records text that no canonical JSON can hold instead of refusing the scan', async () => {
    const ledger = await freshLedger();
    const changes = [change('name', 'half \ud800 pair', 'fine'), change('__proto__', 1, { ['__proto__']: 'x' })];
    await record(ledger, scanOf([WEB], [{ address: WEB, changes }]));
    const [drift] = await entriesOf(ledger);
    expect(drift?.kind === 'drift' && drift.statement.predicate.change.paths[0]?.before).toBe('half \ufffd pair');
  });

  it('records what the audit log shows beside the drifts, with its evidence, and the answer for each drift', async () => {
    const ledger = await freshLedger();
    const base = scanOf([WEB], [timeoutDrift(WEB)]);
    const [drifted] = base.drifts as [Scan['drifts'][number]];
    const { resource } = drifted.drift;
    const attribution = attributionOf('confirmed', ['alice']);
    const changes = drifted.drift.changes;
    await record(ledger, {
      ...base,
      drifts: [{ ...drifted, attribution: { ...attribution, paths: [{ ...attribution, path: 'timeout' }] } }],
      audit: {
        source: 'trail',
        searched: SEARCHED,
        population: { from: null, to: base.finishedAt, events: 3, entries: 3, excluded: {}, difference: 0 },
        changes: [
          { kind: 'transient', resource, driftKind: 'changed', changes, attribution },
          {
            kind: 'kept',
            resource,
            driftKind: 'missing',
            changes: [],
            attribution: attributionOf('likely', ['ci']),
          },
        ],
      },
    });
    const [drift, transient, kept, scan] = await entriesOf(ledger);
    expect(drift).toMatchObject({
      kind: 'drift',
      statement: {
        predicate: {
          who: { verdict: 'confirmed', actors: [{ name: 'alice' }], call: 'lambda:UpdateFunctionConfiguration' },
          when: { occurredAt: '2026-11-02T02:14:07Z', occurredAtSource: 'cloudtrail.eventTime' },
          why: { status: 'linked', reason: { text: 'OPS-1' } },
          evidence: [{ name: 'cloudtrail-event', annotations: { eventId: 'event-alice', digestChain: 'verified' } }],
          change: { paths: [{ path: 'timeout', who: { verdict: 'confirmed', actors: ['alice'] } }] },
        },
      },
    });
    expect(transient).toMatchObject({
      kind: 'change',
      statement: {
        predicate: {
          change: { origin: 'transient', cause: 'out-of-band', paths: changes.map(({ path }) => ({ path })) },
        },
      },
    });
    expect(kept).toMatchObject({
      kind: 'change',
      statement: { predicate: { change: { origin: 'kept', action: 'delete' }, who: { verdict: 'likely' } } },
    });
    expect(scan).toMatchObject({
      kind: 'scan',
      statement: { predicate: { scan: { population: { events: 3, difference: 0 } } } },
    });
    expect((await recall(ledger)).reconciledTo).toBe(base.finishedAt);
  });

  it('lists what is open for the next scan to revisit', async () => {
    const ledger = await freshLedger();
    expect((await recall(ledger)).open).toEqual([]);
    await record(ledger, scanOf([WEB, JOB], [timeoutDrift(WEB)]));
    expect((await recall(ledger)).open).toMatchObject([{ address: WEB, workspace: 'default', index: 0, seen: true }]);
  });
});

describe('a drift that is gone', () => {
  const drifted = scanOf([WEB], [timeoutDrift(WEB)]);
  const revisited = (declared: number, live: number) => ({
    revisited: [
      { workspace: 'default', address: WEB, documents: { declared: { timeout: declared }, live: { timeout: live } } },
    ],
  });

  it.each([
    ['reverted', 'declared is what it was', scanOf([WEB], [], revisited(5, 5))],
    ['accepted', 'declared was brought to the live value', scanOf([WEB], [], revisited(900, 900))],
    ['superseded', 'both are at a third value', scanOf([WEB], [], revisited(60, 60))],
    ['reverted', 'the inputs have the same bytes and nothing else is known', scanOf([WEB])],
    ['unknown', 'the inputs changed and nothing else is known', scanOf([WEB], [], { inputs: [] })],
    ['no-longer-declared', 'its workspace was scanned without it', scanOf([JOB])],
    [
      'ignored',
      'a rule sets the attribute aside',
      scanOf([WEB], [], {
        ignored: [{ address: WEB, workspace: 'default', path: 'timeout', rule: 'r', reason: 'agreed' }],
      }),
    ],
  ])('is resolved as %s where %s', async (resolution, _where, scan) => {
    const ledger = await freshLedger();
    const [first, second] = await record(ledger, drifted, scan);
    expect(second?.resolved).toMatchObject([{ address: WEB, workspace: 'default', index: 2, resolution }]);
    expect(second?.open).toEqual([]);
    const entry = (await entriesOf(ledger))[2];
    expect(entry?.kind).toBe('resolved');
    if (entry?.kind !== 'resolved') return;
    expect(entry.statement.predicate.supersedes).toBe(first?.drifts[0]?.digest);
    expect(entry.statement.predicate.change.resolution).toBe(resolution);
  });

  it('judges one element of a set by whether the set holds it', async () => {
    const rule = { port: 22 };
    const sides = (now: readonly { port: number }[]) => ({
      revisited: [
        { workspace: 'default', address: WEB, documents: { declared: { ingress: now }, live: { ingress: now } } },
      ],
    });
    const added = { address: WEB, changes: [change('ingress', null, rule, { op: 'add' })] };
    const other = { port: 443 };
    for (const [now, resolution] of [
      [[other], 'reverted'],
      [[other, rule], 'accepted'],
    ] as const) {
      const ledger = await freshLedger();
      const [, second] = await record(ledger, scanOf([WEB], [added]), scanOf([WEB], [], sides(now)));
      expect(second?.resolved[0]?.resolution).toBe(resolution);
    }
  });

  it('opens anew when it comes back', async () => {
    const ledger = await freshLedger();
    const [, , third] = await record(ledger, drifted, scanOf([WEB]), scanOf([WEB], [timeoutDrift(WEB)]));
    expect(third?.drifts[0]).toMatchObject({ standing: 'new', index: 4 });
  });

  it('goes from the drifted state, which the resolved entry names, back to the declared one', async () => {
    const ledger = await freshLedger();
    await record(ledger, drifted, scanOf([WEB], [], revisited(5, 5)));
    const entries = await entriesOf(ledger);
    const entry = entries[2];
    if (entry?.kind !== 'resolved') throw new Error('no resolved entry');
    const { change: says } = entry.statement.predicate;
    expect(says.before.digest).toEqual(entries[0]?.statement.subject[0]?.digest);
    expect(says.before.annotations?.statementDigest).toBe(entries[0]?.digest);
    expect(says.paths).toMatchObject([{ path: 'timeout', op: 'replace', before: 900, after: 5 }]);
    expect(says.action).toBe('update');
  });
});
