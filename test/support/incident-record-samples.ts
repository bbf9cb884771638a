import { incidentDocument } from '../../src/incident/document/document.ts';
import { incidentOf } from '../../src/incident/incident.ts';
import type { Alert } from '../../src/incident/alert/alert.ts';
import type { ChangeEvent } from '../../src/incident/event/event.ts';
import type { AttributionMode, Naming } from '../../src/incident/names.ts';
import { stateGraph } from '../../src/incident/state-graph.ts';
import type { Entry } from '../../src/model/entry.ts';
import type { IncidentRecord, SaidIn } from '../../src/model/incident-record.ts';
import type { BriefOptions } from '../../src/report/incident/view.ts';
import { LEDGER, LEDGERS, TOOL } from './entry-samples.ts';
import { digestOf } from './scan-samples.ts';

/** Text that tries everything at once, also what only some readers take for an order: formulas, links, marks of Datadog. */
export const HOSTILE_TEXT = [
  '=HYPERLINK("https://evil.example/x","go")',
  '</td></p><script>alert(1)</script><img src=x onerror=alert(1)>',
  '\u001b[2J\u001b[31mowned\u009b31m',
  '{{constructor}} {{{this}}} {{#each this}}',
  '| cell | `code` **bold** [link](javascript:alert(1)) @everyone',
  '```\n# heading\n- [ ] task\n%%% \n',
  '\u202eevil\u202c \u200bzero',
].join(' ');

function saidIn(index: number, by = 'kim@example.com', at = '2026-03-14T09:00:00.000Z'): SaidIn {
  return { index, digest: digestOf(6000 + index), by, at };
}

/** A record in which nobody has said anything but that there is an incident. */
export function recordOf(more: Partial<IncidentRecord> = {}): IncidentRecord {
  return {
    id: 'INC-0007',
    title: 'Orders are late',
    severity: 'sev2',
    status: 'draft',
    services: ['orders'],
    opened: saidIn(40),
    cases: [],
    milestones: [],
    roles: [],
    texts: {},
    timeline: [],
    metrics: [],
    whys: [],
    factors: [],
    lessons: [],
    questions: [],
    comms: [],
    verdicts: [],
    actions: [],
    reviews: [],
    entries: [saidIn(40)],
    unread: [],
    ...more,
  };
}

/** A record of which every field that a person or another system can fill holds one text. */
export function recordSaying(text: string, by = text): IncidentRecord {
  let index = 41;
  const said = (): { readonly said: SaidIn } => ({ said: saidIn(index++, by) });
  const at = '2026-03-14T03:00:00Z';
  const stated = { at, basis: 'stated', source: text } as const;
  const texts = ['summary', 'impact', 'cause', 'trigger', 'resolution', 'opening'] as const;
  return recordOf({
    title: text,
    services: [text],
    cases: [{ sha256: digestOf(9), said: saidIn(40, by) }],
    milestones: [
      { name: 'onset', at: '2026-03-14T01:30:00Z', basis: 'stated', source: text, ...said() },
      { name: 'acknowledged', ...stated, ...said() },
    ],
    roles: [{ role: 'ic', who: text, ...said() }],
    texts: Object.fromEntries(texts.map((name) => [name, { text, ...said() }])),
    timeline: [{ kind: 'note', until: null, text, actor: text, link: text, about: [], ...stated, ...said() }],
    metrics: [{ metric: text, value: text, unit: text, source: text, ...said() }],
    whys: [
      { question: text, answer: text, about: [], ...said() },
      { question: 'caught', answer: null, about: [], ...said() },
    ],
    factors: [{ kind: 'process', text, about: [], ...said() }],
    lessons: [{ kind: 'wrong', text, ...said() }],
    questions: [{ id: 'Q1', text, answer: text, ...said() }],
    comms: [
      { audience: 'status-page', state: 'sent', at, text, ...said() },
      { audience: 'internal', state: 'draft', at: null, text, ...said() },
    ],
    verdicts: [
      {
        entry: LEDGERS.hostile.find(({ kind }) => kind === 'drift')?.digest ?? '',
        relation: 'caused',
        certainty: 0.5,
        text,
        ...said(),
      },
      { entry: digestOf(77), relation: 'dismissed', certainty: 1, text, ...said() },
    ],
    actions: [
      {
        id: 'A1',
        category: 'prevention',
        text,
        owner: text,
        due: '2026-04-01',
        doneWhen: text,
        rule: text,
        ticket: text,
        state: 'done',
        stateText: text,
        ...said(),
      },
      {
        id: 'A2',
        category: 'detection',
        text,
        owner: null,
        due: null,
        doneWhen: null,
        rule: null,
        ticket: null,
        state: 'open',
        stateText: null,
        ...said(),
      },
    ],
    reviews: [{ role: text, decision: 'approved', text, ...said() }],
    unread: [{ index: 99, why: text }],
  });
}

function alertSaying(text: string): Alert {
  const at = Date.parse('2026-03-14T02:00:00Z');
  return {
    format: 'alertmanager',
    title: text,
    status: 'firing',
    severity: text,
    at,
    atFrom: 'alerts[].startsAt',
    onset: at - 300_000,
    onsetFrom: 'startsAt less 5 min',
    endedAt: at + 3_600_000,
    region: null,
    account: null,
    hints: [{ name: 'service', value: text, kind: 'service' }],
    remarks: [text],
  };
}

function eventsSaying(text: string): ChangeEvent[] {
  const base = {
    system: text,
    id: text,
    kind: 'deploy',
    verdict: text,
    triggeredBy: text,
    services: [text],
    summary: text,
    by: text,
    resource: text,
    version: text,
  } as const;
  const at = Date.parse('2026-03-14T01:00:00Z');
  return [
    { ...base, line: 1, at, stage: 'step', percent: 5 },
    { ...base, line: 2, at: at + 600_000, stage: 'rolled-back', percent: null },
  ];
}

/** The document of a record over one of the sample ledgers. `foreign`: what alert and rollouts say. */
export function sampleDocument(record: IncidentRecord, entries: readonly Entry[] = LEDGERS.week, foreign?: string) {
  const [onset] = record.milestones.filter(({ name }) => name === 'onset');
  const incident = incidentOf({
    entries,
    alert: foreign === undefined ? undefined : alertSaying(foreign),
    events: foreign === undefined ? [] : eventsSaying(foreign),
    graph: stateGraph([]),
    stated: { onset: onset === undefined ? Date.parse('2026-03-14T01:30:00Z') : Date.parse(onset.at) },
  });
  return incidentDocument(record, incident, entries);
}

export function documentOptions(mode: AttributionMode = 'full'): BriefOptions {
  const naming: Naming = { mode, teams: new Map(), digest: (name) => digestOf(name.length).slice(0, 64) };
  return { ledger: LEDGER, tool: TOOL, naming, inputs: [{ kind: 'alert', name: 'alert.json', sha256: digestOf(8) }] };
}
