import { describe, expect, it } from 'vitest';
import { ATTRIBUTION_MODES } from '../../src/incident/names.ts';
import { DOCUMENT_TEMPLATES, EXPORT_TARGETS, INCIDENT_FORMATS } from '../../src/report/format-names.ts';
import { renderDocument } from '../../src/report/incident/document-formats.ts';
import { exportText } from '../../src/report/incident/export.ts';
import { wordingJson, wordingTerminal } from '../../src/report/incident/wording.ts';
import { LEDGERS } from '../support/entry-samples.ts';
import {
  documentOptions,
  HOSTILE_TEXT,
  recordOf,
  recordSaying,
  sampleDocument,
} from '../support/incident-record-samples.ts';
import { golden, TEMPLATES } from '../support/rendered.ts';
import { mask } from '../support/scan-samples.ts';

const hostile = sampleDocument(recordSaying(HOSTILE_TEXT), LEDGERS.hostile, HOSTILE_TEXT);
const empty = sampleDocument(recordOf());
const nothing = sampleDocument(recordOf(), []);
const ENDINGS = { html: 'html', markdown: 'md', json: 'json' } as const;

function rendered(
  document: typeof hostile,
  template: (typeof DOCUMENT_TEMPLATES)[number],
  format: (typeof INCIDENT_FORMATS)[number],
): string {
  return renderDocument(template, format, document, documentOptions(), TEMPLATES);
}

describe('documents of an incident', () => {
  for (const template of DOCUMENT_TEMPLATES)
    for (const format of ['html', 'markdown'] as const) {
      it(`show a record of hostile text as ${template} ${format} as recorded`, () => {
        const text = rendered(hostile, template, format);
        expect(text).toBe(golden(`incident-document/hostile-${template}.${ENDINGS[format]}`, text));
      });
      it(`show a record in which nothing is said as ${template} ${format} as recorded`, () => {
        const text = rendered(empty, template, format);
        expect(text).toBe(golden(`incident-document/empty-${template}.${ENDINGS[format]}`, text));
      });
      it(`can be made where neither ledger nor record tells anything: ${template} ${format}`, () => {
        expect(rendered(nothing, template, format)).toContain('DRAFT');
      });
    }

  it('say that they are drafts until somebody has approved them, and list the remarks until then', () => {
    const draft = rendered(empty, 'full', 'html');
    expect(draft).toContain('DRAFT');
    expect(draft).toContain('Wording: 2 remarks');
    const reviewed = rendered(sampleDocument(recordOf({ status: 'reviewed' })), 'full', 'html');
    expect(reviewed).not.toContain('DRAFT');
    expect(reviewed).not.toContain('Wording:');
  });

  it('never write 0 where a length of time is not known', () => {
    const json = JSON.parse(rendered(empty, 'full', 'json'));
    const lengths = json.durations as { name: string; text: string; milliseconds: number | null; why: string | null }[];
    expect(lengths.filter(({ milliseconds }) => milliseconds === null).map(({ text }) => text)).toEqual(
      Array.from({ length: 7 }, () => 'unavailable'),
    );
    for (const { why } of lengths) expect(why).not.toBeNull();
  });

  it('have a target for each of their links', () => {
    for (const document of [hostile, empty])
      for (const template of DOCUMENT_TEMPLATES) {
        const html = rendered(document, template, 'html');
        for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${target}"`);
        const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }
  });
});

describe('hostile text', () => {
  for (const template of DOCUMENT_TEMPLATES) {
    it(`opens no element and closes none in the ${template} page`, () => {
      const page = rendered(hostile, template, 'html');
      expect(page).not.toMatch(/<script|<img/i);
      expect(page).not.toMatch(/<[^>]*\son\w+=/i);
      expect(page).not.toMatch(/(href|src)="(?!#)/i);
      for (const tag of ['td', 'p', 'li', 'section', 'div', 'table', 'details'])
        expect(page.match(new RegExp(`</${tag}>`, 'g'))?.length ?? 0).toBe(
          page.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0,
        );
      expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    });
    it(`keeps the columns of each table in the ${template} Markdown, and makes no link`, () => {
      const text = rendered(hostile, template, 'markdown');
      for (const table of tablesOf(text))
        expect(new Set(table.map((row) => (row.match(/\|/g) ?? []).length)).size).toBe(1);
      const outside = text
        .replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '')
        .replace(/`[^`\n]*`/g, '')
        .replace(/<code>[^<]*<\/code>/g, '');
      expect(outside).not.toMatch(/<script|<img|(?<!\\)\]\(|@everyone|\*\*bold\*\*|\[ \] task|:\/\/evil/);
      expect(outside).not.toMatch(/^# heading/m);
    });
  }

  const texts = {
    ...Object.fromEntries(
      DOCUMENT_TEMPLATES.flatMap((template) =>
        INCIDENT_FORMATS.map((format) => [`${template} ${format}`, rendered(hostile, template, format)]),
      ),
    ),
    ...Object.fromEntries(
      EXPORT_TARGETS.map((target) => [
        `export ${target}`,
        exportText(target, hostile, documentOptions()).replaceAll('\r\n', '\n'),
      ]),
    ),
    'lint text': wordingTerminal(hostile, documentOptions().naming),
    'lint json': wordingJson(hostile, documentOptions().naming),
  };
  it.each(Object.entries(texts))(
    'leaves no control or direction character in %s, and is no template',
    (_name, text) => {
      expect(text).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
      expect(text).not.toContain('[object Object]');
    },
  );

  it('is a cell of text in CSV, never a formula', () => {
    const csv = exportText('csv', hostile, documentOptions());
    expect(csv).not.toMatch(/(?:^|,)"\s*[=+@|-]/m);
    expect(csv).toContain(`"'=HYPERLINK(`);
  });

  it('is no HTML in an annotation of Grafana and no Markdown in an event of Datadog', () => {
    expect(exportText('grafana', hostile, documentOptions())).not.toMatch(/<script|<img/);
    expect(exportText('datadog', hostile, documentOptions())).not.toContain('%%%');
  });
});

describe('names', () => {
  const people = 'ana.petrova@example.com';
  const told = `Ana asked ${people} (arn:aws:sts::111122223333:assumed-role/Ops/ana.petrova) from 203.0.113.9; Petrova agreed.`;
  const record = {
    ...recordSaying(told, people),
    roles: [{ role: 'ic' as const, who: people, said: recordOf().opened }],
  };
  const document = sampleDocument(record, LEDGERS.week, told);

  it.each(ATTRIBUTION_MODES.filter((mode) => mode !== 'full'))('are nowhere with --attribution %s', (mode) => {
    for (const template of DOCUMENT_TEMPLATES)
      for (const format of INCIDENT_FORMATS)
        expect(renderDocument(template, format, document, documentOptions(mode), TEMPLATES)).not.toMatch(
          /ana\.petrova|petrova|\bana\b|203\.0\.113\.9/i,
        );
    for (const target of EXPORT_TARGETS)
      expect(exportText(target, document, documentOptions(mode))).not.toMatch(/petrova|\bana\b|203\.0\.113\.9/i);
    expect(wordingTerminal(document, documentOptions(mode).naming)).not.toMatch(/petrova|\bana\b/i);
  });

  it('are there with --attribution full, but never in the external document', () => {
    expect(renderDocument('full', 'markdown', document, documentOptions('full'), TEMPLATES)).toContain(
      'Petrova agreed',
    );
    expect(renderDocument('external', 'json', document, documentOptions('full'), TEMPLATES)).not.toMatch(
      /petrova|\bana\b/i,
    );
  });

  it('that are words are told from the words by how they are written', () => {
    const said = { ...recordOf().opened, by: 'will.max@example.com' };
    const summary = { text: 'Will saw that it will reach at most max 50; Max agreed.', said };
    const document = sampleDocument(recordOf({ texts: { summary }, entries: [said] }));
    expect(renderDocument('full', 'markdown', document, documentOptions('role'), TEMPLATES)).toContain(
      '(a person) saw that it will reach at most max 50; (a person) agreed.',
    );
  });

  it('of teams stay, and of things that share a word with a person too', () => {
    const owned = recordOf({
      actions: [
        {
          id: 'A1',
          category: 'prevention',
          text: 'Add a check to the ops pipeline',
          owner: 'platform-team',
          due: '2026-04-01',
          doneWhen: 'it runs',
          rule: null,
          ticket: null,
          state: 'open',
          stateText: null,
          said: recordOf().opened,
        },
      ],
      entries: [{ ...recordOf().opened, by: 'ops@example.com' }],
    });
    const text = renderDocument('full', 'markdown', sampleDocument(owned), documentOptions('role'), TEMPLATES);
    expect(text).toContain('platform-team');
    expect(text).toContain('the ops pipeline');
  });
});

describe('the external document', () => {
  const internal =
    'module.orders.aws_lambda_function.ingest (arn:aws:lambda:eu-central-1:111122223333:function:ingest, sg-0aa1bb2cc3) timed out at memory_size 3008; see https://wiki.example.com/x';
  const document = sampleDocument(recordSaying(internal, 'kim@example.com'), LEDGERS.week, 'internal-alert-title');
  it.each(INCIDENT_FORMATS)('holds no address, id, value, link or title of ours in %s', (format) => {
    const text = rendered(document, 'external', format);
    expect(text).not.toMatch(
      /module\.orders|arn:aws|sg-0aa1|111122223333|3008|memory_size|wiki\.example|internal-alert|kim@/,
    );
    expect(text).toContain('(internal)');
  });
  it('holds no opening, no cause and no name of who owns what', () => {
    const json = JSON.parse(rendered(document, 'external', 'json'));
    expect(Object.keys(json)).toEqual([
      'schema',
      'template',
      'title',
      'id',
      'draft',
      'tool',
      'tone',
      'state',
      'times',
      'saw',
      'updates',
      'measures',
      'missing',
      'withheld',
    ]);
  });
  it('says nothing that nobody wrote', () => {
    const json = JSON.parse(rendered(empty, 'external', 'json'));
    expect(json).toMatchObject({ saw: null, updates: [], measures: [] });
    expect(json.missing).toHaveLength(3);
  });
});

describe('secrets', () => {
  it.each(['1', '2', '3', 'b', 'f'])('are in no document and in no export (%s)', (digit) => {
    for (const template of DOCUMENT_TEMPLATES) expect(rendered(empty, template, 'json')).not.toContain(mask(digit));
    for (const target of EXPORT_TARGETS)
      expect(exportText(target, empty, documentOptions())).not.toContain(mask(digit));
  });
});

function tablesOf(markdown: string): string[][] {
  const tables: string[][] = [[]];
  for (const line of markdown.replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '').split('\n')) {
    if (line.startsWith('|')) tables.at(-1)?.push(line);
    else if ((tables.at(-1)?.length ?? 0) > 0) tables.push([]);
  }
  return tables.filter((table) => table.length > 0);
}
