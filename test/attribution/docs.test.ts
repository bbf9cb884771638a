import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXCLUSIONS } from '../../src/attribution/population.ts';
import { ACTOR_KINDS, VERDICTS } from '../../src/model/attribution.ts';

describe('docs/attribution.md', () => {
  const page = readFileSync(new URL('../../docs/attribution.md', import.meta.url), 'utf8');

  it('explains every verdict, every exclusion and every kind of actor, and no other', () => {
    const first = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]);
    expect(first.filter((word) => word !== 'unknown')).toEqual([...VERDICTS]);
    expect([...page.matchAll(/^\| excluded, `([a-z-]+)` \|/gm)].map((match) => match[1])).toEqual([...EXCLUSIONS]);
    const who = page.slice(page.indexOf('## Who is named'), page.indexOf('## Where a reason'));
    const kinds = [...who.matchAll(/\| (\w+) \|$/gm)].map((match) => match[1]).filter((kind) => kind !== 'kind');
    expect(new Set(kinds)).toEqual(new Set(ACTOR_KINDS));
  });
});
