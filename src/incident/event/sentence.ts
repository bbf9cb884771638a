import type { Incident } from '../incident.ts';
import { stageText } from './rollout.ts';

/** The rollouts and the alert in one line: `canary 5 % passed 14:02, full 14:20, alert 14:30`. Null where no rollout was given. */
export function rolloutSentence({ events, question }: Incident): string | null {
  if (events.length === 0) return null;
  const rows = events.map((event) => ({
    at: event.at,
    text: `${event.services[0] ?? event.system}: ${stageText(event)}`,
  }));
  const { alert } = question;
  if (alert !== undefined) rows.push({ at: alert.at, text: 'alert' });
  const sorted = rows.toSorted((a, b) => a.at - b.at);
  return sorted.map(({ at, text }) => `${text} ${new Date(at).toISOString().slice(11, 16)}`).join(', ');
}
