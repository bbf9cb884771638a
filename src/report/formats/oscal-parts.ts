import { hash } from 'node:crypto';
import { eachOf, LongList } from '../text/json-chunks.ts';
import { changeLines, driftTitle, gapTitle } from './sheet-parts.ts';
import {
  countFacts,
  isBadScan,
  type Sheet,
  type SheetDrift,
  type SheetEntry,
  type SheetFact,
  type SheetGap,
  type SheetScan,
} from './sheet.ts';
import { tokenOf } from './oscal-controls.ts';

/** UUID version 5 of driftbom.dev in the name space of domain names (RFC 9562 section 5.5). */
const NAMESPACE = Buffer.from('e65529d63c985d6cab8591ad71dd0b75', 'hex');
const NS = 'https://driftbom.dev/ns/oscal';
/** Version of the OSCAL formats that these documents follow. */
const OSCAL_VERSION = '1.2.1';

/** A UUID version 5 over what it stands for: the same in every run. OSCAL takes versions 4 and 5 only. */
export function uuidOf(...parts: readonly string[]): string {
  const bytes = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(JSON.stringify(parts))]), 'buffer').subarray(0, 16);
  bytes[6] = 0x50 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Plain text in a field that OSCAL reads as Markdown: no emphasis, link, insert or element can arise from it. */
export function markup(text: string): string {
  return text
    .replace(/[\\`*_{}[\]~^#|!]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/** The same for several paragraphs. */
export function paragraphs(lines: readonly string[]): string {
  return lines.map(markup).join('\n\n');
}

interface Prop {
  readonly name: string;
  readonly ns: string;
  readonly value: string;
}

/** Properties: names are tokens, values one line without a space at either end; what is empty is left out. */
export function props(facts: readonly SheetFact[]): { props?: Prop[] } {
  const list = facts.flatMap(({ name, value }) => {
    const line = value.replace(/\s+/g, ' ').trim();
    return line === '' ? [] : [{ name: tokenOf(name), ns: NS, value: line }];
  });
  return list.length === 0 ? {} : { props: list };
}

/** A list under its key, or nothing: OSCAL refuses empty lists. */
export function listed<K extends string, T>(key: K, items: readonly T[]): { [P in K]?: readonly T[] } {
  return items.length === 0 ? {} : ({ [key]: items } as { [P in K]?: readonly T[] });
}

/** OSCAL takes a time with a zone; one that cannot be read is the sheet's end. */
export function timeOf(time: string, sheet: Sheet): string {
  const at = Date.parse(time);
  return new Date(Number.isNaN(at) ? Date.parse(sheet.to) : at).toISOString();
}

export function metadataOf(sheet: Sheet, title: string): object {
  return {
    title,
    'last-modified': timeOf(sheet.madeAt, sheet),
    version: sheet.id.slice(0, 16),
    'oscal-version': OSCAL_VERSION,
    ...props([...countFacts(sheet), { name: 'verdict', value: sheet.verdict }, ...sheet.facts]),
  };
}

/** The tool as a component, and every resource that drifted as an inventory item. */
export function definitionsOf(sheet: Sheet): object {
  const resources = new Map(sheet.drifts.map((drift) => [drift.key, drift]));
  return {
    components: [
      {
        uuid: toolUuid(sheet),
        type: 'software',
        title: sheet.tool.name,
        description: 'Compares declared with live configuration and records what differs in a signed ledger.',
        status: { state: 'operational' },
        ...props([{ name: 'version', value: sheet.tool.version }]),
      },
    ],
    'inventory-items': new LongList(eachOf([...resources.values()], inventoryItem), 'left out'),
  };
}

function inventoryItem({ key, address, workspace, type, resourceId }: SheetDrift): object {
  return {
    uuid: uuidOf('resource', key),
    description: markup(`${address} in ${workspace}`),
    ...props([
      { name: 'address', value: address },
      { name: 'workspace', value: workspace },
      { name: 'resource-type', value: type },
      { name: 'resource-id', value: resourceId ?? '' },
    ]),
  };
}

function toolUuid(sheet: Sheet): string {
  return uuidOf('tool', sheet.tool.name, sheet.tool.version);
}

/** Drifts, gaps, and scans that failed or did not run, as observations; then `more`. */
export function observationsOf(sheet: Sheet, more: readonly object[] = []): LongList {
  const items: Iterable<unknown> = {
    *[Symbol.iterator]() {
      const tool = toolUuid(sheet);
      for (const drift of sheet.drifts) yield driftObservation(drift, sheet, tool);
      for (const gap of sheet.gaps) yield gapObservation(gap, sheet);
      for (const scan of sheet.scans) if (isBadScan(scan)) yield scanObservation(scan, sheet);
      yield* more;
    },
  };
  return new LongList(items, 'left out');
}

function gapObservation(gap: SheetGap, sheet: Sheet): object {
  return {
    uuid: uuidOf('gap', gap.id),
    title: markup(gapTitle(gap)),
    description: paragraphs([`${gap.reason}: ${gap.meaning}`, gap.message]),
    ...props([
      { name: 'kind', value: 'gap' },
      { name: 'id', value: gap.id },
      { name: 'address', value: gap.address },
      { name: 'workspace', value: gap.workspace },
      { name: 'path', value: gap.path ?? '' },
      { name: 'reason', value: gap.reason },
      { name: 'persists', value: gap.persists ? 'yes' : 'no' },
    ]),
    methods: ['TEST'],
    types: ['discovery'],
    ...evidence(gap.entry),
    collected: timeOf(sheet.to, sheet),
  };
}

function scanObservation(scan: SheetScan, sheet: Sheet): object {
  return {
    uuid: uuidOf('scan', scan.id),
    title: markup(`${scan.standing} scan of ${scan.workspaces}`),
    description: markup(scan.text),
    ...props([
      { name: 'kind', value: 'scan' },
      { name: 'id', value: scan.id },
      { name: 'standing', value: scan.standing },
    ]),
    methods: ['TEST'],
    types: ['discovery'],
    ...evidence(scan.entry),
    collected: timeOf(scan.to, sheet),
  };
}

function driftObservation(drift: SheetDrift, sheet: Sheet, tool: string): object {
  const { id, key, state, who, entry, waivedUntil } = drift;
  return {
    uuid: driftUuid(id),
    title: markup(driftTitle(drift)),
    description: paragraphs(changeLines(drift)),
    ...props([
      { name: 'kind', value: 'drift' },
      { name: 'id', value: id },
      { name: 'state', value: state },
      { name: 'address', value: drift.address },
      { name: 'workspace', value: drift.workspace },
      { name: 'severity', value: drift.severity },
      { name: 'rule', value: drift.rule?.id ?? '' },
      { name: 'cause', value: drift.cause },
      { name: 'standing', value: drift.standing },
      { name: 'attribution', value: who.verdict },
      ...who.actors.map(({ name }) => ({ name: 'actor', value: name })),
      { name: 'reason', value: who.reason ?? '' },
      { name: 'waived-until', value: state === 'waived' ? (waivedUntil ?? '') : '' },
      { name: 'ledger-entry', value: entry === null ? '' : `${entry.index}` },
    ]),
    methods: ['TEST'],
    types: [state === 'over' ? 'historic' : 'finding'],
    origins: [{ actors: [{ type: 'tool', 'actor-uuid': tool }] }],
    subjects: [{ 'subject-uuid': uuidOf('resource', key), type: 'inventory-item' }],
    ...evidence(entry),
    collected: timeOf(drift.firstSeen, sheet),
  };
}

export function driftUuid(id: string): string {
  return uuidOf('drift', id);
}

function evidence(entry: SheetEntry | null): object {
  if (entry === null) return {};
  return {
    'relevant-evidence': [{ href: `#${entryUuid(entry)}`, description: `Signed entry ${entry.index} of the ledger` }],
  };
}

function entryUuid({ digest }: SheetEntry): string {
  return uuidOf('entry', digest);
}

/** What the report was made with stands in the place of an assessment plan, and as the system of a POA&M. */
export function planUuid(sheet: Sheet): string {
  return uuidOf('plan', sheet.id);
}

/** Every entry that is named, by statement digest, and what the report was made with. */
export function backMatterOf(sheet: Sheet): object {
  const { drifts, gaps, scans, waivers } = sheet;
  const entries = new Map<string, SheetEntry>();
  for (const list of [drifts, gaps, scans.filter(isBadScan), waivers]) {
    for (const { entry } of list) if (entry !== null) entries.set(entry.digest, entry);
  }
  const made = {
    uuid: planUuid(sheet),
    title: 'What the report was made with',
    description: 'No OSCAL assessment plan exists: the ledger, the period and the policy stand here.',
    ...props(sheet.facts),
  };
  const sorted = [...entries.values()].sort((a, b) => a.index - b.index);
  return { resources: new LongList(eachOf([undefined, ...sorted], (entry) => (entry ? entryResource(entry) : made))) };
}

function entryResource(entry: SheetEntry): object {
  return {
    uuid: entryUuid(entry),
    title: `Ledger entry ${entry.index}`,
    description: 'in-toto statement; the identifier is the SHA-256 of its payload.',
    'document-ids': [{ scheme: `${NS}/statement-sha256`, identifier: entry.digest }],
  };
}
