import type { Entry } from '../model/entry.ts';
import { aboutEntry, shortDigest } from './entry-view.ts';
import { visible } from './text/visible.ts';

/** An annotation that was written. */
export interface AnnotatedReport {
  readonly kind: 'note' | 'correction' | 'approval';
  readonly by: string;
  readonly about: Entry;
  readonly entry: { readonly index: number; readonly digest: string };
  readonly standing: 'written' | 'there-already';
  readonly shown: string;
}

const WORDS = { note: 'noted', correction: 'wrote down the reason', approval: 'approved' } as const;

export function annotatedTerminal({ kind, by, about, entry, standing, shown }: AnnotatedReport): string {
  const what = `entry ${about.index} (${about.kind} · ${aboutEntry(about)})`;
  const place = `entry ${entry.index} ${shortDigest(entry.digest)} in ${shown}`;
  const line =
    standing === 'written'
      ? `driftbom: ${WORDS[kind]}: ${what}, by ${by}; ${place}`
      : `driftbom: ${by} approved ${what} already; ${place}`;
  return `${visible(line)}\n`;
}

/** The same as JSON: `driftbom.annotation/v1`. */
export function annotatedJson({ kind, by, about, entry, standing, shown }: AnnotatedReport): string {
  const { index, digest } = entry;
  const document = {
    schema: 'driftbom.annotation/v1',
    ...{ ledger: shown, kind, by, written: standing === 'written' },
    entry: { index, digest },
    about: { index: about.index, digest: about.digest, kind: about.kind },
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
