import type { IncidentDocument } from '../../incident/document/document.ts';
import type { Naming } from '../../incident/names.ts';
import { visible, visibleDeep, visibleJson } from '../text/visible.ts';
import { wrap } from '../text/width.ts';
import { documentMasks } from './document-names.ts';
import { wordingPart } from './document-people.ts';
import { maskedDeep } from './masked.ts';

const WIDTH = 110;

/** The remarks of the linter for a terminal, each with its entry and how to say it instead. */
export function wordingTerminal(document: IncidentDocument, naming: Naming): string {
  const { title, remarks } = wordingView(document, naming);
  const lines = remarks.flatMap(({ rule, words, why, instead, entry, where }) => [
    '',
    `${rule}  ${where}, entry ${entry}`,
    ...wrap(`“${words}”`, WIDTH - 2).map((line) => `  ${line}`),
    ...wrap(`Why: ${why}. Instead: ${instead}.`, WIDTH - 2).map((line) => `  ${line}`),
  ]);
  return `${[visible(`${document.record.id} ${title}`), ...lines].join('\n')}\n`;
}

const SCHEMA = 'driftbom.incident-wording/v1';

/** The same as JSON. */
export function wordingJson(document: IncidentDocument, naming: Naming): string {
  const { remarks } = wordingView(document, naming);
  return `${visibleJson(JSON.stringify({ schema: SCHEMA, incident: document.record.id, remarks }, null, 2))}\n`;
}

function wordingView(document: IncidentDocument, naming: Naming): ReturnType<typeof wordingPart> {
  return visibleDeep(maskedDeep(wordingPart(document), documentMasks(document, naming), 'document'));
}
