import { readTime } from '../model/moment.ts';

const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/**
 * Reads a time as alerts and events write it: RFC 3339, an offset without colon (`+0000`, CloudWatch), or a count of seconds,
 * milliseconds, microseconds or nanoseconds since 1970, told apart by size. Milliseconds; undefined for what is no time of
 * this century: Alertmanager writes year 1 for "not ended".
 */
export function readWhen(text: string | null): number | undefined {
  if (text === null) return undefined;
  const at = /^\d{9,20}(\.\d+)?$/.test(text)
    ? fromEpoch(Number(text))
    : readTime(
        text
          .trim()
          .replace(/([+-]\d{2})(\d{2})$/, '$1:$2')
          .replace(' ', 'T'),
      );
  return at !== undefined && at >= EARLIEST && at < LATEST ? at : undefined;
}

function fromEpoch(count: number): number {
  if (count < 1e11) return count * 1e3;
  if (count < 1e14) return count;
  return count < 1e17 ? count / 1e3 : count / 1e6;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
