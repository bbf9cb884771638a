import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type StoryWorld, storyWorld } from './incident-story.ts';

/** One thing that was said of an incident: when, and the words after `driftbom incident`. */
interface Said {
  readonly at: string;
  readonly argv: readonly string[];
}

/** A story whose responders have written its record: `record.json`, said command by command at its own times. */
export async function recordedStory(story: string): Promise<StoryWorld> {
  const file = fileURLToPath(new URL(`../../fixtures/incidents/${story}/record.json`, import.meta.url));
  const { said } = JSON.parse(readFileSync(file, 'utf8')) as { readonly said: readonly Said[] };
  const world = await storyWorld(story);
  for (const { at, argv } of said) {
    world.setClock(at);
    const { code, err } = await world.run('incident', ...argv);
    if (code !== 0) throw new Error(`driftbom incident ${argv.join(' ')}: ${err}`);
  }
  return world;
}

/** The same text whatever keys a ledger has: digests, roots and ids by the order in which they stand in it. */
export function steady(text: string): string {
  const shorts = new Map<string, string>();
  for (const [digest] of text.matchAll(/\b[0-9a-f]{64}\b/g)) {
    const short = digest.slice(0, 12);
    if (!shorts.has(short)) shorts.set(short, (shorts.size + 1).toString(16).padStart(12, '0'));
  }
  return text
    .replace(/[A-Za-z0-9+/]{43}(=|&#x3D;)/g, `${'root'.padEnd(43, '0')}$1`)
    .replace(/(ledger\.example\/incident\+)[0-9a-f]{8}/g, '$1KEY')
    .replace(/\b([0-9a-f]{12})(?:[0-9a-f]{52})?\b/g, (whole, short: string) => {
      const known = shorts.get(short);
      return known === undefined ? whole : known.padEnd(whole.length, '0');
    })
    .replace(/--ledger [^\s`<"\\]+/g, '--ledger LEDGER')
    .replace(/"place": "[^"]*ledger"/g, '"place": "LEDGER"')
    .replace(/(client-token )[^\s`<]+/g, '$1TOKEN');
}
