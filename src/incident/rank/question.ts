import type { Alert, Hint } from '../alert/alert.ts';

/** What the incident is, as far as it is known. Nothing here is guessed: what is missing is undefined. */
export interface Question {
  /** Milliseconds. */
  readonly onset: number | undefined;
  /** How the onset was found. `alert`: derived from when the alert came, which may be long after. */
  readonly onsetBasis: 'stated' | 'alert' | 'none';
  readonly onsetFrom: string;
  /** How long before onset to look; undefined: widen step by step. Milliseconds. */
  readonly since: number | undefined;
  readonly service: string | undefined;
  readonly resource: string | undefined;
  readonly hints: readonly Hint[];
  readonly region: string | undefined;
  readonly alert: Alert | undefined;
}

/** What a person says about the incident; it goes before what the alert says. */
export interface Stated {
  readonly onset?: number | undefined;
  readonly since?: number | undefined;
  readonly service?: string | undefined;
  readonly resource?: string | undefined;
}

export function questionOf(stated: Stated, alert: Alert | undefined): Question {
  const derived = stated.onset === undefined && alert !== undefined;
  const service = stated.service ?? alert?.hints.find(({ kind }) => kind === 'service')?.value;
  return {
    onset: stated.onset ?? alert?.onset,
    onsetBasis: derived ? 'alert' : stated.onset === undefined ? 'none' : 'stated',
    onsetFrom: derived ? alert.onsetFrom : stated.onset === undefined ? 'not known' : 'as stated',
    since: stated.since,
    service,
    resource: stated.resource,
    hints: alert?.hints ?? [],
    region: alert?.region ?? undefined,
    alert,
  };
}

/** What an alert is about, by the words of its name; undefined where they do not tell. */
export type Trouble = 'load' | 'access';

export function troubleOf({ alert }: Question): Trouble | undefined {
  const text = alert?.title ?? '';
  if (/login|log-in|sign-?in|auth|denied|forbidden|unauthori[sz]ed|permission|40[13]\b/i.test(text)) return 'access';
  return /latenc|slow|throughput|saturat|queue|backlog|age|timeout|error|5xx|50\d|availab|cpu|memory|connection|throttl/i.test(
    text,
  )
    ? 'load'
    : undefined;
}
