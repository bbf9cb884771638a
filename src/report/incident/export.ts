import type { IncidentDocument } from '../../incident/document/document.ts';
import { csvCell } from '../../model/csv.ts';
import type { ExportTarget } from '../format-names.ts';
import { visibleJson } from '../text/visible.ts';
import { type DocumentView, documentView } from './document.ts';
import type { RowView } from './document-timeline.ts';
import type { BriefOptions } from './view.ts';

type Body = (row: RowView, view: DocumentView) => object;

/** What other systems take as a change; they have no place for the rest of a timeline. */
const CHANGES: readonly RowView['kind'][] = ['change', 'drift', 'rollout'];

const BODIES: Readonly<Record<Exclude<ExportTarget, 'csv'>, { readonly body: Body; readonly changesOnly: boolean }>> = {
  pagerduty: { body: pagerduty, changesOnly: true },
  rootly: { body: rootly, changesOnly: true },
  firehydrant: { body: firehydrant, changesOnly: true },
  grafana: { body: grafana, changesOnly: false },
  datadog: { body: datadog, changesOnly: false },
  ndjson: { body: plainRow, changesOnly: false },
};

/**
 * The timeline of an incident as another system takes it: one request body a line (csv: a table), in the order of time. It is
 * text for somebody to send; nothing is sent from here. Names are taken out as in every document.
 */
export function exportText(target: ExportTarget, document: IncidentDocument, options: BriefOptions): string {
  const view = documentView(document, options);
  const { rows } = view.timeline;
  if (target === 'csv') return csv(rows);
  const { body, changesOnly } = BODIES[target];
  return rows
    .filter(({ kind }) => !changesOnly || CHANGES.includes(kind))
    .map((row) => `${visibleJson(JSON.stringify(body(row, view)))}\n`)
    .join('');
}

const LONGEST_SUMMARY = 1024;
const LONGEST_TITLE = 100;
const LONGEST_TEXT = 4000;

/**
 * PagerDuty Events API v2, change event (POST /v2/change/enqueue). The routing key is the sender's: it is left for the shell
 * to fill in (envsubst).
 */
function pagerduty(row: RowView, view: DocumentView): object {
  return {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell
    routing_key: '${PAGERDUTY_ROUTING_KEY}',
    payload: {
      summary: short(`${view.id}: ${textOf(row)}`, LONGEST_SUMMARY),
      timestamp: row.time,
      source: 'driftbom',
      custom_details: details(row, view),
    },
    links: [],
  };
}

/** Rootly, pulse (JSON:API, POST /v1/pulses). */
function rootly(row: RowView, view: DocumentView): object {
  const { entry } = row;
  return {
    data: {
      type: 'pulses',
      attributes: {
        source: 'driftbom',
        summary: short(textOf(row), LONGEST_SUMMARY),
        started_at: row.time,
        ...(row.untilTime === null ? {} : { ended_at: row.untilTime }),
        labels: [
          { key: 'incident', value: view.id },
          { key: 'kind', value: row.kind },
          { key: 'trust', value: row.trust },
        ],
        refs: entry === null ? [] : [{ key: 'sha256', value: entry.digest }],
        data: details(row, view),
      },
    },
  };
}

/** FireHydrant, change event (POST /v1/changes/events). */
function firehydrant(row: RowView, view: DocumentView): object {
  return {
    summary: short(row.what === '' ? textOf(row) : row.what, LONGEST_SUMMARY),
    description: short(textOf(row), LONGEST_TEXT),
    external_id: row.entry === null ? `${view.id}-${row.number}` : row.entry.digest,
    starts_at: row.time,
    ...(row.untilTime === null ? {} : { ends_at: row.untilTime }),
    labels: { incident: view.id, kind: row.kind, trust: row.trust, phase: row.phase },
    authors: row.actor === null ? [] : [{ name: row.actor, source: 'driftbom', source_id: row.actor }],
  };
}

/** Grafana, annotation (POST /api/annotations). Grafana shows its text as HTML. */
function grafana(row: RowView, view: DocumentView): object {
  return {
    time: Date.parse(row.time),
    ...(row.untilTime === null ? {} : { timeEnd: Date.parse(row.untilTime) }),
    tags: ['driftbom', view.id, row.kind, row.trust],
    text: short(textOf(row), LONGEST_TEXT).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'),
  };
}

/** Datadog, event (POST /api/v1/events). `%%%` would make its text Markdown. */
function datadog(row: RowView, view: DocumentView): object {
  return {
    title: short(`${view.id} ${row.kind}: ${row.what === '' ? (row.words ?? '') : row.what}`, LONGEST_TITLE),
    text: short(textOf(row), LONGEST_TEXT).replaceAll('%%%', '% % %'),
    date_happened: Math.floor(Date.parse(row.time) / 1000),
    tags: [`incident:${view.id}`, `kind:${row.kind}`, `trust:${row.trust}`, 'source:driftbom'],
    aggregation_key: view.id,
    alert_type: row.kind === 'alert' ? 'error' : 'info',
    priority: 'normal',
  };
}

function plainRow(row: RowView, view: DocumentView): object {
  return { schema: 'driftbom.incident-row/v1', incident: view.id, ...row };
}

function details(row: RowView, view: DocumentView): object {
  const { actor, source, trust, phase, offset, entry } = row;
  return {
    ...{ incident: view.id, ledger: view.ledger.origin, actor, source, trust, phase, offset },
    entry: entry?.index ?? null,
    sha256: entry?.digest ?? null,
  };
}

function textOf({ what, words, actor }: RowView): string {
  const said = words === null ? '' : what === '' ? words : ` “${words}”`;
  return `${what}${said}${actor === null ? '' : `, by ${actor}`}`;
}

function short(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

const COLUMNS: readonly (readonly [string, (row: RowView) => string])[] = [
  ['number', ({ number }) => String(number)],
  ['at', ({ time }) => time],
  ['until', ({ untilTime }) => untilTime ?? ''],
  ['from_onset', ({ offset }) => offset ?? ''],
  ['phase', ({ phase }) => phase],
  ['kind', ({ kind }) => kind],
  ['what', ({ what }) => what],
  ['words', ({ words }) => words ?? ''],
  ['actor', ({ actor }) => actor ?? ''],
  ['source', ({ source }) => source],
  ['trust', ({ trust }) => trust],
  ['entry', ({ entry }) => (entry === null ? '' : String(entry.index))],
  ['sha256', ({ entry }) => entry?.digest ?? ''],
];

function csv(rows: readonly RowView[]): string {
  const lines = rows.map((row) => COLUMNS.map(([, of]) => csvCell(of(row))).join(','));
  return `${[COLUMNS.map(([name]) => csvCell(name)).join(','), ...lines].join('\r\n')}\r\n`;
}
