/** Keys of tickets as Jira and many others write them: `CHG-1234`, `INFRA2-7`. */
export const TICKET_PATTERN = /(?<![A-Za-z0-9])[A-Z][A-Z0-9]+-\d+(?![A-Za-z0-9])/;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Ticket keys in a text, each once. A UUID is no ticket, whatever its middle looks like. */
export function ticketsIn(text: string, pattern: RegExp): string[] {
  const global = new RegExp(pattern.source, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`);
  const found = [...text.replace(UUID, ' ').matchAll(global)].map((match) => match[0]);
  return [...new Set(found.filter((ticket) => ticket !== ''))];
}
