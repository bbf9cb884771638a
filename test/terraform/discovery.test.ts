import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DriftbomError } from '../../src/model/error.ts';
import { locateProvider } from '../../src/terraform/discovery.ts';
import type { DiscoveryOptions } from '../../src/terraform/discovery-places.ts';
import { compareVersions } from '../../src/terraform/discovery-version.ts';
import { checkPackage, packageDigest } from '../../src/terraform/package-digest.ts';
import { providerConfig } from '../support/declared-samples.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'discovery-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const SOURCE = 'registry.terraform.io/driftbom/tiny';

function file(path: string, content = ''): string {
  const whole = join(root, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
  return whole;
}

function install(tree: string, version: string, name = `terraform-provider-tiny_v${version}_x5`): string {
  return file(join(tree, SOURCE, version, 'linux_amd64', name), version);
}

function locate(env: Record<string, string> = {}, more: Partial<DiscoveryOptions> = {}, lockedVersion?: string) {
  return locateProvider(providerConfig({ directory: join(root, 'work'), lockedVersion }), {
    env,
    homeDir: join(root, 'home'),
    platform: 'linux',
    arch: 'x64',
    ...more,
  });
}

const missing = (work: Promise<unknown>): Promise<DriftbomError> =>
  work.then(
    () => expect.fail('a provider was found'),
    (thrown: DriftbomError) => thrown,
  );

describe('finding a provider', () => {
  it('looks in the working folder, the plugin cache, the CLI configuration and the implied mirrors, in this order', async () => {
    const cli = file(
      'cli.tfrc',
      `provider_installation {\n  filesystem_mirror {\n    path = "${root}/mirror"\n  }\n}\n`,
    );
    const env = { TF_PLUGIN_CACHE_DIR: join(root, 'cache'), TF_CLI_CONFIG_FILE: cli, XDG_DATA_DIRS: join(root, 'xdg') };
    const places = [
      install('work/.terraform/providers', '1.0.0'),
      install('cache', '1.1.0'),
      install('mirror', '1.2.0'),
      install('work/terraform.d/plugins', '1.3.0'),
      install('home/.terraform.d/plugins', '1.4.0'),
      install('home/.local/share/terraform/plugins', '1.5.0'),
      install('xdg/terraform/plugins', '1.6.0'),
    ];
    for (const executable of places) {
      expect(await locate(env)).toMatchObject({ executable, folder: dirname(executable) });
      rmSync(dirname(executable), { recursive: true });
    }
    const error = await missing(locate(env));
    expect(error.code).toBe('E_PROVIDER_MISSING');
    for (const executable of places) {
      expect(error.message).toContain(executable.slice(0, executable.indexOf(`/${SOURCE}`)));
    }
    expect(error.cure).toContain('terraform init');
  });

  it('takes the newest version by meaning, not by text, and a release before its pre-releases', async () => {
    for (const version of ['1.9.0', '1.10.0', '1.10.0-rc1', '0.99.0']) install('work/.terraform/providers', version);
    expect(await locate()).toMatchObject({ version: '1.10.0' });
  });

  it('prefers the version of the lock file wherever it lies, and any other only where it lies nowhere', async () => {
    install('work/.terraform/providers', '2.0.0');
    install('home/.terraform.d/plugins', '1.5.0');
    expect(await locate({}, {}, '1.5.0')).toMatchObject({ version: '1.5.0' });
    expect(await locate({}, {}, '1.4.0')).toMatchObject({ version: '2.0.0' });
  });

  it('follows the links that Terraform makes into its cache', async () => {
    const real = install('cache', '1.0.0');
    const link = join(root, 'work/.terraform/providers', SOURCE, '1.0.0');
    mkdirSync(link, { recursive: true });
    symlinkSync(dirname(real), join(link, 'linux_amd64'));
    expect(await locate()).toMatchObject({ executable: real, folder: dirname(real) });
  });

  it('takes the file or folder that the user names, and nothing else', async () => {
    install('work/.terraform/providers', '1.0.0');
    const named = file('builds/terraform-provider-tiny_v3.1.4');
    const at = (path: string) => locate({}, { providerPaths: { [SOURCE]: path } });
    expect(await at(named)).toEqual({ source: SOURCE, version: '3.1.4', executable: named, folder: undefined });
    expect(await at(join(root, 'builds'))).toMatchObject({ executable: named });
    const error = await missing(at(join(root, 'nowhere')));
    expect(error.message).toContain(join(root, 'nowhere'));
  });

  it('reads dev_overrides as people write them, with quoted keys in a block', async () => {
    const built = file('dev/terraform-provider-tiny');
    const cli = file(
      'cli.tfrc',
      `# mine\nprovider_installation {\n  dev_overrides {\n    "driftbom/tiny" = "${root}/dev"\n  }\n  direct {}\n}\n`,
    );
    expect(await locate({ TF_CLI_CONFIG_FILE: cli })).toEqual({
      source: SOURCE,
      version: 'unknown',
      executable: built,
      folder: undefined,
    });
  });

  it('heeds include and exclude of a mirror, and plugin_cache_dir with variables', async () => {
    install('mirror', '1.0.0');
    install('cache', '2.0.0');
    const mirror = (patterns: string) =>
      file(
        'cli.tfrc',
        `plugin_cache_dir = "$CACHE"\nprovider_installation {\n  filesystem_mirror {\n    path = "${root}/mirror"\n    ${patterns}\n  }\n}\n`,
      );
    const versionWith = async (patterns: string): Promise<string> =>
      (await locate({ TF_CLI_CONFIG_FILE: mirror(patterns), CACHE: join(root, 'cache') })).version;
    expect(await versionWith('include = ["driftbom/*"]')).toBe('1.0.0');
    expect(await versionWith('include = ["registry.terraform.io/*/*"]')).toBe('1.0.0');
    expect(await versionWith('include = ["hashicorp/*"]')).toBe('2.0.0');
    expect(await versionWith('exclude = ["driftbom/tiny"]')).toBe('2.0.0');
  });

  it('also reads OpenTofu’s file and *.tfrc.json, and says what it could not understand', async () => {
    install('tofu', '1.0.0');
    install('json', '2.0.0');
    file('home/.tofurc', `provider_installation {\n  filesystem_mirror {\n    path = "${root}/tofu"\n  }\n}\n`);
    expect(await locate()).toMatchObject({ version: '1.0.0' });
    const broken = file('home/.tofurc', 'provider_installation {{{');
    const error = await missing(locate());
    expect(error.message).toContain(`${broken} could not be understood`);
    const json = { provider_installation: { filesystem_mirror: [{ path: join(root, 'json') }] } };
    file('home/.terraform.d/mirror.tfrc.json', JSON.stringify(json));
    expect(await locate()).toMatchObject({ version: '2.0.0' });
  });

  it('names packed mirrors and other platforms instead of passing over them', async () => {
    file(`home/.terraform.d/plugins/${SOURCE}/terraform-provider-tiny_1.0.0_linux_amd64.zip`);
    file(`home/.terraform.d/plugins/${SOURCE}/1.1.0/darwin_arm64/terraform-provider-tiny_v1.1.0`);
    const { message } = await missing(locate());
    expect(message).toContain('terraform-provider-tiny_1.0.0_linux_amd64.zip is packed');
    expect(message).toContain('1.1.0 has nothing for linux_amd64');
  });

  it('does not take another provider whose name begins alike', async () => {
    install('work/.terraform/providers', '1.0.0', 'terraform-provider-tinyurl_v1.0.0');
    await missing(locate());
  });
});

describe('ordering versions', () => {
  it('follows the precedence of semantic versioning', () => {
    // The row of section 11 of the specification.
    const row = '1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0';
    const versions = [...row.split(' '), '1.0.1', '1.2.0', '1.10.0', '2.0.0'];
    fc.assert(
      fc.property(fc.shuffledSubarray(versions), (some) => {
        expect([...some].sort(compareVersions)).toEqual(versions.filter((one) => some.includes(one)));
      }),
    );
  });
});

describe('checking a package against the lock file', () => {
  const located = (folder: string) => ({ source: SOURCE, version: '1.0.0', executable: join(folder, 'x'), folder });

  it('takes the digest that Go takes', async () => {
    file('package/b', 'two');
    file('package/a/c', 'one');
    // printf over sha256sum lines sorted by name: "<sha256 of one>  a/c" and "<sha256 of two>  b".
    expect(await packageDigest(join(root, 'package'), undefined)).toBe(
      'h1:sqhM8Zx93My7oOv/5LPfU2xD2rw6YeFWFE9lbtNLr4E=',
    );
  });

  it('accepts any of the hashes, refuses when none fits, and leaves zh: hashes alone', async () => {
    file('package/x', 'content');
    const folder = join(root, 'package');
    const digest = await packageDigest(folder, undefined);
    await checkPackage(located(folder), ['zh:1', 'h1:other', digest], undefined);
    await checkPackage(located(folder), ['zh:1'], undefined);
    await checkPackage({ ...located(folder), folder: undefined }, ['h1:other'], undefined);
    await expect(checkPackage(located(folder), ['h1:other'], undefined)).rejects.toMatchObject({
      code: 'E_PROVIDER_CHECKSUM',
    });
  });

  it('remembers a digest only while the files are the same', async () => {
    const path = file('package/x', 'content');
    const [folder, cache] = [join(root, 'package'), join(root, 'cache')];
    const first = await packageDigest(folder, cache);
    expect(await packageDigest(folder, cache)).toBe(first);
    writeFileSync(path, 'CONTENT');
    expect(await packageDigest(folder, cache)).not.toBe(first);
    file('package/y');
    expect(await packageDigest(folder, cache)).toBe(await packageDigest(folder, undefined));
  });
});
