import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ocsf } from '../../../src/report/formats/ocsf.ts';
import type { SheetWho } from '../../../src/report/formats/sheet.ts';
import { sheetOfScan } from '../../../src/report/formats/sheet-of-scan.ts';
import { SCANS } from '../../support/scan-samples.ts';
import { allSheets } from '../../support/sheets.ts';

interface Table {
  readonly classes: {
    readonly [id: string]: {
      readonly category_uid: number;
      readonly required: readonly string[];
      readonly enums: { readonly activity_id: object; readonly status_id: object };
    };
  };
  readonly objects: { readonly [name: string]: { readonly required: readonly string[] } };
}

type Event = { readonly [name: string]: unknown };

const TABLE = JSON.parse(
  readFileSync(new URL('../../../fixtures/schemas/ocsf-required-fields.json', import.meta.url), 'utf8'),
) as Table;

const eventsOf = (text: string): Event[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);

/** What an event lacks of what its class and the objects in it require. */
function lacking(event: Event): string[] {
  const of = TABLE.classes[String(event.class_uid)];
  if (of === undefined) return [`class ${event.class_uid}`];
  const inner = Object.entries(TABLE.objects).flatMap(([name, { required }]) => {
    const object = event[name] as Event | undefined;
    return object === undefined
      ? []
      : required.filter((key) => object[key] === undefined).map((key) => `${name}.${key}`);
  });
  return [...of.required.filter((key) => event[key] === undefined), ...inner];
}

const who: SheetWho = {
  verdict: 'confirmed',
  actors: [{ name: 'alice@example.com', kind: 'person', via: 'console' }],
  call: 'ec2:AuthorizeSecurityGroupIngress',
  occurredAt: '2026-03-14T01:00:00Z',
  reason: null,
  events: [{ id: 'e1', name: 'AuthorizeSecurityGroupIngress', at: '2026-03-14T01:00:00Z', sha256: 'f'.repeat(64) }],
};

describe('OCSF', () => {
  it('has every required field, and ids that fit each other, in every event', async () => {
    for (const { name, sheet } of allSheets()) {
      const events = eventsOf(ocsf(sheet));
      expect(events.length, name).toBeGreaterThan(0);
      for (const event of events) {
        expect(lacking(event), name).toEqual([]);
        const of = TABLE.classes[String(event.class_uid)] as Table['classes'][string];
        expect(event.category_uid).toBe(of.category_uid);
        expect(event.type_uid).toBe((event.class_uid as number) * 100 + (event.activity_id as number));
        expect(Object.keys(of.enums.activity_id)).toContain(String(event.activity_id));
        expect(Object.keys(of.enums.status_id)).toContain(String(event.status_id));
        expect(Number.isSafeInteger(event.time)).toBe(true);
      }
    }
  });

  it('warns of gaps, fails for drift, suppresses what is waived, and always tells of the whole', () => {
    const [whole, ...gaps] = eventsOf(ocsf(sheetOfScan(SCANS.gaps)));
    expect(whole?.unmapped).toMatchObject({ kind: 'whole-scan', counts: { gaps: 3 } });
    expect(gaps.map((event) => (event.compliance as Event).status)).toEqual(['Warning', 'Warning', 'Warning']);
    const [, waived] = eventsOf(ocsf(sheetOfScan(SCANS['all-waived'])));
    expect(waived).toMatchObject({ status: 'Suppressed', compliance: { status: 'Fail' } });
    const quiet = eventsOf(ocsf(sheetOfScan(SCANS['in-sync'])));
    expect(quiet.map((event) => (event.compliance as Event).status)).toEqual(['Pass']);
  });

  it('joins each call of the audit log to its drift, and names an actor only where there is one', () => {
    const sheet = sheetOfScan(SCANS.drift);
    const [first, second] = sheet.drifts;
    if (first === undefined || second === undefined) throw new Error('the sample has too few drifts');
    const both = [...who.actors, { name: 'bob', kind: 'person', via: 'cli' }];
    const text = ocsf({
      ...sheet,
      drifts: [
        { ...first, who },
        { ...second, who: { ...who, actors: both } },
      ],
    });
    const [named, unnamed] = eventsOf(text).filter((event) => event.class_uid === 6003);
    expect(lacking(named as Event)).toEqual([]);
    expect(named).toMatchObject({
      activity_id: 3,
      metadata: { uid: 'e1', correlation_uid: first.id },
      actor: { user: { name: 'alice@example.com', type: 'person' } },
      api: { operation: 'AuthorizeSecurityGroupIngress', service: { name: 'ec2' } },
    });
    expect(unnamed).toMatchObject({ actor: { user: { name: 'not known for this call' } } });
    expect(JSON.stringify(unnamed)).not.toContain('alice');
  });
});
