import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveReader } from '../../src/live/port.ts';
import { snapshotReader } from '../../src/live/snapshot.ts';
import { startRecording } from '../../src/live/snapshot-record.ts';
import { DriftbomError } from '../../src/model/error.ts';
import type { Path } from '../../src/model/path.ts';
import type { DeclaredResource, LiveAnswer } from '../../src/model/resource.ts';
import type { ResourceSchema } from '../../src/model/schema.ts';
import type { ValueMap } from '../../src/model/value.ts';
import { parseState } from '../../src/terraform/state-file.ts';
import { stateResources } from '../../src/terraform/state-resources.ts';
import { liveReaderContract } from '../contract/live-reader.ts';

const AWS = 'registry.terraform.io/hashicorp/aws';
const clock = () => new Date('2026-11-21T03:00:00Z');

const schema: ResourceSchema = {
  version: 1,
  block: {
    attributes: {
      id: { type: 'string', computed: true },
      name: { type: 'string', required: true },
      size: { type: 'number', optional: true },
      password: { type: 'string', optional: true, sensitive: true },
      tags: { type: ['map', 'string'], optional: true },
    },
    blocks: {
      setting: {
        nesting: 'set',
        block: { attributes: { name: { type: 'string' }, value: { type: 'string', sensitive: true } }, blocks: {} },
      },
    },
  },
};

function resource(
  address: string,
  attributes: ValueMap | undefined,
  more: { workspace?: string; schemaVersion?: number; sensitive?: readonly Path[] } = {},
): DeclaredResource {
  const id = attributes?.id;
  return {
    ref: {
      address,
      type: 'aws_thing',
      id: typeof id === 'string' ? id : undefined,
      workspace: more.workspace ?? 'prod',
      provider: AWS,
    },
    providerKey: 'p',
    state:
      attributes === undefined
        ? undefined
        : {
            attributes,
            schemaVersion: more.schemaVersion ?? 1,
            private: undefined,
            sensitive: more.sensitive ?? [],
            tainted: false,
          },
    config: undefined,
  };
}

function found(of: DeclaredResource, live: ValueMap, prior: ValueMap = of.state?.attributes ?? {}): LiveAnswer {
  return { kind: 'found', resource: of, prior: full(prior), live: full(live), schema };
}

/** As a provider answers: every attribute there. */
function full(value: ValueMap): ValueMap {
  return { id: null, name: null, size: null, password: null, tags: null, setting: [], ...value };
}

function readerOf(answers: readonly LiveAnswer[]): LiveReader {
  return {
    name: 'provider',
    versions: () => [{ source: AWS, version: '5.100.0' }],
    close: async () => {},
    async *read(wanted) {
      yield* answers.filter((answer) => wanted.includes(answer.resource));
    },
  };
}

async function all(reader: LiveReader, wanted: readonly DeclaredResource[]): Promise<LiveAnswer[]> {
  const answers: LiveAnswer[] = [];
  for await (const answer of reader.read(wanted, [])) answers.push(answer);
  return answers;
}

async function record(answers: readonly LiveAnswer[]): Promise<Uint8Array> {
  const recording = startRecording({ clock });
  await all(
    recording.tee(readerOf(answers)),
    answers.map((one) => one.resource),
  );
  return recording.bytes();
}

const replay = (bytes: Uint8Array, wanted: readonly DeclaredResource[]) =>
  all(snapshotReader({ bytes, name: 'live.json' }), wanted);

async function recordAndReplay(answers: readonly LiveAnswer[]): Promise<LiveAnswer[]> {
  const bytes = await record(answers);
  return replay(
    bytes,
    answers.map((one) => one.resource),
  );
}

const one = resource('aws_thing.one', { id: 'i1', name: 'one', size: 5 });

liveReaderContract('a snapshot', async () => {
  const gone = resource('aws_thing.gone', { id: 'g' });
  const denied = resource('aws_thing.denied', { id: 'd' });
  const bytes = await record([
    found(one, { id: 'i1', name: 'one', size: 900 }),
    { kind: 'absent', resource: gone },
    { kind: 'unread', resource: denied, reason: 'access-denied', message: 'may not look' },
  ]);
  return {
    reader: snapshotReader({ bytes, name: 'live.json' }),
    wanted: [one, gone, denied, resource('aws_thing.later', { id: 'l' })],
    providers: [],
    expected: {
      'aws_thing.one': 'found',
      'aws_thing.gone': 'absent',
      'aws_thing.denied': 'unread',
      'aws_thing.later': 'unread',
    },
  };
});

liveReaderContract('a recorded reader', () => {
  const gone = resource('aws_thing.gone', { id: 'g' });
  const answers: LiveAnswer[] = [found(one, { id: 'i1', size: 1 }), { kind: 'absent', resource: gone }];
  return {
    reader: startRecording({ clock }).tee(readerOf(answers)),
    wanted: [one, gone],
    providers: [],
    expected: { 'aws_thing.one': 'found', 'aws_thing.gone': 'absent' },
  };
});

describe('a recorded scan', () => {
  it('replays found, absent and unread as they were, with schemas and versions', async () => {
    const answers: LiveAnswer[] = [
      found(one, { id: 'i1', name: 'one', size: 900, tags: { 'a.b': 'c' } }),
      { kind: 'absent', resource: resource('module.net["x.y"].aws_thing.two["k[\\"]"]', { id: 'i2' }), schema },
      {
        kind: 'unread',
        resource: resource('aws_thing.three[0]', { id: 'i3' }),
        reason: 'access-denied',
        message: 'may not look',
      },
      found(resource('module.net["x.y"].aws_thing.two["ü/[0] \\""]', { id: 'i4', name: 'q' }), { id: 'i4', name: 'r' }),
    ];
    expect(await recordAndReplay(answers)).toEqual(answers);
    const reader = snapshotReader({ bytes: await record(answers), name: 's' });
    expect(reader.versions()).toEqual([{ source: AWS, version: '5.100.0' }]);
    expect(reader.name).toBe('snapshot');
  });

  it('hands on each answer of the reader it listens to, unchanged', async () => {
    const answers = [found(one, { id: 'i1' })];
    const tee = startRecording({ clock }).tee(readerOf(answers));
    expect(await all(tee, [one])).toEqual(answers);
    expect([tee.name, tee.versions()]).toEqual(['provider', [{ source: AWS, version: '5.100.0' }]]);
  });

  it('is a state of format 4 that other tools can read, also for several workspaces', async () => {
    const east = resource('aws_thing.one', { id: 'e' }, { workspace: 'east' });
    const west = resource('aws_thing.one', { id: 'w' }, { workspace: 'west' });
    const bytes = await record([found(east, { id: 'e', size: 1 }), found(west, { id: 'w', size: 2 })]);
    const state = stateResources(parseState(bytes, 's'), { workspace: '' });
    expect(state.gaps).toEqual([]);
    expect(state.resources.map(({ ref, state: own }) => [ref.address, own?.attributes.size])).toEqual([
      ['module.workspace_0.aws_thing.one', 1],
      ['module.workspace_1.aws_thing.one', 2],
    ]);
    expect(await replay(bytes, [west, east])).toMatchObject([{ live: { size: 2 } }, { live: { size: 1 } }]);
    expect(await replay(bytes, [west])).toMatchObject([{ live: { size: 2 } }]);
  });

  it('is the same text for the same answers in any order', async () => {
    const answers = ['b', 'a', 'c'].map((name) => found(resource(`aws_thing.${name}`, { id: name }), { id: name }));
    const [forth, back] = [await record(answers), await record(answers.toReversed())];
    expect(Buffer.from(back).toString()).toBe(Buffer.from(forth).toString());
  });

  it('keeps numbers that no double can hold, and prototype keys as plain data', async () => {
    const tags = JSON.parse('{"__proto__": "x", "constructor": "y"}') as ValueMap;
    const [answer] = await recordAndReplay([found(one, { id: 'i1', size: '123456789012345678901', tags })]);
    expect(answer).toMatchObject({ kind: 'found', live: { size: '123456789012345678901' } });
    expect(Object.keys(((answer as { live?: ValueMap }).live as ValueMap).tags as ValueMap)).toEqual([
      '__proto__',
      'constructor',
    ]);
  });

  it('takes what the provider made of an old state from the recording, as long as the state is that old', async () => {
    const old = resource('aws_thing.old', { id: 'o', former_name: 'x' }, { schemaVersion: 0 });
    const bytes = await record([found(old, { id: 'o', name: 'x' }, { id: 'o', name: 'x' })]);
    expect(await replay(bytes, [old])).toMatchObject([{ prior: { name: 'x' }, live: { name: 'x' } }]);
    const other = resource('aws_thing.old', { id: 'o' }, { schemaVersion: 2 });
    expect(await replay(bytes, [other])).toMatchObject([{ kind: 'unread', reason: 'state-upgrade-failed' }]);
  });

  it('says of what no state holds that it is not in a state', async () => {
    const bytes = await record([found(one, { id: 'i1' })]);
    const config = resource('aws_thing.new', undefined);
    expect(await replay(bytes, [config])).toMatchObject([{ kind: 'unread', reason: 'not-in-state' }]);
  });

  it('is not believed of another object at the same address', async () => {
    const gone = resource('aws_thing.gone', { id: 'g1' });
    const bytes = await record([found(one, { id: 'i1' }), { kind: 'absent', resource: gone }]);
    const answers = await replay(bytes, [
      resource('aws_thing.one', { id: 'i9' }),
      resource('aws_thing.gone', { id: 'g9' }),
      resource('aws_thing.never', { id: 'n' }),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ kind: 'unread', reason: 'not-in-snapshot' });
  });

  it('knows an object whose provider answers with another id', async () => {
    const answers = [found(one, { id: 'arn:i1', name: 'one' })];
    expect(await recordAndReplay(answers)).toEqual(answers);
  });

  it('meets a single workspace of another name, and no other where there are several', async () => {
    const bytes = await record([found(one, { id: 'i1' })]);
    const moved = resource('aws_thing.one', { id: 'i1' }, { workspace: 'copy' });
    expect((await replay(bytes, [moved]))[0]?.kind).toBe('found');
    const answers = await replay(bytes, [moved, one]);
    expect(answers).toMatchObject([{ kind: 'unread', message: expect.stringContaining('prod') }, { kind: 'found' }]);
  });
});

describe('secrets', () => {
  const held = { id: 's', name: 'db', password: 'mark-old' };
  const secret = resource('aws_thing.secret', held);
  const text = async (answers: readonly LiveAnswer[]) => Buffer.from(await record(answers)).toString();

  it('are left out, and come back from the declared side where they are the same', async () => {
    const answers = [found(secret, { ...held, size: 1 })];
    expect(await text(answers)).not.toContain('mark');
    expect(await recordAndReplay(answers)).toEqual(answers);
  });

  it('that differ come back as a text that differs, and as marked', async () => {
    const answers = [found(secret, { ...held, password: 'mark-new' })];
    expect(await text(answers)).not.toContain('mark');
    const [answer] = await recordAndReplay(answers);
    if (answer?.kind !== 'found') throw new Error('not found');
    const { password } = answer.live as ValueMap;
    expect(typeof password).toBe('string');
    expect(password).not.toBe('mark-old');
    expect(answer.resource.state?.sensitive).toContainEqual(['password']);
  });

  it('that were taken away stay taken away', async () => {
    const answers = [found(secret, { ...held, password: '' })];
    expect(await recordAndReplay(answers)).toEqual(answers);
  });

  it('in a set are found again whatever the order', async () => {
    const setting = [
      { name: 'a', value: 'mark-1' },
      { name: 'b', value: 'mark-2' },
    ];
    const of = resource('aws_thing.set', { id: 'x', setting });
    const answers = [found(of, { id: 'x', setting: [...setting].reverse() })];
    expect(await text(answers)).not.toContain('mark');
    expect(await recordAndReplay(answers)).toEqual(answers);
  });

  it('that a state marks, or that are a whole subtree, are left out too', async () => {
    const tags = { plain: 'mark-a', other: 'mark-b' };
    const of = resource('aws_thing.flagged', { id: 'x', tags, name: 'mark-c' }, { sensitive: [['tags'], ['name']] });
    const same = [found(of, { id: 'x', tags, name: 'mark-c' })];
    expect(await text(same)).not.toContain('mark');
    expect(await recordAndReplay(same)).toEqual(same);
    expect(await text([found(of, { id: 'x', tags: { plain: 'mark-d' }, name: 'mark-e' })])).not.toContain('mark-');
  });

  it('equal by meaning are the same: JSON text in another order', async () => {
    const of = resource('aws_thing.json', { id: 'x', password: '{"user":"mark","pin":1}' });
    const [answer] = await recordAndReplay([found(of, { id: 'x', password: '{"pin":1,"user":"mark"}' })]);
    expect(answer).toMatchObject({ live: { password: '{"user":"mark","pin":1}' } });
  });

  it('inside JSON text are left out alone where the text differs, and the text comes back as it was where not', async () => {
    const task = (password: string, image: string): string =>
      `[ {"name": "web", "image": "${image}",\n "environment": [{"name": "DB_PASSWORD", "value": "${password}"}]} ]`;
    const of = resource('aws_thing.task', { id: 'x', name: task('mark-old', 'web:1') });
    const same = [found(of, { id: 'x', name: task('mark-old', 'web:1') })];
    expect(await text(same)).not.toContain('mark');
    expect(await recordAndReplay(same)).toEqual(same);

    const other = [found(of, { id: 'x', name: task('mark-old', 'web:2') })];
    expect(await text(other)).not.toContain('mark');
    expect(await text(other)).toContain('web:2');
    const [answer] = await recordAndReplay(other);
    const { name } = (answer as { live?: ValueMap }).live as ValueMap;
    expect(JSON.parse(name as string)).toEqual(JSON.parse(task('mark-old', 'web:2')));

    const changed = [found(of, { id: 'x', name: task('mark-new', 'web:1') })];
    expect(await text(changed)).not.toContain('mark');
  });

  it('that nothing but their look gives away are left out too', async () => {
    const url = 'postgres://app:mark-pass@db.example/orders';
    const of = resource('aws_thing.url', { id: 'x', tags: { URL: url } });
    const same = [found(of, { id: 'x', tags: { URL: url } })];
    expect(await text(same)).not.toContain('mark');
    expect(await recordAndReplay(same)).toEqual(same);
  });

  it('that a provider quotes in an error are taken out of it', async () => {
    const message = 'cannot log in with mark-old';
    const bytes = await text([{ kind: 'unread', resource: secret, reason: 'provider-error', message }]);
    expect(bytes).toContain('cannot log in');
    expect(bytes).not.toContain('mark-old');
  });

  it('do not slip in through what a state upgrade changed', async () => {
    const old = resource('aws_thing.old', { id: 's', pass: 'mark-raw' }, { schemaVersion: 0 });
    const live = { id: 's', password: 'mark-raw' };
    expect(await text([found(old, live, live)])).not.toContain('mark');
  });

  it('never stand in a snapshot, whatever the values are', async () => {
    const leaf = fc.constantFrom(
      'mark-1',
      'mark-2',
      '',
      null,
      '{"password":"mark-3","b":1}',
      '{"b":1, "password":"mark-3"}',
    );
    const body = fc.record({
      password: leaf,
      name: fc.constantFrom(null, 'plain', '{"password":"mark-4","b":[1]}', '{"b":[1, 2],"password":"mark-5"}'),
      setting: fc.array(fc.record({ name: fc.constantFrom('a', 'b'), value: leaf }), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(body, body, async (before, after) => {
        const of = resource('aws_thing.any', { id: 'x', ...before });
        const answers = [found(of, { id: 'x', ...after })];
        expect(await text(answers)).not.toContain('mark');
        const [again] = await recordAndReplay(answers);
        const same = (answer: LiveAnswer | undefined, key: string): boolean =>
          answer?.kind === 'found' &&
          JSON.stringify((answer.live as ValueMap)[key]) === JSON.stringify((answer.prior as ValueMap)[key]);
        expect(same(again, 'name')).toBe(same(answers[0], 'name'));
        if (!same(again, 'password')) expect(same(answers[0], 'password')).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a plain state', () => {
  const bytes = readFileSync(new URL('../../fixtures/demo/live.snapshot.json', import.meta.url));
  const declared = stateResources(
    parseState(readFileSync(new URL('../../fixtures/demo/terraform.orders.tfstate', import.meta.url)), 's'),
    { workspace: 'orders' },
  ).resources;

  it('serves one workspace, without schemas', async () => {
    const answers = await replay(bytes, declared);
    expect(answers.every((answer) => answer.kind === 'found' && answer.schema === undefined)).toBe(true);
    const changed = answers.filter(
      (answer) => answer.kind === 'found' && JSON.stringify(answer.live) !== JSON.stringify(answer.prior),
    );
    expect(changed.map((answer) => answer.resource.ref.address)).toEqual([
      'aws_security_group.bastion',
      'aws_ssm_parameter.max_batch_size',
    ]);
  });

  it('takes schemas from elsewhere where there are some', async () => {
    const reader = snapshotReader({
      bytes,
      name: 's',
      schemaOf: (_, type) => (type === 'aws_vpc' ? undefined : schema),
    });
    const [answer] = await all(reader, declared);
    expect(answer).toMatchObject({ kind: expect.stringMatching(/found|unread/) });
  });

  it('cannot tell several workspaces apart, and says so before the first answer', async () => {
    const wanted = [one, resource('aws_thing.one', { id: 'i1' }, { workspace: 'other' })];
    await expect(replay(bytes, wanted)).rejects.toMatchObject({ code: 'E_SNAPSHOT' });
  });
});

describe('a file that is no snapshot', () => {
  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a plan', '{"format_version":"1.2"}'],
    ['an older state', '{"version":3}'],
    ['a recording of another version', '{"version":4,"resources":[],"driftbom":{"version":2}}'],
    [
      'a recording of wrong types',
      '{"version":4,"resources":[],"driftbom":{"version":1,"workspaces":{},"providers":5}}',
    ],
    [
      'a recording with a wrong path',
      JSON.stringify({
        version: 4,
        resources: [
          { mode: 'managed', type: 't', name: 'n', provider: `provider["${AWS}"]`, instances: [{ attributes: {} }] },
        ],
        driftbom: { version: 1, workspaces: [{ name: 'a', notes: [{ address: 't.n', omitted: [{ path: 'x' }] }] }] },
      }),
    ],
  ])('is %s: one clear error', (_, text) => {
    expect(() => snapshotReader({ bytes: Buffer.from(text), name: 'f' })).toThrow(
      expect.objectContaining({ code: 'E_SNAPSHOT' }),
    );
  });

  it('however a recording is cut or altered, it gives answers or that one error', async () => {
    const whole = Buffer.from(
      await record([
        found(one, { id: 'i1', password: 'p' }),
        { kind: 'absent', resource: resource('aws_thing.two', { id: 'x' }) },
      ]),
    ).toString();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.constantFrom('cut', 'null', '[]', '{}', '"x"', '-1'),
        async (at, how) => {
          const text =
            how === 'cut'
              ? whole.slice(0, at)
              : whole.slice(0, at) + whole.slice(at).replace(/: [^,{}[\]]+/, `: ${how}`);
          try {
            expect(await replay(Buffer.from(text), [one])).toHaveLength(1);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(DriftbomError);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
