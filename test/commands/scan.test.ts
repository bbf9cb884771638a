import { afterEach, describe, expect, it } from 'vitest';
import { type CliWorld, cliWorld, serverState } from '../support/cli-world.ts';

let world: CliWorld;
afterEach(() => world.remove());

/** The JSON that `-o json` prints. */
async function scanJson(...argv: string[]): Promise<{ code: number; json: ReturnType<typeof JSON.parse> }> {
  const { code, out } = await world.run('scan', '-o', 'json', ...argv);
  return { code, json: JSON.parse(out) };
}

describe('driftbom scan', () => {
  it('says in sync with exit code 0 where nothing differs, and records the scan', async () => {
    world = cliWorld();
    const { code, out, err } = await world.run('scan');
    expect(code).toBe(0);
    expect(out).toMatch(/^driftbom: IN SYNC 0 gaps, 2 of 2 in sync \(0\.0 s\)$/m);
    expect(err).toContain('made the ledger');
    expect((await world.run('verify')).code).toBe(0);
  });

  it('names exactly the attribute that was changed, with exit code 2', async () => {
    world = cliWorld();
    world.tiny.setLive({ web: { size: 900 } });
    const { code, json } = await scanJson();
    expect(code).toBe(2);
    expect(json.schema).toBe('driftbom.scan/v1');
    expect(json.summary).toMatchObject({ resources: 2, inSync: 1, changed: 1, missing: 0, unmanaged: 0, gaps: 0 });
    expect(json.drifts).toHaveLength(1);
    expect(json.drifts[0]).toMatchObject({
      address: 'tiny_server.web',
      type: 'tiny_server',
      id: 'web',
      kind: 'changed',
      cause: 'out-of-band',
      changes: [{ path: 'size', op: 'replace', before: 4, after: 900, sensitive: false }],
      entry: { index: 0, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  it('reports a member of a set by the path of the set', async () => {
    world = cliWorld();
    world.tiny.setLive({
      web: {
        rules: [
          { port: 22, cidr: '0.0.0.0/0' },
          { port: 22, cidr: '10.0.0.0/8' },
        ],
        ports: [443, 80],
      },
    });
    const { json } = await scanJson();
    expect(json.drifts[0].changes).toEqual([
      expect.objectContaining({ path: 'rules', op: 'add', before: null, after: { port: 22, cidr: '0.0.0.0/0' } }),
    ]);
  });

  it('believes that an object is gone after looking twice', async () => {
    world = cliWorld();
    world.tiny.setLive({ db: null });
    const { code, json } = await scanJson();
    expect(code).toBe(2);
    expect(json.drifts).toMatchObject([{ address: 'tiny_server.db', kind: 'missing' }]);
    expect(world.tiny.calls().filter((call) => call === 'read tiny_server/db')).toHaveLength(2);
  });

  it('keeps the same drift open instead of recording it twice, and resolves it when it is gone', async () => {
    world = cliWorld();
    world.tiny.setLive({ web: { size: 900 } });
    const first = await scanJson();
    world.pass(24);
    const second = await scanJson();
    expect(second.json.drifts[0]).toMatchObject({ entry: first.json.drifts[0].entry, standing: 'still-open' });
    world.pass(24);
    world.tiny.setLive({});
    const third = await world.run('scan');
    expect(third.code).toBe(0);
    expect(third.out).toMatch(/tiny_server\.web\s+resolved: reverted/);
    expect((await world.run('verify')).code).toBe(0);
  });

  it('makes gaps, not drift, of what cannot be read; the rest stands', async () => {
    world = cliWorld();
    world.tiny.setBehaviour({ read: { db: { summary: 'AccessDenied: not for you' } } });
    world.tiny.setLive({ web: { size: 5 } });
    const { code, json } = await scanJson();
    expect(code).toBe(2);
    expect(json.gaps).toMatchObject([{ address: 'tiny_server.db', reason: 'access-denied' }]);
    expect(json.drifts.map((drift: { address: string }) => drift.address)).toEqual(['tiny_server.web']);
  });

  it('ends with 3 under --strict where coverage is incomplete, with 0 without', async () => {
    world = cliWorld();
    world.tiny.setBehaviour({ read: { db: { summary: 'AccessDenied: not for you' } } });
    const relaxed = await world.run('scan');
    expect(relaxed.code).toBe(0);
    expect(relaxed.out).toContain('driftbom: IN SYNC (INCOMPLETE)');
    expect((await world.run('scan', '--strict')).code).toBe(3);
    world.write('driftbom.yaml', 'version: 1\nscan: { strict: true }\n');
    expect((await world.run('scan')).code).toBe(3);
  });

  it('does not call it clean where nothing at all could be read', async () => {
    world = cliWorld();
    world.tiny.setBehaviour({ read: { tiny_server: { summary: 'AccessDenied: not for you' } } });
    const { code, out } = await world.run('scan');
    expect(code).toBe(1);
    expect(out).toContain('driftbom: NOTHING READ');
  });

  it('leaves no trace with --no-record', async () => {
    world = cliWorld();
    world.tiny.setLive({ web: { size: 900 } });
    const before = world.files().map((file) => file.name);
    const { code, json } = await scanJson('--no-record');
    expect(code).toBe(2);
    expect(json.drifts[0].entry).toBeNull();
    expect(world.files().map((file) => file.name)).toEqual(before);
  });

  it('sets aside what driftbom.yaml accepts, and counts it', async () => {
    world = cliWorld();
    world.write(
      'driftbom.yaml',
      'version: 1\nignore: [{ type: tiny_*, path: labels.deployed, reason: deploy script }]\n',
    );
    world.tiny.setLive({ web: { labels: { team: 'a', deployed: 'now' } }, db: { labels: { team: 'b' } } });
    const { json } = await scanJson();
    expect(json.summary).toMatchObject({ changed: 1, ignored: 1 });
    expect(json.ignored).toMatchObject([
      { address: 'tiny_server.web', path: 'labels.deployed', reason: 'deploy script' },
    ]);
    expect(json.drifts).toMatchObject([{ address: 'tiny_server.db', changes: [{ path: 'labels.team' }] }]);
  });

  it('tells what was changed in the configuration and not applied from what was changed behind its back', async () => {
    world = cliWorld();
    world.write(
      'servers.tf',
      'resource "tiny_server" "web" {\n  name = "web"\n  size = 8\n}\nresource "tiny_server" "db" {\n  name = "db"\n  size = 4\n}\n',
    );
    world.tiny.setLive({ db: { size: 900 } });
    const { json } = await scanJson();
    expect(json.drifts).toMatchObject([
      { address: 'tiny_server.db', cause: 'out-of-band', changes: [{ path: 'size', before: 4, after: 900 }] },
      { address: 'tiny_server.web', cause: 'unapplied', changes: [{ path: 'size', before: 8, after: 4 }] },
    ]);
  });

  it('replays a recorded live side offline with the same drifts, gaps and counts', async () => {
    world = cliWorld();
    world.tiny.setBehaviour({ read: { db: { summary: 'AccessDenied: not for you' } } });
    world.tiny.setLive({ web: { size: 900, password: 'new' } });
    const live = await scanJson('--no-record', '--record-live', 'live.snapshot.json');
    world.tiny.remove();
    const replayed = await scanJson('--no-record', '--live', 'snapshot:live.snapshot.json');
    expect(replayed.code).toBe(live.code);
    expect(replayed.json.summary).toEqual(live.json.summary);
    expect(replayed.json.gaps).toEqual(live.json.gaps);
    const shape = ({ json }: typeof live): unknown =>
      json.drifts[0].changes.map(({ path, op, sensitive }: Record<string, unknown>) => ({ path, op, sensitive }));
    expect(shape(replayed)).toEqual(shape(live));
  });

  it('reads many workspaces in one run through one provider process', async () => {
    world = cliWorld();
    for (const name of ['prod', 'test', 'dev']) world.write(`states/${name}.tfstate`, serverState([{ name }]));
    world.tiny.setLive({ test: { size: 1 } });
    const { json } = await scanJson('states');
    expect(json.summary).toMatchObject({ resources: 3, changed: 1 });
    expect(world.tiny.calls().filter((call) => call === 'start')).toHaveLength(1);
    expect(json.drifts[0].workspace).toContain('test');
  });

  it('starts the second time without asking for the schema', async () => {
    world = cliWorld();
    await world.run('scan');
    await world.run('scan');
    expect(world.tiny.calls().filter((call) => call === 'schema')).toHaveLength(1);
  });

  it('writes every format, and text with none of them on stdout', async () => {
    world = cliWorld();
    world.tiny.setLive({ web: { size: 900 } });
    const { out } = await world.run('scan', '-o', 'json=o/s.json', '-o', 'markdown=o/s.md', '-o', 'html=o/s.html');
    for (const file of ['o/s.json', 'o/s.md', 'o/s.html']) expect(world.read(file)).toContain('tiny_server.web');
    expect(out).toContain('driftbom: DRIFT 1 changed, 0 missing, 0 unmanaged, 0 gaps, 1 of 2 in sync');
    expect(out).not.toContain('\u001b[');
  });
});

describe('how a drift went', () => {
  it('is reverted where live came back, though the state was written anew meanwhile', async () => {
    world = cliWorld();
    world.tiny.setLive({ web: { size: 900 } });
    await world.run('scan');
    world.tiny.setLive({});
    world.write('terraform.tfstate', { ...JSON.parse(world.read('terraform.tfstate')), serial: 99 });
    expect((await world.run('scan')).out).toMatch(/tiny_server\.web\s+resolved: reverted/);
  });

  it('is accepted where the declared side took the live value over', async () => {
    world = cliWorld();
    world.tiny.setLive({ web: { size: 900 } });
    await world.run('scan');
    world.write('terraform.tfstate', serverState([{ name: 'web', size: 900 }, { name: 'db' }]));
    expect((await world.run('scan')).out).toMatch(/tiny_server\.web\s+resolved: accepted/);
  });

  it('stays open where the resource could not be read this time', async () => {
    world = cliWorld();
    world.tiny.setLive({ web: { size: 900 } });
    await world.run('scan');
    world.tiny.setBehaviour({ read: { web: { summary: 'AccessDenied' } } });
    const { out } = await world.run('scan');
    expect(out).not.toContain('resolved');
    world.tiny.setBehaviour({});
    expect((await scanJson()).json.drifts[0]).toMatchObject({ standing: 'still-open' });
  });
});

describe('driftbom explain', () => {
  it('shows both sides of a resource that is in sync, too', async () => {
    world = cliWorld();
    const { code, out } = await world.run('explain', 'tiny_server.web');
    expect(code).toBe(0);
    expect(out).toContain('verdict   in sync');
    expect(out).toContain('size = 4');
  });
});
