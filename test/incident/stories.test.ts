import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StoryWorld, storyWorld } from '../support/incident-story.ts';

const STORIES = [
  {
    name: 'night',
    hit: 'module.pipeline.aws_ssm_parameter.max_batch_size',
    says: [
      'insecure_value "1000" → "50"',
      'Reducing batch size to debug OOM errors in prod',
      'ops-team role in the console',
    ],
  },
  {
    name: 'canary',
    hit: 'token-audience: Deployment completed: 100% of clients',
    says: ['canary 5 % 14:02', 'full 14:20', 'alert 14:30', 'Roll it back in AppConfig'],
  },
  {
    name: 'parameter',
    hit: 'module.database.aws_db_parameter_group.main',
    says: ['"500" → "50"', 'routine maintenance', 'dba role'],
  },
] as const;

const worlds = new Map<string, StoryWorld>();
beforeAll(async () => {
  for (const { name } of STORIES) worlds.set(name, await storyWorld(name));
});
afterAll(() => {
  for (const world of worlds.values()) world.remove();
});

const ASKED = ['incident', '--alert', 'alert.json', '--state', 'state.tfstate', '--events', 'events.ndjson'] as const;

interface Brief {
  readonly verdict: string;
  readonly lead: readonly Suspect[];
  readonly others: readonly Suspect[];
  readonly further: readonly Suspect[];
  readonly steps: readonly { readonly name: string; readonly found: string }[];
  readonly ruledOut: readonly { readonly why: string; readonly items: readonly { readonly label: string }[] }[];
  readonly hold: readonly { readonly label: string }[];
}
interface Suspect {
  readonly label: string;
  readonly score: string;
  readonly changeClass: string;
  readonly wayOut: { readonly direction: string; readonly commands: readonly string[]; readonly patch: string | null };
}

async function asked(story: string, ...more: string[]): Promise<{ brief: Brief; code: number }> {
  const world = worlds.get(story) as StoryWorld;
  const { code, out } = await world.run(...ASKED, '-o', 'json=-', ...more);
  return { brief: JSON.parse(out) as Brief, code };
}

function ranked({ lead, others, further }: Brief): Suspect[] {
  return [...lead, ...others, ...further];
}

describe('an incident of the past, replayed', () => {
  for (const { name, hit, says } of STORIES) {
    it(`puts the cause of "${name}" at rank 1, among its decoys`, async () => {
      const world = worlds.get(name) as StoryWorld;
      const started = performance.now();
      const { code, out } = await world.run(...ASKED);
      const took = performance.now() - started;
      const { brief } = await asked(name);
      const list = ranked(brief);
      process.stdout.write(
        `  ${name}: hit@1 of ${list.length + brief.ruledOut.flatMap(({ items }) => items).length} changes: ${list[0]?.label} (${list[0]?.score}, next ${list[1]?.score ?? 'none'}), ${took.toFixed(0)} ms from alert to remedy\n`,
      );
      expect(code).toBe(0);
      expect(list[0]?.label).toBe(hit);
      for (const text of says) expect(out).toContain(text);
      expect(out.split('\n').length).toBeLessThan(48);
    });
  }

  it('finds the change of the night by looking further back, and not where it may not', async () => {
    const { brief } = await asked('night');
    expect(brief.steps.map(({ name }) => name)).toEqual(['1 h', '6 h', '24 h', '72 h']);
    expect(brief.lead[0]?.wayOut.commands.join(' ')).toContain("--attribute 'insecure_value'");
    expect(brief.lead[0]?.wayOut.patch).toContain('{"op":"test","path":"/Value","value":"50"}');
    const short = await asked('night', '--since', '6h');
    expect(short.code).toBe(3);
    expect(ranked(short.brief).map(({ label }) => label)).not.toContain(STORIES[0].hit);
  });

  it('says how near the change was, where the onset is stated', async () => {
    const { brief } = await asked('night', '--onset', '2025-01-18T03:24:00Z');
    expect(brief.steps.map(({ name }) => name)).toEqual(['1 h']);
    expect(Number(brief.lead[0]?.score)).toBeGreaterThan(0.85);
  });

  it('has the silenced alarm of the canary among the first three, as a guardrail that was taken away', async () => {
    const { brief } = await asked('canary');
    const place = ranked(brief).findIndex(({ label }) => label.endsWith('canary_errors'));
    expect(place).toBeGreaterThan(0);
    expect(place).toBeLessThan(3);
    expect(ranked(brief)[place]?.changeClass).toBe('guardrail-removed');
    expect(brief.hold.map(({ label }) => label)).toEqual(['module.login.aws_ecs_service.login']);
  });

  it('ranks the parameter above the innocent deployment that was rolled back', async () => {
    const { brief } = await asked('parameter');
    const labels = ranked(brief).map(({ label }) => label);
    expect(labels.indexOf('deployment of checkout to production')).toBeGreaterThan(0);
    const deploy = ranked(brief).find(({ label }) => label.startsWith('deployment of checkout'));
    expect(deploy?.wayOut.direction).toBe('NOTHING TO UNDO');
    expect(brief.ruledOut.find(({ why }) => why === 'no path to what the alert names')?.items.length).toBeGreaterThan(
      0,
    );
  });

  it('gives the same bytes for the same question', async () => {
    const world = worlds.get('night') as StoryWorld;
    const [first, second] = [await world.run(...ASKED, '-o', 'html=-'), await world.run(...ASKED, '-o', 'html=-')];
    expect(first.out).toBe(second.out);
  });

  it.each(['role', 'team', 'pseudonym', 'none'])('names nobody with --attribution %s, in any format', async (mode) => {
    const world = worlds.get('night') as StoryWorld;
    for (const format of ['markdown', 'html', 'json']) {
      const { out } = await world.run(
        ...ASKED,
        '--attribution',
        mode,
        '--team',
        'ops-team=platform',
        '-o',
        `${format}=-`,
      );
      expect(out).not.toMatch(/dana|lee@|sam@/);
      if (mode === 'team') expect(out).toContain('platform');
      if (mode === 'pseudonym') expect(out).toMatch(/person-[0-9a-f]{8}/);
    }
  });

  it('names people where that is asked for', async () => {
    const world = worlds.get('night') as StoryWorld;
    expect((await world.run(...ASKED, '--attribution', 'full')).out).toContain('dana@example.com');
  });
});
