import { afterEach, describe, expect, it } from 'vitest';
import { type CliWorld, cliWorld } from '../support/cli-world.ts';
import { sarifFaults } from '../support/sarif-check.ts';

let world: CliWorld;
afterEach(() => world.remove());

describe('driftbom report compliance', () => {
  it('writes every machine format from the ledger, and each names the drift of the scan', async () => {
    world = cliWorld();
    world.tiny.setLive({ web: { size: 900, password: 'hunter2-marked' } });
    await world.run('scan');
    const formats = ['junit', 'sarif', 'ocsf', 'gitlab', 'slack', 'oscal', 'oscal-poam'];
    const outputs = formats.flatMap((format) => ['-o', `${format}=out/${format}`]);
    const { code, err } = await world.run('report', 'compliance', '--framework', 'soc2,nist-800-53', ...outputs);
    expect(err).not.toContain('E_');
    expect(code).toBe(0);
    for (const format of formats) {
      const text = world.read(`out/${format}`);
      expect(text.replaceAll('\\\\', ''), format).toContain('tiny_server.web');
      expect(text, format).not.toContain('hunter2');
    }
    expect(sarifFaults(world.read('out/sarif'))).toEqual([]);
    const [run] = JSON.parse(world.read('out/sarif')).runs;
    const [finding] = run.results.filter(({ ruleId }: { ruleId: string }) => !ruleId.startsWith('test/'));
    const shown = JSON.parse((await world.run('show', 'tiny_server.web', '--json')).out);
    expect(JSON.stringify(shown)).toContain(finding.properties.id);
  });

  it('gives the same bytes again', async () => {
    world = cliWorld();
    world.tiny.setLive({ web: { size: 900 } });
    await world.run('scan');
    const report = async (): Promise<string> => (await world.run('report', 'compliance', '-o', 'oscal')).out;
    const first = await report();
    world.pass(5);
    expect(await report()).toBe(first);
  });
});
