import {
  backMatterOf,
  definitionsOf,
  driftUuid,
  listed,
  markup,
  metadataOf,
  observationsOf,
  paragraphs,
  props,
  timeOf,
  uuidOf,
} from './oscal-parts.ts';
import { waiverRisks, waiverUuid } from './oscal-risks.ts';
import { aboutLines, changeLines, driftTitle, gapTitle } from './sheet-parts.ts';
import { isBadScan, type Sheet, type SheetDrift, type SheetGap } from './sheet.ts';
import { jsonChunks } from '../text/json-chunks.ts';

/**
 * OSCAL plan of action and milestones 1.2.1 (NIST): an item for each drift that is open or waived, each gap that
 * persists, each scan that failed or did not run, and each waiver that is active. The format asks for one item at least:
 * where there is nothing to do, one item says so.
 */
export function* oscalPlan(sheet: Sheet): Generator<string> {
  const drifts = sheet.drifts.filter(({ state }) => state !== 'over');
  const items = [
    ...drifts.map((drift) => driftItem(drift, sheet)),
    ...sheet.gaps.filter(({ persists }) => persists).map(gapItem),
    ...sheet.scans
      .filter(isBadScan)
      .map(({ id, standing, workspaces, text }) =>
        item('scan', id, `${standing} scan of ${workspaces}`, [text], [uuidOf('scan', id)], []),
      ),
    ...sheet.waivers
      .filter(({ standing }) => standing === 'active')
      .map((waiver) =>
        item(
          'waiver',
          waiver.id,
          `Waiver of ${waiver.covers}`,
          [`Ends ${waiver.until}: ${waiver.reason}`],
          [],
          [waiverUuid(waiver)],
        ),
      ),
  ];
  const none = item('none', sheet.id, 'Nothing is open', [sheet.verdict], [], []);
  const document = {
    'plan-of-action-and-milestones': {
      uuid: uuidOf('poam', sheet.id),
      metadata: metadataOf(sheet, `${sheet.title}: plan of action`),
      'system-id': { 'identifier-type': 'https://driftbom.dev/ns/oscal/ledger', id: systemOf(sheet) },
      'local-definitions': definitionsOf(sheet),
      observations: observationsOf(sheet),
      ...listed('risks', [...waiverRisks(sheet), ...drifts.map((drift) => driftRisk(drift, sheet))]),
      'poam-items': items.length === 0 ? [none] : items,
      'back-matter': backMatterOf(sheet),
    },
  };
  yield* jsonChunks(document, 1);
  yield '\n';
}

function systemOf({ facts, title }: Sheet): string {
  return facts.find(({ name }) => name === 'ledger-origin')?.value ?? title;
}

function driftItem(drift: SheetDrift, sheet: Sheet): object {
  const waivers = sheet.waivers.filter(({ drifts }) => drifts.some(({ digest }) => digest === drift.entry?.digest));
  const lines = [...changeLines(drift), ...aboutLines(drift)];
  return item(
    'drift',
    drift.id,
    driftTitle(drift),
    lines,
    [driftUuid(drift.id)],
    [riskUuid(drift), ...waivers.map(waiverUuid)],
  );
}

function gapItem(gap: SheetGap): object {
  return item(
    'gap',
    gap.id,
    gapTitle(gap),
    [`${gap.reason}: ${gap.meaning}`, gap.message],
    [uuidOf('gap', gap.id)],
    [],
  );
}

function item(
  kind: string,
  id: string,
  title: string,
  lines: readonly string[],
  observations: readonly string[],
  risks: readonly string[],
): object {
  return {
    uuid: uuidOf('item', kind, id),
    title: markup(title),
    description: paragraphs(lines),
    ...props([
      { name: 'kind', value: kind },
      { name: 'id', value: id },
    ]),
    ...listed(
      'related-observations',
      observations.map((uuid) => ({ 'observation-uuid': uuid })),
    ),
    ...listed(
      'related-risks',
      risks.map((uuid) => ({ 'risk-uuid': uuid })),
    ),
  };
}

function driftRisk(drift: SheetDrift, sheet: Sheet): object {
  const { state, severity, due, waivedUntil } = drift;
  const deadline = state === 'waived' ? waivedUntil : due;
  return {
    uuid: riskUuid(drift),
    title: markup(driftTitle(drift)),
    description: markup(drift.rule?.title ?? 'Live configuration differs from what is declared.'),
    statement: paragraphs([drift.standing, `Severity: ${severity}.`]),
    ...props([
      { name: 'kind', value: 'drift' },
      { name: 'severity', value: severity },
    ]),
    status: state === 'waived' ? 'deviation-approved' : 'open',
    ...(deadline === null ? {} : { deadline: timeOf(deadline, sheet) }),
    'related-observations': [{ 'observation-uuid': driftUuid(drift.id) }],
  };
}

function riskUuid({ id }: SheetDrift): string {
  return uuidOf('risk', id);
}
