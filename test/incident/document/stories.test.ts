import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordedStory, steady } from '../../support/incident-record-story.ts';
import type { StoryWorld } from '../../support/incident-story.ts';
import { golden } from '../../support/rendered.ts';

const worlds = new Map<string, StoryWorld>();
beforeAll(async () => {
  for (const name of ['night', 'canary', 'parameter']) worlds.set(name, await recordedStory(name));
}, 60_000);
afterAll(() => {
  for (const world of worlds.values()) world.remove();
});

async function document(story: string, template: string, format: string, ...more: string[]): Promise<string> {
  const world = worlds.get(story) as StoryWorld;
  const { code, out, err } = await world.run(
    ...['report', 'incident', '--incident', 'INC-0001', '--template', template, '-o', `${format}=-`],
    ...more,
  );
  expect(err).toBe('');
  expect(code).toBe(0);
  return out;
}

describe('the night, as a post-mortem', () => {
  it.each(['html', 'markdown', 'json'])('is made from the ledger alone, the same each time, as %s', async (format) => {
    const text = steady(await document('night', 'full', format));
    const ending = { html: 'html', markdown: 'md', json: 'json' }[format];
    expect(text).toBe(golden(`incident-document/night-full.${ending}`, text));
  });

  it('gives the six answers exactly', async () => {
    const { causes } = JSON.parse(await document('night', 'full', 'json'));
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatchObject({
      when: '2025-01-18 03:22:00 UTC (cloudtrail.eventTime)',
      keys: [{ key: 'module.pipeline.aws_ssm_parameter.max_batch_size · insecure_value', old: '"1000"', new: '"50"' }],
      why: '"Reducing batch size to debug OOM errors in prod" (comment in the call)',
      who: 'ops-team role in the console',
      verdict: 'confirmed',
      relation: 'caused',
      ranked: 'rank 1, score 0.88',
      wayOut: { direction: 'REVERT' },
    });
  });

  it('computes lengths of time between what is on record', async () => {
    const { durations } = JSON.parse(await document('night', 'full', 'json'));
    const texts = Object.fromEntries(durations.map(({ name, text }: { name: string; text: string }) => [name, text]));
    expect(texts).toEqual({
      'time to detect': '52 h 58 min',
      'time to acknowledge': '70 s',
      'time to attribute': '2 min',
      'time to mitigate': '9 min',
      'time to resolve': '33 min',
      duration: '53 h 31 min',
      exposure: '53 h 00 min',
    });
  });

  it('takes the machine seconds from the alert to the remedy', async () => {
    const world = worlds.get('night') as StoryWorld;
    const started = performance.now();
    const asked = ['incident', '--alert', 'alert.json', '--state', 'state.tfstate', '--events', 'events.ndjson'];
    const { out } = await world.run(...asked);
    const remedy = performance.now() - started;
    expect(out).toContain('terraform apply revert.tfplan');
    await document('night', 'full', 'html');
    const whole = performance.now() - started;
    process.stdout.write(
      `  night: ${remedy.toFixed(0)} ms from alert to remedy, ${(whole - remedy).toFixed(0)} ms for the post-mortem\n`,
    );
    // The note's goal, far above what is measured: a machine that is busy has to pass too.
    expect(remedy).toBeLessThan(10_000);
  });

  it('tells outsiders what they saw and what is done, and nothing else', async () => {
    const html = steady(await document('night', 'external', 'html', '--attribution', 'full'));
    expect(html).toBe(golden('incident-document/night-external.html', html));
    expect(html).toContain('Reports arrived up to 49 hours late.');
    expect(html).not.toMatch(/dana|nora|ivo|max_batch|aws_|1000|pipeline-team|out-of-memory/);
  });

  it.each(['role', 'team', 'pseudonym', 'none'])(
    'names nobody with --attribution %s, in any format or export',
    async (mode) => {
      const naming = ['--attribution', mode, '--team', 'ops-team=platform'];
      const texts = await Promise.all(
        ['html', 'markdown', 'json'].map((format) => document('night', 'full', format, ...naming)),
      );
      const world = worlds.get('night') as StoryWorld;
      const exported = await world.run('incident', 'export', '1', '--to', 'ndjson', ...naming);
      for (const text of [...texts, exported.out]) expect(text).not.toMatch(/dana|nora|ivo@|lee@|sam@/i);
    },
  );
});

describe('the canary, as a post-mortem', () => {
  it('has the rollout in one sentence, and the silenced alarm beside the question why the canary was blind', async () => {
    const view = JSON.parse(await document('canary', 'full', 'json'));
    expect(view.rollout).toContain('login: canary 5 % 14:02');
    expect(view.rollout).toMatch(/login: full 14:20.*alert 14:30/);
    const canary = view.whys.find(({ key }: { key: string }) => key === 'canary');
    expect(canary.evidence.join(' ')).toMatch(
      /guardrail: module\.login\.aws_cloudwatch_metric_alarm\.canary_errors.*11:05:00 UTC, still gone \(entry 2\)/,
    );
    expect(canary.answer).toContain('switched off at 11:05');
    expect(view.durations.find(({ name }: { name: string }) => name === 'exposure').text).toBe('10 min');
  });

  it('does not invent when it was resolved', async () => {
    const view = JSON.parse(await document('canary', 'full', 'json'));
    expect(view.milestones.find(({ name }: { name: string }) => name === 'resolved').at).toBe('not on record');
    expect(view.durations.find(({ name }: { name: string }) => name === 'time to resolve')).toMatchObject({
      text: 'unavailable',
      milliseconds: null,
    });
  });
});

describe('the parameter, in the classic layout', () => {
  it.each(['html', 'markdown'])('has every heading and every time, as %s', async (format) => {
    const text = steady(await document('parameter', 'classic', format));
    expect(text).toBe(golden(`incident-document/parameter-classic.${format === 'html' ? 'html' : 'md'}`, text));
    const headings = [
      'Issue Summary',
      'Timeline',
      'Root Cause and Resolution',
      'Corrective and Preventative Measures',
      'Tasks',
    ];
    const places = headings.map((heading) =>
      text.indexOf(format === 'html' ? `<h2>${heading}</h2>` : `\n## ${heading}\n`),
    );
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    const from = places[1] as number;
    const timeline = text.slice(from, places[2]);
    for (const clock of ['13:38', '14:00', '14:05', '14:15', '14:25', '14:35', '14:50', '15:00', '16:30'])
      expect(timeline).toContain(`2025-05-13 ${clock}:00 UTC`);
  });

  it('says how long each step took, from the times of the story', async () => {
    const { durations } = JSON.parse(await document('parameter', 'classic', 'json'));
    const ms = Object.fromEntries(
      durations.map(({ name, milliseconds }: { name: string; milliseconds: number }) => [name, milliseconds / 60_000]),
    );
    expect(ms).toMatchObject({ 'time to acknowledge': 5, 'time to attribute': 35, 'time to resolve': 150 });
  });

  it('flags the row that tells of the search after the cause was found', async () => {
    const text = await document('parameter', 'classic', 'markdown');
    const row = text.split('\n').find((line) => line.includes('Misleading paths') && line.startsWith('|'));
    expect(row).toContain('**Order:');
    const world = worlds.get('parameter') as StoryWorld;
    const { code, out } = await world.run('incident', 'lint', '1');
    expect(code).toBe(2);
    expect(out).toContain('order-search  timeline note, entry 12');
  });

  it('shows the innocent deployment rolled back, ranked below the parameter that people judged the cause', async () => {
    const view = JSON.parse(await document('parameter', 'classic', 'json'));
    expect(view.headline).toContain('Judged the cause (certainty 0.95): module.database.aws_db_parameter_group.main');
    expect(view.ranking).toContain('module.database.aws_db_parameter_group.main');
    const deploy = view.others.find(({ label }: { label: string }) => label.startsWith('deployment of checkout'));
    expect(deploy.status).toContain('put back by 2025-05-13 14:25:00 UTC');
  });

  it('has the opening that a person wrote, and no other layout has', async () => {
    expect(await document('parameter', 'classic', 'markdown')).toContain('a little more modest');
    expect(await document('parameter', 'external', 'markdown')).not.toContain('a little more modest');
    expect(await document('parameter', 'full', 'markdown')).not.toContain('a little more modest');
  });
});

describe('the commands', () => {
  it('need an incident for every layout but the brief', async () => {
    const world = worlds.get('night') as StoryWorld;
    const { code, err } = await world.run('report', 'incident', '--template', 'full');
    expect(code).toBe(1);
    expect(err).toContain('E_USAGE');
    expect((await world.run('report', 'incident', '--incident', 'INC-0099')).err).toContain('E_NOT_FOUND');
  });

  it('refuse a question of its own beside an incident that has one', async () => {
    const world = worlds.get('night') as StoryWorld;
    const { err } = await world.run('report', 'incident', '--incident', '1', '--at', '2025-01-20T00:00:00Z');
    expect(err).toContain('E_USAGE');
  });

  it('make the brief again from the case file', async () => {
    const brief = JSON.parse(await document('night', 'brief', 'json'));
    expect(brief.lead[0].label).toBe('module.pipeline.aws_ssm_parameter.max_batch_size');
  });

  it('cut Markdown to what fits', async () => {
    const text = await document('night', 'full', 'markdown', '--max-bytes', '4000');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4000);
    expect(text).toContain('Cut to 4000 of');
  });

  it('end lint with 0 where there is no remark, and give its remarks as JSON', async () => {
    expect((await (worlds.get('night') as StoryWorld).run('incident', 'lint', '1')).code).toBe(0);
    const { code, out } = await (worlds.get('canary') as StoryWorld).run('incident', 'lint', '1', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'driftbom.incident-wording/v1',
      incident: 'INC-0001',
      remarks: [{ rule: 'lesson-surprised' }],
    });
  });
});
