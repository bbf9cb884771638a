import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSource } from '../../src/declared/plan.ts';
import { DriftbomError } from '../../src/model/error.ts';
import { formatPath } from '../../src/model/path.ts';
import type { ResourceSchema } from '../../src/model/schema.ts';
import type { ValueMap } from '../../src/model/value.ts';
import { UNKNOWN } from '../../src/model/value.ts';
import { declaredSourceContract } from '../contract/declared-source.ts';

const folder = new URL('../../fixtures/plans/', import.meta.url);
const story = (name: string): Buffer => readFileSync(new URL(`${name}.json`, folder));
const open = (bytes: Uint8Array) => planSource({ bytes, name: 'plan.json', workspace: 'prod' });
const parse = (plan: object) => open(Buffer.from(JSON.stringify(plan)));

/** Both sides by address, for short assertions. */
function sides(name: string) {
  return new Map(open(story(name)).sides.resources.map((one) => [one.resource.ref.address, one]));
}
function side(name: string, address: string) {
  const one = sides(name).get(address);
  if (one === undefined) throw new Error(`${name} has no ${address}`);
  return one;
}

declaredSourceContract('a plan', async () => open(story('terraform-1.11-normal')), false);

describe('a plan of terraform 1.11', () => {
  it('shows five changes by hand and what is not applied', () => {
    const all = sides('terraform-1.11-normal');
    expect([...all].map(([address, one]) => `${address}: ${one.answer.kind}`)).toEqual([
      'aws_iam_role.app: found',
      'aws_iam_role_policy.app: found',
      'aws_security_group.web: found',
      'aws_sns_topic.alerts: found',
      'aws_sns_topic.fresh: unread',
      'aws_ssm_parameter.fee: found',
      'module.q["in"].aws_sqs_queue.this[0]: found',
      'module.q["out"].aws_sqs_queue.this[0]: absent',
    ]);
    expect(all.get('aws_iam_role.app')?.answer).toMatchObject({
      prior: { managed_policy_arns: [] },
      live: { managed_policy_arns: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
    });
    expect(all.get('aws_iam_role.app')?.resource.config?.values).not.toHaveProperty('managed_policy_arns');
    const topic = all.get('aws_sns_topic.alerts');
    expect(topic?.answer).toMatchObject({ prior: { display_name: 'Alerts' }, live: { display_name: 'Hacked' } });
    expect(topic?.resource.config?.values).toEqual({
      display_name: 'Alerts',
      name: 'alerts',
      tags: { Owner: 'platform' },
    });
    const queue = all.get('module.q["in"].aws_sqs_queue.this[0]');
    expect(queue?.answer).toMatchObject({ live: { visibility_timeout_seconds: 30 } });
    expect(queue?.resource.config?.values).toMatchObject({ visibility_timeout_seconds: 60 });
    expect(all.get('aws_security_group.web')?.resource.state?.schemaVersion).toBe(1);
  });

  it('shows the same live side when it is refresh-only, and no configuration', () => {
    const normal = sides('terraform-1.11-normal');
    const refreshed = sides('terraform-1.11-refresh-only');
    expect(refreshed.size).toBe(7);
    for (const [address, one] of refreshed) {
      expect(one.answer).toEqual(normal.get(address)?.answer);
      expect(one.resource.config).toBeUndefined();
    }
  });

  it('marks what is sensitive on either side of either list', () => {
    const state = side('terraform-1.11-normal', 'aws_ssm_parameter.fee').resource.state;
    expect(state?.sensitive.map(formatPath)).toEqual(['value', 'value_wo']);
  });
});

describe('a plan', () => {
  it('keeps state, live and configuration apart, so that causes can be told', () => {
    const three = (name: string) => {
      const { answer, resource } = side('causes', `aws_sqs_queue.${name}`);
      if (answer.kind !== 'found') throw new Error(answer.kind);
      const delay = (value: unknown) => (value as ValueMap).delay_seconds;
      return [delay(answer.prior), delay(resource.config?.values), delay(answer.live)];
    };
    expect(three('by_hand')).toEqual([5, 5, 900]);
    expect(three('unapplied')).toEqual([5, 60, 5]);
    expect(three('both')).toEqual([5, 60, 900]);
  });

  it('takes an argument that the plan removes for a configuration that no longer has it', () => {
    expect(side('causes', 'aws_sqs_queue.taken_away').resource.config?.values).toHaveProperty('policy', null);
  });

  it('shows drift where every planned change is a no-op', () => {
    expect(side('drift-only-while-all-no-op', 'aws_sqs_queue.jobs').answer).toMatchObject({
      prior: { redrive_policy: '' },
      live: { redrive_policy: 'x' },
    });
  });

  it.each(['before-equals-after', 'moved'])('gives equal sides for a drift entry that says nothing: %s', (name) => {
    for (const { answer } of sides(name).values()) {
      if (answer.kind !== 'found') throw new Error(answer.kind);
      expect(answer.live).toEqual(answer.prior);
    }
  });

  it('leaves null against {} to comparison, which knows that both are empty', () => {
    const { answer } = side('tags-null-to-empty', 'aws_sqs_queue.jobs');
    expect(answer).toMatchObject({ prior: { tags: null }, live: { tags: {} } });
  });

  it('takes a delete in resource_drift for absent, though the plan creates it anew', () => {
    const { answer, resource } = side('deleted-outside', 'aws_sqs_queue.jobs');
    expect(answer).toEqual({ kind: 'absent' });
    expect(resource.state?.attributes).toMatchObject({ id: 'q1' });
  });

  it('knows a moved resource by its new address', () => {
    expect([...sides('moved').keys()]).toEqual(['aws_sqs_queue.after']);
  });

  it('counts data sources and reads none, neither their reads nor outputs being drift', async () => {
    const declared = await open(story('data-read-and-output-only')).read();
    expect(declared.resources.map((one) => one.ref.address)).toEqual(['aws_sqs_queue.jobs']);
    expect(declared.skippedDataSources).toBe(2);
  });

  it('reads a mask that is true for a subtree, and one that is true for the whole object', () => {
    const marks = (address: string) =>
      side('sensitive-subtrees', address).resource.state?.sensitive.map(formatPath).sort();
    expect(marks('aws_lambda_function.f')).toEqual(['environment', 'environment[0].variables.A', 'token']);
    expect(marks('aws_lambda_function.all')).toEqual(['id', 'token']);
  });

  it('reports a deposed object and compares the current one', async () => {
    const declared = await open(story('deposed')).read();
    expect(declared.resources.map((one) => one.ref.id)).toEqual(['q1']);
    expect(declared.gaps).toMatchObject([{ address: 'aws_sqs_queue.jobs', reason: 'deposed' }]);
    expect(declared.gaps[0]?.message).toContain('0a1b2c3d');
  });

  it('says of what it creates or imports that the state does not hold it', () => {
    for (const { answer, resource } of sides('not-in-state').values()) {
      expect(answer).toMatchObject({ kind: 'unread', reason: 'not-in-state' });
      expect(resource.state).toBeUndefined();
      expect(resource.config).toBeDefined();
    }
  });

  it.each(['targeted', 'targeted-refresh-only', 'errored'])('does not call clean what it did not reach: %s', (name) => {
    expect(side(name, 'aws_sqs_queue.seen').answer.kind).toBe('found');
    expect(side(name, 'aws_sqs_queue.unseen').answer).toMatchObject({ kind: 'unread', reason: 'not-in-snapshot' });
    expect(open(story(name)).sides.gaps).toMatchObject([{ reason: 'unsupported-declaration' }]);
  });

  it('does not trust what Terraform deferred', () => {
    const { answer } = side('deferred', 'aws_sqs_queue.later');
    expect(answer).toMatchObject({ kind: 'unread', message: expect.stringContaining('provider_config_unknown') });
  });

  it('does not take a live value that the plan carried over for configuration', () => {
    const { values } = side('carried-over', 'aws_sqs_queue.jobs').resource.config ?? {};
    expect(values).toEqual({
      name: 'jobs',
      delay_seconds: UNKNOWN,
      policy: UNKNOWN,
      tags: { Owner: UNKNOWN, Team: 'blue' },
      fifo: 'yes',
      labels: { by: UNKNOWN, for: 'all' },
    });
  });

  it('takes of nested blocks what is written, and nothing where written and planned cannot be matched', () => {
    expect(side('nested-blocks', 'aws_sqs_queue.jobs').resource.config?.values).toEqual({
      rule: [{ port: 2, token: UNKNOWN }],
      mixed: UNKNOWN,
      single: { on: false },
      lone: UNKNOWN,
      fn: 'TEXT',
    });
  });

  it('finds the configuration of instances in modules, whatever their keys hold', () => {
    const hostile = side('modules-and-instances', 'module.net["a.b"].aws_sqs_queue.jobs["x\\"]y"]');
    expect(hostile.resource.config?.values).toEqual({ delay_seconds: 1 });
    const deep = side('modules-and-instances', 'module.net["c"].module.deep[0].aws_sqs_queue.jobs[0]');
    expect(deep.resource.config?.values).toEqual({ name: 'jobs' });
    expect(deep.resource.state?.tainted).toBe(true);
  });

  it('is brought to the types of a schema where one is at hand', () => {
    const schema: ResourceSchema = {
      version: 0,
      block: {
        attributes: { delay_seconds: { type: 'string' } },
        blocks: { rule: { nesting: 'set', block: { attributes: {}, blocks: {} } } },
      },
    };
    const source = planSource({ bytes: story('causes'), name: 'p', workspace: 'w', schemaOf: () => schema });
    expect(source.sides.resources[0]?.answer).toMatchObject({
      schema,
      prior: { delay_seconds: '5', rule: [] },
      live: { delay_seconds: '900', rule: [] },
    });
  });
});

describe('a plan file', () => {
  const plan = JSON.parse(story('causes').toString()) as Record<string, unknown>;
  const text = JSON.stringify(plan);
  const failure = (bytes: Uint8Array): DriftbomError => {
    try {
      open(bytes);
    } catch (thrown) {
      if (thrown instanceof DriftbomError) return thrown;
      throw thrown;
    }
    throw new Error('no error');
  };

  it.each([
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 little endian, as PowerShell writes it', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 big endian', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('may be %s', (_, bytes) => {
    expect(open(bytes).sides.resources).toHaveLength(4);
  });

  it.each(['0.1', '0.2', '2.0', '10.0', '1.x', ''])('is refused with format version %j', (version) => {
    expect(failure(Buffer.from(JSON.stringify({ ...plan, format_version: version })))).toMatchObject({
      code: 'E_PLAN_VERSION',
    });
  });

  it.each(['1.0', '1.2', '1.99'])('is read with format version %s and members that nobody knows yet', (version) => {
    expect(parse({ ...plan, format_version: version, novelty: [{}] }).sides.resources).toHaveLength(4);
  });

  it.each([
    ['a state', { version: 4, resources: [] }, /a state/],
    ['a state printed as JSON', { format_version: '1.0', values: {} }, /holds no plan/],
    ['a list', [], /not a JSON object/],
    ['something else', {}, /format_version/],
  ])('is not %s', (_, document, message) => {
    expect(failure(Buffer.from(JSON.stringify(document)))).toMatchObject({
      code: 'E_PLAN_FORMAT',
      message: expect.stringMatching(message),
    });
  });

  it('names every place whose type is wrong, in one error, and no value', () => {
    const broken = {
      ...plan,
      errored: 'mark-secret',
      resource_changes: [{ address: 5, mode: 'managed', type: 'a' }, 'mark-secret'],
      resource_drift: { a: 1 },
    };
    const { code, message } = failure(Buffer.from(JSON.stringify(broken)));
    expect(code).toBe('E_PLAN_FORMAT');
    for (const place of ['errored', 'resource_changes[0].address', 'resource_changes[0].change', 'resource_drift']) {
      expect(message).toContain(place);
    }
    expect(message).toContain('resource_changes[1] is not an object');
    expect(message).not.toContain('mark-secret');
  });

  it('gives sides or one clear error, however it was cut or altered', () => {
    const bytes = story('terraform-1.11-normal');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.constantFrom('cut', 'null', '[]', '{}', '"x"', '-1'), (at, how) => {
        const whole = bytes.toString();
        // Puts a value of another type in the place of the next value after `at`.
        const altered =
          how === 'cut' ? whole.slice(0, at) : whole.slice(0, at) + whole.slice(at).replace(/: [^,{}[\]]+/, `: ${how}`);
        try {
          open(Buffer.from(altered));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(DriftbomError);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('treats prototype keys as plain data', () => {
    const hostile = text.replace('"name":"jobs"', '"__proto__":{"polluted":1},"constructor":1,"name":"jobs"');
    expect(open(Buffer.from(hostile)).sides.resources).toHaveLength(4);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

it('tells every story of the folder in a test', () => {
  const source = readFileSync(new URL(import.meta.url), 'utf8');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  expect(names.filter((name) => !source.includes(`'${name.slice(0, -5)}'`))).toEqual([]);
});
