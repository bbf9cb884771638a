import { describe, expect, it } from 'vitest';
import { answered, questionFor, stories } from '../support/attribution-story.ts';

const STORIES = stories();

describe('stories of attribution', () => {
  for (const story of STORIES) {
    it(`${story.name}: ${story.says}`, () => {
      const { attribution, considered } = answered(story);
      const { expected } = story;
      const names = attribution.actors.map((actor) => actor.name);
      expect({
        verdict: attribution.verdict,
        actors: [...names].sort(),
        call: attribution.call,
        missing: attribution.missing,
      }).toEqual({
        verdict: expected.verdict,
        actors: [...expected.actors].sort(),
        call: expected.call,
        missing: expected.missing === undefined ? attribution.missing : expect.arrayContaining([...expected.missing]),
      });
      expect(attribution.events.map((event) => event.eventId)).toEqual(expected.events);
      for (const [id, why] of Object.entries(expected.considered ?? {})) {
        expect(considered.find(({ record }) => record.eventId === id)?.why).toBe(why);
      }
      if (story.also?.via !== undefined) expect(attribution.actors[0]?.via).toBe(story.also.via);
    });
  }

  it('tell all thirty of the hardest cases', () => {
    const cases = new Set(STORIES.flatMap((story) => story.case ?? []));
    expect([...cases].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  });

  it('tell hidden values apart by a version that only the provider sets, as a scan keeps it beside the drift', () => {
    const story = STORIES.find(({ name }) => name === '06c-hidden-and-the-version-tells');
    if (story === undefined) throw new Error('no such story');
    const question = questionFor(story.question);
    const isVersion = ({ path }: { readonly path: string }): boolean => path === 'version';
    const changes = question.changes.filter((change) => !isVersion(change));
    const bookkeeping = question.changes.filter(isVersion);
    expect([changes.length, bookkeeping.length]).toEqual([1, 1]);
    const beside = answered(story, undefined, { ...question, changes, bookkeeping });
    expect(beside.attribution.actors.map(({ name }) => name)).toEqual(story.expected.actors);
    expect(beside.attribution.verdict).toBe('likely');
    expect(beside.attribution.paths.map(({ path }) => path)).toEqual(changes.map(({ path }) => path));
    const blind = answered(story, undefined, { ...question, changes });
    expect(blind.attribution.verdict).toBe('several');
    const dropped = beside.considered.filter(({ kept }) => !kept).map(({ why }) => why);
    expect(dropped).toContain('made another version than the live one');
  });

  it('name nobody where the answer is that nobody can be named', () => {
    for (const story of STORIES) {
      const { attribution } = answered(story);
      const names = ['confirmed', 'likely', 'several', 'service', 'by-iac'].includes(attribution.verdict);
      expect(attribution.actors.length > 0, story.name).toBe(names);
      expect(attribution.occurredAt !== null, story.name).toBe(names);
    }
  });
});
