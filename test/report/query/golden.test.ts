import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { blame } from '../../../src/ledger/query/blame.ts';
import { diffBetween } from '../../../src/ledger/query/diff.ts';
import type { EntryFilter } from '../../../src/ledger/query/filter.ts';
import { findHit, storyOf } from '../../../src/ledger/query/find.ts';
import type { LedgerQuery } from '../../../src/ledger/query/ledger-query.ts';
import type { Hit } from '../../../src/model/picture.ts';
import { blameTerminal } from '../../../src/report/query/blame.ts';
import { diffTerminal } from '../../../src/report/query/diff.ts';
import { blameJson, diffJson, logEndLine, logLine, showJson } from '../../../src/report/query/json.ts';
import { logEnd, logParagraph, type LogSummary } from '../../../src/report/query/log.ts';
import { type ShownEntry, showTerminal } from '../../../src/report/query/show.ts';
import { displayWidth } from '../../../src/report/text/width.ts';
import { gathered } from '../../support/ledger-world.ts';
import { golden, PACKAGE_ROOT } from '../../support/rendered.ts';
import { queryWorld } from '../../support/query-world.ts';

const PROOF = { origin: 'ledger.example/test', size: 16, root: 'ab'.repeat(32), headSignedBy: 'own' } as const;
const SUMMARY: LogSummary = {
  shown: 16,
  looked: 16,
  erased: 2,
  scansLeftOut: 5,
  limited: true,
  gaps: 3,
  newestScan: '2026-03-13T02:03:11.000Z',
};

let query: LedgerQuery;
let options: Parameters<typeof logParagraph>[1];
beforeAll(async () => {
  ({ query } = await queryWorld());
  options = { colour: false, width: 100, now: '2026-03-14T08:00:00.000Z', newest: query.standings.newest };
});

async function hits(filter: EntryFilter = {}): Promise<Hit[]> {
  return gathered(query.log(filter));
}

async function shown(word: string): Promise<ShownEntry> {
  const hit = await findHit(query, word);
  const { kind } = hit.picture.entry;
  const story = kind !== 'drift' && kind !== 'resolved' ? [] : await storyOf(query, hit.picture.entry.index);
  const note = {
    index: 14,
    digest: '',
    address: 'module.net.*',
    path: 'timeout',
    until: '2026-04-01T00:00:00.000Z',
    requestedBy: 'local:ops',
    approvedBy: 'github:boss',
    reason: null,
  };
  const waivers = word === '5' ? { complete: true, active: [note], expired: [], uncovered: [] } : undefined;
  return { hit, story, waivers, others: 2, proof: word === '3' ? { ...PROOF, headSignedBy: undefined } : PROOF };
}

const diff = () =>
  diffBetween(query, {
    from: Date.parse('2026-03-10T12:00:00Z'),
    to: Date.parse('2026-03-12T12:00:00Z'),
    axis: 'happened',
  });

const TEXTS: Record<string, () => Promise<string>> = {
  log: async () => (await hits()).map((hit) => logParagraph(hit, options)).join('') + logEnd(SUMMARY, options),
  'log-nothing': async () =>
    logEnd({ ...SUMMARY, shown: 0, erased: 0, limited: false, scansLeftOut: 0, gaps: 0 }, options),
  ...Object.fromEntries(
    ['1', '3', '5', '9', '14', '13', '10'].map((word) => [
      `show-${word}`,
      async () => showTerminal(await shown(word), options),
    ]),
  ),
  blame: async () => blameTerminal('*', await blame(query, '*'), options),
  'blame-nothing': async () => blameTerminal('aws_x.y', [], options),
  diff: async () => diffTerminal(await diff(), options),
};

describe('what the ledger answers', () => {
  for (const [name, text] of Object.entries(TEXTS)) {
    it(`shows "${name}" in the terminal as recorded`, async () => {
      const rendered = await text();
      expect(rendered).toBe(golden(`query/${name}.txt`, rendered));
    });
  }

  it('keeps to the width that it is given, and lets nothing through that moves a cursor', async () => {
    for (const width of [60, 100]) {
      const texts = (await hits()).map((hit) => logParagraph(hit, { ...options, width }));
      const lines = [...texts, showTerminal(await shown('5'), { ...options, width })].join('').split('\n');
      // A digest has no place at which it could be broken.
      expect(lines.filter((line) => displayWidth(line) > width && !/[0-9a-f]{64}/.test(line))).toEqual([]);
      expect(lines.join('\n')).not.toMatch(/[\u001b\u202e]/);
    }
  });

  it('colours only where it is asked to, and changes nothing by it', async () => {
    for (const hit of await hits()) {
      const coloured = logParagraph(hit, { ...options, colour: true });
      expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(logParagraph(hit, options));
    }
  });
});

describe('the JSON of the ledger’s answers', () => {
  it('is one line an entry and one at the end, as the published schema says', async () => {
    const schema = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'schema/log.v1.schema.json'), 'utf8'));
    const valid = new Ajv2020({ allowUnionTypes: true }).compile(schema);
    const lines = [...(await hits()).map((hit) => logLine(hit, options)), logEndLine(SUMMARY)];
    for (const line of lines) {
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(line).not.toMatch(/[\u001b\u202e]/);
      expect(valid(JSON.parse(line)), JSON.stringify(valid.errors)).toBe(true);
    }
    expect(valid({ schema: 'driftbom.log/v1', type: 'entry' })).toBe(false);
  });

  it('tells what was corrected and by which entry', async () => {
    const json = JSON.parse(showJson(await shown('1'), options));
    expect(json).toMatchObject({
      schema: 'driftbom.show/v1',
      index: 1,
      happened: { at: '2026-03-10T01:41:07Z', source: 'cloudtrail.eventTime' },
      change: { who: { verdict: 'confirmed' }, why: { status: 'linked' } },
      origins: { who: 11, occurredAt: 11, why: 11, paths: {} },
      standing: { name: 'moved-on', by: 5 },
      proof: { inclusion: 'verified', headSignedBy: 'own' },
    });
  });

  it('tells blame and difference', async () => {
    const blamed = JSON.parse(blameJson('*', await blame(query, '*'), options));
    expect(blamed.resources.map(({ address }: { address: string }) => address)).toHaveLength(3);
    expect(JSON.parse(diffJson(await diff()))).toMatchObject({
      schema: 'driftbom.diff/v1',
      openBefore: 1,
      openAfter: 2,
    });
  });
});
