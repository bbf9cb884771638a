import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityOf } from '../../src/record/identity.ts';
import { type CliWorld, cliWorld } from '../support/cli-world.ts';

let world: CliWorld;
beforeEach(() => {
  world = cliWorld();
});
afterEach(() => world.remove());

const KEY = ['record', '--key', 'app/max_batch_size', '--by', 'github:ops-team'];

describe('driftbom record', () => {
  it('gives the six answers back', async () => {
    const at = ['--at', '2026-03-14T02:00:00Z'];
    const said = await world.run(...KEY, '--old', '1000', '--new', '50', '--reason', 'OPS-7 backlog', ...at);
    expect(said).toMatchObject({ code: 0 });
    expect(said.out).toMatch(/^\+ app\/max_batch_size {2}1000 → 50$/m);
    expect(said.out).toMatch(/^driftbom: recorded 1 change in \.driftbom\/ledger \(1 entry\)$/m);
    const { out } = await world.run('show', 'app/max_batch_size');
    for (const answer of [
      'app/max_batch_size',
      '1000 → 50',
      '2026-03-14 02:00:00 UTC',
      'github:ops-team',
      'OPS-7 backlog',
    ])
      expect(out).toContain(answer);
    expect((await world.run('verify')).code).toBe(0);
  });

  it('says what contradicts the ledger, and records both', async () => {
    await world.run(...KEY, '--new', '50');
    const { code, out, err } = await world.run(...KEY, '--old', '900', '--new', '60');
    expect(code).toBe(0);
    expect(err).toContain("the ledger's last value is 50 (entry 0), not 900; both are on record");
    expect(out).toContain('900 → 60');
  });

  it('says what stands there already and writes nothing', async () => {
    await world.run(...KEY, '--new', '50');
    const again = await world.run(...KEY, '--new', '50');
    expect(again.out).toContain('stands in entry 0');
    expect(again.out).toContain('recorded 0 changes, 1 not recorded again in .driftbom/ledger (1 entry)');
    expect((await world.run(...KEY, '--new', '50', '--old', '7', '--force')).out).toContain('(2 entries)');
  });

  it('leaves no secret anywhere, and says what it masked', async () => {
    const { out, err } = await world.run(
      'record',
      '--key',
      'app/db_password',
      '--old',
      'hunter21',
      '--new',
      'hunter22',
      '--by',
      'kim',
    );
    expect(err).toContain('"app/db_password" looks like a secret');
    await world.run('record', '--key', 'app/plain', '--new', 'hunter22', '--by', 'kim', '--sensitive');
    await world.run('record', '--key', 'app/plain', '--new', 'hunter21', '--by', 'kim');
    const refused = await world.run(...KEY, '--new', '1', '--reason', 'see password=hunter22');
    expect(refused).toMatchObject({ code: 1, out: '' });
    for (const text of [out, err, refused.err]) expect(text).not.toMatch(/hunter2/);
    for (const { name, content } of world.files()) {
      const payloads = [...content.matchAll(/"payload":"([^"]+)"/g)].map((match) => atob(match[1] as string));
      for (const text of [content, ...payloads]) expect(text, name).not.toMatch(/hunter2/);
    }
  });

  it('takes a file or a stream, all of it under one checkpoint', async () => {
    world.write(
      'changes.ndjson',
      '{"key":"a","old":1,"new":2,"by":"kim"}\n\n{"key":"b","new":{"max":3},"at":"2026-03-01T00:00:00Z"}\n',
    );
    const { out, code } = await world.run(
      'record',
      '--from',
      'changes.ndjson',
      '--by',
      'github:bot',
      '--reason',
      'import',
    );
    expect(code).toBe(0);
    expect(out).toContain('recorded 2 changes in .driftbom/ledger (2 entries)');
    world.type(
      '{"key":"a","new":3,"by":"kim"}\n{"key":"b","new":{"max":3},"at":"2026-03-01T00:00:00Z","by":"github:bot","reason":"import"}\n',
    );
    expect((await world.run('record', '--from', '-')).out).toContain('recorded 1 change, 1 not recorded again');
    world.write('changes.csv', 'key,old,new,by,reason\nc,off,on,kim,"a, b"\n');
    expect((await world.run('record', '--from', 'changes.csv')).out).toContain('"off" → "on"');
    const kept = world.files().filter(({ name }) => /checkpoints\/\d+$/.test(name));
    expect(kept.map(({ name }) => name.split('/').at(-1)).sort()).toEqual(['0', '2', '3', '4']);
    expect((await world.run('verify')).code).toBe(0);
  });

  it('writes nothing where one line is bad, and names every fault with its line', async () => {
    world.write('bad.ndjson', '{"key":"a","new":1,"by":"kim"}\nnope\n{"kee":"b","by":"kim","at":"today"}\n');
    const { code, err } = await world.run('record', '--from', 'bad.ndjson');
    expect(code).toBe(1);
    expect(err).toContain('E_RECORD: bad.ndjson has 5 faults');
    for (const line of ['line 2: no JSON object', 'line 3: no field is named "kee"', 'line 3: at is no time']) {
      expect(err).toContain(line);
    }
    expect(world.files().some(({ name }) => name.includes('ledger'))).toBe(false);
  });

  it.each([
    [['record'], 'E_USAGE'],
    [['record', '--key', 'a'], 'E_USAGE'],
    [['record', '--from', 'x', '--key', 'a'], 'E_USAGE'],
    [['record', '--from', 'missing.ndjson'], 'E_RECORD'],
    [['record', '--key', 'a', '--new', '1'], 'by is missing'],
    [[...KEY, '--new', '1', '--at', 'now'], 'at is no time'],
    [[...KEY, '--new', '1', '--evidence', 'missing.txt'], 'E_RECORD'],
  ])('refuses %j with one clear error', async (argv, error) => {
    const { code, err, out } = await world.run(...argv);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(error);
  });

  it('keeps evidence in the ledger; a private key it refuses', async () => {
    world.write('ticket.txt', 'OPS-7: the queue is full');
    world.write('key.txt', '-----BEGIN PRIVATE KEY-----\nabc\n');
    expect((await world.run(...KEY, '--new', '1', '--evidence', 'key.txt')).err).toContain('holds a private key');
    await world.run(...KEY, '--new', '1', '--evidence', 'ticket.txt', '--evidence', 'ticket.txt');
    const kept = world.files().filter(({ name }) => name.includes('ledger/evidence/'));
    expect(kept.map(({ content }) => content)).toEqual(['OPS-7: the queue is full']);
    expect((await world.run('show', '0')).out).toContain('ticket.txt');
    const verified = await world.run('verify', '--json');
    expect(JSON.parse(verified.out)).toMatchObject({ ok: true, unaccounted: [] });
  });

  it('answers as JSON', async () => {
    const { out } = await world.run(...KEY, '--new', '{"max": 3}', '--json');
    expect(JSON.parse(out)).toMatchObject({
      schema: 'driftbom.record/v1',
      size: 1,
      changes: [
        {
          key: 'app/max_batch_size',
          outcome: 'recorded',
          before: { $unknown: true },
          after: { max: 3 },
          entry: { index: 0 },
        },
      ],
    });
  });
});

describe('driftbom note', () => {
  beforeEach(async () => {
    await world.run(...KEY, '--old', '1000', '--new', '50');
  });

  it('adds the reason that was not known; readers see it, and where it comes from', async () => {
    const noted = await world.run('note', 'app/max_batch_size', '--reason', 'OPS-7 backlog', '--by', 'kim');
    expect(noted.out).toContain('wrote down the reason: entry 0 (change · app/max_batch_size), by kim; entry 1');
    const { out } = await world.run('show', '0');
    expect(out).toMatch(/why +"OPS-7 backlog" \(driftbom note\) \[from #1\]/);
    expect((await world.run('verify')).code).toBe(0);
  });

  it('adds a remark, to an entry named by index, digest or id', async () => {
    const shown = (await world.run('show', '0')).out;
    const digest = /sha256 ([0-9a-f]{64})/.exec(shown)?.[1] as string;
    const id = /urn:uuid:[0-9a-f-]+/.exec(shown)?.[0] as string;
    for (const name of ['#0', digest.slice(0, 12), digest, id, id.slice('urn:uuid:'.length)]) {
      const { out, err } = await world.run('note', name, '--text', `by ${name.slice(0, 4)}`, '--by', 'kim', '--json');
      expect(err).toBe('');
      expect(JSON.parse(out)).toMatchObject({ kind: 'note', written: true, about: { index: 0, digest } });
    }
  });

  it.each([
    [['note', '0', '--by', 'kim'], 'E_USAGE'],
    [['note', '0', '--text', 'x'], 'nothing says who speaks'],
    [['note', '7', '--text', 'x', '--by', 'kim'], 'E_NOT_FOUND'],
    [['note', 'app', '--text', 'x', '--by', 'kim'], 'E_NOT_FOUND'],
    [['note', '0', '--text', 'token: ghp_0123456789012345678901234567', '--by', 'kim'], 'holds a secret'],
  ])('refuses %j', async (argv, error) => {
    const { code, err } = await world.run(...argv);
    expect(code).toBe(1);
    expect(err).toContain(error);
    expect((await world.run('verify')).out).toContain('VERIFIED 1 entry');
  });

  it('refuses a reason for what is no change', async () => {
    await world.run('note', '0', '--text', 'x', '--by', 'kim');
    expect((await world.run('note', '1', '--reason', 'y', '--by', 'kim')).err).toContain('is a note');
  });
});

describe('driftbom approve', () => {
  beforeEach(async () => {
    await world.run(...KEY, '--old', '1000', '--new', '50');
  });

  it('is for somebody else than who did it, under whatever spelling', async () => {
    for (const by of ['github:ops-team', ' GitHub:OPS-Team'.trim(), 'ops-team', 'local:ops-team']) {
      const { code, err } = await world.run('approve', '0', '--by', by);
      expect(code).toBe(1);
      expect(err).toContain('E_APPROVAL');
    }
    expect((await world.run('approve', '0', '--by', 'lee', '--text', 'fine')).out).toContain('approved: entry 0');
    expect((await world.run('show', '0')).out).toContain('by lee');
    expect((await world.run('verify')).code).toBe(0);
  });

  it('counts once for each person', async () => {
    await world.run('approve', '0', '--by', 'lee');
    const again = await world.run('approve', '0', '--by', 'Lee');
    expect(again.out).toContain('approved entry 0 (change · app/max_batch_size) already; entry 1');
    expect((await world.run('verify')).out).toContain('VERIFIED 2 entries');
  });

  it('is not for who said what is approved', async () => {
    await world.run('note', '0', '--reason', 'because', '--by', 'kim');
    expect((await world.run('approve', '1', '--by', 'kim')).err).toContain('E_APPROVAL');
  });
});

describe('who speaks', () => {
  it.each([
    [{ GITHUB_ACTOR: 'octo', USER: 'runner' }, 'github:octo'],
    [{ GITLAB_USER_LOGIN: 'lee' }, 'gitlab:lee'],
    [{ EMAIL: 'kim@example.com', USER: 'kim' }, 'kim@example.com'],
    [{ USER: 'kim' }, 'local:kim'],
    [{ USER: ' ' }, undefined],
    [{}, undefined],
  ])('is taken from %j as %s', (env, name) => expect(identityOf(env)?.name).toBe(name));
});
