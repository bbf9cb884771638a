import type { IncidentRecord } from '../../model/incident-record.ts';

/** The id of the next incident: one more than the highest, `INC-0001` where there is none. */
export function nextIncidentId(records: readonly Pick<IncidentRecord, 'id'>[]): string {
  const highest = Math.max(0, ...records.map(({ id }) => Number(id.slice('INC-'.length))));
  return `INC-${String(highest + 1).padStart(4, '0')}`;
}

/** The id of the next action (`A`) or question (`Q`) of an incident. */
export function nextId(letter: 'A' | 'Q', taken: readonly { readonly id: string }[]): string {
  return `${letter}${Math.max(0, ...taken.map(({ id }) => Number(id.slice(1)))) + 1}`;
}

/** The incident that somebody means: `INC-0001`, `inc-1` or `1`. Undefined where there is none of that id. */
export function incidentNamed(records: readonly IncidentRecord[], word: string): IncidentRecord | undefined {
  const digits = /^(?:inc-?)?0*(\d{1,9})$/i.exec(word.trim())?.[1];
  return digits === undefined
    ? undefined
    : records.find(({ id }) => Number(id.slice('INC-'.length)) === Number(digits));
}
