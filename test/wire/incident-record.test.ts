import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldIncidents } from '../../src/incident/record/fold.ts';
import { readCheckpoint } from '../../src/ledger/head.ts';
import { IndexFolder } from '../../src/ledger/query/index-folder.ts';
import { LedgerQuery } from '../../src/ledger/query/ledger-query.ts';
import { openCatalogue } from '../../src/ledger/query/open.ts';
import { readEntries } from '../../src/ledger/read.ts';
import { directoryStore } from '../../src/ledger/stores/directory.ts';
import { incidentsIn } from '../../src/wire/incident-record.ts';
import { type StoryWorld, storyWorld } from '../support/incident-story.ts';
import { gathered } from '../support/ledger-world.ts';
import { readLedger, verifyLedger } from '../support/second-verifier.mjs';

let world: StoryWorld;
let scratch: string;
beforeAll(async () => {
  world = await storyWorld('night');
  scratch = mkdtempSync(join(tmpdir(), 'driftbom-index-'));
  const say = (...argv: string[]) => world.run('incident', ...argv, '--by', 'ana');
  await say('open', '--alert', 'alert.json');
  await say('open', '--title', 'Another');
  for (let i = 0; i < 6; i++) await say('note', String((i % 2) + 1), `row ${i}`, '--at', '2025-01-18T08:00:00Z');
});
afterAll(() => {
  world.remove();
  rmSync(scratch, { recursive: true, force: true });
});

const store = () => {
  const owner = { pid: process.pid, host: 'test', isAlive: () => true };
  return directoryStore(world.ledger, { owner, clock: () => new Date(), patience: 1000 });
};

describe('the incidents of a ledger', () => {
  it('are the same by the index, made and kept, as by reading all', async () => {
    const reader = store();
    const { records, strays } = foldIncidents(await gathered(readEntries(reader)));
    expect(records.map(({ timeline }) => timeline.length)).toEqual([3, 3]);
    const head = await readCheckpoint(reader);
    for (const folder of [undefined, new IndexFolder(scratch), new IndexFolder(scratch)]) {
      const catalogue = await openCatalogue(reader, head, { folder, least: 1, width: 256 });
      expect(await incidentsIn(await LedgerQuery.over(reader, head, catalogue))).toMatchObject({ records, strays });
    }
  });

  it('stand in a ledger that a second verifier believes, case files and all', () => {
    const files = readLedger(world.ledger);
    const text = (suffix: string): string => {
      const [key] = [...files.keys()].filter((name) => name.startsWith('keys/') && name.endsWith(suffix));
      return Buffer.from(files.get(key as string) as Uint8Array).toString('utf8');
    };
    expect(verifyLedger(files, text('.pem'), text('.vkey'))).toEqual([]);
    const [evidence] = [...files.keys()].filter((name) => name.startsWith('evidence/'));
    files.delete(evidence as string);
    expect(verifyLedger(files, text('.pem'), text('.vkey'))).not.toEqual([]);
  });
});
