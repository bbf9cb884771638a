import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AwsChange, typeOf, type World } from '../support/aws-change.ts';
import { AWS_CHANGES } from '../support/aws-changes.ts';
import type { TerraformWorkspace } from '../support/terraform.ts';
import { type Companions, describeWithTools, fixture, MARKS, startCompanions } from './companions.ts';
import { driftLines, scan, type Scanned } from './driftbom.ts';
import { worldOf } from './world.ts';

describeWithTools('a stack of 70 resources on AWS', () => {
  const table: string[] = [];
  let companions: Companions;
  let stack: TerraformWorkspace;
  let world: World;

  const scanStack = (...args: readonly string[]): Promise<Scanned> =>
    scan(companions.home, companions.home.folder, stack.directory, '--no-record', ...args);

  beforeAll(async () => {
    companions = await startCompanions();
    const { endpoint } = companions.moto;
    stack = await companions.home.workspace(fixture('stack'), 'stack', { endpoint, ...MARKS });
    await stack.apply();
    world = await worldOf(stack, endpoint);
  });

  afterAll(async () => {
    if (table.length > 0) process.stdout.write(`\n${table.join('\n')}\n\n`);
    await companions?.stop();
  });

  it('is large enough to mean something', async () => {
    const addresses = await stack.addresses();
    expect(addresses.length).toBeGreaterThanOrEqual(45);
    expect(new Set(addresses.map(typeOf)).size).toBeGreaterThanOrEqual(28);
    expect(AWS_CHANGES.length).toBeGreaterThanOrEqual(34);
    expect(new Set(AWS_CHANGES.map(({ address }) => typeOf(address))).size).toBeGreaterThanOrEqual(18);
  });

  it('has no drift in the first scan after apply', async () => {
    const scanned = await scanStack('--strict');
    expect(driftLines(scanned)).toEqual([]);
    expect(scanned.document?.gaps).toEqual([]);
    expect(scanned.document?.summary.inSync).toBe((await stack.addresses()).length);
    expect(scanned.code).toBe(0);
  });

  for (const change of AWS_CHANGES.filter(({ undo }) => undo !== undefined)) {
    it(`${change.expected === 'equal' ? 'stays silent' : 'is found and nothing else'}: ${change.name}`, async () => {
      await change.apply(world);
      const scanned = await scanStack();
      await change.undo?.(world);
      table.push(rowOf(change, scanned));
      expectExactly(change, scanned);
    });
  }

  it('is as it was when every change is undone, as Terraform sees it too', async () => {
    expect(driftLines(await scanStack())).toEqual([]);
    const planned = await stack.terraform('plan', '-input=false', '-lock=false', '-detailed-exitcode');
    expect(planned.stdout).toContain('No changes.');
    expect(planned.code).toBe(0);
  });

  it('names every object that is gone, one after the other', async () => {
    const deletions = AWS_CHANGES.filter(({ undo }) => undo === undefined);
    const gone: string[] = [];
    for (const change of deletions) {
      await change.apply(world);
      const scanned = await scanStack();
      table.push(rowOf(change, scanned, gone));
      gone.push(`${change.address} missing`);
      expect(driftLines(scanned)).toEqual([...gone].sort());
      expect(scanned.code).toBe(2);
    }
  }, 300_000);
});

function expectExactly({ address, expected }: AwsChange, scanned: Scanned): void {
  if (expected === 'equal') {
    expect(driftLines(scanned)).toEqual([]);
    expect(scanned.code).toBe(0);
    return;
  }
  const paths = expected === 'missing' ? 'missing' : `changed: ${[...expected].sort().join(', ')}`;
  expect(driftLines(scanned)).toEqual([`${address} ${paths}`]);
  expect(scanned.code).toBe(2);
  for (const drift of scanned.document?.drifts ?? []) expect(drift.cause).toBe('out-of-band');
}

function rowOf({ name, address }: AwsChange, scanned: Scanned, known: readonly string[] = []): string {
  const said = driftLines(scanned)
    .filter((line) => !known.includes(line))
    .join('; ');
  return `${name.padEnd(56)} ${typeOf(address).padEnd(48)} exit ${scanned.code}  ${said === '' ? 'no drift' : said}`;
}
