import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StoryWorld, storyWorld } from '../support/incident-story.ts';

let world: StoryWorld;
let scratch: string;
beforeAll(async () => {
  world = await storyWorld('night');
  scratch = join(tmpdir(), `driftbom-incident-${process.pid}.json`);
});
afterAll(() => world.remove());

const HOSTILE =
  '<script>alert(1)</script> {{constructor}} \u001b[31m\u202e =cmd() [x](https://evil.example.com) `a` | b\n# heading';

/** An alert whose every text is hostile. */
function hostileAlert(): string {
  const labels = { alertname: HOSTILE, service: 'pipeline', severity: HOSTILE, queue: HOSTILE };
  const alert = {
    status: 'firing',
    labels,
    annotations: { summary: HOSTILE },
    startsAt: '2025-01-20T08:22:00Z',
    generatorURL: 'https://evil.example.com',
  };
  return JSON.stringify({
    version: '4',
    status: 'firing',
    commonLabels: labels,
    commonAnnotations: { summary: HOSTILE },
    alerts: [alert],
    externalURL: 'https://evil.example.com',
  });
}

describe('driftbom incident', () => {
  it('says by its exit code what it found', async () => {
    const codes = async (...argv: string[]) => (await world.run('incident', ...argv)).code;
    expect(await codes('--alert', 'alert.json')).toBe(0);
    expect(await codes('--onset', '2025-01-20T08:00:00Z', '--service', 'mail')).toBe(3);
    expect(await codes('--onset', '2025-02-20T08:00:00Z', '--service', 'mail')).toBe(4);
    expect(await codes('--alert', 'nowhere.json')).toBe(1);
    expect(await codes('--alert', 'README.md')).toBe(1);
    expect(await codes('--since', 'yesterday')).toBe(1);
    expect(await codes('--attribution', 'nickname')).toBe(1);
  });

  it('names what is wrong with an alert, an event or a state, and reads no ledger for it', async () => {
    expect((await world.run('incident', '--alert', 'history.json')).err).toContain(
      'E_ALERT: history.json cannot be read as an alert: of no format',
    );
    expect((await world.run('incident', '--events', 'alert.json')).err).toContain(
      'E_ALERT: alert.json cannot be read as events',
    );
    expect((await world.run('incident', '--state', 'alert.json')).err).toContain('E_STATE_FORMAT');
  });

  it('ends with 5 where the ledger does not verify, and says so before all else', async () => {
    const broken = await storyWorld('night');
    try {
      const head = join(broken.ledger, 'checkpoint');
      const text = readFileSync(head, 'utf8');
      const at = text.lastIndexOf('— ') + 40;
      writeFileSync(head, `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`);
      const { code, out } = await broken.run('incident', '--alert', 'alert.json');
      expect(code).toBe(5);
      expect(out.split('\n')[0]).toBe('The ledger does not verify. Do not rely on what stands below.');
    } finally {
      broken.remove();
    }
  });

  it.each(['terminal', 'markdown', 'html', 'json'])('makes hostile text of an alert inert: %s', async (format) => {
    writeFileSync(scratch, hostileAlert());
    const { out } = await world.run(
      'incident',
      '--alert',
      scratch,
      ...(format === 'terminal' ? [] : ['-o', `${format}=-`]),
    );
    expect(out).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
    if (format === 'html') expect(out).not.toMatch(/<script|href="(?!#)/i);
    if (format === 'markdown') expect(out).not.toMatch(/<script|[^\\]\]\(https|^# heading|object Object/m);
    if (format === 'json') expect(JSON.parse(out).alert.title).toContain('{{constructor}}');
  });

  it('is what report incident prints, which ends with 0 whatever it finds', async () => {
    const { code, out } = await world.run('report', 'incident', '--at', '2025-01-18T03:24:00Z');
    expect(code).toBe(0);
    expect(out).toContain('# ');
    expect(out).toContain('module.pipeline.aws\\_ssm\\_parameter.max\\_batch\\_size'.replaceAll('\\', ''));
  });

  it('has its remedy checked by a command that passes the plan it means and refuses any other', async () => {
    const address = 'module.pipeline.aws_ssm_parameter.max_batch_size';
    const plan = (after: object) => ({
      format_version: '1.2',
      terraform_version: '1.11.4',
      resource_changes: [
        {
          address,
          mode: 'managed',
          type: 'aws_ssm_parameter',
          name: 'max_batch_size',
          provider_name: 'registry.terraform.io/hashicorp/aws',
          change: {
            actions: ['update'],
            before: { insecure_value: '50', name: 'n', version: 2 },
            after: { name: 'n', ...after },
            after_unknown: { version: true },
          },
        },
      ],
    });
    const check = async (after: object) => {
      writeFileSync(scratch, JSON.stringify(plan(after)));
      return world.check('check-plan', scratch, '--only', address, '--attribute', 'insecure_value');
    };
    const passed = await check({ insecure_value: '1000' });
    expect(passed).toMatchObject({ code: 0, out: expect.stringContaining('OK: the plan changes insecure_value of') });
    const refused = await check({ insecure_value: '1000', name: 'other' });
    expect(refused).toMatchObject({ code: 2, out: expect.stringContaining('it would also change name') });
    writeFileSync(scratch, '{}');
    expect((await world.check('check-plan', scratch, '--only', address)).code).toBe(1);
  });
});
