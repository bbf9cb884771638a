import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DriftbomError } from '../../src/model/error.ts';
import type { StateFile } from '../../src/terraform/state-file.ts';
import { parseState } from '../../src/terraform/state-file.ts';
import type { StateResources } from '../../src/terraform/state-resources.ts';
import { stateResources } from '../../src/terraform/state-resources.ts';
import { AWS, stateOf } from '../support/state-samples.ts';

const parse = (state: unknown): StateFile => parseState(JSON.stringify(state), 'terraform.tfstate');
const resourcesOf = (state: unknown): StateResources => stateResources(parse(state), { workspace: 'prod' });

function faultOf(text: string | Uint8Array): DriftbomError {
  try {
    parseState(text, 'terraform.tfstate');
  } catch (thrown) {
    if (thrown instanceof DriftbomError) return thrown;
    throw thrown;
  }
  throw new Error('no error was thrown');
}

describe('parseState', () => {
  it('takes lineage, serial, version and outputs', () => {
    const file = parse({ ...stateOf([]), outputs: { url: { value: 'x', type: 'string', sensitive: true } } });
    expect(file).toMatchObject({ lineage: 'a-lineage', serial: 7, terraformVersion: '1.11.4', blocks: [] });
    expect(file.outputs.url).toEqual({ value: 'x', sensitive: true });
  });

  it('refuses another format by its version, and says which Terraform upgrades it', () => {
    const old = faultOf(JSON.stringify({ version: 3, terraform_version: '0.11.14', modules: [] }));
    expect(old.code).toBe('E_STATE_VERSION');
    expect(old.message).toContain('state format 3, written by Terraform 0.11.14');
    expect(old.cure).toContain('terraform state pull');
    const newer = faultOf(JSON.stringify({ version: 5 }));
    expect(newer.code).toBe('E_STATE_VERSION');
    expect(newer.cure).toContain('newer driftbom');
  });

  it('tells a state that OpenTofu encrypted', () => {
    const fault = faultOf(
      JSON.stringify({ serial: 1, lineage: 'x', meta: {}, encrypted_data: 'AAAA', encryption_version: 'v0' }),
    );
    expect(fault.code).toBe('E_STATE_FORMAT');
    expect(fault.message).toContain('encrypted');
    expect(fault.cure).toContain('tofu state pull');
  });

  it('tells the output of terraform show from a state', () => {
    expect(faultOf(JSON.stringify({ format_version: '1.0', values: {} })).message).toContain('terraform show -json');
  });

  it('lists every fault at once', () => {
    const { message, code } = faultOf(
      JSON.stringify({
        version: 4,
        serial: 'x',
        resources: [{ mode: 'other', type: 1, name: 'n', provider: '?' }, 5, { instances: {} }],
      }),
    );
    expect(code).toBe('E_STATE_FORMAT');
    for (const part of [
      'serial',
      'resources[0].mode',
      'resources[0].type',
      'resources[0].provider',
      'resources[1]',
      'resources[2].instances',
    ]) {
      expect(message).toContain(`${part}: `);
    }
  });

  it('keeps the list of faults short', () => {
    const { message } = faultOf(JSON.stringify({ version: 4, resources: Array(5000).fill(1) }));
    expect(message.split('\n').length).toBeLessThan(30);
    expect(message).toContain('and 4980 more');
  });

  it('keeps big numbers and a __proto__ attribute', () => {
    const text = JSON.stringify(stateOf([{ type: 'aws_x', attributes: { id: 'i', n: 0 } }])).replace(
      '"n":0',
      '"n":12345678901234567890,"__proto__":{"x":1}',
    );
    const [resource] = stateResources(parseState(text, 's'), { workspace: 'w' }).resources;
    expect(resource?.state?.attributes.n).toBe('12345678901234567890');
    expect(Object.keys(resource?.state?.attributes ?? {})).toContain('__proto__');
  });
});

describe('stateResources', () => {
  it('gives each instance its address, id, provider and private data', () => {
    const { resources } = resourcesOf(
      stateOf([
        { type: 'aws_x', name: 'one', attributes: { id: 'i-1', a: 1 }, private: 'cHJpdg==', schema_version: 2 },
        { type: 'aws_x', name: 'many', index_key: 3, attributes: { id: 'i-2' } },
        {
          module: 'module.net["a"].module.y[0]',
          type: 'aws_x',
          name: 'each',
          index_key: 'k"',
          attributes: { id: 'i-3' },
        },
      ]),
    );
    expect(resources.map((one) => one.ref.address)).toEqual([
      'aws_x.one',
      'aws_x.many[3]',
      'module.net["a"].module.y[0].aws_x.each["k\\""]',
    ]);
    expect(resources[0]).toEqual({
      ref: { address: 'aws_x.one', type: 'aws_x', id: 'i-1', workspace: 'prod', provider: AWS },
      providerKey: `prod: provider["${AWS}"]`,
      state: { attributes: { id: 'i-1', a: 1 }, schemaVersion: 2, private: 'cHJpdg==', sensitive: [], tainted: false },
      config: undefined,
    });
  });

  it('counts data sources and takes none of them', () => {
    const taken = resourcesOf(
      stateOf([
        { mode: 'data', type: 'aws_region', attributes: { id: 'x' } },
        { type: 'aws_x', attributes: { id: 'i' } },
      ]),
    );
    expect(taken.skippedDataSources).toBe(1);
    expect(taken.resources).toHaveLength(1);
  });

  it('reports a deposed object as a gap and still takes the current one', () => {
    const { resources, gaps } = resourcesOf(
      stateOf([
        { type: 'aws_x', name: 'a', attributes: { id: 'new' } },
        { type: 'aws_x', name: 'a', attributes: { id: 'old' }, deposed: '0badcafe' },
      ]),
    );
    expect(resources.map((one) => one.ref.id)).toEqual(['new']);
    expect(gaps).toEqual([expect.objectContaining({ address: 'aws_x.a', workspace: 'prod', reason: 'deposed' })]);
  });

  it('reports an object in the flat form of Terraform 0.11 as a gap', () => {
    const state = stateOf([{ type: 'aws_x', name: 'a', attributes_flat: { id: 'x' } }]);
    expect(resourcesOf(state)).toMatchObject({ resources: [], gaps: [{ address: 'aws_x.a', reason: 'undecodable' }] });
  });

  it('reports a second object at one address as a gap, so that no address stands for two', () => {
    const twice = [1, 2].map((n) => ({ type: 'aws_x', name: 'a', attributes: { id: `i-${n}` } }));
    const state = stateOf(twice);
    expect(resourcesOf(state)).toMatchObject({
      resources: [{ ref: { id: 'i-1' } }],
      gaps: [{ address: 'aws_x.a', reason: 'undecodable' }],
    });
  });

  it('marks a tainted object, and keeps it without an id', () => {
    const { resources } = resourcesOf(stateOf([{ type: 'aws_x', attributes: { id: null }, status: 'tainted' }]));
    expect(resources[0]).toMatchObject({ ref: { id: undefined }, state: { tainted: true } });
  });

  it('turns sensitive_attributes into paths, and ends a path where an index cannot be written', () => {
    const marks = [
      [{ type: 'get_attr', value: 'password' }],
      [
        { type: 'get_attr', value: 'env' },
        { type: 'index', value: { value: 0, type: 'number' } },
        { type: 'get_attr', value: 'vars' },
        { type: 'index', value: 'KEY' },
      ],
      [
        { type: 'get_attr', value: 'set' },
        { type: 'index', value: { value: { a: 1 }, type: ['object', {}] } },
        { type: 'get_attr', value: 'b' },
      ],
    ];
    const { resources } = resourcesOf(stateOf([{ type: 'aws_x', attributes: {}, sensitive_attributes: marks }]));
    expect(resources[0]?.state?.sensitive).toEqual([['password'], ['env', 0, 'vars', 'KEY'], ['set']]);
  });

  it('marks a secret in an attribute of open type both where it is decoded and where the state writes it', () => {
    const input = { value: { pw: 'hunter2' }, type: ['object', { pw: 'string' }] };
    const marks = [
      [
        { type: 'get_attr', value: 'input' },
        { type: 'get_attr', value: 'pw' },
      ],
    ];
    const { resources } = resourcesOf(stateOf([{ type: 'aws_x', attributes: { input }, sensitive_attributes: marks }]));
    expect(resources[0]?.state?.sensitive).toEqual([
      ['input', 'pw'],
      ['input', 'value', 'pw'],
    ]);
  });

  it('refuses marks that it cannot read, for a secret may hang on them', () => {
    const broken = stateOf([{ type: 'aws_x', attributes: {}, sensitive_attributes: [[{ type: 'other' }]] }]);
    expect(faultOf(JSON.stringify(broken)).message).toContain('sensitive_attributes');
  });
});

describe('a damaged state', () => {
  const sound = JSON.stringify(
    stateOf([
      {
        type: 'aws_x',
        name: 'a',
        index_key: 'k',
        attributes: { id: 'i', tags: { a: 'b' } },
        sensitive_attributes: [[{ type: 'get_attr', value: 'p' }]],
      },
      { module: 'module.m[0]', mode: 'data', type: 'aws_y', attributes: { id: 'j' } },
    ]),
  );

  const survives = (text: string): void => {
    try {
      const taken = stateResources(parseState(text, 's'), { workspace: 'w' });
      for (const { ref } of taken.resources) expect(ref.address).not.toBe('');
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(DriftbomError);
    }
  };

  it('gives one clear error wherever it is cut off', () => {
    for (let end = 0; end < sound.length; end += 7) {
      expect(faultOf(sound.slice(0, end)).code).toBe('E_STATE_FORMAT');
    }
  });

  it('never crashes the reader, whatever stands in place of any value', () => {
    const leaves = fc.constantFrom<unknown>(null, 0, -1, 1.5, '', 'x', true, [], {}, [[]], [{}], { a: null }, 1e300);
    fc.assert(
      fc.property(fc.nat(), leaves, (at, leaf) => {
        let seen = 0;
        const total = countOf(JSON.parse(sound));
        const mutated = JSON.parse(sound, (_key, value: unknown) => (seen++ === at % total ? leaf : value));
        survives(JSON.stringify(mutated));
      }),
      { numRuns: 400 },
    );
  });

  it('never crashes the reader, whatever byte is changed', () => {
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.string({ maxLength: 3 }), (at, text) => {
        survives(sound.slice(0, at) + text + sound.slice(at + 1));
      }),
      { numRuns: 300 },
    );
  });
});

function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return 1 + Object.values(value).reduce<number>((sum, inner) => sum + countOf(inner), 0);
}
