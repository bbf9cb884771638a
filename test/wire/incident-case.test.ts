import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incidentOf } from '../../src/incident/incident.ts';
import { caseOf } from '../../src/incident/record/case.ts';
import { questionOf } from '../../src/incident/rank/question.ts';
import { nearGraph } from '../../src/incident/record/near-graph.ts';
import type { Graph } from '../../src/incident/state-graph.ts';
import type { Entry } from '../../src/model/entry.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { directoryStore } from '../../src/ledger/stores/directory.ts';
import { readEntries } from '../../src/ledger/read.ts';
import { caseEvidence, readCase } from '../../src/wire/incident-case.ts';
import { type IncidentInputs, readInputs } from '../../src/wire/incident-inputs.ts';
import type { WireIo } from '../../src/wire/io.ts';
import { storyWorld } from '../support/incident-story.ts';
import { gathered } from '../support/ledger-world.ts';

const STORIES = fileURLToPath(new URL('../../fixtures/incidents', import.meta.url));
const HEAD = { size: 7, root: new Uint8Array(32) };
const redact = (): string => 'hmac-sha256:masked';

function inputsOf(story: string): Promise<IncidentInputs> {
  const named = (name: string): string[] => (existsSync(join(STORIES, story, name)) ? [name] : []);
  const io = { cwd: join(STORIES, story) } as unknown as WireIo;
  return readInputs(
    { alert: 'alert.json', waited: 300_000, events: named('events.ndjson'), state: named('state.tfstate') },
    io,
  );
}

function entriesOf(ledger: string): Promise<Entry[]> {
  const owner = { pid: process.pid, host: 'test', isAlive: () => true };
  return gathered(readEntries(directoryStore(ledger, { owner, clock: () => new Date(), patience: 1000 })));
}

/** The same graph in a state of 300 more resources, each of which depends on the one before it. */
function withBystanders(graph: Graph): Graph {
  const address = (at: number): string => `module.other.tiny_server.number_${at}`;
  const more = Array.from({ length: 300 }, (_, at) => ({
    ...{ address: address(at), module: 'module.other', names: [`other-${at}`] },
    ...{ services: [], owners: ['others'] },
  }));
  const dependants = new Map([...graph.dependants].map(([one, others]) => [one, new Set(others)]));
  const neighbours = new Map([...graph.neighbours].map(([one, others]) => [one, new Set(others)]));
  for (let at = 1; at < more.length; at++) {
    dependants.set(address(at - 1), new Set([address(at)]));
    neighbours.set(address(at), new Set([address(at - 1), address(at + 1)]));
  }
  return {
    things: new Map([...graph.things, ...more.map((one) => [one.address, one] as const)]),
    neighbours,
    dependants,
  };
}

describe('a case file', () => {
  it.each(['night', 'canary', 'parameter'])('of "%s" makes the ranking again, with the ledger alone', async (story) => {
    const world = await storyWorld(story);
    try {
      const entries = await entriesOf(world.ledger);
      const inputs = await inputsOf(story);
      expect(inputs.graph.things.size * inputs.events.length).toBeGreaterThan(0);
      const again = caseOf(caseEvidence(inputs, HEAD, redact).object.bytes);
      expect(again).toBeDefined();
      const { alert, events, graph, stated } = again as NonNullable<typeof again>;
      expect(incidentOf({ entries, alert, events, graph, stated })).toEqual(incidentOf({ ...inputs, entries }));
    } finally {
      world.remove();
    }
  });

  it.each(['night', 'canary', 'parameter'])(
    'of "%s" ranks the same with the part of a large state that is near',
    async (story) => {
      const world = await storyWorld(story);
      try {
        const entries = await entriesOf(world.ledger);
        const inputs = await inputsOf(story);
        const graph = withBystanders(inputs.graph);
        const changed = entries.flatMap(({ statement: { predicate } }) =>
          'change' in predicate ? [predicate.change.resource.address] : [],
        );
        const near = nearGraph(graph, questionOf(inputs.stated, inputs.alert), changed);
        expect(near.things.size).toBeLessThan(20);
        const again = caseOf(caseEvidence({ ...inputs, graph: near }, HEAD, redact).object.bytes);
        const ranked = incidentOf({ ...inputs, entries, graph: again?.graph ?? near });
        expect(ranked).toEqual(incidentOf({ ...inputs, entries, graph }));
      } finally {
        world.remove();
      }
    },
  );

  it('is the same bytes for the same inputs', async () => {
    const inputs = await inputsOf('night');
    expect(caseEvidence(inputs, HEAD, redact).descriptor).toEqual(caseEvidence(inputs, HEAD, redact).descriptor);
  });

  it('is refused where it is missing, altered, or of another version', async () => {
    const evidence = caseEvidence(await inputsOf('night'), HEAD, redact);
    const { sha256 } = evidence.descriptor.digest;
    const store = memoryStore();
    await expect(readCase(store, sha256)).rejects.toMatchObject({
      code: 'E_LEDGER_CORRUPT',
      message: expect.stringContaining('is missing'),
    });
    await store.put([evidence.object]);
    await expect(readCase(store, sha256)).resolves.toMatchObject({ ledger: { size: 7 } });
    const altered = memoryStore();
    await altered.put([{ ...evidence.object, bytes: Buffer.from('{}') }]);
    await expect(readCase(altered, sha256)).rejects.toMatchObject({
      message: expect.stringContaining('not the one that was signed'),
    });
  });

  it('is none where the bytes are anything else, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json().map((text) => Buffer.from(text)),
          fc.uint8Array(),
        ),
        (bytes) => {
          expect(caseOf(bytes)).toBeUndefined();
        },
      ),
    );
  });
});
