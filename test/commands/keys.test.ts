import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliWorld, cliWorld } from '../support/cli-world.ts';

let world: CliWorld;
beforeEach(async () => {
  world = cliWorld();
  world.tiny.setLive({ web: { size: 900 } });
  await world.run('scan');
});
afterEach(() => world.remove());

const LEDGER = '.driftbom/ledger';

function publicKeys(): string[] {
  return readdirSync(join(world.folder, LEDGER, 'keys'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(pem|vkey)$/.test(name))
    .map((name) => `${LEDGER}/keys/${name}`);
}

describe('driftbom keys', () => {
  it('lists every key: since when, until when, what it signed', async () => {
    await world.run('keys', 'rotate', '--by', 'alice', '--reason', 'yearly');
    await world.run('keys', 'rotate', '--use', 'checkpoint', '--by', 'alice');
    const { code, out } = await world.run('keys', '--json');
    expect(code).toBe(0);
    const { schema, keys } = JSON.parse(out);
    expect(schema).toBe('driftbom.keys/v1');
    expect(keys).toMatchObject([
      { use: 'entry', standing: 'retired', since: null, until: 3, signed: 3, kinds: ['drift', 'scan', 'key'] },
      { use: 'entry', standing: 'in use', signer: 'local', since: 2, until: null, signed: 3, kinds: ['key'] },
      { use: 'checkpoint', standing: 'retired', since: null, until: 5 },
      { use: 'checkpoint', standing: 'in use', since: 4, until: null, signed: 1 },
    ]);
    const shown = (await world.run('keys')).out;
    expect(shown).toContain('retired  ecdsa-p256, local; from the beginning, retired in entry 3');
    expect(shown).toContain('in use  ecdsa-p256, local; added in entry 2');
  });

  it('rotates, after which scans go on and the first keys still verify everything', async () => {
    const first = publicKeys().flatMap((file, at) => {
      const copy = `first-${at}${file.slice(file.lastIndexOf('.'))}`;
      writeFileSync(join(world.folder, copy), world.read(file));
      return ['--key', copy];
    });
    for (const use of ['entry', 'checkpoint']) {
      expect((await world.run('keys', 'rotate', '--use', use, '--by', 'alice')).code).toBe(0);
      world.pass(1);
      expect((await world.run('scan')).code).toBe(2);
    }
    expect(await world.run('verify')).toMatchObject({ code: 0, err: '' });
    expect(await world.run('verify', ...first)).toMatchObject({ code: 0, err: '' });
  });

  it('refuses a checkpoint key in KMS, and an alias', async () => {
    const arn = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';
    expect((await world.run('keys', 'rotate', '--use', 'checkpoint', '--kms', arn)).err).toContain('E_USAGE');
    expect((await world.run('keys', 'rotate', '--kms', 'alias/x')).err).toContain('E_USAGE');
    expect((await world.run('verify')).code).toBe(0);
  });
});

describe('driftbom verify --policy', () => {
  it('accepts the policy that driftbom keys policy prints, and enforces it once it is narrowed', async () => {
    await world.run('keys', 'policy', '-o', 'policy.json');
    const good = await world.run('verify', '--policy', 'policy.json');
    expect(good.code).toBe(0);
    expect(good.out).toContain('keys: those of the policy that you gave');
    const policy = JSON.parse(world.read('policy.json'));
    policy.entryKeys[0].kinds = ['drift'];
    world.write('narrow.json', policy);
    const { code, out } = await world.run('verify', '--policy', 'narrow.json', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out).failures).toMatchObject([{ code: 'key-not-allowed', index: 1 }]);
  });

  it('names the fault of a policy that it cannot read, and stands against --key', async () => {
    world.write('bad.json', { schema: 'driftbom.policy/v1', entryKeys: [], checkpointKeys: [] });
    expect((await world.run('verify', '--policy', 'bad.json')).err).toMatch(/E_CONFIG: .*bad\.json has 2 fault/);
    expect((await world.run('verify', '--policy', 'absent.json')).err).toContain('absent.json');
    const both = await world.run('verify', '--policy', 'bad.json', '--key', publicKeys()[0] as string);
    expect(both).toMatchObject({ code: 1, out: '' });
  });
});

describe('driftbom verify --since', () => {
  it('says what was appended since a checkpoint that was kept', async () => {
    writeFileSync(join(world.folder, 'kept'), world.read(`${LEDGER}/checkpoint`));
    world.pass(1);
    await world.run('scan');
    const { code, out } = await world.run('verify', '--since', 'kept');
    expect(code).toBe(0);
    expect(out).toContain('since   the checkpoint of 2 entries: 1 appended, nothing changed before');
  });

  it('refuses a log that forked from it, or was cut off, with codes of their own', async () => {
    const before = new Map(world.files().map(({ name, content }) => [name, content]));
    await world.run('scan');
    writeFileSync(join(world.folder, 'kept'), world.read(`${LEDGER}/checkpoint`));
    const restore = (): void => {
      for (const { name } of world.files()) {
        if (!name.startsWith(LEDGER)) continue;
        const content = before.get(name);
        if (content !== undefined) writeFileSync(join(world.folder, name), content, 'latin1');
      }
    };
    restore();
    writeFileSync(join(world.folder, LEDGER, 'checkpoints/3'), readFileSync(join(world.folder, LEDGER, 'checkpoint')));
    const cut = JSON.parse((await world.run('verify', '--since', 'kept', '--json')).out);
    expect(cut.failures.map((one: { code: string }) => one.code)).toContain('rolled-back');
    world.pass(5);
    await world.run('scan');
    const fork = await world.run('verify', '--since', 'kept', '--json');
    expect(fork.code).toBe(2);
    expect(JSON.parse(fork.out).failures.map((one: { code: string }) => one.code)).toContain('forked');
  });
});

describe('driftbom erase', () => {
  it('erases with two people, says so, and the reports say what they cannot show', async () => {
    world.tiny.setLive({});
    await world.run('scan');
    await world.run('scan');
    const refused = await world.run('erase', '0', '--reason', 'r', '--requested-by', 'Alice', '--approved-by', 'alice');
    expect(refused.err).toContain('E_APPROVAL');
    const options = ['--reason', 'request 12', '--requested-by', 'alice', '--approved-by', 'bob'];
    const done = await world.run('erase', '0', ...options);
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toContain('erased 1 payload (entry 0), recorded in entry 5');
    const verified = await world.run('verify');
    expect(verified.code).toBe(0);
    expect(verified.out).toContain('1 erased, proven to have existed');
    expect((await world.run('report', 'compliance')).out).toContain('Payloads erased: 1');
    expect((await world.run('erase', '0', ...options)).out).toContain('erased before: entry 0');
    expect((await world.run('erase', 'x', ...options)).err).toContain('E_USAGE');
  });
});

describe('driftbom init', () => {
  it('locks keys with the passphrase of the environment, and never prints it', async () => {
    const fresh = cliWorld();
    const missing = await fresh.run('init', '--passphrase');
    expect(missing.err).toContain('DRIFTBOM_KEY_PASSPHRASE');
    fresh.remove();
  });

  it('makes an Ed25519 key where asked', async () => {
    const fresh = cliWorld();
    await fresh.run('init', '--algorithm', 'ed25519');
    expect(JSON.parse((await fresh.run('keys', '--json')).out).keys[0]).toMatchObject({ algorithm: 'ed25519' });
    expect((await fresh.run('init', '--algorithm', 'rsa')).code).toBe(1);
    fresh.remove();
  });
});

describe('the help of verify', () => {
  it('names its exit codes', async () => {
    const { out } = await world.run('verify', '--help');
    expect(out).toMatch(/Exit codes:[\s\S]*0 [\s\S]*1 [\s\S]*2 [\s\S]*rolled-back[\s\S]*forked/);
  });
});
