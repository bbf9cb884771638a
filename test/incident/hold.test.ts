import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StoryWorld, storyWorld } from '../support/incident-story.ts';

let world: StoryWorld;
beforeAll(async () => {
  world = await storyWorld('scaled');
});
afterAll(() => world.remove());

async function brief(onset: string): Promise<string> {
  const { code, out } = await world.run('incident', '--onset', onset, '--service', 'search');
  expect(code).toBe(0);
  return out;
}

describe('a change that may be the mitigation', () => {
  it('is held and not put back: a raised size, with what a pending apply would do and how to keep it', async () => {
    const text = await brief('2025-06-10T20:00:00Z');
    expect(text).toContain('Most likely cause');
    expect(text).toMatch(/changed +desired_capacity 4 → 12/);
    expect(text).toMatch(/undo +HOLD: desired_capacity is a count that is raised to carry load/);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('A pending apply would undo it: stop pipelines for this address');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('Ask who made it, and whether it carries the service now');
    expect(text).toMatch(/or accept .*desired_capacity = 12/);
    expect(text).not.toContain('cloudcontrol');
  });

  it('is warned of where it was made after onset, and stands among no suspects', async () => {
    const text = await brief('2025-06-11T08:20:00Z');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'hold made after onset, a pending apply would undo: module.search.aws_ecs_service.search',
    );
    expect(text).not.toMatch(/^ +\d\. module\.search\.aws_ecs_service/m);
  });

  it('is not what lowered a limit, nor what raised or lowered something else: these are put back', async () => {
    const text = await brief('2025-06-11T08:20:00Z');
    expect(text).toMatch(/Most likely cause .*aws_sqs_queue\.search/);
    expect(text).toMatch(/undo +REVERT/);
    expect(text).toMatch(/2\. module\.search\.aws_appautoscaling_target\.search .* REVERT/);
  });
});
