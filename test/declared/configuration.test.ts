// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's templates look like this.
import { describe, expect, it } from 'vitest';
import type { ModuleSource } from '../../src/declared/configuration-body.ts';
import type { ConfigurationInput, Configured } from '../../src/declared/configuration.ts';
import { joinConfiguration, soleModule } from '../../src/declared/configuration.ts';
import type { ConfigInstance, DeclaredResource } from '../../src/model/resource.ts';
import type { ValueMap } from '../../src/model/value.ts';
import { UNKNOWN } from '../../src/model/value.ts';
import { parseState } from '../../src/terraform/state-file.ts';
import type { SampleObject } from '../support/state-samples.ts';
import { AWS, stateOf } from '../support/state-samples.ts';

function join(
  root: ValueMap | ModuleSource,
  objects: readonly SampleObject[],
  more: Partial<ConfigurationInput> = {},
): Configured {
  return joinConfiguration({
    root: 'body' in root ? (root as unknown as ModuleSource) : soleModule(root as ValueMap),
    state: parseState(JSON.stringify(stateOf(objects)), 'terraform.tfstate'),
    variables: {},
    workspace: 'w',
    terraformWorkspace: 'default',
    directory: 'dir',
    lock: new Map([[AWS, { version: '5.100.0', hashes: ['h1:x'] }]]),
    defaultHost: 'registry.terraform.io',
    ...more,
  });
}

function module(body: ValueMap, path: string, children: { readonly [call: string]: ModuleSource } = {}): ModuleSource {
  return { body, path, locations: new Map(), children: new Map(Object.entries(children)) };
}

function at(configured: Configured, address: string): DeclaredResource {
  const found = configured.resources.find((one) => one.ref.address === address);
  if (found === undefined) throw new Error(`no ${address} in ${configured.resources.map((one) => one.ref.address)}`);
  return found;
}

const configAt = (configured: Configured, address: string): ConfigInstance | undefined =>
  at(configured, address).config;
const key = (provider: string): string => `w: ${provider}`;

describe('joinConfiguration', () => {
  it('gives each resource of the state its configuration, whatever the syntax it was written in', () => {
    const object = { type: 'aws_x', name: 'a', attributes: { id: 'i' } };
    const forms: ValueMap[] = [
      { resource: { aws_x: { a: { size: 1 } } } },
      { resource: { aws_x: { a: [{ size: 1 }] } } },
      { resource: [{ aws_x: [{ a: { size: 1 } }] }] },
    ];
    for (const form of forms) {
      expect(at(join(form, [object]), 'aws_x.a')).toMatchObject({
        ref: { id: 'i' },
        state: { attributes: { id: 'i' } },
        config: { values: { size: 1 }, ignoreChanges: [] },
      });
    }
  });

  it('keeps what only the state has and what only the configuration has', () => {
    const joined = join({ resource: { aws_x: { fresh: {} } } }, [{ type: 'aws_x', name: 'old', attributes: {} }]);
    expect(at(joined, 'aws_x.old')).toMatchObject({ config: undefined });
    expect(at(joined, 'aws_x.fresh')).toMatchObject({
      ref: { id: undefined, provider: AWS },
      state: undefined,
      providerKey: key(`provider["${AWS}"]`),
    });
  });

  it('takes a configuration without any state', () => {
    const joined = join({ resource: { aws_x: { a: { size: 1 } } } }, [], { state: undefined });
    expect(joined).toMatchObject({ resources: [{ state: undefined }], gaps: [], skippedDataSources: 0 });
  });

  it("leaves Terraform's own arguments, metadata and nulls out of the values", () => {
    const body = {
      '//': { metadata: { path: 'stack/thing' } },
      provider: 'aws',
      depends_on: ['aws_x.b'],
      lifecycle: { prevent_destroy: true },
      provisioner: [{ 'local-exec': {} }],
      connection: {},
      size: 1,
      unset: null,
    };
    expect(configAt(join({ resource: { aws_x: { a: body } } }, []), 'aws_x.a')).toEqual({
      values: { size: 1 },
      ignoreChanges: [],
      location: 'stack/thing',
    });
  });

  it('does not know a block that a dynamic block generates', () => {
    const body = { rule: [{ port: 1 }], dynamic: [{ rule: [{ for_each: [], content: [{}] }] }] };
    expect(configAt(join({ resource: { aws_x: { a: body } } }, []), 'aws_x.a')?.values).toEqual({ rule: UNKNOWN });
  });

  it('reads ignore_changes in both syntaxes', () => {
    const ignoring = (written: ValueMap[string]): ConfigInstance['ignoreChanges'] | undefined =>
      configAt(join({ resource: { aws_x: { a: { lifecycle: [{ ignore_changes: written }] } } } }, []), 'aws_x.a')
        ?.ignoreChanges;
    expect(ignoring(['${tags["Owner"]}', 'rule[0].port', '${size}'])).toEqual([
      ['tags', 'Owner'],
      ['rule', 0, 'port'],
      ['size'],
    ]);
    expect(ignoring('${all}')).toBe('all');
    expect(ignoring('all')).toBe('all');
    expect(ignoring(['*'])).toBe('all');
    expect(ignoring(['all'])).toEqual([['all']]);
  });

  it('tells where a block is written', () => {
    const root: ModuleSource = {
      ...soleModule({ resource: { aws_x: { a: {} } } }),
      locations: new Map([['aws_x.a', 'main.tf:3']]),
    };
    expect(configAt(join(root, []), 'aws_x.a')?.location).toBe('main.tf:3');
  });
});

describe('references', () => {
  const body: ValueMap = {
    variable: { region: { default: 'eu' }, given: {}, secret: { default: 'hunter2', sensitive: true } },
    locals: [{ a: '${var.region}-a', loop: '${local.pool}' }, { pool: '${local.loop}' }],
    data: { aws_me: { here: {} } },
    resource: {
      aws_db: { main: {} },
      aws_x: {
        a: {
          local: '${local.a}',
          given: '${var.given}',
          account: '${data.aws_me.here.account}',
          workspace: '${terraform.workspace}',
          module: '${path.module}/x',
          id: '${aws_db.main.id}',
          password: '${aws_db.main.password}',
          nested: { deep: '${aws_db.main.settings.token}' },
          secret: 'x${var.secret}',
          loop: '${local.loop}',
          missing: '${var.nope}',
        },
      },
    },
  };
  const objects: SampleObject[] = [
    { mode: 'data', type: 'aws_me', name: 'here', attributes: { account: '123' } },
    {
      type: 'aws_db',
      name: 'main',
      attributes: { id: 'db-1', password: 'hunter2', settings: { token: 'hunter3', size: 1 } },
      sensitive_attributes: [
        [{ type: 'get_attr', value: 'password' }],
        [
          { type: 'get_attr', value: 'settings' },
          { type: 'get_attr', value: 'token' },
        ],
      ],
    },
  ];

  it('are answered by variables, locals, data sources and the state', () => {
    const joined = join(body, objects, { variables: { given: 'g' }, terraformWorkspace: 'prod' });
    expect(configAt(joined, 'aws_x.a')?.values).toMatchObject({
      local: 'eu-a',
      given: 'g',
      account: '123',
      workspace: 'prod',
      module: './x',
      id: 'db-1',
    });
  });

  it('never carry a secret to where nothing marks it', () => {
    const joined = join(body, objects);
    expect(configAt(joined, 'aws_x.a')?.values).toMatchObject({
      password: UNKNOWN,
      secret: UNKNOWN,
      nested: { deep: UNKNOWN },
    });
    expect(JSON.stringify(joined.resources.map((one) => one.config))).not.toContain('hunter');
  });

  it('to what is named a secret are not known either, though nothing marks it', () => {
    const config = { url: 'postgres://${aws_y.b.master_password}', doc: '${aws_y.b.doc}', id: '${aws_y.b.id}' };
    const attributes = { id: 'db-1', master_password: 'hunter2', doc: '{"password":"hunter3"}' };
    const joined = join({ resource: { aws_x: { a: config }, aws_y: { b: {} } } }, [
      { type: 'aws_y', name: 'b', attributes },
    ]);
    expect(configAt(joined, 'aws_x.a')?.values).toEqual({ url: UNKNOWN, doc: UNKNOWN, id: 'db-1' });
  });

  it('to attributes of open type give the value without its wrapping, and guess nothing where that may be meant', () => {
    const config = { a: '${aws_y.b.output}', b: '${aws_y.b.pair}', c: '${aws_y.b.secret.pw}' };
    const attributes = {
      output: { value: [1, 2], type: ['tuple', ['number', 'number']] },
      pair: { value: 'x', type: 'string' },
      secret: { value: { pw: 'hunter2' }, type: ['object', { pw: 'string' }] },
    };
    const marks = [
      [
        { type: 'get_attr', value: 'secret' },
        { type: 'get_attr', value: 'pw' },
      ],
    ];
    const joined = join({ resource: { aws_x: { a: config }, aws_y: { b: {} } } }, [
      { type: 'aws_y', name: 'b', attributes, sensitive_attributes: marks },
    ]);
    expect(configAt(joined, 'aws_x.a')?.values).toEqual({ a: [1, 2], b: UNKNOWN, c: UNKNOWN });
  });

  it('to a loop or to nothing are not known', () => {
    expect(configAt(join(body, objects), 'aws_x.a')?.values).toMatchObject({
      loop: UNKNOWN,
      missing: UNKNOWN,
      given: UNKNOWN,
    });
  });
});

describe('count and for_each', () => {
  const withEach = (body: ValueMap): ValueMap => ({
    variable: { n: {} },
    locals: { names: { b: 'B', a: 'A' } },
    resource: { aws_x: { a: body } },
  });

  it('expand to instances with their own count.index, each.key and each.value', () => {
    const counted = join(withEach({ count: 2, name: 'n${count.index}' }), []);
    expect(counted.resources.map((one) => [one.ref.address, one.config?.values.name])).toEqual([
      ['aws_x.a[0]', 'n0'],
      ['aws_x.a[1]', 'n1'],
    ]);
    const each = join(withEach({ for_each: '${local.names}', name: '${each.key}${each.value}' }), []);
    expect(each.resources.map((one) => [one.ref.address, one.config?.values.name])).toEqual([
      ['aws_x.a["a"]', 'aA'],
      ['aws_x.a["b"]', 'bB'],
    ]);
    const set = join(withEach({ for_each: '${toset(["y", "x"])}', name: '${each.value}' }), []);
    expect(set.resources.map((one) => one.config?.values.name)).toEqual(['x', 'y']);
  });

  it('leave an instance that they no longer have to the state alone', () => {
    const joined = join(withEach({ count: 1 }), [
      { type: 'aws_x', name: 'a', index_key: 0, attributes: {} },
      { type: 'aws_x', name: 'a', index_key: 1, attributes: {} },
    ]);
    expect(at(joined, 'aws_x.a[0]').config).toBeDefined();
    expect(at(joined, 'aws_x.a[1]').config).toBeUndefined();
  });

  it('that cannot be told take the instances of the state, and guess no value of each', () => {
    const body = withEach({
      for_each: '${var.n}',
      name: '${each.key}',
      size: '${each.value}',
      lifecycle: { ignore_changes: ['size'] },
    });
    const joined = join(body, [{ type: 'aws_x', name: 'a', index_key: 'k', attributes: {} }]);
    expect(configAt(joined, 'aws_x.a["k"]')).toMatchObject({
      values: { name: 'k', size: UNKNOWN },
      ignoreChanges: [['size']],
    });
    expect(joined.gaps).toEqual([]);
  });

  it('that cannot be told, with nothing in the state, are a gap', () => {
    expect(join(withEach({ count: '${var.n}' }), [])).toMatchObject({
      resources: [],
      gaps: [{ address: 'aws_x.a', workspace: 'w', reason: 'unsupported-declaration' }],
    });
  });

  it('refuse absurd counts', () => {
    for (const count of [-1, 1.5, 1e9, 'x']) expect(join(withEach({ count }), []).resources).toEqual([]);
  });

  it('that came or went find the object at its old address', () => {
    const plain = { type: 'aws_x', name: 'a', attributes: { id: 'i' } };
    const came = join(withEach({ count: 1, size: 1 }), [plain]);
    expect(came.resources).toMatchObject([{ ref: { address: 'aws_x.a', id: 'i' }, config: { values: { size: 1 } } }]);
    const went = join(withEach({ size: 1 }), [{ ...plain, index_key: 0 }]);
    expect(went.resources).toMatchObject([
      { ref: { address: 'aws_x.a[0]', id: 'i' }, config: { values: { size: 1 } } },
    ]);
  });
});

describe('moved blocks', () => {
  it('find an object that the state still has at its old address, over several moves', () => {
    const body: ValueMap = {
      moved: [
        { from: '${aws_x.first}', to: '${aws_x.second}' },
        { from: 'aws_x.second', to: 'aws_x.third' },
      ],
      resource: { aws_x: { third: { size: 3 } } },
    };
    const joined = join(body, [{ type: 'aws_x', name: 'first', attributes: { id: 'i' } }]);
    expect(joined.resources).toMatchObject([{ ref: { address: 'aws_x.first' }, config: { values: { size: 3 } } }]);
  });

  it('do not take the object of a resource that is still declared there', () => {
    const body: ValueMap = {
      moved: [{ from: 'aws_x.a', to: 'aws_x.b' }],
      resource: { aws_x: { b: { size: 2 }, a: { size: 1 } } },
    };
    const joined = join(body, [{ type: 'aws_x', name: 'a', attributes: { id: 'i' } }]);
    expect(configAt(joined, 'aws_x.a')?.values).toEqual({ size: 1 });
    expect(at(joined, 'aws_x.b').state).toBeUndefined();
  });

  it('that run in a circle end', () => {
    const body: ValueMap = {
      moved: [
        { from: 'aws_x.a', to: 'aws_x.b' },
        { from: 'aws_x.b', to: 'aws_x.a' },
      ],
      resource: { aws_x: { b: {} } },
    };
    expect(join(body, [{ type: 'aws_x', name: 'a', attributes: {} }]).resources).toHaveLength(1);
  });
});

describe('modules', () => {
  const child = module(
    {
      variable: { name: {}, size: { type: 'number', default: 5 } },
      resource: { aws_x: { inner: { name: '${var.name}', size: '${var.size}', path: '${path.module}' } } },
      output: { id: { value: '${aws_x.inner.id}' }, twice: { value: '${var.name}${var.name}' } },
    },
    'modules/net',
  );

  it('that are local get configuration, with the values of the call', () => {
    const root = module({ module: { net: [{ source: './modules/net', name: 'n', size: '7' }] } }, '.', { net: child });
    const joined = join(root, [{ module: 'module.net', type: 'aws_x', name: 'inner', attributes: { id: 'i' } }]);
    expect(configAt(joined, 'module.net.aws_x.inner')?.values).toEqual({ name: 'n', size: 7, path: 'modules/net' });
  });

  it('expand by for_each, and nest', () => {
    const middle = module(
      { variable: { k: {} }, module: { deep: [{ source: '../net', name: '${var.k}!' }] } },
      'modules/mid',
      { deep: child },
    );
    const root = module(
      { module: { mid: [{ source: './modules/mid', for_each: { a: 1, b: 2 }, k: '${each.key}' }] } },
      '.',
      { mid: middle },
    );
    const joined = join(root, []);
    expect(joined.resources.map((one) => [one.ref.address, one.config?.values.name])).toEqual([
      ['module.mid["a"].module.deep.aws_x.inner', 'a!'],
      ['module.mid["b"].module.deep.aws_x.inner', 'b!'],
    ]);
  });

  it('answer references to their outputs', () => {
    const root = module(
      {
        module: { net: { source: './modules/net', name: 'n' }, many: { source: './modules/net', name: 'm', count: 2 } },
        resource: {
          aws_y: { a: { id: '${module.net.id}', twice: '${module.net.twice}', all: '${module.many[*].twice}' } },
        },
      },
      '.',
      { net: child, many: child },
    );
    const joined = join(root, [{ module: 'module.net', type: 'aws_x', name: 'inner', attributes: { id: 'i' } }]);
    expect(configAt(joined, 'aws_y.a')?.values).toEqual({ id: 'i', twice: 'nn', all: ['mm', 'mm'] });
  });

  it('from elsewhere are known by the state alone', () => {
    const root = module(
      {
        module: { far: { source: 'acme/far/aws', version: '1.0.0' } },
        resource: { aws_y: { a: { x: '${module.far.id}' } } },
      },
      '.',
    );
    const joined = join(root, [{ module: 'module.far', type: 'aws_x', attributes: {} }]);
    expect(at(joined, 'module.far.aws_x.this').config).toBeUndefined();
    expect(configAt(joined, 'aws_y.a')?.values).toEqual({ x: UNKNOWN });
  });
});

describe('provider configurations', () => {
  const providers: ValueMap = {
    variable: { region: { default: 'eu-west-1' }, role: {}, token: { default: 'hunter2', sensitive: true } },
    terraform: { required_providers: { aws: { source: 'aws' }, other: { source: 'acme/thing' } } },
    provider: {
      aws: [
        { region: '${var.region}', default_tags: [{ tags: { Owner: 'me' } }], token: '${var.token}', version: '~> 5' },
        { alias: 'east', region: 'us-east-1', assume_role: [{ role_arn: '${var.role}' }] },
      ],
      other: { x: 1 },
    },
  };

  it('come from provider blocks, with sources, versions and what is known of their arguments', () => {
    const joined = join(providers, []);
    expect(joined.providers).toEqual([
      {
        key: key(`provider["${AWS}"]`),
        source: AWS,
        alias: undefined,
        values: { region: 'eu-west-1', default_tags: [{ tags: { Owner: 'me' } }], token: 'hunter2' },
        lockedVersion: '5.100.0',
        hashes: ['h1:x'],
        directory: 'dir',
      },
      expect.objectContaining({
        key: key(`provider["${AWS}"].east`),
        alias: 'east',
        values: { region: 'us-east-1', assume_role: [{ role_arn: UNKNOWN }] },
      }),
      expect.objectContaining({
        source: 'registry.terraform.io/acme/thing',
        values: { x: 1 },
        lockedVersion: undefined,
      }),
    ]);
  });

  it('of a resource are those that the state names', () => {
    const joined = join({ ...providers, resource: { aws_x: { a: { provider: '${aws.east}' } } } }, [
      { type: 'aws_x', name: 'a', attributes: {} },
      { type: 'aws_x', name: 'b', attributes: {}, provider: `provider["${AWS}"].east` },
    ]);
    expect(at(joined, 'aws_x.a').providerKey).toBe(key(`provider["${AWS}"]`));
    expect(at(joined, 'aws_x.b').providerKey).toBe(key(`provider["${AWS}"].east`));
  });

  it('are those of the configuration where the state names a block that is gone, or nothing', () => {
    const joined = join(
      { ...providers, resource: { aws_x: { a: { provider: 'aws.east' }, c: { provider: '${aws.east}' } } } },
      [{ type: 'aws_x', name: 'a', attributes: {}, provider: `provider["${AWS}"].gone` }],
    );
    expect(at(joined, 'aws_x.a').providerKey).toBe(key(`provider["${AWS}"].east`));
    expect(at(joined, 'aws_x.c').providerKey).toBe(key(`provider["${AWS}"].east`));
  });

  it('without a block are empty for the default one, and absent for an alias', () => {
    const joined = join({}, [
      { type: 'aws_x', name: 'a', attributes: {} },
      { type: 'aws_x', name: 'b', attributes: {}, provider: `provider["${AWS}"].gone` },
    ]);
    expect(joined.providers).toMatchObject([{ key: key(`provider["${AWS}"]`), values: {} }]);
  });

  it('reach modules by inheritance, by the providers of the call, and by blocks of their own', () => {
    const plain = { resource: { aws_x: { a: {} } } };
    const root = module(
      {
        ...providers,
        module: {
          inherits: { source: './a' },
          passed: { source: './b', providers: { aws: '${aws.east}' } },
          aliased: { source: './c', providers: { 'aws.here': 'aws.east' } },
          owns: { source: './d' },
        },
      },
      '.',
      {
        inherits: module(plain, 'a'),
        passed: module(plain, 'b'),
        aliased: module({ resource: { aws_x: { a: { provider: '${aws.here}' } } } }, 'c'),
        owns: module({ ...plain, provider: { aws: { region: 'ap-south-1' } } }, 'd'),
      },
    );
    const joined = join(root, []);
    const keyOf = (call: string): string => at(joined, `module.${call}.aws_x.a`).providerKey;
    expect(keyOf('inherits')).toBe(key(`provider["${AWS}"]`));
    expect(keyOf('passed')).toBe(key(`provider["${AWS}"].east`));
    expect(keyOf('aliased')).toBe(key(`provider["${AWS}"].east`));
    expect(keyOf('owns')).toBe(key(`module.owns.provider["${AWS}"]`));
    expect(joined.providers.find((one) => one.key === keyOf('owns'))?.values).toEqual({ region: 'ap-south-1' });
  });

  it('with for_each (OpenTofu) have one key an instance', () => {
    const body: ValueMap = {
      provider: { aws: { alias: 'by_region', for_each: '${toset(["eu", "us"])}', region: '${each.key}' } },
      resource: { aws_x: { a: { for_each: '${toset(["eu"])}', provider: '${aws.by_region[each.key]}' } } },
    };
    const joined = join(body, []);
    expect(joined.providers.map((one) => [one.alias, one.values.region])).toEqual([
      ['by_region["eu"]', 'eu'],
      ['by_region["us"]', 'us'],
    ]);
    expect(at(joined, 'aws_x.a["eu"]').providerKey).toBe(key(`provider["${AWS}"].by_region["eu"]`));
  });

  it('use the host of OpenTofu where that was used', () => {
    const joined = join({ provider: { aws: {} } }, [], { defaultHost: 'registry.opentofu.org' });
    expect(joined.providers[0]?.source).toBe('registry.opentofu.org/hashicorp/aws');
  });
});

describe('hostile configuration', () => {
  it('of wrong types everywhere is read as nothing, never a crash', () => {
    const shapes: ValueMap[] = [
      { resource: 5, provider: 'x', module: [1], variable: null, locals: 'x', terraform: [[[]]], moved: { from: 1 } },
      { resource: { aws_x: 5 }, provider: { aws: [null, 3] }, module: { a: 'x' }, data: [{ a: { b: 1 } }] },
      { resource: { aws_x: { a: { lifecycle: 'x', count: {}, provider: [] } } }, moved: [{ from: null, to: 'a' }] },
      {
        provider: { 'a/b/c/d': {} },
        resource: { '': { '': {} } },
        output: { x: 1 },
        terraform: { required_providers: { aws: 'x' } },
      },
    ];
    for (const shape of shapes) expect(() => join(shape, [{ type: 'aws_x', attributes: {} }])).not.toThrow();
  });

  it('keeps resources and arguments with names of object prototypes', () => {
    const body = {
      resource: { constructor: { toString: JSON.parse('{"__proto__": 1, "hasOwnProperty": 2}') as ValueMap } },
    };
    const joined = join(body, []);
    expect(Object.entries(configAt(joined, 'constructor.toString')?.values ?? {})).toEqual([
      ['__proto__', 1],
      ['hasOwnProperty', 2],
    ]);
  });
});
