import type { IncidentDocument } from '../../incident/document/document.ts';
import { masksFor } from '../../incident/names.ts';
import { isArray, isMap, UNKNOWN, type Value } from '../../model/value.ts';
import { count } from '../text/plural.ts';
import { visibleDeep } from '../text/visible.ts';
import { publicTimes } from './document-comms.ts';
import { documentMasks } from './document-names.ts';
import { moment } from './document-times.ts';

/**
 * What anybody may read: times, and what people wrote to be read outside. No names, no address, no value of a resource.
 * Nothing stands here that nobody wrote and no milestone tells.
 */
export interface ExternalView {
  readonly title: string;
  readonly id: string;
  readonly draft: boolean;
  readonly tool: string;
  readonly tone: 'drift' | 'incomplete' | 'passed';
  readonly state: string;
  readonly times: readonly { readonly label: string; readonly at: string }[];
  /** What users saw. */
  readonly saw: string | null;
  readonly updates: readonly { readonly at: string; readonly words: string }[];
  readonly measures: readonly { readonly words: string; readonly state: string }[];
  /** In a draft: what has still to be written, and how. */
  readonly missing: readonly string[];
  /** In a draft: how many texts held something internal that is not shown. */
  readonly withheld: string | null;
}

const INTERNAL = '(internal)';
const SHORTEST = 3;
/** A value that is one short word of letters is anybody's word. */
const LONG_WORD = 12;
/** ARNs, resource addresses, ids with a hexadecimal tail, account numbers, links: whoever wrote them. */
const PATTERNS: readonly RegExp[] = [
  /\barn:[\w-]*:\S+/gi,
  /\bhttps?:\/\/\S+/gi,
  /\bmodule\.[\w.[\]"'-]+/g,
  /\b[a-z0-9]+(?:_[a-z0-9]+)+\.[\w.[\]"'-]+/g,
  /\b[a-z]{1,10}-[0-9a-f]{7,}\b/g,
  /\b\d{12}\b/g,
];

/** The external document, made anew from the facts: what is not named here cannot get into it. */
export function externalView(
  document: IncidentDocument,
  tool: { readonly name: string; readonly version: string },
): ExternalView {
  const { record } = document;
  const { at, lasted } = publicTimes(document);
  const clean = cleaner(document);
  const impact = record.texts.impact;
  const updates = record.comms.filter(
    ({ audience, state }) => state === 'sent' && (audience === 'status-page' || audience === 'customer'),
  );
  const actions = record.actions.filter(({ state }) => state !== 'dropped');
  const draft = record.status === 'draft' || record.status === 'in_review';
  const resolved = at.resolved !== undefined;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Began', at.onset],
    ['Noticed', at.detected],
    ['Effects ended', at.mitigated],
    ['Resolved', at.resolved],
    ['Lasted', lasted],
  ];
  const view: ExternalView = {
    title: 'Incident report',
    id: record.id,
    draft,
    tool: `${tool.name} ${tool.version}`,
    tone: resolved ? 'passed' : 'incomplete',
    state: resolved
      ? 'Resolved'
      : at.mitigated === undefined
        ? 'We are looking into it'
        : 'Its effects have ended; we are watching',
    times: rows.flatMap(([label, text]) => (text === undefined ? [] : [{ label, at: text }])),
    saw: impact === undefined ? null : clean.text(impact.text),
    updates: updates.map((one) => ({
      at: one.at === null ? '' : moment(Date.parse(one.at)),
      words: clean.text(one.text),
    })),
    measures: actions.map(({ text, state, due }) => ({
      words: clean.text(text),
      state: state === 'done' ? 'done' : due === null ? 'planned' : `planned, by ${due}`,
    })),
    missing: draft ? missingTexts(document) : [],
    withheld: null,
  };
  const n = clean.count();
  return visibleDeep({
    ...view,
    withheld:
      !draft || n === 0 ? null : `${count(n, 'text holds', 'texts hold')} something internal, shown as ${INTERNAL}`,
  });
}

function missingTexts({ record }: IncidentDocument): string[] {
  const say = `driftbom incident note ${record.id} TEXT`;
  return [
    ...(record.texts.impact === undefined ? [`what users saw: ${say} --kind impact`] : []),
    ...(record.actions.length === 0 ? ['what we do so that it does not happen again: driftbom incident action'] : []),
    ...(record.comms.some(({ audience }) => audience === 'status-page')
      ? []
      : [`messages: ${say} --kind comms --audience status-page`]),
  ];
}

/** Takes out names, network addresses, and every word by which a resource, its attributes or its values are known. */
function cleaner(document: IncidentDocument): { text: (text: string) => string; count: () => number } {
  const naming = { mode: 'none', teams: new Map(), digest: () => '' } as const;
  const masks = documentMasks(document, naming);
  const links = masksFor([], [], naming);
  // Of the words of tens of thousands of changes only those are looked for that stand in a text at all.
  const texts = writtenTexts(document).join('\n');
  const words = [...new Set(internalWords(document))]
    .filter((one) => one.length >= SHORTEST && texts.includes(one))
    .sort((a, b) => b.length - a.length);
  const pattern =
    words.length === 0
      ? undefined
      : new RegExp(
          `(?<![\\p{L}\\p{N}_])(?:${words.map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})(?![\\p{L}\\p{N}_])`,
          'gu',
        );
  let taken = 0;
  return {
    text: (text) => {
      const plain = PATTERNS.reduce(
        (left, one) => left.replace(one, INTERNAL),
        pattern === undefined ? text : text.replace(pattern, INTERNAL),
      );
      const shown = links.prose(masks.prose(plain));
      if (shown !== text) taken += 1;
      return shown;
    },
    count: () => taken,
  };
}

/** What people wrote that may get into the document. */
function writtenTexts({ record }: IncidentDocument): string[] {
  const { texts, comms, actions } = record;
  return [texts.impact?.text ?? '', ...comms.map(({ text }) => text), ...actions.map(({ text }) => text)];
}

function internalWords({ incident, record }: IncidentDocument): string[] {
  const all = incident === undefined ? [] : [...incident.ranking.suspects, ...incident.ranking.ruledOut];
  return [
    ...record.verdicts.map(({ entry }) => entry),
    ...all.flatMap(({ candidate: { label, address, names, type, paths, source, services } }) => [
      ...[label, address ?? '', type],
      ...(source.kind === 'entry' ? [...names, ...services].filter((one) => /[-_/.:]/.test(one)) : []),
      ...paths.flatMap(({ path, before, after }) => [
        ...(/[._]/.test(path) ? [path] : []),
        ...[...textsOf(before), ...textsOf(after)].filter((one) => /[^\p{L} ]/u.test(one) || one.length >= LONG_WORD),
      ]),
    ]),
  ];
}

/** Values as they may stand in a text; true and false are anybody's words. */
function textsOf(value: Value): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (value === UNKNOWN || value === null || typeof value === 'boolean') return [];
  if (isArray(value)) return value.flatMap(textsOf);
  return isMap(value) ? Object.values(value).flatMap(textsOf) : [];
}
