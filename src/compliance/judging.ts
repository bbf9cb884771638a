import type { Finding } from './model.ts';
import type { EntryRef } from './model-scope.ts';
import type { Judged } from './evidence.ts';

/** `1 scan`, `2 scans`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

export function notAssessed(because: string, n = 0, findings: readonly Finding[] = []): Judged {
  return { standing: 'not-assessed', because, n, findings };
}

export function passed(because: string, n: number, findings: readonly Finding[] = []): Judged {
  return { standing: 'pass', because, n, findings };
}

export function failed(because: string, n: number, findings: readonly Finding[]): Judged {
  return { standing: 'fail', because, n, findings };
}

export function finding(text: string, entry: EntryRef | null): Finding {
  return { text, entry };
}

/** Hours as people say them: `26 h`, `3 d 02 h`. */
export function hours(milliseconds: number): string {
  const all = Math.floor(milliseconds / 3_600_000);
  return all < 48 ? `${all} h` : `${Math.floor(all / 24)} d ${String(all % 24).padStart(2, '0')} h`;
}
