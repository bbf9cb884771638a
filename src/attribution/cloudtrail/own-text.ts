/**
 * A copy of a text that was cut out of a longer one: engines keep the whole of it in memory as long as the part is held.
 */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
